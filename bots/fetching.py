"""Fetches the bytes of what citizens sent, after their message was answered, and keeps them sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bots.file_kinds import mime_of
from bots.polling import unless_stopped
from bots.sending import Refused
from casestore.codes import Channel, EvidenceState
from casestore.model import Evidence
from casestore.store import Store, Tx
from casestore.tables import evidence, outbox
from casestore.tables.evidence import Copies
from casestore.tables.outbox import Draft, Urgency
from casestore.telling import lane
from dialogs.texts import Texts

_log = structlog.get_logger("fetching")
_AT_ONCE = 4
_IDLE_S = 5.0
_SAID_FOR = timedelta(days=30)
_PAUSES_S = (2, 10, 60, 300, 1800, 7200, 21600, 43200)  # WeChat keeps media for three days

#: The bytes for a platform's reference. Raises SendFailed; Refused for what is gone for good.
Fetch = Callable[[str], Awaitable[bytes]]


class Fetcher:
    def __init__(
        self,
        store: Store,
        copies: Copies,
        sources: Mapping[Channel, Fetch],
        clock: Callable[[], datetime],
        texts: Texts,
    ) -> None:
        self._store, self._copies, self._sources, self._clock = store, copies, dict(sources), clock
        self._texts = texts

    def add(self, channel: Channel, fetch: Fetch) -> None:
        self._sources[channel] = fetch

    async def run(self, stop: asyncio.Event) -> None:
        signal = self._store.signal(evidence.TOPIC)
        while not stop.is_set():
            try:
                found = await self.round()
            except Exception as error:  # the disk may be full: go on when it is not
                _log.error("round-failed", error=type(error).__name__)
                found = False
            if not found:
                await unless_stopped(signal.wait(_IDLE_S), stop)

    async def round(self) -> bool:
        """Fetch what is due, forget what was given up; whether there was anything."""
        at = self._clock()
        due = await self._store.read(lambda tx: evidence.pending(tx, at, _AT_ONCE))
        await asyncio.gather(*(self._fetch(item, attempts) for item, attempts in due))
        gone = await self._store.read(evidence.forgotten)
        for item in gone:
            await asyncio.to_thread(self._copies.forget, item)
            await self._store.run(lambda tx, item=item: evidence.remove(tx, item))  # type: ignore[misc]
        return bool(due or gone)

    async def _fetch(self, item: Evidence, attempts: int) -> None:
        if item.source not in self._sources:  # its platform is not up yet, or switched off
            await self._later(item, attempts + 1, "platform-off")
            return
        try:
            content = await self._sources[item.source](item.file_ref)
        except Refused as refused:
            _log.warning("evidence-gone", reason=refused.reason)
            await self._give_up(item, EvidenceState.FAILED)
            return
        except Exception as error:  # the network, the platform: later
            await self._later(item, attempts + 1, type(error).__name__)
            return
        mime = mime_of(content)
        if mime is None:
            await self._give_up(item, EvidenceState.REFUSED)
            return
        sha256 = await asyncio.to_thread(self._copies.keep, item.id, content)
        await self._store.run(lambda tx: evidence.kept(tx, item.id, sha256, len(content), mime))

    async def _give_up(self, item: Evidence, state: EvidenceState) -> None:
        """It was confirmed when it came: that it is not kept is said to him too."""
        text = self._texts.say(
            f"media.{state}", file=item.file_name or self._texts.name("evidence", item.kind)
        )
        payload = {"citizen": item.citizen, "text": text}
        bot, at = item.source.value, self._clock()

        def work(tx: Tx) -> None:
            evidence.give_up(tx, item.id, state)
            outbox.put(
                tx,
                Draft(
                    bot, lane(bot, item.citizen), outbox.Kind.SAY, payload, Urgency.NOTICE, lives=_SAID_FOR
                ),
                at,
            )

        await self._store.run(work)

    async def _later(self, item: Evidence, attempts: int, reason: str) -> None:
        _log.info("evidence-later", attempts=attempts, reason=reason)
        if attempts > len(_PAUSES_S):
            await self._give_up(item, EvidenceState.FAILED)
            return
        next_try = self._clock() + timedelta(seconds=_PAUSES_S[attempts - 1])
        await self._store.run(lambda tx: evidence.retry(tx, item.id, attempts, next_try))
