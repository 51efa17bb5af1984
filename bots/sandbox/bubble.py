"""What a person sees in a chat: one bubble a message, as it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Content(StrEnum):
    """What is in a bubble. Everything but NOTICE was sent by somebody."""

    TEXT = "text"
    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    LINK = "link"
    NOTICE = "notice"  # the grey line of the app itself: joined, followed, out of order


@dataclass(frozen=True, kw_only=True)
class Button:
    """An inline button (Telegram), a line of a msgmenu or a link inside a text (WeChat)."""

    label: str
    #: What the press sends back to the desk.
    data: str = ""
    #: Opens a page instead of telling the desk.
    url: str = ""


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """A message as its chat shows it, edits applied."""

    #: The message's number, ascending within its chat.
    number: int
    at: datetime
    #: Identity on the platform: user id, bot id, openid or the account's original id.
    who: str
    name: str
    #: Sent by the desk's bot or account, not by a person.
    from_desk: bool
    content: Content
    #: Text or caption; for a notice, what the app says.
    text: str = ""
    buttons: Keyboard = ()
    edited: bool = False
    #: Key of the picture, recording or document in the platform's store; "" without one.
    file: str = ""
    file_name: str = ""
    #: The sender forbade forwarding and saving.
    protected: bool = False
    #: Number of the message it answers; 0 for none.
    reply_to: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """Of all its buttons, row after row."""
        return tuple(button.label for row in self.buttons for button in row)

    def as_json(self) -> dict[str, object]:
        """For the page and the control API."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "who": self.who,
            "name": self.name,
            "from_desk": self.from_desk,
            "content": self.content.value,
            "text": self.text,
            "buttons": [[{"label": b.label, "url": b.url} for b in row] for row in self.buttons],
            "edited": self.edited,
            "file": self.file,
            "file_name": self.file_name,
            "protected": self.protected,
            "reply_to": self.reply_to,
        }


@dataclass(frozen=True, kw_only=True)
class Toast:
    """The short word over a chat that answers a press; seen by the presser alone."""

    at: datetime
    viewer: str
    text: str
    #: Shown as a dialog that must be closed.
    alert: bool = False
