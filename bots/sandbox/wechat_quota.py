"""How many 客服消息 a person may still get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bots.sandbox.clock import Clock
from bots.sandbox.wechat_refusal import ApiRefusal


class Occasion(Enum):
    """What opens a window: how many messages, for how long (since August 2023)."""

    SAID = (5, timedelta(hours=48))
    MENU = (3, timedelta(minutes=1))
    FOLLOWED = (3, timedelta(minutes=1))


@dataclass(kw_only=True)
class Window:
    until: datetime
    left: int


class Quota:
    """A new occasion opens its window afresh; windows of different occasions add up.

    Whether several messages of a person add up is not documented; here they do not.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, dict[Occasion, Window]] = {}

    def grant(self, openid: str, occasion: Occasion) -> None:
        count, lasts = occasion.value
        window = Window(until=self._clock.now() + lasts, left=count)
        self._windows.setdefault(openid, {})[occasion] = window

    def left(self, openid: str) -> int:
        return sum(window.left for window in self._open(openid))

    def ensure_left(self, openid: str) -> None:
        """Raises 45015 when no window is open, 45047 when the open ones are used up."""
        if not self._open(openid):
            raise ApiRefusal(45015)
        if not self.left(openid):
            raise ApiRefusal(45047)

    def spend(self, openid: str) -> None:
        """From the window that closes first."""
        next(window for window in self._open(openid) if window.left).left -= 1

    def _open(self, openid: str) -> list[Window]:
        now = self._clock.now()
        windows = [window for window in self._windows.get(openid, {}).values() if window.until > now]
        return sorted(windows, key=lambda window: window.until)
