"""A person with WeChat, in the chat with the service account."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bots.sandbox import samples
from bots.sandbox.bubble import Bubble, Content
from bots.sandbox.screen import WITHIN, NoSuchButton, Screen
from bots.sandbox.transcript import Transcript
from bots.sandbox.wechat_menu import leaves
from bots.sandbox.wechat_platform import WeChatPlatform
from bots.sandbox.wechat_user import Sent, WeChatUser

_NUMBERED = re.compile(
    r"(?:^|(?<=\s))(\d{1,2})(?:[.、:)]\s*|\s+)(\S.*?)(?=\s+\d{1,2}(?:[.、:)]|\s+\D)|$)", re.M
)


class WeChatPhone(Screen):
    """A `Phone`; `user` can do the rest: locations, links, stickers, leaving."""

    def __init__(self, user: WeChatUser, platform: WeChatPlatform, transcript: Transcript) -> None:
        super().__init__(user.name, user.chat, transcript)
        self.user = user
        self._platform = platform

    async def start(self, *, until: str = "", within: float = WITHIN) -> list[Bubble]:
        return await self._act(self.user.subscribe, until, within)

    async def say(self, text: str, *, until: str = "", within: float = WITHIN) -> list[Bubble]:
        return await self._act(lambda: self.user.say(text), until, within)

    async def press(
        self, label: str, *, on: int = 0, until: str = "", within: float = WITHIN
    ) -> list[Bubble]:
        """The number shown before the label; else a link of that label; else an item of the menu."""
        return await self._act(self._choice(label, on), until, within)

    async def send_photo(
        self, content: bytes = b"", *, caption: str = "", until: str = "", within: float = WITHIN
    ) -> list[Bubble]:
        shown = await self._act(
            lambda: self.user.send_image(content or samples.png()), "" if caption else until, within
        )
        return shown + await self.say(caption, until=until, within=within) if caption else shown

    async def send_voice(
        self, content: bytes = b"", *, until: str = "", within: float = WITHIN
    ) -> list[Bubble]:
        return await self._act(lambda: self.user.send_voice(content or samples.AMR), until, within)

    async def _act(self, act: Callable[[], Sent], until: str, within: float) -> list[Bubble]:
        self.mark = self._transcript.last
        sent = act()
        return await self.settled(sent.done, until, within)

    def _choice(self, label: str, on: int) -> Callable[[], Sent]:
        for bubble in self._asking(on):
            number = number_before(label, bubble.text)
            if number:
                return lambda: self.user.say(number)
        for bubble in reversed(self.screen):
            for row in bubble.buttons:
                for button in row:
                    if label in button.label and not button.url and on in (0, bubble.number):
                        return lambda button=button: self.user.press_link(button)  # type: ignore[misc]
        if any(label == item.label for item in leaves(self._platform.menu)):
            return lambda: self.user.press_menu(label)
        raise NoSuchButton(f"{self._name} has no choice {label!r}\n{self.drawn()}")

    def _asking(self, on: int) -> list[Bubble]:
        """Where a number would be understood: in what came since his last message, else in the newest that
        shows numbers at all. An older one's numbers mean something else by now."""
        shown = [bubble for bubble in self.screen if bubble.content is not Content.NOTICE]
        if on:
            return [bubble for bubble in shown if bubble.number == on]
        said = max((bubble.number for bubble in shown if not bubble.from_desk), default=0)
        asked = [bubble for bubble in reversed(shown) if bubble.from_desk and _choices(bubble.text)]
        return [bubble for bubble in asked if bubble.number > said] or asked[:1]


def number_before(label: str, text: str) -> str:
    """The number a text shows before a choice, e.g. "1" for 投诉 in "1. 投诉", "1、投诉" or "1 投诉".

    The whole label goes before its beginning, that before a part. "" when there is none.
    """
    wanted = unicodedata.normalize("NFKC", label)
    fits: tuple[Callable[[str], bool], ...] = (
        lambda choice: choice.strip() == wanted,
        lambda choice: choice.startswith(wanted),
        lambda choice: wanted in choice,
    )
    choices = _choices(text)
    for fit in fits:
        for number, choice in choices:
            if fit(choice):
                return number
    return ""


def _choices(text: str) -> list[tuple[str, str]]:
    """Numbers and labels, full-width or not, one a line or several on one."""
    return _NUMBERED.findall(unicodedata.normalize("NFKC", text))
