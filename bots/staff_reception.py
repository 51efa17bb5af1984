"""The way of every message from a staff chat: once, on disk, then acknowledged."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from admin.commands import StaffDesk
from admin.word import StaffWord
from casestore.store import Store, Tx
from casestore.tables import inbox

_log = structlog.get_logger("staff")


@dataclass(frozen=True)
class StaffReception:
    store: Store
    desk: StaffDesk
    clock: Callable[[], datetime]
    trouble: str

    async def take_in(self, bot: str, key: str, raw: bytes, word: StaffWord | None) -> None:
        """Raises only where the message is not on disk: then it must not be acknowledged."""
        at = self.clock()
        try:
            await self.store.run(lambda tx: self._turn(tx, bot, key, raw, word, at))
            return
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            fault = f"{type(error).__name__} {where.name}:{where.lineno}"
        _log.error("quarantined", bot=bot, key=key, fault=fault)
        await self.store.run(lambda tx: self._set_aside(tx, bot, key, raw, word, fault, at))

    def _turn(self, tx: Tx, bot: str, key: str, raw: bytes, word: StaffWord | None, at: datetime) -> None:
        if inbox.claim(tx, bot, key, raw, at) and word is not None:
            self.desk.hear(tx, word, at)

    def _set_aside(
        self, tx: Tx, bot: str, key: str, raw: bytes, word: StaffWord | None, fault: str, at: datetime
    ) -> None:
        if inbox.claim(tx, bot, key, raw, at):
            inbox.quarantine(tx, bot, key, fault)
            if word is not None:
                self.desk.apologise(tx, word, self.trouble, at)
