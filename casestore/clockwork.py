"""时钟: an event starts, stops, resumes and ends the limits of a case; the ledger tells of each.

When a limit ends is always computed anew from its start, its extension and its pauses, so a changed
calendar moves it to where it belongs.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casestore import ladder, lifecycle
from casestore.limits import LIMITS, PAUSES, Due, DutyHours, Interval, Pause, due, passes_at, starting
from casestore.model import Case, CaseId
from casestore.store import Tx
from casestore.tables import clocks, reminders
from casestore.tables.clocks import Clock
from casestore.workdays import WorkingCalendar, last_day

_BEGINS = {begins: pause for pause, (begins, _) in PAUSES.items()}
_ENDS = {event: pause for pause, (_, ends) in PAUSES.items() for event in ends}
_NOTHING_LEFT = lifecycle.DONE


class Clockwork:
    """Part of one unit of work, like the desk whose it is. `actor` is a name as events have it."""

    def __init__(self, calendar: WorkingCalendar, duty: DutyHours) -> None:
        self.calendar, self.duty = calendar, duty

    def hear(self, tx: Tx, case: Case, event: str, actor: str, at: datetime) -> Case:
        """What `event` does to the limits; the case shows the next to end."""
        for clock in clocks.running(tx, case.id):
            if event in clock.limit.ends or case.status in _NOTHING_LEFT:
                self._end(tx, clock, event, at, actor)
            elif event in _BEGINS:
                self._pause(tx, clock, _BEGINS[event], actor, at)
            elif event in _ENDS:
                self._resume(tx, clock, _ENDS[event], actor, at)
        for limit in starting(event, case.kind):
            self._start(tx, case.id, due(limit, at, self.calendar, self.duty), actor)
        return self.showing_next(tx, case)

    def promise(self, tx: Tx, case: Case, code: str, day_end: datetime, actor: str, at: datetime) -> Case:
        """A limit that a person agreed upon (S3-3.1): it ends when he said."""
        agreed = Due(LIMITS[code], at, last_day(day_end), day_end, False, ())
        for clock in clocks.running(tx, case.id):
            if clock.limit.code == code:  # another time was agreed upon: the earlier one is void
                self._end(tx, clock, "answer_promised", at, actor)
        self._start(tx, case.id, agreed, actor)
        return self.showing_next(tx, case)

    def extend(self, tx: Tx, case: Case, code: str, actor: str, at: datetime, approval: int) -> Case:
        """Add what the rule allows, once; where nothing runs or it was extended, nothing happens."""
        for clock in clocks.running(tx, case.id):
            if clock.limit.code == code and clock.extra == 0:
                longer = self._counted(replace(clock, extra=clock.limit.extension))
                clocks.change(
                    tx, longer, "extended", at, actor, added=clock.limit.extension, approval=approval
                )
                self._plan(tx, longer)
        return self.showing_next(tx, case)

    def recompute(self, tx: Tx, at: datetime) -> list[CaseId]:
        """After a change of the calendar: whose limits have moved. What a person agreed upon stays."""
        moved = []
        for clock in clocks.everywhere(tx):
            if clock.limit.amount == 0 or clock.paused_at is not None:
                continue
            now = self._counted(clock)
            if (now.due_at, now.provisional) != (clock.due_at, clock.provisional):
                clocks.change(tx, now, "recomputed", at, "desk", was=clock.due_at.isoformat())
                self._plan(tx, now)
                moved.append(clock.case)
        return list(dict.fromkeys(moved))

    def explain(self, clock: Clock) -> Due:
        """The days counted and skipped; none where a person agreed upon the day."""
        if clock.limit.amount == 0:
            return Due(clock.limit, clock.started_at, last_day(clock.due_at), clock.due_at, False, ())
        return due(
            clock.limit, clock.started_at, self.calendar, self.duty, extra=clock.extra, pauses=clock.pauses
        )

    def showing_next(self, tx: Tx, case: Case) -> Case:
        """The case with the limit that ends next; one that stands still ends at no known time."""
        following = [clock for clock in clocks.running(tx, case.id) if clock.paused_at is None]
        if not following or case.status in _NOTHING_LEFT:
            return replace(case, due_limit="", due_at=None)
        return replace(case, due_limit=following[0].limit.code, due_at=following[0].due_at)

    # ── inside ──

    def _start(self, tx: Tx, case: CaseId, ends: Due, actor: str) -> None:
        self._plan(tx, clocks.start(tx, case, ends, actor))

    def _end(self, tx: Tx, clock: Clock, event: str, at: datetime, actor: str) -> None:
        """What it stood still is not counted."""
        passed = passes_at(clock.limit, clock.due_at, self.duty)
        clocks.end(tx, clock, event, at, actor, late=(clock.paused_at or at) > passed)
        reminders.drop(tx, clock.id)

    def _pause(self, tx: Tx, clock: Clock, pause: Pause, actor: str, at: datetime) -> None:
        if clock.limit.stops_for(pause) and pause not in clock.causes:
            stands = replace(clock, paused_at=clock.paused_at or at, causes=clock.causes | {pause})
            clocks.change(tx, stands, "paused", at, actor, why=pause)
            reminders.drop(tx, clock.id)

    def _resume(self, tx: Tx, clock: Clock, pause: Pause, actor: str, at: datetime) -> None:
        if clock.paused_at is None or pause not in clock.causes:
            return
        if len(clock.causes) > 1:
            clocks.change(
                tx, replace(clock, causes=clock.causes - {pause}), "still_paused", at, actor, why=pause
            )
            return
        pauses = (*clock.pauses, Interval(clock.paused_at, at))
        goes_on = self._counted(replace(clock, pauses=pauses, paused_at=None, causes=frozenset()))
        clocks.change(tx, goes_on, "resumed", at, actor, why=pause)
        self._plan(tx, goes_on)

    def _counted(self, clock: Clock) -> Clock:
        counted = self.explain(clock)
        return replace(clock, due_at=counted.at, provisional=counted.provisional)

    def _plan(self, tx: Tx, clock: Clock) -> None:
        rungs = ladder.rungs(clock.limit, clock.started_at, clock.due_at, self.calendar, self.duty)
        reminders.plan(tx, clock.case, clock.id, rungs)
