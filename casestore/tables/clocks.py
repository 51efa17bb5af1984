"""The limits that run for a case, and the ledger of what became of each (台账)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from casestore.limits import LIMITS, Due, Interval, Limit, Pause
from casestore.model import CaseId
from casestore.store import Tx
from casestore.tables.schema import clock_ledger, clocks, moment, ms

_insert = insert(clocks)
_of_case = select(clocks).where(clocks.c.case_id == bindparam("case_")).order_by(clocks.c.due_at)
_running = _of_case.where(clocks.c.ended_at.is_(None))
_everywhere = select(clocks).where(clocks.c.ended_at.is_(None)).order_by(clocks.c.id)
_set = update(clocks).where(clocks.c.id == bindparam("id_"))
_write = insert(clock_ledger)
_ledger = select(clock_ledger).where(clock_ledger.c.case_id == bindparam("case_")).order_by(clock_ledger.c.id)


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One limit of one case. `ended_at` is None while it runs, `paused_at` while it does not stand still."""

    id: int
    case: CaseId
    limit: Limit
    started_at: datetime
    due_at: datetime
    provisional: bool
    extra: int = 0
    pauses: tuple[Interval, ...] = ()
    paused_at: datetime | None = None
    #: Why it stands still; it goes on when the last cause is gone.
    causes: frozenset[Pause] = frozenset()
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the ledger: what happened to a limit, when it ended from then on, by whom."""

    clock: int
    what: str
    at: datetime
    due_at: datetime
    actor: str
    facts: Mapping[str, object]


def start(tx: Tx, case: CaseId, due: Due, actor: str) -> Clock:
    clock = Clock(
        id=tx.ids(),
        case=case,
        limit=due.limit,
        started_at=due.start,
        due_at=due.at,
        provisional=due.provisional,
    )
    tx.execute(
        _insert,
        {
            "id": clock.id,
            "case_id": case,
            "limit_code": due.limit.code,
            "started_at": ms(due.start),
            "due_at": ms(due.at),
            "provisional": due.provisional,
            "extra": 0,
            "pauses": "[]",
        },
    )
    write(tx, clock, "started", due.start, actor)
    return clock


def running(tx: Tx, case: CaseId) -> list[Clock]:
    """The next to end first; also those that stand still."""
    return [_from_row(row) for row in tx.execute(_running, {"case_": case})]


def of_case(tx: Tx, case: CaseId) -> list[Clock]:
    return [_from_row(row) for row in tx.execute(_of_case, {"case_": case})]


def everywhere(tx: Tx) -> list[Clock]:
    """All that run, of all cases."""
    return [_from_row(row) for row in tx.execute(_everywhere)]


def change(tx: Tx, clock: Clock, what: str, at: datetime, actor: str, **facts: object) -> None:
    """Keep the clock as it is now, and write into the ledger what was done to it."""
    values = {
        "due_at": ms(clock.due_at),
        "provisional": clock.provisional,
        "extra": clock.extra,
        "pauses": json.dumps([[ms(pause.begins), ms(pause.ends)] for pause in clock.pauses]),
        "paused_at": ms(clock.paused_at) if clock.paused_at else None,
        "paused_for": ",".join(sorted(clock.causes)),
    }
    tx.execute(_set.values(**values), {"id_": clock.id})
    write(tx, clock, what, at, actor, **facts)


def end(tx: Tx, clock: Clock, event: str, at: datetime, actor: str, *, late: bool) -> None:
    """`late`: whether it had passed."""
    tx.execute(_set.values(ended_at=ms(at), ended_by=event, paused_at=None), {"id_": clock.id})
    write(tx, replace(clock, ended_at=at), "ended", at, actor, event=event, late=late)


def write(tx: Tx, clock: Clock, what: str, at: datetime, actor: str, **facts: object) -> None:
    tx.execute(
        _write,
        {
            "id": tx.ids(),
            "case_id": clock.case,
            "clock": clock.id,
            "what": what,
            "at": ms(at),
            "due_at": ms(clock.due_at),
            "actor": actor,
            "facts": json.dumps(facts, ensure_ascii=False, sort_keys=True),
        },
    )


def ledger(tx: Tx, case: CaseId) -> list[Entry]:
    """In the order it was written."""
    return [
        Entry(
            clock=row.clock,
            what=row.what,
            at=moment(row.at),
            due_at=moment(row.due_at),
            actor=row.actor,
            facts=json.loads(row.facts),
        )
        for row in tx.execute(_ledger, {"case_": case})
    ]


def _from_row(row: Row[Any]) -> Clock:
    return Clock(
        id=row.id,
        case=CaseId(row.case_id),
        limit=LIMITS[row.limit_code],
        started_at=moment(row.started_at),
        due_at=moment(row.due_at),
        provisional=row.provisional,
        extra=row.extra,
        pauses=tuple(Interval(moment(begins), moment(ends)) for begins, ends in json.loads(row.pauses)),
        paused_at=moment(row.paused_at) if row.paused_at is not None else None,
        causes=frozenset(Pause(cause) for cause in (row.paused_for or "").split(",") if cause),
        ended_at=moment(row.ended_at) if row.ended_at is not None else None,
    )
