"""人事: what happens to a member of the staff, written down beside doing it (S8-2b)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from casestore.codes import Role
from casestore.model import Officer, OfficerId, UnitCode
from casestore.store import Tx
from casestore.tables import cases, officers, pins, posts, staff_ledger

if TYPE_CHECKING:
    from casestore.desk import Desk


class Staffing:
    """Part of the desk. `by`: who did it, as the ledger names him: "officer:7", "shell:LOGIN"."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(self, tx: Tx, name: str, role: Role, unit: UnitCode | None, by: str, at: datetime) -> Officer:
        officer = officers.add(tx, name, role, unit)
        staff_ledger.write(tx, officer.id, "added", by, at)
        return officer

    def invite(
        self, tx: Tx, officer: Officer, by: str, at: datetime, inviter: OfficerId | None = None
    ) -> str:
        """The one-time code."""
        code = officers.invite(tx, officer.id, at, inviter)
        staff_ledger.write(tx, officer.id, "invited", by, at)
        return code

    def join(self, tx: Tx, account: str, at: datetime) -> tuple[Officer, OfficerId | None]:
        """He has confirmed; also who invited him. Raises InvitationInvalid."""
        officer, inviter = officers.confirm(tx, account, at)
        staff_ledger.write(tx, officer.id, "joined", f"officer:{officer.id}", at)
        self._show_what_waited(tx, officer, at)
        return officer, inviter

    def suspend(self, tx: Tx, officer: Officer, active: bool, by: str, at: datetime) -> Officer:
        """停用, or 恢复 (`active`): takes effect with the next press; what he held goes to others."""
        officers.suspend(tx, officer.id, active)
        staff_ledger.write(tx, officer.id, "restored" if active else "suspended", by, at)
        now = officers.get(tx, officer.id)
        if active:
            self._show_what_waited(tx, now, at)
        elif officer.active:
            self._desk.handing.relieve(tx, now, at)
            for case in cases.about_the_office(tx) if now.role is Role.HEAD else ():
                self._desk.telling.miss_the_head(tx, case, at)
        return now

    def reset_pin(self, tx: Tx, officer: Officer, by: str, at: datetime) -> bool:
        """He sets a new one himself, and hears that the old one is gone; whether he could be told."""
        pins.reset(tx, officer.id)
        staff_ledger.write(tx, officer.id, "pin_reset", by, at)
        chat = officers.account(tx, officer.id) if officer.active else None
        if chat is not None:
            payload = {"chat": chat, "code": "your_pin_reset", "facts": {}}
            self._desk.telling.say_to_staff(tx, chat, payload, None, at)
        return chat is not None

    def _show_what_waited(self, tx: Tx, officer: Officer, at: datetime) -> None:
        """A head who is there at last gets the cards of what nobody else may see (S5-2.3(2))."""
        chat = officers.account(tx, officer.id)
        if officer.role is not Role.HEAD or chat is None:
            return
        for case in cases.about_the_office(tx):
            if officer.id not in officers.recused(tx, case.id):
                posts.add(tx, case.id, chat, officer.id)
                self._desk.telling.show_card(tx, case.id, chat, at)
