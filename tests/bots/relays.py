"""A relay between a real outbox and a platform that takes and refuses as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from bots.pacing import Pacer, Rates
from bots.relay import Relay
from bots.sending import Pace, Prepared
from casestore.store import Tx
from casestore.tables import outbox
from casestore.tables.outbox import Draft, Kind, Owed, State, Urgency
from casestore.tables.schema import outbox as rows
from tests.bots.desks import eventually
from tests.office import Office


@dataclass
class Platform:
    """Takes messages and remembers them; refuses as it is told, by text."""

    bot: str = "telegram"
    took: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    refusals: dict[str, list[Exception]] = field(default_factory=dict)
    unrenderable: dict[str, Exception] = field(default_factory=dict)
    #: While set, nothing that was sent comes back.
    closed: asyncio.Event | None = None

    def pace(self, owed: Owed) -> Pace | None:
        if owed.kind is Kind.TOAST:
            return None
        return Pace(owed.lane, is_group=owed.lane.startswith("telegram:-"))

    def prepare(self, tx: Tx, owed: Owed, at: datetime) -> Prepared:
        text = str(owed.payload.get("text", owed.payload.get("code")))
        if text in self.unrenderable:
            raise self.unrenderable[text]
        return Prepared(owed, text or None)

    async def send(self, prepared: Prepared) -> Callable[[Tx], None] | None:
        text = str(prepared.content)
        self.tried.append(text)
        if self.closed is not None:
            await self.closed.wait()
        if self.refusals.get(text):
            raise self.refusals[text].pop(0)
        self.took.append(text)
        return None


@dataclass
class Desk:
    """The office's outbox, a platform, and a clock that is moved by hand."""

    office: Office
    platform: Platform
    now: datetime
    seconds: float = 1000.0

    def owe(self, *texts: str, lane: str = "telegram:1", kind: Kind = Kind.SAY, **more: Any) -> None:
        for text in texts:
            draft = Draft(
                "telegram", lane, kind, {"text": text, "citizen": self.office.anna}, Urgency.TALK, **more
            )
            self.office.do(partial(outbox.put, draft=draft, at=self.now))

    def row(self, text: str) -> Any:
        """The row of the outbox with this text."""

        def find(tx: Tx) -> Any:
            for row in tx.execute(select(rows).order_by(rows.c.id)):
                if f'"{text}"' in tx.sealer.open(row.payload, f"outbox|payload|{row.id}"):
                    return row
            raise AssertionError(f"{text} is not in the outbox")

        return self.office.do(find)

    async def becomes(self, text: str, state: State, error: str | None = None) -> Any:
        """The row, once it is so."""

        async def found() -> Any:
            row = self.row(text)
            return row if row.state == state and (error is None or row.error == error) else None

        return await eventually(found)

    async def takes(self, *texts: str) -> None:
        """The platform has exactly these, in this order."""

        async def all_there() -> bool:
            return len(self.platform.took) >= len(texts)

        await eventually(all_there)
        assert self.platform.took == list(texts)

    async def later(self, seconds: float) -> None:
        """Time passes, and the relay looks again."""
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds
        await self.office.store.run(lambda tx: tx.wake(outbox.TOPIC))
        await asyncio.sleep(0.02)

    def relay(self, rates: Rates | None = None, store: Any = None) -> Relay:
        return Relay(
            store or self.office.store, self.office.desk, self.platform, Pacer(rates), lambda: self.now
        )


class at_work:
    """A relay runs inside the block."""

    def __init__(self, desk: Desk, relay: Relay) -> None:
        self._desk, self._relay, self._stop = desk, relay, asyncio.Event()

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._relay.run(self._stop))
        await asyncio.sleep(0)

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await self._desk.office.store.run(lambda tx: tx.wake(outbox.TOPIC))
        await self._task
