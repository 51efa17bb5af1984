"""人事台账: who was added, invited, suspended, by whom and when. The database refuses to change a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from casestore.model import OfficerId
from casestore.store import Tx
from casestore.tables.schema import moment, ms, staff_ledger


@dataclass(frozen=True)
class Entry:
    """`what` is a code of `staff_event` in the texts; `by` is "officer:7" or "shell:LOGIN"."""

    officer: OfficerId
    what: str
    by: str
    at: datetime


def write(tx: Tx, officer: OfficerId, what: str, by: str, at: datetime) -> None:
    row = {"id": tx.ids(), "officer": officer, "what": what, "actor": by, "at": ms(at)}
    tx.execute(insert(staff_ledger), row)


def read(tx: Tx) -> Iterator[Entry]:
    """The oldest first."""
    for row in tx.execute(select(staff_ledger).order_by(staff_ledger.c.id)):
        yield Entry(OfficerId(row.officer), row.what, row.actor, moment(row.at))
