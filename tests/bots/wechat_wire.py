"""The wire between WeChat and the desk, by hand: every part of a callback can be made wrong by itself.

The scheme is the simulated platform's, written from the published description and not from ours.
"""

from __future__ import annotations

import base64
import os
import struct
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bots.sandbox import WeChatAccount, wechat_xml
from bots.sandbox.wechat_crypto import BLOCK, WeChatCrypto

OPENID = "oTestPerson_0123456789abcdef"


class Wire:
    """Signs, seals and posts as the platform does; `url` is the desk's."""

    def __init__(self, account: WeChatAccount, url: str) -> None:
        self.account, self.url = account, url
        self.crypto = WeChatCrypto(account)
        self._key = base64.b64decode(account.aes_key + "=")

    # ── what travels ──

    def message(self, **changes: Any) -> bytes:
        """The inner XML of a text message; a field given as None is left out."""
        fields: dict[str, Any] = {
            "ToUserName": self.account.original_id,
            "FromUserName": OPENID,
            "CreateTime": int(time.time()),
            "MsgType": "text",
            "Content": "你好",
            "MsgId": 24_600_000_000_000_001,
        }
        return wechat_xml.write({k: v for k, v in (fields | changes).items() if v is not None})

    def envelope(self, sealed: str) -> bytes:
        return wechat_xml.write({"ToUserName": self.account.original_id, "Encrypt": sealed})

    def sealed(self, plain: bytes) -> str:
        """Any plaintext, encrypted as it stands: 16 random bytes, length, padding are the caller's."""
        sealer = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16])).encryptor()
        return base64.b64encode(sealer.update(plain) + sealer.finalize()).decode()

    def plain(self, xml: bytes, *, app_id: str | None = None, length: int | None = None) -> bytes:
        told = len(xml) if length is None else length
        return os.urandom(16) + struct.pack(">I", told) + xml + (app_id or self.account.app_id).encode()

    @staticmethod
    def padded(plain: bytes) -> bytes:
        gap = BLOCK - len(plain) % BLOCK
        return plain + bytes([gap]) * gap

    def query(self, sealed: str, *, at: float | None = None, **changes: str | None) -> dict[str, str]:
        """The signed query for a ciphertext; a part given as None is left out."""
        stamp, nonce = str(int(at if at is not None else time.time())), "1320562132"
        fields: dict[str, str | None] = {
            "signature": self.crypto.signature(stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "openid": OPENID,
            "encrypt_type": "aes",
            "msg_signature": self.crypto.signature(stamp, nonce, sealed),
        }
        return {name: value for name, value in (fields | changes).items() if value is not None}

    def signed(self, sealed: str, body: bytes | None = None) -> tuple[dict[str, str], bytes]:
        """A request that is right in everything but what is sealed."""
        return self.query(sealed), self.envelope(sealed) if body is None else body

    def right(self, **changes: Any) -> tuple[dict[str, str], bytes]:
        """A request as the platform sends it."""
        return self.signed(self.crypto.encrypt(self.message(**changes)))

    def about(self, xml: bytes) -> tuple[dict[str, str], bytes]:
        """A rightly signed and sealed request around any inner XML."""
        return self.signed(self.crypto.encrypt(xml))

    # ── there and back ──

    async def post(self, query: Mapping[str, str] | str, body: bytes) -> httpx.Response:
        asked = query if isinstance(query, str) else urlencode(query)
        async with httpx.AsyncClient(verify=False) as http:
            return await http.post(
                f"{self.url}/wechat?{asked}", content=body, headers={"Content-Type": "text/xml"}
            )

    def opened(self, reply: bytes) -> dict[str, object]:
        """The fields of a passive reply. Raises BadReply."""
        envelope = wechat_xml.read(reply)
        return wechat_xml.read(self.crypto.decrypt(str(envelope["Encrypt"])))
