"""People with a phone: act, wait for what follows, look at the screen. The same on both platforms."""

from __future__ import annotations

from typing import Protocol

from bots.sandbox.bubble import Bubble
from bots.sandbox.chat import Chat
from bots.sandbox.screen import WITHIN, NoSuchButton, NotSeen
from bots.sandbox.telegram_phone import TelegramPhone
from bots.sandbox.wechat_phone import WeChatPhone

__all__ = ["NoSuchButton", "NotSeen", "Phone", "TelegramPhone", "WeChatPhone"]


class Phone(Protocol):
    """A person's chat with the desk. `until` ends the wait as soon as a text appears and fails without it."""

    @property
    def name(self) -> str: ...

    @property
    def chat(self) -> Chat: ...

    @property
    def screen(self) -> tuple[Bubble, ...]:
        """All that is visible, oldest first."""

    @property
    def last(self) -> Bubble:
        """The newest from the desk."""

    async def start(self, *, until: str = "", within: float = WITHIN) -> list[Bubble]:
        """The first contact: START on Telegram, 关注 on WeChat."""

    async def say(self, text: str, *, until: str = "", within: float = WITHIN) -> list[Bubble]:
        """What the desk showed or changed in answer, oldest change first."""

    async def press(
        self, label: str, *, on: int = 0, until: str = "", within: float = WITHIN
    ) -> list[Bubble]:
        """The newest choice of that label, or the one on bubble `on`. WeChat: answers with its number."""

    async def send_photo(
        self, content: bytes = b"", *, caption: str = "", until: str = "", within: float = WITHIN
    ) -> list[Bubble]:
        """Without content, a small picture. WeChat has no captions: the caption follows as a text."""

    async def send_voice(
        self, content: bytes = b"", *, until: str = "", within: float = WITHIN
    ) -> list[Bubble]: ...

    async def sees(self, text: str, *, within: float = WITHIN) -> Bubble:
        """Waits for a bubble of the desk, new or changed since this person's last act."""
