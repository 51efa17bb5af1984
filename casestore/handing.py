"""交接: who goes on with a case when somebody must not, or cannot, any more.

Inside a unit its head names another, or a colleague takes what nobody holds. Where nobody of the unit is left
the case goes back to the centre, never sideways (art. 41). No legal limit stops for any of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from casestore import access, lifecycle, premises
from casestore.codes import UNIT_ROLES, Role, Status, Step
from casestore.errors import ColleagueUnfit, NotAuthorised, StepNotAllowed, UnitEmpty
from casestore.lifecycle import Facts
from casestore.model import DESK, Actor, Case, CaseId, Officer, OfficerId, Taken, UnitCode
from casestore.store import Tx
from casestore.tables import cases, officers

if TYPE_CHECKING:
    from casestore.desk import Desk

#: Where the officer who touched a case first still answers for it (S2-4.1).
_FIRST_ANSWERS = (Status.REGISTERED, Status.SUPPLEMENTING, Status.ACCEPTED, Status.DISPATCHED)
_ALL = 1_000_000


class Handing:
    """Part of the desk: every method is part of one unit of work and raises CaseError."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def hand_over(self, tx: Tx, case: CaseId, actor: Actor, to: OfficerId, at: datetime) -> Taken:
        """交办: the unit's head names who goes on; a handler takes for himself what nobody holds.

        Raises ColleagueUnfit for whoever is not of the unit, has not joined, or must stay away.
        """
        found = self._desk.opened(tx, case, actor, Step.HAND_OVER)
        if actor.officer is None or not lifecycle.is_at_work(found) or found.holder == to:
            raise StepNotAllowed(case=found.number, step=Step.HAND_OVER, status=found.status)
        if to not in {officer.id for officer, _ in self.able(tx, found)}:
            raise ColleagueUnfit(name=officers.name(tx, to))
        takes_it_himself = found.holder is None and to == actor.officer.id
        if actor.officer.role is not Role.UNIT_HEAD and not takes_it_himself:
            raise NotAuthorised(step=Step.HAND_OVER)
        return self._give(tx, found, to, actor, at)

    def able(self, tx: Tx, case: Case) -> list[tuple[Officer, str]]:
        """The people of the case's unit who have joined and need not stay away from it, with their chats."""
        return self._able_in(tx, case, case.unit)

    def ensure_able(self, tx: Tx, case: Case, unit: UnitCode) -> None:
        """Raises UnitEmpty where nobody of the unit could receive or return the case. One about the office is
        never the unit's: its head handles it himself."""
        if not case.own_office and not self._able_in(tx, case, unit):
            raise UnitEmpty(unit=self._desk.units.name(unit))

    def rehome(self, tx: Tx, case: Case, at: datetime) -> Case:
        """After somebody left a case, or a station must not keep it: to a colleague, else back to the centre."""
        if case.unit is None or case.own_office or case.status in lifecycle.DONE:
            return case
        left = self.able(tx, case)
        if not left or self._outgrew_its_station(case):
            return self._desk.take(tx, case.id, Step.SEND_BACK, DESK, Facts(), at).case
        if case.holder is None and lifecycle.is_at_work(case):
            if len(left) == 1:
                return self._give(tx, case, left[0][0].id, DESK, at).case
            for _, chat in left:
                payload = {"chat": chat, "code": "holder_wanted", "facts": {"number": case.number}}
                self._desk.telling.say_to_staff(tx, chat, payload, case.id, at)
        return case

    def relieve(self, tx: Tx, officer: Officer, at: datetime) -> None:
        """He is suspended: what he held, and what waits at a unit where nobody is left, goes to others."""
        concerned = cases.queue(tx, holder=officer.id, most=_ALL)
        if officer.role in UNIT_ROLES and officer.unit is not None:
            held = {case.id for case in concerned}
            of_unit = cases.queue(tx, unit=officer.unit, most=_ALL)
            concerned += [case for case in of_unit if case.id not in held]
        for case in concerned:
            now = self._without_holder(tx, case, at) if case.holder == officer.id else case
            self.rehome(tx, now, at)

    def _without_holder(self, tx: Tx, case: Case, at: datetime) -> Case:
        officer = case.holder
        first = (
            None if case.first_officer == officer and case.status in _FIRST_ANSWERS else case.first_officer
        )
        left = replace(case, holder=None, first_officer=first)
        return self._desk.beside(tx, left, Step.VIEW, "relieved", DESK, at, {"officer": officer}, "").case

    def _give(self, tx: Tx, case: Case, to: OfficerId, by: Actor, at: datetime) -> Taken:
        given = replace(case, holder=to)
        return self._desk.beside(tx, given, Step.HAND_OVER, "handed_over", by, at, {"officer": to}, "")

    def _able_in(self, tx: Tx, case: Case, unit: UnitCode | None) -> list[tuple[Officer, str]]:
        there, recused = replace(case, unit=unit), officers.recused(tx, case.id)
        return [
            (officer, chat)
            for officer, chat in (officers.of_unit(tx, unit) if unit is not None else [])
            if access.may(Actor(officer=officer), Step.VIEW, there, recused=recused)
        ]

    def _outgrew_its_station(self, case: Case) -> bool:
        """S3-3.3: what turns out to be major is handed up."""
        units, code = self._desk.units, case.unit or ""
        return code in units and units.get(code).is_station and not premises.is_simple(case)
