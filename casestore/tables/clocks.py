"""The limits that run for a case: started and ended by its events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from casestore.limits import LIMITS, Due, Limit
from casestore.model import CaseId
from casestore.store import Tx
from casestore.tables.schema import clocks, moment, ms

_insert = insert(clocks)
_of_case = select(clocks).where(clocks.c.case_id == bindparam("case_")).order_by(clocks.c.due_at)
_running = _of_case.where(clocks.c.ended_at.is_(None))
_end = update(clocks).where(clocks.c.id == bindparam("id_"))


@dataclass(frozen=True)
class Clock:
    """One limit of one case. `ended_at` is None while it runs."""

    id: int
    limit: Limit
    started_at: datetime
    due_at: datetime
    provisional: bool
    ended_at: datetime | None = None


def start(tx: Tx, case: CaseId, due: Due) -> None:
    tx.execute(
        _insert,
        {
            "id": tx.ids(),
            "case_id": case,
            "limit_code": due.limit.code,
            "started_at": ms(due.start),
            "due_at": ms(due.at),
            "provisional": due.provisional,
        },
    )


def running(tx: Tx, case: CaseId) -> list[Clock]:
    """The next to end first."""
    return [_from_row(row) for row in tx.execute(_running, {"case_": case})]


def of_case(tx: Tx, case: CaseId) -> list[Clock]:
    return [_from_row(row) for row in tx.execute(_of_case, {"case_": case})]


def end(tx: Tx, clock: Clock, event: str, at: datetime) -> None:
    tx.execute(_end, {"id_": clock.id, "ended_at": ms(at), "ended_by": event})


def _from_row(row: object) -> Clock:
    kept = row._mapping  # type: ignore[attr-defined]
    ended = kept["ended_at"]
    return Clock(
        id=kept["id"],
        limit=LIMITS[kept["limit_code"]],
        started_at=moment(kept["started_at"]),
        due_at=moment(kept["due_at"]),
        provisional=kept["provisional"],
        ended_at=moment(ended) if ended is not None else None,
    )
