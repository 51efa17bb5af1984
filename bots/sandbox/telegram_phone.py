"""A person with Telegram, in his private chat with a bot or in a group."""

from __future__ import annotations

from collections.abc import Callable

from bots.sandbox import samples
from bots.sandbox.bot_account import Bot
from bots.sandbox.bubble import Bubble, Toast
from bots.sandbox.screen import WITHIN, NoSuchButton, NotSeen, Screen
from bots.sandbox.telegram_chat import TelegramChat
from bots.sandbox.telegram_message import Message
from bots.sandbox.telegram_user import TelegramUser
from bots.sandbox.transcript import Kind, Transcript


class TelegramPhone(Screen):
    """A `Phone`; in a group, `start` says /start and `press` reaches the group's buttons."""

    def __init__(self, user: TelegramUser, place: Bot | TelegramChat, transcript: Transcript) -> None:
        super().__init__(user.account.first_name, user.chat(place).view, transcript)
        self.user = user
        self.place = place

    @property
    def toasts(self) -> tuple[Toast, ...]:
        """Shown to this person, oldest first; those without text only ended a button's wait."""
        return tuple(toast for toast in self._chat.toasts if toast.viewer == str(self.user.account.id))

    async def start(self, *, until: str = "", within: float = WITHIN) -> list[Bubble]:
        if isinstance(self.place, Bot):
            bot = self.place
            return await self._act(lambda: self.user.start(bot), until, within)
        return await self.say("/start", until=until, within=within)

    async def say(self, text: str, *, until: str = "", within: float = WITHIN) -> list[Bubble]:
        return await self._act(lambda: self.user.say(text, self.place), until, within)

    async def press(
        self, label: str, *, on: int = 0, until: str = "", within: float = WITHIN
    ) -> list[Bubble]:
        """A part of a label is enough where no button bears it whole."""
        number, whole = self._button(label, on)
        return await self._act(lambda: self.user.press(whole, self.place, message=number), until, within)

    async def send_photo(
        self, content: bytes = b"", *, caption: str = "", until: str = "", within: float = WITHIN
    ) -> list[Bubble]:
        photo = content or samples.png()
        return await self._act(
            lambda: self.user.send_photo(photo, self.place, caption=caption), until, within
        )

    async def send_voice(
        self, content: bytes = b"", *, until: str = "", within: float = WITHIN
    ) -> list[Bubble]:
        return await self._act(
            lambda: self.user.send_voice(content or samples.OGG, self.place), until, within
        )

    async def edit(
        self, message: Message, text: str, *, until: str = "", within: float = WITHIN
    ) -> list[Bubble]:
        return await self._act(lambda: self.user.edit(message, text, self.place), until, within)

    async def sees_toast(self, text: str, *, within: float = WITHIN) -> Toast:
        """Since this person's last act."""

        def seen() -> bool:
            return any(
                entry.kind is Kind.TOAST and entry.who == str(self.user.account.id) and text in entry.text
                for entry in self.entries()
            )

        await self.wait(seen, within)
        if not seen():
            raise NotSeen(f"{self._name} sees no toast {text!r}\n{self.drawn()}")
        return next(toast for toast in reversed(self.toasts) if text in toast.text)

    async def _act(self, act: Callable[[], object], until: str, within: float) -> list[Bubble]:
        self.mark = self._transcript.last
        act()
        keys = {entry.key for entry in self.entries() if entry.kind is Kind.UPDATE}

        def taken() -> bool:
            gone = (Kind.ACKNOWLEDGED, Kind.GIVEN_UP)
            return keys <= {entry.key for entry in self.entries() if entry.kind in gone}

        return await self.settled(taken, until, within)

    def _button(self, label: str, on: int) -> tuple[int, str]:
        bubbles = [bubble for bubble in reversed(self.screen) if on in (0, bubble.number)]
        for bubble in bubbles:
            if label in bubble.labels:
                return bubble.number, label
        for bubble in bubbles:
            for whole in bubble.labels:
                if label in whole:
                    return bubble.number, whole
        raise NoSuchButton(f"{self._name} has no button {label!r}\n{self.drawn()}")
