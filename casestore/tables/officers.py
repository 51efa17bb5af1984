"""工作人员: people, posts, how they joined, and who may not touch which case (回避)."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from casestore.codes import SUPERVISORS, UNIT_ROLES, Role
from casestore.errors import InvitationInvalid, OfficerUnknown
from casestore.model import CaseId, Officer, OfficerId, UnitCode
from casestore.store import Tx
from casestore.tables.schema import invitations, ms, officers, recusals

INVITATION_LASTS = timedelta(minutes=15)

_select = select(officers)
_by_account = _select.where(officers.c.account == bindparam("account_"))
_by_id = _select.where(officers.c.id == bindparam("id_"))
_set = update(officers).where(officers.c.id == bindparam("id_"))
_recused = select(recusals.c.officer).where(recusals.c.case_id == bindparam("case_"))
_insert_recusal = insert(recusals)


def add(tx: Tx, name: str, role: Role, unit: UnitCode | None = None, account: str | None = None) -> Officer:
    """A new member of the staff; without an `account` he still has to join by invitation."""
    officer = Officer(id=OfficerId(tx.ids()), name=name, role=role, unit=unit)
    row = vars(officer) | {"account": account}
    tx.execute(insert(officers), row)
    return officer


def get(tx: Tx, officer: OfficerId) -> Officer:
    """Raises OfficerUnknown."""
    row = tx.execute(_by_id, {"id_": officer}).first()
    if row is None:
        raise OfficerUnknown(officer=officer)
    return _from_row(row)


def by_account(tx: Tx, account: str) -> Officer | None:
    """Who writes from this private chat; suspended people are nobody."""
    row = tx.execute(_by_account, {"account_": account}).first()
    return _from_row(row) if row is not None and row.active else None


def name(tx: Tx, officer: int) -> str:
    return get(tx, OfficerId(officer)).name


def account(tx: Tx, officer: OfficerId) -> str | None:
    row = tx.execute(_by_id, {"id_": officer}).first()
    return row.account if row is not None else None


def everyone(tx: Tx) -> list[tuple[Officer, bool]]:
    """All people, and whether each has joined the staff bot."""
    return [(_from_row(row), row.account is not None) for row in tx.execute(_select.order_by(officers.c.id))]


def reachable(tx: Tx, roles: Iterable[Role], unit: UnitCode | None = None) -> list[tuple[Officer, str]]:
    """Active people of these posts (and of this unit) with the chat to write to."""
    statement = _select.where(
        officers.c.active, officers.c.account.is_not(None), officers.c.role.in_(list(roles))
    )
    if unit is not None:
        statement = statement.where(officers.c.unit == unit)
    return [(_from_row(row), row.account) for row in tx.execute(statement.order_by(officers.c.id))]


def on_duty(tx: Tx, rostered: Collection[str] = ()) -> list[tuple[Officer, str]]:
    """Whom the roster names, else the officers who have signed in; all officers when nobody has."""
    if rostered:
        named = [found for found in reachable(tx, Role) if found[0].name in rostered]
        if named:
            return named
    everybody = reachable(tx, [Role.OFFICER])
    signed_in = [found for found in everybody if found[0].on_duty]
    return signed_in or everybody


def supervisors(tx: Tx) -> list[tuple[Officer, str]]:
    return reachable(tx, SUPERVISORS)


def of_unit(tx: Tx, unit: UnitCode) -> list[tuple[Officer, str]]:
    return reachable(tx, UNIT_ROLES, unit)


def sign_duty(tx: Tx, officer: OfficerId, on_duty: bool) -> None:
    tx.execute(_set.values(on_duty=on_duty), {"id_": officer})


def suspend(tx: Tx, officer: OfficerId, active: bool = False) -> None:
    """Takes effect with the next press."""
    tx.execute(_set.values(active=active, on_duty=False), {"id_": officer})


def invite(tx: Tx, officer: OfficerId, at: datetime, by: OfficerId | None = None) -> str:
    """A one-time code, valid for 15 minutes, by which this person joins in his private chat; an earlier one
    is void."""
    get(tx, officer)
    open_codes = invitations.c.officer == officer, invitations.c.used_at.is_(None)
    tx.execute(update(invitations).where(*open_codes).values(expires_at=0))
    code = secrets.token_urlsafe(16)
    row = {
        "code_index": tx.sealer.index("invitation", code),
        "officer": officer,
        "expires_at": ms(at + INVITATION_LASTS),
        "invited_by": by,
    }
    tx.execute(insert(invitations), row)
    return code


def claim(tx: Tx, code: str, account: str, at: datetime) -> Officer:
    """Whose invitation the private chat `account` holds: shown there, to be confirmed. A code belongs to the
    chat that showed it first. Raises InvitationInvalid."""
    index = tx.sealer.index("invitation", code)
    row = tx.execute(select(invitations).where(invitations.c.code_index == index)).first()
    taken = tx.execute(_by_account, {"account_": account}).first()
    if row is None or row.used_at is not None or row.expires_at < ms(at) or taken is not None:
        raise InvitationInvalid()
    if row.claimed_by not in (None, account):
        raise InvitationInvalid()
    held = invitations.c.claimed_by == account, invitations.c.used_at.is_(None)
    tx.execute(update(invitations).where(*held).values(claimed_by=None))
    tx.execute(update(invitations).where(invitations.c.code_index == index).values(claimed_by=account))
    return get(tx, OfficerId(row.officer))


def confirm(tx: Tx, account: str, at: datetime) -> tuple[Officer, OfficerId | None]:
    """He says that he is who he was shown: his chat is his from now on. Also who invited him.
    Raises InvitationInvalid."""
    held = select(invitations).where(
        invitations.c.claimed_by == account,
        invitations.c.used_at.is_(None),
        invitations.c.expires_at >= ms(at),
    )
    row = tx.execute(held).first()
    taken = tx.execute(_by_account, {"account_": account}).first()
    if row is None or taken is not None:
        raise InvitationInvalid()
    used = update(invitations).where(invitations.c.code_index == row.code_index)
    tx.execute(used.values(used_at=ms(at)))
    tx.execute(_set.values(account=account), {"id_": row.officer})
    return get(tx, OfficerId(row.officer)), row.invited_by


def join(tx: Tx, code: str, account: str, at: datetime) -> Officer:
    """Claim and confirm in one, for whoever has confirmed elsewhere. Raises InvitationInvalid."""
    claim(tx, code, account, at)
    return confirm(tx, account, at)[0]


def named(tx: Tx, name: str) -> Officer:
    """The one active person of this name. Raises OfficerUnknown where there is none, or more than one."""
    found = [officer for officer, _ in everyone(tx) if officer.active and officer.name == name.strip()]
    if len(found) != 1:
        raise OfficerUnknown(officer=name)
    return found[0]


def recused(tx: Tx, case: CaseId) -> frozenset[OfficerId]:
    return frozenset(OfficerId(row.officer) for row in tx.execute(_recused, {"case_": case}))


def recuse(tx: Tx, case: CaseId, officer: OfficerId, at: datetime) -> None:
    tx.execute(_insert_recusal, {"case_id": case, "officer": officer, "at": ms(at)})


def recused_cases(tx: Tx, officer: OfficerId) -> frozenset[CaseId]:
    """What does not exist for him any more."""
    rows = tx.execute(select(recusals.c.case_id).where(recusals.c.officer == officer))
    return frozenset(CaseId(row.case_id) for row in rows)


def _from_row(row: Row[Any]) -> Officer:
    return Officer(
        id=OfficerId(row.id),
        name=row.name,
        role=Role(row.role),
        unit=UnitCode(row.unit) if row.unit else None,
        on_duty=row.on_duty,
        active=row.active,
    )
