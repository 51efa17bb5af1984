"""Where each citizen stands in his talk. The state is the dialog's own text, sealed here as a whole."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.dialects.sqlite import insert

from casestore.model import CitizenId
from casestore.store import Tx
from casestore.tables.schema import ms, talks

_get = select(talks.c.state).where(talks.c.citizen == bindparam("citizen_"))
_insert = insert(talks)
_put = _insert.on_conflict_do_update(
    index_elements=["citizen"],
    set_={name: _insert.excluded[name] for name in ("state", "has_draft", "said_at", "reminded")},
)
_idle = select(talks.c.citizen).where(text("has_draft"), talks.c.said_at <= bindparam("until")).limit(200)


def load(tx: Tx, citizen: CitizenId) -> str | None:
    sealed = tx.execute(_get, {"citizen_": citizen}).scalar()
    return tx.sealer.open(sealed, _place(citizen)) if sealed is not None else None


def save(tx: Tx, citizen: CitizenId, state: str, *, has_draft: bool, at: datetime) -> None:
    tx.execute(
        _put,
        {
            "citizen": citizen,
            "state": tx.sealer.seal(state, _place(citizen)),
            "has_draft": has_draft,
            "said_at": ms(at),
            "reminded": False,
        },
    )


def keep_pages(tx: Tx, citizen: CitizenId, state: str, at: datetime) -> None:
    """Only what is left to show has changed: he has said nothing, and was reminded or not as before."""
    sealed = tx.sealer.seal(state, _place(citizen))
    if not tx.execute(update(talks).where(talks.c.citizen == citizen).values(state=sealed)).rowcount:
        save(tx, citizen, state, has_draft=False, at=at)


def forget(tx: Tx, citizen: CitizenId) -> None:
    tx.execute(delete(talks).where(talks.c.citizen == citizen))


def silent_since(tx: Tx, until: datetime, *, reminded: bool | None = None) -> list[CitizenId]:
    """Whose unfinished draft has had no word since `until`."""
    statement = _idle if reminded is None else _idle.where(talks.c.reminded.is_(reminded))
    return [CitizenId(row.citizen) for row in tx.execute(statement, {"until": ms(until)})]


def mark_reminded(tx: Tx, citizen: CitizenId) -> None:
    tx.execute(update(talks).where(talks.c.citizen == citizen).values(reminded=True))


def _place(citizen: CitizenId) -> str:
    return f"talks|state|{citizen}"
