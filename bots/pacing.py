"""How fast a platform takes messages: so many in any sliding window, for the bot, a chat, a group."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from bots.sending import Pace


@dataclass(frozen=True)
class Rate:
    """At most `count` in any `seconds`."""

    count: int
    seconds: float


@dataclass(frozen=True)
class Rates:
    bot: Rate
    chat: Rate
    group: Rate


#: platforms.md 2.3.
TELEGRAM = Rates(bot=Rate(30, 1.0), chat=Rate(1, 1.0), group=Rate(20, 60.0))
_KEPT_CHATS = 10_000


class Pacer:
    """Exact sliding windows over the moments of what was let through. Times are monotonic seconds."""

    def __init__(self, rates: Rates | None) -> None:
        self._rates = rates
        self._bot: deque[float] = deque()
        self._chats: dict[tuple[str, str], deque[float]] = {}

    def bot_wait(self, now: float) -> float:
        """Seconds until the bot may send again at all; 0: now."""
        return _wait(self._bot, self._rates.bot, now) if self._rates else 0.0

    def take(self, pace: Pace, now: float) -> float:
        """0 and counted if it may go now, else the seconds to wait for its chat."""
        if self._rates is None:
            return 0.0
        if len(self._chats) > _KEPT_CHATS:
            self._forget_quiet_chats(self._rates, now)
        windows = [(self._window("chat", pace.chat), self._rates.chat)]
        if pace.is_group:
            windows.append((self._window("group", pace.chat), self._rates.group))
        wait = max(_wait(window, rate, now) for window, rate in windows)
        if wait <= 0:
            self._bot.append(now)
            for window, _ in windows:
                window.append(now)
        return max(wait, 0.0)

    def _window(self, kind: str, chat: str) -> deque[float]:
        return self._chats.setdefault((kind, chat), deque())

    def _forget_quiet_chats(self, rates: Rates, now: float) -> None:
        """Whose windows are over. Few are left: a bot reaches only so many chats in a minute."""
        longest = max(rates.chat.seconds, rates.group.seconds)
        self._chats = {
            key: window for key, window in self._chats.items() if window and now - window[-1] < longest
        }


def _wait(window: deque[float], rate: Rate, now: float) -> float:
    while window and now - window[0] >= rate.seconds:
        window.popleft()
    return rate.seconds - (now - window[0]) if len(window) >= rate.count else 0.0
