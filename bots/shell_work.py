"""What the shell may change, as units of work: done by the running desk, or directly where none runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bots import calendar_file
from casestore.codes import UNIT_ROLES, Channel, Role
from casestore.desk import Desk
from casestore.errors import OfficerAmbiguous, OfficerExists, OfficerSuspended, OfficerUnknown, UnitMissing
from casestore.model import CaseNumber, Officer, UnitCode
from casestore.reading.text import clean, fold
from casestore.store import Tx
from casestore.tables import cases, events, officers

Arguments = Mapping[str, Any]
Work = Callable[[Tx, Desk, Arguments, datetime], dict[str, Any]]


def add_staff(tx: Tx, desk: Desk, given: Arguments, at: datetime) -> dict[str, Any]:
    """A new colleague, of a name nobody has yet. People of a unit need their unit."""
    name = clean(given["name"])
    if any(fold(officer.name) == fold(name) for officer, _ in officers.everyone(tx)):
        raise OfficerExists(officer=name)
    role, unit = Role(given["role"]), given.get("unit") or None
    if role in UNIT_ROLES and unit is None:
        raise UnitMissing()
    code = desk.units.get(unit).code if unit else None
    added = desk.staffing.add(tx, name, role, UnitCode(code) if code else None, _by(given), at)
    return _shown(added)


def invite(tx: Tx, desk: Desk, given: Arguments, at: datetime) -> dict[str, Any]:
    """A one-time code for 15 minutes."""
    officer = _named(tx, given["name"])
    if not officer.active:
        raise OfficerSuspended(officer=officer.name)
    return {**_shown(officer), "code": desk.staffing.invite(tx, officer, _by(given), at)}


def suspend(tx: Tx, desk: Desk, given: Arguments, at: datetime) -> dict[str, Any]:
    """From the next press on; what he held goes to others."""
    return _shown(desk.staffing.suspend(tx, _named(tx, given["name"]), given["active"], _by(given), at))


def reset_pin(tx: Tx, desk: Desk, given: Arguments, at: datetime) -> dict[str, Any]:
    """He sets a new one himself, and is told; `told`: whether he could be."""
    officer = _named(tx, given["name"])
    return {**_shown(officer), "told": desk.staffing.reset_pin(tx, officer, _by(given), at)}


def reveal(tx: Tx, _desk: Desk, given: Arguments, at: datetime) -> dict[str, Any]:
    """The sealed part of a case; who looked, from the shell, is written down."""
    case = cases.by_number(tx, CaseNumber(given["number"]))
    facts = {"channel": Channel.SHELL.value, "login": given["login"]}
    events.append(tx, case.id, "revealed", "shell", at, facts)
    return asdict(cases.particulars(tx, case.id))


def calendar_changed(tx: Tx, desk: Desk, given: Arguments, at: datetime) -> dict[str, Any]:
    """The working days of the file `file` are in force: every limit is counted anew."""
    return {"moved": calendar_file.count_anew(tx, desk, Path(given["file"]), at)}


VERBS: dict[str, Work] = {
    "staff.add": add_staff,
    "staff.invite": invite,
    "staff.suspend": suspend,
    "staff.reset_pin": reset_pin,
    "case.reveal": reveal,
    "calendar.changed": calendar_changed,
}


def _by(given: Arguments) -> str:
    """Who sat at the shell, for the staff's ledger."""
    return f"shell:{given.get('login', '')}"


def _named(tx: Tx, name: str) -> Officer:
    """By his number, else by his name. Raises OfficerUnknown, OfficerAmbiguous."""
    everyone = [officer for officer, _ in officers.everyone(tx)]
    found = [officer for officer in everyone if str(officer.id) == name]
    found = found or [officer for officer in everyone if fold(officer.name) == fold(name)]
    if len(found) > 1:
        raise OfficerAmbiguous(officer=name, ids="、".join(str(officer.id) for officer in found))
    if not found:
        raise OfficerUnknown(officer=name)
    return found[0]


def _shown(officer: Officer) -> dict[str, Any]:
    return {**asdict(officer), "role": officer.role.value}
