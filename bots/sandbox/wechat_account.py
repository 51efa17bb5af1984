"""The service account (服务号) that the desk owns on the simulated WeChat."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, kw_only=True)
class WeChatAccount:
    app_id: str
    app_secret: str = field(repr=False)
    #: 3–32 letters and digits, chosen by the desk.
    token: str = field(repr=False)
    #: EncodingAESKey, 43 characters.
    aes_key: str = field(repr=False)
    #: 原始 ID: the account's name inside messages.
    original_id: str = "gh_0123456789ab"
    name: str = "示例县市场监管局"

    @classmethod
    def fresh(cls, name: str = "示例县市场监管局") -> Self:
        """With keys of its own, as after registration."""
        return cls(
            app_id="wx" + secrets.token_hex(8),
            app_secret=secrets.token_hex(16),
            token=secrets.token_hex(16),
            aes_key=base64.b64encode(secrets.token_bytes(32)).decode().rstrip("="),
            name=name,
        )
