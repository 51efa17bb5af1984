"""督办: fires the reminders that are due, each once, whoever does it and however often he looks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from casestore import access, lifecycle
from casestore.codes import Role, Status, Step
from casestore.ladder import RUNGS, Whom
from casestore.model import Actor, Case
from casestore.store import Tx
from casestore.tables import cases, clocks, deputies, officers, reminders
from casestore.tables.clocks import Clock
from casestore.workdays import last_day

if TYPE_CHECKING:
    from casestore.desk import Desk

#: Where a silent holder's case goes back to the queue: while it is the desk's turn.
_THE_DESKS_TURN = (Status.REGISTERED, Status.SUPPLEMENTING, Status.ACCEPTED)


class Reminding:
    """Part of one unit of work. A reminder is marked as fired in the transaction that owes its messages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def fire(self, tx: Tx, at: datetime, most: int = 50) -> int:
        """Fire what is due, the earliest first; how many. While the desk is closed nothing rings: what fell
        due waits until it opens."""
        if not self._desk.is_open(at):
            return 0
        fired = 0
        for reminder in reminders.due(tx, at, most):
            if reminders.fire(tx, reminder.id, at):
                fired += 1
                case = cases.get(tx, reminder.case)
                running = [clock for clock in clocks.running(tx, case.id) if clock.id == reminder.clock]
                if running and case.status not in lifecycle.DONE:
                    self._climb(tx, case, running[0], reminder.rung, at)
        return fired

    def _climb(self, tx: Tx, case: Case, clock: Clock, rung: str, at: datetime) -> None:
        clocks.write(tx, clock, "reminded", at, "desk", rung=rung)
        facts = {
            "number": case.number,
            "limit": clock.limit.code,
            "due": last_day(clock.due_at).isoformat(),
            "rung": rung,
        }
        told: set[str] = set()
        for whom in RUNGS[rung].whom:
            match whom:
                case Whom.DUTY:
                    self._desk.telling.hand_to_duty(tx, case, at)
                    return
                case Whom.CITIZEN:
                    self._desk.telling.citizen(tx, case, "slipped", facts, at)
                case Whom.QUEUE:
                    if case.holder is not None and case.status in _THE_DESKS_TURN:
                        self._desk.release(tx, case, at)
                        return
                case _:
                    for chat in self._chats(tx, case, whom, at):
                        if chat not in told:
                            told.add(chat)
                            payload = {
                                "chat": chat,
                                "code": f"remind.{rung}",
                                "facts": facts,
                                "open": [case.id],
                            }
                            self._desk.telling.say_to_staff(tx, chat, payload, case.id, at)
        self._desk.telling.miss_the_head(tx, case, at)
        self._desk.telling.refresh_cards(tx, case, at)

    def _chats(self, tx: Tx, case: Case, whom: Whom, at: datetime) -> list[str]:
        """Private chats of those it concerns; where nobody holds the case, the desk's."""
        recused = officers.recused(tx, case.id)
        if whom is Whom.HOLDER:
            holder = officers.get(tx, case.holder) if case.holder is not None else None
            chat = officers.account(tx, holder.id) if holder is not None else None
            if holder is not None and chat is not None:
                people = [(holder, chat)]
            elif case.unit is not None and case.status is not Status.ACCEPTED:
                people = officers.of_unit(tx, case.unit)
            else:
                return self._desk.telling.desk_chats(tx, case, at)
        elif whom is Whom.UNIT_HEAD:
            above = [unit for unit in (case.unit, case.overseen_by) if unit is not None]
            people = [one for unit in above for one in officers.reachable(tx, [Role.UNIT_HEAD], unit)]
        else:
            people = deputies.deciding(tx, at)
        return [chat for _, chat in access.who_may_see(people, case, recused)]


def recompute(desk: Desk, tx: Tx, at: datetime) -> int:
    """After a change of the calendar: cases whose limits have moved show their new date."""
    moved = desk.clockwork.recompute(tx, at)
    for case_id in moved:
        case = cases.get(tx, case_id)
        shown = desk.clockwork.showing_next(tx, case)
        desk.beside(tx, shown, Step.VIEW, "limits_recomputed", Actor(), at, {}, "")
    return len(moved)
