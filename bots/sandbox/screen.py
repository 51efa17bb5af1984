"""A person's screen: what is on it, what is new, and waiting for what should come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bots.sandbox.bubble import Bubble
from bots.sandbox.chat import Chat
from bots.sandbox.transcript import Direction, Entry, Kind, Transcript

#: Real seconds: nothing new for this long after the desk took the message means it has said its piece …
QUIET = 0.12
#: … and with nothing said at all, that it will say nothing.
SILENCE = 0.6
#: How long anything may take.
WITHIN = 5.0

_SHOWN = (Kind.MESSAGE, Kind.EDIT)


class NotSeen(AssertionError):
    """What should have appeared did not; the message shows the screen."""


class NoSuchButton(AssertionError):
    """Nothing on the screen bears that label; the message shows the screen."""


class Screen:
    """One chat as one person watches it; a phone adds what he can do in it."""

    def __init__(self, name: str, chat: Chat, transcript: Transcript) -> None:
        self._name = name
        self._chat = chat
        self._transcript = transcript
        #: The last entry before this person's last act.
        self.mark = 0

    @property
    def name(self) -> str:
        return self._name

    @property
    def chat(self) -> Chat:
        return self._chat

    @property
    def screen(self) -> tuple[Bubble, ...]:
        return self._chat.bubbles

    @property
    def last(self) -> Bubble:
        for bubble in reversed(self.screen):
            if bubble.from_desk:
                return bubble
        raise NotSeen(f"the desk has said nothing to {self._name}")

    async def sees(self, text: str, *, within: float = WITHIN) -> Bubble:
        await self.wait(lambda: any(text in bubble.text for bubble in self._news()), within)
        for bubble in reversed(self._news()):
            if text in bubble.text:
                return bubble
        raise NotSeen(f"{self._name} does not see {text!r}\n{self.drawn()}")

    def _news(self) -> list[Bubble]:
        """Of the desk, shown or changed since the mark."""
        numbers: dict[int, None] = {}
        for entry in self.entries():
            if entry.kind in _SHOWN and entry.direction is Direction.OUT:
                numbers.pop(entry.message, None)
                numbers[entry.message] = None
        found = (self._chat.find(number) for number in numbers)
        return [bubble for bubble in found if bubble is not None]

    async def settled(self, taken: Callable[[], bool], until: str, within: float) -> list[Bubble]:
        """Waits for `until`, or until the desk took the act and has been quiet."""
        if until:
            await self.sees(until, within=within)
            return self._news()
        clock = asyncio.get_running_loop()
        end, touched, seen = clock.time() + within, clock.time(), 0
        while clock.time() < end:
            entries = self.entries()
            if len(entries) > seen:
                seen, touched = len(entries), clock.time()
            elif taken() and clock.time() - touched > (QUIET if self._news() or self._toasted() else SILENCE):
                break
            await self._transcript.grows(self._transcript.last, QUIET / 4)
        return self._news()

    async def wait(self, seen: Callable[[], bool], within: float) -> None:
        clock = asyncio.get_running_loop()
        end = clock.time() + within
        while not seen():
            if not await self._transcript.grows(self._transcript.last, end - clock.time()):
                return

    def entries(self) -> list[Entry]:
        return [entry for entry in self._transcript.after(self.mark) if entry.chat == self._chat.key]

    def _toasted(self) -> bool:
        return any(entry.kind is Kind.TOAST for entry in self.entries())

    def drawn(self) -> str:
        """The end of the screen, for failure messages."""
        lines = []
        for bubble in self.screen[-6:]:
            rows = "".join("\n    " + " ".join(f"[{b.label}]" for b in row) for row in bubble.buttons)
            side = "<" if bubble.from_desk else ">"
            lines.append(f"  {side} {bubble.text or bubble.content.value}{rows}")
        return "\n".join(lines)
