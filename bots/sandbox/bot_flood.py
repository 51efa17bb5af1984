"""Telegram's sending limits, enforced when asked for."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import timedelta

from bots.sandbox.bot_refusal import flooded
from bots.sandbox.clock import Clock


@dataclass(frozen=True, kw_only=True)
class FloodLimit:
    """What is published; the real limits are softer and not told."""

    per_second: int = 30
    per_chat_per_second: int = 1
    per_group_per_minute: int = 20


class Flood:
    """Counts what was accepted; a refused message does not count."""

    def __init__(self, limit: FloodLimit, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._sent: defaultdict[tuple[int, str], deque[float]] = defaultdict(deque)

    def ensure_room(self, bot_id: int, chat_id: str) -> None:
        """Raises the 429 with the seconds to wait."""
        now = self._clock.now().timestamp()
        rules = [((bot_id, ""), self._limit.per_second, timedelta(seconds=1))]
        if chat_id.startswith("-"):
            rules.append(((bot_id, chat_id), self._limit.per_group_per_minute, timedelta(minutes=1)))
        else:
            rules.append(((bot_id, chat_id), self._limit.per_chat_per_second, timedelta(seconds=1)))
        for key, most, span in rules:
            sent = self._sent[key]
            while sent and sent[0] <= now - span.total_seconds():
                sent.popleft()
            if len(sent) >= most:
                raise flooded(max(1, math.ceil(sent[0] + span.total_seconds() - now)))
        for key, _, _ in rules:
            self._sent[key].append(now)
