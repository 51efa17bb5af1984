"""A chat as people see it: its bubbles, edits applied, and the toasts over it."""

from __future__ import annotations

from bots.sandbox.bubble import Bubble, Toast
from bots.sandbox.transcript import Direction, Kind, Platform, Transcript


class Chat:
    """The one place where bubbles change, so the transcript misses nothing."""

    def __init__(self, key: str, title: str, platform: Platform, transcript: Transcript) -> None:
        #: Stable and unique among all chats of all platforms, e.g. `telegram:desk_bot:1001`.
        self.key = key
        self.title = title
        self.platform = platform
        self.toasts: list[Toast] = []
        self._transcript = transcript
        self._bubbles: dict[int, Bubble] = {}
        self._numbers = 0

    @property
    def bubbles(self) -> tuple[Bubble, ...]:
        """Oldest first."""
        return tuple(self._bubbles.values())

    def find(self, number: int) -> Bubble | None:
        """None: never shown, or deleted."""
        return self._bubbles.get(number)

    def number(self) -> int:
        """The next bubble's."""
        self._numbers += 1
        return self._numbers

    def show(self, bubble: Bubble) -> None:
        """A new bubble, or a known number with its new face."""
        known = bubble.number in self._bubbles
        self._bubbles[bubble.number] = bubble
        self._transcript.write(
            self.platform,
            Kind.EDIT if known else Kind.MESSAGE,
            Direction.OUT if bubble.from_desk else Direction.IN,
            chat=self.key,
            who=bubble.who,
            text=bubble.text,
            buttons=tuple(tuple(button.label for button in row) for row in bubble.buttons),
            message=bubble.number,
            file=bubble.file,
            detail=bubble.content.value,
        )

    def remove(self, number: int) -> None:
        gone = self._bubbles.pop(number)
        self._transcript.write(
            self.platform,
            Kind.DELETE,
            Direction.OUT if gone.from_desk else Direction.IN,
            chat=self.key,
            who=gone.who,
            message=number,
        )

    def toast(self, toast: Toast) -> None:
        """An answer to a press; without a text it only stops the button's wait."""
        self.toasts.append(toast)
        self._transcript.write(
            self.platform,
            Kind.TOAST,
            Direction.OUT,
            chat=self.key,
            who=toast.viewer,
            text=toast.text,
            detail="alert" if toast.alert else "",
        )
