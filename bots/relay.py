"""Delivery: from the outbox to a platform, in order within a chat, at the platform's pace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from bots.pacing import Pacer
from bots.polling import unless_stopped
from bots.sending import (
    UNSURE,
    AwaitsWord,
    Prepared,
    Refused,
    Sender,
    SendFailed,
    TryLater,
    Unreachable,
    Unsure,
)
from casestore.desk import Desk
from casestore.errors import CaseError, StoreError
from casestore.model import CitizenId
from casestore.store import Store, Tx
from casestore.tables import cases, citizens, outbox
from casestore.tables.outbox import Kind, Owed

_log = structlog.get_logger("relay")
_IN_FLIGHT = 32
_IDLE_S = 1.0
_BACKOFF_S = (1, 2, 5, 15, 60, 300, 900, 1800, 3600, 3600, 7200)
_SHORT_WAIT_S = 5.0
_SPOILT = (CaseError, StoreError, LookupError, ValueError, TypeError, AttributeError, OSError)


class Relay:
    """One for each bot account."""

    def __init__(
        self, store: Store, desk: Desk, sender: Sender, pacer: Pacer, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._desk, self._sender, self._pacer, self._clock = store, desk, sender, pacer, clock
        self._flying: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is being sent then is finished."""
        signal = self._store.signal(outbox.TOPIC)
        await self._keep_trying(lambda tx: self._settle_ambiguous(tx, self._clock()))
        while not stop.is_set():
            try:
                wait = await self._round()
            except Exception as error:  # the disk may be full: go on when it is not
                _log.error("round-failed", bot=self._sender.bot, error=type(error).__name__)
                wait = _IDLE_S
            if wait > 0:
                await unless_stopped(signal.wait(min(wait, _IDLE_S)), stop)
        if self._flying:
            await asyncio.wait(self._flying, timeout=_SHORT_WAIT_S)

    async def _round(self) -> float:
        """Send what may go now; the seconds to wait for more."""
        room = _IN_FLIGHT - len(self._flying)
        if room <= 0:
            await asyncio.wait(self._flying, return_when=asyncio.FIRST_COMPLETED)
            return 0.0
        prepared, wait = await self._store.run(lambda tx: self._claim(tx, self._clock(), room))
        for message in prepared:
            task = asyncio.create_task(self._send(message))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        return 0.0 if prepared else wait

    def _claim(self, tx: Tx, at: datetime, room: int) -> tuple[list[Prepared], float]:
        claimed: list[Prepared] = []
        for owed in outbox.heads(tx, self._sender.bot, at, room):
            now = time.monotonic()
            pace = self._sender.pace(owed)
            if pace is not None and (wait := self._pacer.bot_wait(now)) > 0:
                return claimed, wait
            if owed.expires_at is not None and owed.expires_at <= at:
                outbox.dead(tx, owed.id, "expired")
                continue
            if pace is not None and (wait := self._pacer.take(pace, now)) > 0:
                outbox.delay(tx, owed.id, at + timedelta(seconds=wait))
                continue
            try:
                message = self._sender.prepare(tx, owed, at)
            except SendFailed as failure:
                self._failed(tx, owed, failure, at)
                continue
            except _SPOILT as error:  # one message that cannot be rendered must not hold up the others
                _log.error("not-rendered", bot=owed.bot, kind=owed.kind, error=type(error).__name__)
                self._failed(tx, owed, Refused(type(error).__name__), at)
                continue
            if message.content is None:
                outbox.done(tx, owed.id, at)
                continue
            outbox.sending(tx, owed.id)
            claimed.append(message)
        if claimed:
            return claimed, 0.0
        due = outbox.next_due(tx, self._sender.bot)
        return claimed, max((due - at).total_seconds(), 0.01) if due else _IDLE_S

    async def _send(self, message: Prepared) -> None:
        owed = message.owed
        try:
            written = await self._sender.send(message)
        except SendFailed as failure:
            failed = failure
        except Exception as error:  # a library's surprise: it may have gone out
            _log.error("send-surprise", bot=self._sender.bot, kind=owed.kind, error=type(error).__name__)
            failed = Unsure(type(error).__name__)
        else:
            await self._keep_trying(lambda tx: self._sent(tx, owed, written))
            return
        _log.info(
            "send-failed",
            bot=self._sender.bot,
            kind=owed.kind,
            reason=failed.reason,
            attempts=owed.attempts + 1,
        )
        await self._keep_trying(lambda tx: self._failed(tx, owed, failed, self._clock()))

    def _sent(self, tx: Tx, owed: Owed, written: Callable[[Tx], None] | None) -> None:
        outbox.done(tx, owed.id, self._clock())
        if written is not None:
            written(tx)

    def _failed(self, tx: Tx, owed: Owed, failure: SendFailed, at: datetime) -> None:
        """Decide what becomes of it; what will not arrive is shown to staff on the case's card."""
        if isinstance(failure, AwaitsWord):
            outbox.wait(tx, owed.id, failure.reason)
        elif isinstance(failure, Refused):
            if isinstance(failure, Unreachable) and "citizen" in owed.payload:
                citizens.unreachable(tx, CitizenId(owed.payload["citizen"]))
            outbox.dead(tx, owed.id, failure.reason)
        elif owed.kind is Kind.TOAST or owed.attempts + 1 >= len(_BACKOFF_S):
            outbox.dead(tx, owed.id, failure.reason)
        else:
            after = failure.after if isinstance(failure, TryLater) else None
            delay = after or timedelta(seconds=_BACKOFF_S[owed.attempts])
            reason = UNSURE if isinstance(failure, Unsure) else failure.reason
            outbox.again(tx, owed.id, at + delay, reason)
            return
        if owed.case is not None and owed.kind is Kind.NOTICE:
            self._desk.telling.refresh_cards(tx, cases.get(tx, owed.case), at)

    def _settle_ambiguous(self, tx: Tx, at: datetime) -> None:
        for owed in outbox.ambiguous(tx, self._sender.bot):
            self._failed(tx, owed, Unsure("restart"), at)

    async def _keep_trying(self, work: Callable[[Tx], Any]) -> None:
        """What happened must be written down, however long the disk refuses."""
        while True:
            try:
                await self._store.run(work)
                return
            except Exception as error:
                _log.error("store-refuses", error=type(error).__name__)
                await asyncio.sleep(_IDLE_S)
