"""What falls due by itself: unfinished drafts are reminded of once and deleted after 72 hours; what was said
in messages is forgotten after 48, and in the end everybody who filed nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from admin import allowance
from bots.talk import Talk
from casestore.codes import Channel
from casestore.desk import Desk
from casestore.model import CitizenId
from casestore.store import Store, Tx
from casestore.tables import approvals, citizens, evidence, inbox, outbox, talks
from casestore.tables.outbox import Draft, Urgency
from casestore.telling import lane
from dialogs.engine import Engine

_log = structlog.get_logger("upkeep")
_EVERY_S = 60.0
DRAFT_LIVES = timedelta(hours=72)
#: A message's own text is needed while its platform may send it again (Telegram: a day).
WORDS_LAST = timedelta(hours=48)
#: WeChat takes no push once 48 hours have passed, so its reminder goes a little earlier.
REMIND_AFTER = {Channel.WECHAT: timedelta(hours=47), Channel.TELEGRAM: timedelta(hours=48)}


class Upkeep:
    def __init__(
        self,
        store: Store,
        desk: Desk,
        engine: Engine,
        clock: Callable[[], datetime],
        strangers_last: timedelta = timedelta(days=30),
    ) -> None:
        """`strangers_last`: who filed nothing is forgotten so long after his last word."""
        self._store, self._desk, self._engine, self._clock = store, desk, engine, clock
        self._strangers_last = strangers_last

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.round()
            except Exception as error:  # the disk may be full: go on when it is not
                _log.error("round-failed", error=type(error).__name__)
            try:
                await asyncio.wait_for(stop.wait(), _EVERY_S)
            except TimeoutError:
                continue

    async def round(self) -> None:
        """Everything that is due now, each draft in a transaction of its own."""
        at = self._clock()
        while await self._store.run(lambda tx: self._desk.reminding.fire(tx, at)):
            continue
        for case in await self._store.read(lambda tx: approvals.overdue(tx, at)):
            await self._store.run(lambda tx, case=case: self._desk.requests.expire(tx, case, at))  # type: ignore[misc]
        for forget in (inbox.forget_bodies, outbox.forget_sent):
            while await self._store.run(lambda tx, forget=forget: forget(tx, at - WORDS_LAST)):  # type: ignore[misc]
                continue
        expired = await self._store.read(lambda tx: talks.silent_since(tx, at - DRAFT_LIVES))
        for citizen in expired:
            await self._store.run(lambda tx, citizen=citizen: self._expire(tx, citizen, at))  # type: ignore[misc]
        earliest = at - min(REMIND_AFTER.values())
        silent = await self._store.read(lambda tx: talks.silent_since(tx, earliest, reminded=False))
        for citizen in silent:
            await self._store.run(lambda tx, citizen=citizen: self._remind(tx, citizen, at))  # type: ignore[misc]

        left = at - self._strangers_last
        for citizen in await self._store.read(lambda tx: citizens.strangers(tx, left)):
            await self._store.run(lambda tx, citizen=citizen: self._forget(tx, citizen, left))  # type: ignore[misc]
        await self._store.run(lambda tx: allowance.forget(tx, at))

    def _forget(self, tx: Tx, citizen: CitizenId, left: datetime) -> None:
        if not citizens.is_stranger(tx, citizen, left):
            return  # he has spoken since
        bot = citizens.get(tx, citizen).channel.value
        evidence.forget(tx, evidence.unused(tx, citizen))
        outbox.forget_lane(tx, lane(bot, citizen))
        talks.forget(tx, citizen)
        citizens.forget(tx, citizen)

    def _expire(self, tx: Tx, citizen: CitizenId, at: datetime) -> None:
        if at - citizens.get(tx, citizen).last_word_at < DRAFT_LIVES:
            return  # he has spoken since
        talk = Talk.from_json(talks.load(tx, citizen))
        talks.forget(tx, citizen)
        if talk.progress is not None:
            evidence.forget(tx, [item.id for item in talk.progress.evidence])
            self._say(tx, citizen, "draft.expired", talk.progress.tree, at, timedelta(days=30))

    def _remind(self, tx: Tx, citizen: CitizenId, at: datetime) -> None:
        found = citizens.get(tx, citizen)
        talk = Talk.from_json(talks.load(tx, citizen))
        if talk.progress is None or at - found.last_word_at < REMIND_AFTER[found.channel]:
            return
        talks.mark_reminded(tx, citizen)
        self._say(
            tx, citizen, "draft.reminder", talk.progress.tree, at, DRAFT_LIVES - REMIND_AFTER[found.channel]
        )

    def _say(self, tx: Tx, citizen: CitizenId, code: str, tree: str, at: datetime, lives: timedelta) -> None:
        title = self._engine.trees[tree].title if tree in self._engine.trees else ""
        text = self._engine.texts.say(code, title=title)
        bot = citizens.get(tx, citizen).channel.value
        payload = {"citizen": citizen, "text": text}
        owed = Draft(bot, lane(bot, citizen), outbox.Kind.SAY, payload, Urgency.NOTICE, lives=lives)
        outbox.put(tx, owed, at)
