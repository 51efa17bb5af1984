"""How a message goes out: what a platform's sender does, and what can become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from casestore.store import Tx
from casestore.tables.outbox import Owed


class SendFailed(Exception):
    """It did not go out. `reason` is a short code for staff and logs, without any content."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TryLater(SendFailed):
    """Not taken now; surely not sent. `after` is the platform's own wish, if it has one."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Unsure(SendFailed):
    """The connection broke after the request: the platform may have taken it."""


class Refused(SendFailed):
    """The platform will never take it; staff see it."""


class Unreachable(Refused):
    """The person blocked the bot or left the account."""


class AwaitsWord(SendFailed):
    """The platform takes it only after the citizen's next word."""


@dataclass(frozen=True)
class Pace:
    """Whose pace a message counts against."""

    chat: str
    is_group: bool = False


@dataclass(frozen=True)
class Prepared:
    """A message made ready in the transaction that claims it. `content` None: there is nothing to send."""

    owed: Owed
    content: Any


class Sender(Protocol):
    """One bot account on one platform."""

    @property
    def bot(self) -> str: ...

    def pace(self, owed: Owed) -> Pace | None:
        """None: it goes out whatever else does, as the answer to a pressed button."""

    def prepare(self, tx: Tx, owed: Owed, at: datetime) -> Prepared:
        """Render it. Raises SendFailed."""

    async def send(self, prepared: Prepared) -> Callable[[Tx], None] | None:
        """Send; what to write down with the success. Raises SendFailed."""


#: `Owed.error` of what goes out again after an ambiguous attempt: a notice then says so (重发).
UNSURE = "unsure"
