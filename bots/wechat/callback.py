"""The callback: is it the platform's, and what does it say. Encrypted mode only (安全模式)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from wechatpy.crypto.base import WeChatCipher

from bots.wechat.envelope import Rejected, fields, write

_DIGITS = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHA1 = re.compile(r"[0-9a-f]{40}")
_BLOCK = 32
_CLOCK_MAY_DIFFER = timedelta(hours=24)
CLOCK_ALARM = timedelta(minutes=5)


@dataclass(frozen=True)
class Keys:
    """What the account's console and our settings share."""

    app_id: str
    token: str
    aes_key: str

    @property
    def secret(self) -> bytes:
        """Raises ValueError if the AES key is not 43 base64 characters."""
        key = base64.b64decode(self.aes_key + "=", validate=True)
        if len(key) != 32:
            raise ValueError("EncodingAESKey")
        return key


class Callback:
    """Opens what the platform posts and seals what is replied."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._secret = keys.secret

    def verify_address(self, query: Mapping[str, str]) -> str:
        """The echo for the console's check of our address. Raises Rejected."""
        timestamp, nonce = _checked(query)
        self._same(query.get("signature", ""), timestamp, nonce)
        return query.get("echostr", "")[:256]

    def open(self, query: Mapping[str, str], body: bytes, at: datetime) -> dict[str, str]:
        """The message's fields. Raises Rejected, whatever is wrong, always alike."""
        if query.get("encrypt_type") != "aes":
            raise Rejected("not encrypted")
        timestamp, nonce = _checked(query)
        if abs(at.timestamp() - int(timestamp)) > _CLOCK_MAY_DIFFER.total_seconds():
            raise Rejected("clock")
        envelope = fields(body)
        encrypted = envelope.get("Encrypt", "")
        self._same(query.get("msg_signature", ""), timestamp, nonce, encrypted)
        message = fields(self._decrypt(encrypted))
        if "ToUserName" in envelope and envelope["ToUserName"] != message.get("ToUserName"):
            raise Rejected("addressed to another")
        return message

    def seal(self, reply: str, at: datetime) -> bytes:
        """The response body for a passive reply."""
        encrypted = self._encrypt(reply.encode())
        timestamp, nonce = str(int(at.timestamp())), secrets.token_hex(8)
        signature = self._sign(timestamp, nonce, encrypted)
        envelope: dict[str, str | int] = {
            "Encrypt": encrypted,
            "MsgSignature": signature,
            "TimeStamp": int(timestamp),
            "Nonce": nonce,
        }
        return write(envelope).encode()

    def _sign(self, *parts: str) -> str:
        joined = "".join(sorted((self._keys.token, *parts)))
        return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 - the platform's protocol

    def _same(self, given: str, *parts: str) -> None:
        if not _SHA1.fullmatch(given) or not hmac.compare_digest(given.encode(), self._sign(*parts).encode()):
            raise Rejected("signature")

    def _decrypt(self, encrypted: str) -> bytes:
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Rejected("base64") from error
        if not sealed or len(sealed) % 16:
            raise Rejected("length")
        plain: bytes = WeChatCipher(self._secret).decrypt(sealed)
        padding = plain[-1]
        if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise Rejected("padding")
        content = plain[16:-padding]
        if len(content) < 4:
            raise Rejected("content")
        (length,) = struct.unpack(">I", content[:4])
        message, app_id = content[4 : 4 + length], content[4 + length :]
        if len(message) != length or not hmac.compare_digest(app_id, self._keys.app_id.encode()):
            raise Rejected("app id")
        return message

    def _encrypt(self, message: bytes) -> str:
        content = (
            secrets.token_bytes(16) + struct.pack(">I", len(message)) + message + self._keys.app_id.encode()
        )
        padding = _BLOCK - len(content) % _BLOCK
        sealed: bytes = WeChatCipher(self._secret).encrypt(content + bytes([padding]) * padding)
        return base64.b64encode(sealed).decode()


def clock_differs(query: Mapping[str, str], at: datetime) -> float:
    """How many seconds our clock and the platform's differ."""
    stamp = query.get("timestamp", "")
    return abs(at.timestamp() - int(stamp)) if _DIGITS.fullmatch(stamp) else 0.0


def _checked(query: Mapping[str, str]) -> tuple[str, str]:
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not _DIGITS.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise Rejected("query")
    return timestamp, nonce
