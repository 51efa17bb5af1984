"""A Telegram message: what it holds, how the Bot API writes it, how the chat shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from bots.sandbox import bot_keyboard
from bots.sandbox.bot_files import StoredFile
from bots.sandbox.bot_text import Entity
from bots.sandbox.bubble import Bubble, Content, Keyboard
from bots.sandbox.telegram_account import Account

#: From a stored file to the file_id of the bot that reads the message.
FileIds = Callable[[StoredFile], str]


class Parts(TypedDict, total=False):
    """The optional fields of a message, for those who make or change one."""

    text: str
    entities: tuple[Entity, ...]
    file: StoredFile | None
    facts: Mapping[str, object]
    keyboard: Keyboard
    reply_to: int
    protected: bool
    album: str
    origin: Account


@dataclass(frozen=True, kw_only=True)
class Message:
    number: int
    sender: Account
    at: datetime
    content: Content
    #: Text, or the caption of a file.
    text: str = ""
    entities: tuple[Entity, ...] = ()
    file: StoredFile | None = None
    #: What else the Bot API says of it: width, duration, emoji, latitude, new_chat_members …
    facts: Mapping[str, object] = field(default_factory=dict)
    keyboard: Keyboard = ()
    edited_at: datetime | None = None
    reply_to: int = 0
    protected: bool = False
    #: media_group_id of an album.
    album: str = ""
    #: First sender, when forwarded.
    origin: Account | None = None

    def body(self, ids: FileIds) -> dict[str, object]:
        """Without chat and answered message, which the chat adds."""
        body: dict[str, object] = {
            "message_id": self.number,
            "from": self.sender.as_json(),
            "date": int(self.at.timestamp()),
        }
        if self.edited_at is not None:
            body["edit_date"] = int(self.edited_at.timestamp())
        if self.origin is not None:
            body["forward_origin"] = {
                "type": "user",
                "date": body["date"],
                "sender_user": self.origin.as_json(),
            }
        if self.album:
            body["media_group_id"] = self.album
        if self.protected:
            body["has_protected_content"] = True
        if self.keyboard:
            body["reply_markup"] = bot_keyboard.as_json(self.keyboard)
        return body | self._content(ids)

    def bubble(self, *, bot: bool) -> Bubble:
        return Bubble(
            number=self.number,
            at=self.at,
            who=str(self.sender.id),
            name=self.sender.first_name,
            from_desk=bot,
            content=self.content,
            text=self.text or self._label(),
            buttons=self.keyboard,
            edited=self.edited_at is not None,
            file=self.file.unique if self.file is not None else "",
            file_name=self.file.name if self.file is not None else "",
            protected=self.protected,
            reply_to=self.reply_to,
        )

    def _content(self, ids: FileIds) -> dict[str, object]:
        file = self._file(ids)
        match self.content:
            case Content.TEXT:
                body: dict[str, object] = {"text": self.text}
                return body | ({"entities": list(self.entities)} if self.entities else {})
            case Content.PHOTO:
                small = file | {"width": 90, "height": 67}
                body = {"photo": [small, file | {"width": 1280, "height": 960} | dict(self.facts)]}
            case Content.DOCUMENT | Content.VOICE | Content.VIDEO | Content.STICKER:
                body = {self.content.value: file | dict(self.facts)}
            case Content.LOCATION | Content.CONTACT:
                body = {self.content.value: dict(self.facts)}
            case _:
                return dict(self.facts)
        return body | self._caption()

    def _caption(self) -> dict[str, object]:
        if not self.text:
            return {}
        body: dict[str, object] = {"caption": self.text}
        return body | ({"caption_entities": list(self.entities)} if self.entities else {})

    def _file(self, ids: FileIds) -> dict[str, object]:
        if self.file is None:
            return {}
        body: dict[str, object] = {
            "file_id": ids(self.file),
            "file_unique_id": self.file.unique,
            "file_size": self.file.size,
        }
        if self.content is Content.DOCUMENT:
            body["file_name"] = self.file.name
        if self.content in (Content.DOCUMENT, Content.VOICE, Content.VIDEO):
            body["mime_type"] = self.file.mime
        return body

    def _label(self) -> str:
        """What the bubble says where there is no text."""
        match self.content:
            case Content.LOCATION:
                return f"{self.facts['latitude']}, {self.facts['longitude']}"
            case Content.CONTACT:
                return f"{self.facts['first_name']} {self.facts['phone_number']}"
            case Content.STICKER:
                return str(self.facts.get("emoji", ""))
            case _:
                return ""
