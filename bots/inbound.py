"""What came in from a citizen, the same whichever platform brought it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from casestore.codes import Channel, EvidenceKind


class Happening(StrEnum):
    """What came that is neither words nor a copy of something."""

    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    EDITED = "edited"
    STICKER = "sticker"
    #: A file that the platform does not hand over.
    FILE = "file"
    UNKNOWN = "unknown"
    #: Nothing to answer: a delivery report, a menu link.
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class Media:
    """A copy of something. `file_ref` is the platform's name for the bytes; `words` stand for them where
    there are none (a location). `size` 0: the platform does not say."""

    kind: EvidenceKind
    file_ref: str = ""
    file_name: str = ""
    words: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """`bot` and `key` together are unique: the same message delivered again has the same."""

    channel: Channel
    bot: str
    key: str
    #: The openid or chat id to answer to.
    account: str
    #: The account of ours it was sent to, where the answer must name it.
    addressed_to: str = ""
    #: As it came, for the inbox.
    raw: bytes
    text: str = ""
    #: The token of a pressed button, and the platform's ids of the press and of the message it stands on.
    press: str = ""
    press_id: str = ""
    message: int = 0
    media: Media | None = None
    forwarded: bool = False
    happening: Happening | None = None
