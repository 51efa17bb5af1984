"""A person or a bot, as Telegram's `User` object."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Account:
    id: int
    first_name: str
    username: str = ""
    is_bot: bool = False
    language: str = "zh-hans"

    def as_json(self) -> dict[str, object]:
        body: dict[str, object] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            body["username"] = self.username
        return body if self.is_bot else body | {"language_code": self.language}
