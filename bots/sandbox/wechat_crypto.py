"""安全模式 of 公众号 messages, written from the published scheme.

`base64(AES-256-CBC(key, iv=key[:16], PKCS#7 to 32 bytes of: 16 random bytes + length + XML + AppID))`,
signed with sha1 over the sorted token, timestamp, nonce and ciphertext.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bots.sandbox.wechat_account import WeChatAccount

BLOCK = 32


class BadReply(Exception):
    """What the desk answered cannot be shown; the text says why."""


class WeChatCrypto:
    def __init__(self, account: WeChatAccount) -> None:
        self._token = account.token
        self._app_id = account.app_id.encode()
        if len(account.aes_key) != 43:
            raise ValueError("an EncodingAESKey has 43 characters")
        self._key = base64.b64decode(account.aes_key + "=", validate=True)

    def signature(self, *parts: str) -> str:
        """Over timestamp and nonce for `signature`, with the ciphertext for `msg_signature`."""
        return hashlib.sha1("".join(sorted((self._token, *parts))).encode()).hexdigest()  # noqa: S324 the scheme

    def is_signed(self, signature: str, *parts: str) -> bool:
        return hmac.compare_digest(signature.encode(), self.signature(*parts).encode())

    def encrypt(self, xml: bytes) -> str:
        plain = os.urandom(16) + struct.pack(">I", len(xml)) + xml + self._app_id
        gap = BLOCK - len(plain) % BLOCK
        sealer = self._cipher().encryptor()
        return base64.b64encode(sealer.update(plain + bytes([gap]) * gap) + sealer.finalize()).decode()

    def decrypt(self, text: str) -> bytes:
        """Strict: base64, padding, length and AppID must all be right."""
        try:
            sealed = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as broken:
            raise BadReply("Encrypt is not base64") from broken
        if not sealed or len(sealed) % BLOCK:
            raise BadReply("ciphertext is not whole blocks of 32 bytes")
        opener = self._cipher().decryptor()
        plain = opener.update(sealed) + opener.finalize()
        gap = plain[-1]
        if not 1 <= gap <= BLOCK or plain[-gap:] != bytes([gap]) * gap:
            raise BadReply("padding is wrong")
        plain = plain[:-gap]
        if len(plain) < 20:
            raise BadReply("plaintext is too short")
        (length,) = struct.unpack(">I", plain[16:20])
        if plain[20 + length :] != self._app_id:
            raise BadReply("length or AppID is wrong")
        return plain[20 : 20 + length]

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
