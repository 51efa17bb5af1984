"""What came in from a staff chat, the same whichever platform brought it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StaffWord:
    """`account` is who speaks (his private chat), `chat` where. `press` is the token of a button."""

    account: str
    chat: str
    is_group: bool = False
    text: str = ""
    press: str = ""
    press_id: str = ""
