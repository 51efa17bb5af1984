"""Where an officer stands who takes down a case for a caller (来电、来人、来函)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from casestore.model import OfficerId
from casestore.store import Tx
from casestore.tables.schema import desk_talks, ms

_LASTS = timedelta(hours=12)
_insert = insert(desk_talks)
_put = _insert.on_conflict_do_update(
    index_elements=["officer"], set_={name: _insert.excluded[name] for name in ("state", "said_at")}
)


def load(tx: Tx, officer: OfficerId, at: datetime) -> str | None:
    """None where none is open, or where it was left lying for half a day."""
    statement = select(desk_talks).where(
        desk_talks.c.officer == officer, desk_talks.c.said_at > ms(at - _LASTS)
    )
    row = tx.execute(statement).first()
    return tx.sealer.open(row.state, _place(officer)) if row is not None else None


def save(tx: Tx, officer: OfficerId, state: str, at: datetime) -> None:
    tx.execute(_put, {"officer": officer, "state": tx.sealer.seal(state, _place(officer)), "said_at": ms(at)})


def forget(tx: Tx, officer: OfficerId) -> None:
    tx.execute(delete(desk_talks).where(desk_talks.c.officer == officer))


def _place(officer: OfficerId) -> str:
    return f"desk_talks|state|{officer}"
