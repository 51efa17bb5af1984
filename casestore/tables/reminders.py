"""提醒: what falls due, each once. Whoever marks a row as fired, in his transaction, has fired it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from casestore.model import CaseId
from casestore.store import Tx
from casestore.tables.schema import moment, ms, reminders

_insert = insert(reminders)
_fired = select(reminders.c.rung, reminders.c.fires_at).where(
    reminders.c.clock == bindparam("clock_"), reminders.c.fired_at.is_not(None)
)
_drop = delete(reminders).where(reminders.c.clock == bindparam("clock_"), reminders.c.fired_at.is_(None))
_due = (
    select(reminders)
    .where(reminders.c.fired_at.is_(None), reminders.c.fires_at <= bindparam("now"))
    .order_by(reminders.c.fires_at, reminders.c.id)
    .limit(bindparam("most"))
)
_fire = update(reminders).where(reminders.c.id == bindparam("id_"), reminders.c.fired_at.is_(None))


@dataclass(frozen=True)
class Reminder:
    id: int
    case: CaseId
    clock: int
    rung: str
    fires_at: datetime


def plan(tx: Tx, case: CaseId, clock: int, rungs: Iterable[tuple[str, datetime]]) -> None:
    """What will be reminded of for a clock, in place of what was planned.

    What has fired stays fired; only for a later end (an extension, a pause) is it said anew.
    """
    tx.execute(_drop, {"clock_": clock})
    fired = [(row.rung, row.fires_at) for row in tx.execute(_fired, {"clock_": clock})]
    for rung, fires_at in rungs:
        if all(ms(fires_at) > before for said, before in fired if said == rung):
            row = {"id": tx.ids(), "case_id": case, "clock": clock, "rung": rung, "fires_at": ms(fires_at)}
            tx.execute(_insert, row)


def drop(tx: Tx, clock: int) -> None:
    """The clock has ended or stands still."""
    tx.execute(_drop, {"clock_": clock})


def due(tx: Tx, at: datetime, most: int) -> list[Reminder]:
    """The earliest first."""
    rows = tx.execute(_due, {"now": ms(at), "most": most})
    return [Reminder(row.id, CaseId(row.case_id), row.clock, row.rung, moment(row.fires_at)) for row in rows]


def fire(tx: Tx, reminder: int, at: datetime) -> bool:
    """False if somebody else has fired it."""
    return tx.execute(_fire.values(fired_at=ms(at)), {"id_": reminder}).rowcount == 1
