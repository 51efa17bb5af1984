"""代行: who decides while a supervisor is away, and until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from casestore.codes import Role
from casestore.errors import DeputyUnfit
from casestore.model import Actor, Officer, OfficerId
from casestore.store import Tx
from casestore.tables import officers
from casestore.tables.schema import moment, ms
from casestore.tables.schema import officers as people

#: Who knows the whole desk: a unit's people would decide on their own unit's requests.
_FIT = (Role.HEAD, Role.DIRECTOR, Role.OFFICER)


def put(tx: Tx, supervisor: Officer, deputy: Officer, until: datetime) -> None:
    """From now to `until` the deputy decides in the supervisor's place. Raises DeputyUnfit."""
    if deputy.id == supervisor.id or not deputy.active or deputy.role not in _FIT:
        raise DeputyUnfit(name=deputy.name)
    _set(tx, supervisor.id, deputy.id, ms(until))


def end(tx: Tx, supervisor: OfficerId) -> None:
    """He is back."""
    _set(tx, supervisor, None, None)


def of(tx: Tx, supervisor: OfficerId, at: datetime) -> tuple[Officer, datetime] | None:
    """Who stands in for him now, and until when."""
    row = tx.execute(select(people).where(people.c.id == supervisor)).first()
    if row is None or row.deputy is None or row.away_until <= ms(at):
        return None
    return officers.get(tx, OfficerId(row.deputy)), moment(row.away_until)


def acting(tx: Tx, officer: Officer, at: datetime) -> Actor:
    """The officer with the supervisors in whose place he stands now."""
    absent = select(people.c.id).where(people.c.deputy == officer.id, people.c.away_until > ms(at))
    ids = tx.execute(absent.order_by(people.c.id)).scalars()
    return Actor(officer=officer, stands_in_for=tuple(officers.get(tx, OfficerId(one)) for one in ids))


def deciding(tx: Tx, at: datetime) -> list[tuple[Officer, str]]:
    """All supervisors, and who stands in for one of them, with the chat to write to; each once."""
    found = officers.supervisors(tx)
    known = {officer.id for officer, _ in found}
    away = select(people.c.deputy).where(people.c.deputy.is_not(None), people.c.away_until > ms(at))
    standing_in = set(tx.execute(away).scalars()) - known
    if not standing_in:
        return found
    return found + [one for one in officers.reachable(tx, _FIT) if one[0].id in standing_in]


def _set(tx: Tx, supervisor: OfficerId, deputy: OfficerId | None, until: int | None) -> None:
    tx.execute(update(people).where(people.c.id == supervisor).values(deputy=deputy, away_until=until))
