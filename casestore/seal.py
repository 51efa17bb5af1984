"""Sealing: what is personal lies encrypted at rest, bound to its table, column and row.

A sealed value is `suite | key id | nonce | ciphertext` with AES-256-GCM (suite 1); moved to another
place it does not open. Keys come by HKDF from one master key in a file outside the data folder.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casestore.errors import StoreError

_SUITE = b"\x01"
_NONCE = 12
_KEY = 32


class Sealer:
    """Seals and opens with the master keys of a key file, by key id; `current` seals."""

    def __init__(self, masters: Mapping[int, bytes], current: int) -> None:
        self._current = bytes([current])
        self._ciphers = {bytes([kid]): AESGCM(_derive(key, b"seal")) for kid, key in masters.items()}
        self._index_key = _derive(masters[min(masters)], b"index")
        self._audit_key = _derive(masters[min(masters)], b"audit")

    @classmethod
    def from_file(cls, path: Path) -> Sealer:
        """Raises StoreError where the file is missing, readable by others, or broken."""
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                raise StoreError(f"密钥文件 {path} 可被他人读取(权限 {mode:o})，请运行: chmod 400 {path}")
            kept = json.loads(path.read_text(encoding="ascii"))
            masters = {int(kid): urlsafe_b64decode(key) for kid, key in kept["masters"].items()}
            current = int(kept["current"])
            if current not in masters or any(len(key) != _KEY for key in masters.values()):
                raise ValueError
            return cls(masters, current)
        except FileNotFoundError:
            raise StoreError(f"找不到密钥文件 {path}，请先运行: tousu init") from None
        except (ValueError, KeyError, AttributeError, TypeError):
            raise StoreError(f"密钥文件 {path} 内容不完整，请用备份恢复") from None

    def seal(self, text: str | bytes, place: str) -> bytes:
        """`place` is table|column|row: the same words must be given to open."""
        nonce = os.urandom(_NONCE)
        plain = text.encode("utf-8", "replace") if isinstance(text, str) else text
        return (
            _SUITE
            + self._current
            + nonce
            + self._ciphers[self._current].encrypt(nonce, plain, place.encode())
        )

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """Raises StoreError where the value was changed, moved, or sealed with a key that is gone."""
        cipher = self._ciphers.get(sealed[1:2])
        if sealed[:1] != _SUITE or cipher is None:
            raise StoreError("有一项密封的内容所用的密钥不在密钥文件中")
        try:
            return cipher.decrypt(sealed[2 : 2 + _NONCE], sealed[2 + _NONCE :], place.encode())
        except (InvalidTag, ValueError):  # ValueError: cut short within the nonce
            raise StoreError(f"密封的内容已被改动或移动({place})") from None

    def open(self, sealed: bytes, place: str) -> str:
        return self.open_bytes(sealed, place).decode()

    def index(self, what: str, value: str) -> bytes:
        """A keyed fingerprint of 16 bytes, to find a value again without keeping it."""
        return self._mac(self._index_key, f"{what}\0{value}".encode())[:16]

    def audit_mac(self, message: bytes) -> bytes:
        return self._mac(self._audit_key, message)

    @staticmethod
    def _mac(key: bytes, message: bytes) -> bytes:
        return hmac.new(key, message, hashlib.sha256).digest()


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tousu:" + purpose).derive(master)


def make_key_file(path: Path) -> None:
    """A fresh master key at `path`, readable by its owner only; never over an existing file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"current": 1, "masters": {"1": urlsafe_b64encode(secrets.token_bytes(_KEY)).decode()}}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(kept, file)
