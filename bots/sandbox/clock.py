"""The platforms' clock: real time, plus an offset that tests and drivers move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Runs like the wall clock. What lasts (tokens, media, quotas, callback queries) is measured on it;
    what waits (5 s for a reply, long polls) waits in real seconds."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = start - datetime.now(UTC) if start is not None else timedelta()

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def seconds(self) -> int:
        """Unix time, as both platforms write it."""
        return int(self.now().timestamp())

    def move(self, by: timedelta) -> None:
        """Forward, or back for a wrong clock."""
        self._offset += by
