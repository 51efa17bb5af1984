"""首问责任 (S2-4.1): from the first touch of an officer to the receipt by a unit, measured by the events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casestore.model import Event, OfficerId

#: To look is not to touch.
_NO_TOUCH = frozenset({"revealed"})


@dataclass(frozen=True)
class FirstTouch:
    """`received_at`: when a unit first confirmed receipt; None while he still answers for the case."""

    officer: OfficerId
    at: datetime
    received_at: datetime | None

    def lasted(self, now: datetime) -> timedelta:
        """By the clock, nights and days off included."""
        return (self.received_at or now) - self.at


def measure(events: Iterable[Event], officer: OfficerId | None) -> FirstTouch | None:
    """`officer`: who answers for the case as it stands; None where nobody has touched it."""
    touched: datetime | None = None
    for event in events:
        if touched is None and event.actor == f"officer:{officer}" and event.kind not in _NO_TOUCH:
            touched = event.at
        elif touched is not None and officer is not None and event.kind == "taken_over":
            return FirstTouch(officer, touched, event.at)
    return FirstTouch(officer, touched, None) if touched is not None and officer is not None else None
