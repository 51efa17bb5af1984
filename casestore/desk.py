"""The desk: every change of a case, in one transaction with its event, its clocks and its notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from casestore import access, lifecycle, matters, numbers, premises, records, roster
from casestore.clockwork import Clockwork
from casestore.codes import TAKEN_DOWN, UNIT_ROLES, Consent, Grade, Kind, Outcome, Role, Status, Step
from casestore.errors import CaseChanged, CaseUnknown, NotAuthorised, StepNotAllowed
from casestore.handing import Handing
from casestore.house_rules import HouseRules
from casestore.intake import Intake, Registered, case_of, major_signs
from casestore.lifecycle import Facts, Row, Situation
from casestore.limits import DutyHours
from casestore.messages import Messages
from casestore.model import (
    DESK,
    Actor,
    Case,
    CaseId,
    CaseNumber,
    CitizenId,
    Event,
    EvidenceId,
    OfficerId,
    Particulars,
    Taken,
)
from casestore.records import Form
from casestore.reminding import Reminding
from casestore.requests import Requests
from casestore.roster import Roster
from casestore.staffing import Staffing
from casestore.store import Tx
from casestore.tables import approvals, cases, events, evidence, officers, properties
from casestore.telling import Telling
from casestore.units import Units
from casestore.workdays import WorkingCalendar, china_day

_BACK = (Step.RETURN, Step.SEND_BACK)
_OUTCOME_OF_STEP = {
    Step.ANSWER: Outcome.ANSWERED,
    Step.NOT_FILE: Outcome.NOT_FILED,
    Step.NOT_HANDLE: Outcome.NOT_HANDLED,
    Step.SETTLE: Outcome.SETTLED,
}

_NOTES = "归档后补记的更正"


class Desk:
    """The rules applied to the store. Every method is part of one unit of work and raises CaseError."""

    def __init__(
        self,
        calendar: WorkingCalendar,
        units: Units,
        duty: DutyHours | None = None,
        rules: HouseRules | None = None,
        roster: Roster | None = None,
    ) -> None:
        self.units = units
        self.clockwork = Clockwork(calendar, duty or DutyHours())
        self.roster = roster or Roster()
        self.telling = Telling(units, self.shift)
        self.requests = Requests(self, rules or HouseRules())
        self.matters = matters.Matters(self)
        self.messages = Messages(self)
        self.reminding = Reminding(self)
        self.handing = Handing(self)
        self.staffing = Staffing(self)

    def shift(self, at: datetime) -> tuple[str, ...]:
        """The names the roster puts on duty at a moment."""
        return self.roster.on_duty(at, self.clockwork.calendar, self.clockwork.duty)

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is staffed at a moment."""
        return roster.is_open(at, self.clockwork.calendar, self.clockwork.duty)

    def next_shift(self, at: datetime) -> tuple[datetime, tuple[str, ...]] | None:
        """When the next half-day of the roster begins, and whose it is."""
        return self.roster.next_shift(at, self.clockwork.calendar, self.clockwork.duty)

    def follow_the_tree(self, tx: Tx) -> None:
        """The tree of the units may have changed since the desk last ran: who oversees what is open follows it."""
        for unit in self.units:
            cases.oversee(tx, unit.code, unit.parent)

    # ── from the citizen ──

    def register(self, tx: Tx, intake: Intake, at: datetime, event: str = "registered") -> Registered:
        """登记: give the matter a number, start its clocks, show it to the duty.

        `event`: `opened_from_complaint` where another case brought it to light (art. 27).
        """
        registered = self._enter(tx, intake, at, event)
        case = registered.case
        self.telling.tell(tx, case, event, at, {})
        if case.suggestion is not None and case.suggestion.urgent and not self.is_open(at):
            self.telling.alarm(tx, case, at)
        case = self.matters.notice_repeat(tx, case, intake.particulars.merchant, at)
        if signs := major_signs(case):
            case = self.requests.escalate(tx, case.id, DESK, "、".join(signs), at).case
        return Registered(case, registered.query_code)

    def register_answered(
        self, tx: Tx, intake: Intake, approved: Sequence[str], words: str, at: datetime
    ) -> Registered:
        """咨询 that an approved answer has solved in the talk (S1-2.3, S3-3.1): written down with what was
        answered, and nobody's work. `approved`: the codes of the answers, `words` their text."""
        entered = self._enter(tx, intake, at, "registered")
        found, facts = entered.case, Facts(words=words)
        row = lifecycle.advance(Situation(found, facts, at=at), Step.ANSWER)
        case = self._move(found, row.target, Step.ANSWER, DESK, facts, at)
        told = {"from": found.status, "to": case.status, "approved": list(approved)}
        self._write(tx, case, row.event, DESK, at, told, words)
        case = self.clockwork.hear(tx, case, row.event, DESK.name, at)
        cases.save(tx, case)
        return Registered(case, entered.query_code)

    def _enter(self, tx: Tx, intake: Intake, at: datetime, event: str) -> Registered:
        """The case with its number, its clocks and its first event; nobody is told."""
        serial = properties.next_number(tx, f"{intake.kind}:{china_day(at):%Y%m%d}")
        case = case_of(intake, CaseId(tx.ids()), serial, at)
        if major_signs(case):
            case = replace(case, grade=Grade.MAJOR)
        case = replace(case, suggestion=premises.suggestion(self.units, case))
        actor = Actor(citizen=intake.citizen) if intake.citizen is not None else DESK
        if intake.registered_by is not None:
            actor = Actor(officer=officers.get(tx, intake.registered_by))
        query_code = numbers.new_query_code()
        case = self.clockwork.hear(tx, case, event, actor.name, at)
        cases.add(tx, case, intake.particulars, query_code.replace("-", ""))
        evidence.attach(tx, intake.evidence, case.id)
        self._write(tx, case, event, actor, at, {"channel": case.channel, "grade": case.grade})
        return Registered(case, query_code)

    def supplement(
        self, tx: Tx, case: CaseId, actor: Actor, items: tuple[EvidenceId, ...], words: str, at: datetime
    ) -> Taken:
        """补正, or further evidence for an open case: what came is attached and written down."""
        found = self.opened(tx, case, actor, Step.SUPPLEMENT)
        if found.status in lifecycle.DONE:
            raise StepNotAllowed(case=found.number, step=Step.SUPPLEMENT, status=found.status)
        evidence.attach(tx, items, found.id)
        if found.status is Status.SUPPLEMENTING:
            return self.take(tx, case, Step.SUPPLEMENT, actor, Facts(words=words), at)
        return self.beside(
            tx, found, Step.SUPPLEMENT, "evidence_added", actor, at, {"items": len(items)}, words
        )

    # ── steps of the lifecycle ──

    def take(
        self,
        tx: Tx,
        case: CaseId,
        step: Step,
        actor: Actor,
        facts: Facts,
        at: datetime,
        seen: int | None = None,
    ) -> Taken:
        """Do a step. `seen`: the version the actor decided on; a newer case raises CaseChanged."""
        situation, row = self.rehearse(tx, case, step, actor, facts, at, seen)
        found = situation.case
        self.requests.ensure_agreed(found, step, situation.approvals)
        self._ensure_within(tx, found, step, facts)
        moved = self._move(found, row.target, step, actor, facts, at)
        if step in _BACK:
            moved = self._back_at_the_desk(tx, moved)
        told: dict[str, object] = {"from": found.status, "to": moved.status}
        if facts.unit:
            told["unit"] = self.units.get(facts.unit).code
        if facts.ground:
            told["ground"] = facts.ground
        if facts.outcome:
            told["outcome"] = facts.outcome
        if facts.end_ground:
            told["end_ground"] = facts.end_ground
        if facts.recovered_fen is not None:
            told["recovered_fen"] = facts.recovered_fen
        words = "\n".join(
            filter(None, (*(f"{name}={said}" for name, said in facts.fields.items()), facts.words))
        )
        event = self._write(tx, moved, row.event, actor, at, told, words)
        moved = self.clockwork.hear(tx, moved, row.event, actor.name, at)
        cases.save(tx, moved)
        telling = {"words": facts.words, "first": matters.told_of(found, situation.repeats), **facts.fields}
        self.telling.tell(tx, moved, row.event, at, telling, actor)
        return Taken(case=moved, event=event, step=step)

    def rehearse(
        self,
        tx: Tx,
        case: CaseId,
        step: Step,
        actor: Actor,
        facts: Facts,
        at: datetime,
        seen: int | None = None,
    ) -> tuple[Situation, Row]:
        """Whether a step could be done now, by which row. Raises what the step would; that a supervisor must
        agree first is not asked."""
        found = self.opened(tx, case, actor, step, seen)
        requests, past = approvals.of_case(tx, case), tuple(events.outline(tx, case))
        situation = Situation(found, facts, requests, past, at, matters.repeated(tx, found))
        return situation, lifecycle.advance(situation, step)

    def withdraw(
        self, tx: Tx, case: CaseId, actor: Actor, words: str, at: datetime, *, quiet: bool = True
    ) -> Taken:
        """撤回. Of a report only its informer withdraws, never the duty to check it: it goes on where it stands.
        `quiet`: he wants to hear no more of it; he may think better of that later. Of who is in a chat nobody else
        says so for him: a voice on the telephone may be the merchant's."""
        found = self.opened(tx, case, actor, Step.WITHDRAW)
        if found.kind is not Kind.REPORT:
            return self.take(tx, case, Step.WITHDRAW, actor, Facts(words=words), at)
        if found.status in lifecycle.DONE:
            raise StepNotAllowed(case=found.number, step=Step.WITHDRAW, status=found.status)
        if actor.citizen is None and found.citizen is not None:
            quiet = found.quiet
        found, facts = replace(found, quiet=quiet), {"quiet": quiet}
        return self.beside(tx, found, Step.WITHDRAW, "informer_withdrew", actor, at, facts, words)

    # ── records beside the lifecycle ──

    def record(
        self, tx: Tx, case: CaseId, form: Form, actor: Actor, given: Mapping[str, str], at: datetime
    ) -> Taken:
        """记录: fill a form. Raises CaseError; see `records`."""
        found = self.opened(tx, case, actor, Step.RECORD)
        sheet = records.BY_FORM[form]
        if sheet.posts is not None and (actor.officer is None or actor.officer.role not in sheet.posts):
            raise NotAuthorised(step=Step.RECORD)
        facts, words = records.read(found, sheet, given)
        records.ensure_in_turn(found, sheet, events.outline(tx, case))
        return self.beside(tx, found, Step.RECORD, sheet.event, actor, at, facts, words)

    def recuse(self, tx: Tx, case: CaseId, actor: Actor, at: datetime) -> Taken:
        """回避: from now on the case does not exist for this officer (S7-5b)."""
        found = self.opened(tx, case, actor, Step.RECUSE)
        officer = actor.officer
        if officer is None:
            raise StepNotAllowed(case=found.number, step=Step.RECUSE, status=found.status)
        found = self.without(tx, found, officer.id, at)
        taken = self.beside(tx, found, Step.RECUSE, "recused", actor, at, {"officer": officer.id}, "")
        return replace(taken, case=self.handing.rehome(tx, taken.case, at))

    def without(self, tx: Tx, case: Case, officer: OfficerId, at: datetime) -> Case:
        """The case with nothing of this officer's about it; the duty sees it in private chats from now on."""
        if officer not in officers.recused(tx, case.id):
            officers.recuse(tx, case.id, officer, at)
        if case.holder == officer:
            case = replace(case, holder=None)
        if case.first_officer == officer:
            case = replace(case, first_officer=None)
        return case

    def release(self, tx: Tx, case: Case, at: datetime) -> Taken:
        """The case goes back to the queue of the duty: its holder has been silent."""
        silent = case.holder
        found = replace(case, holder=None)
        return self.beside(tx, found, Step.VIEW, "released", DESK, at, {"officer": silent}, "")

    def rate(self, tx: Tx, case: CaseId, actor: Actor, stars: int, words: str, at: datetime) -> Taken:
        """评价 of a closed case, once; `stars` 1 to 5."""
        found = self.opened(tx, case, actor, Step.RATE)
        if found.status is not Status.CLOSED or found.rating is not None:
            raise StepNotAllowed(case=found.number, step=Step.RATE, status=found.status)
        rated = replace(found, rating=max(1, min(5, stars)))
        return self.beside(tx, rated, Step.RATE, "rated", actor, at, {"stars": rated.rating}, words)

    def correct(
        self, tx: Tx, case: CaseId, actor: Actor, changed: Mapping[str, Any], at: datetime, words: str = ""
    ) -> Taken:
        """更正 (PIPL 46): the citizen's own name, telephone or address; which, not what, is in the event.

        An archived file is never altered: there the correction is a later note, `words`, at its end.
        """
        found = self.opened(tx, case, actor, Step.CORRECT)
        what = {"what": sorted(changed)}
        if found.status is Status.ARCHIVED:
            return self.beside(tx, found, Step.CORRECT, "correction_noted", actor, at, what, words)
        cases.correct(tx, case, replace(cases.particulars(tx, case), **changed))
        return self.beside(tx, found, Step.CORRECT, "corrected", actor, at, what, "")

    def revoke(self, tx: Tx, case: CaseId, actor: Actor, consent: Consent, at: datetime) -> Taken:
        """撤回同意 (PIPL 15): from now on nothing rests on it, also where the file is archived. What was
        agreed to when, and taken back when, stays among the consents."""
        found = self.opened(tx, case, actor, Step.CORRECT)
        no: dict[str, Any] = {consent.value: False}
        cases.correct(tx, case, replace(cases.particulars(tx, case), **no))
        return self.beside(tx, found, Step.CORRECT, "corrected", actor, at, {"what": [consent.value]}, "")

    def follow(self, tx: Tx, case: Case, citizen: CitizenId, at: datetime) -> Case:
        """Whoever first shows the query code of a case taken down for a caller is the caller: he hears of every
        step from now on (S9-1b). Any other case stays as it is."""
        if case.citizen is not None or case.channel not in TAKEN_DOWN:
            return case
        actor = Actor(citizen=citizen)
        return self.beside(tx, replace(case, citizen=citizen), Step.VIEW, "followed", actor, at, {}, "").case

    def promise_answer(self, tx: Tx, case: CaseId, actor: Actor, ends: datetime, at: datetime) -> Taken:
        """约定答复时间 (S3-3.1, S3-4.2): the limit is what the officer says."""
        found = self.opened(tx, case, actor, Step.ANSWER)
        if found.kind is not Kind.CONSULTATION or found.status is not Status.REGISTERED or ends <= at:
            raise StepNotAllowed(case=found.number, step=Step.ANSWER, status=found.status)
        officer = actor.officer.id if actor.officer else None
        found = replace(found, holder=officer, first_officer=found.first_officer or officer)
        found = self.clockwork.hear(tx, found, "answer_promised", actor.name, at)
        found = self.clockwork.promise(tx, found, "promised_answer", ends, actor.name, at)
        return self.beside(
            tx, found, Step.ANSWER, "answer_promised", actor, at, {"ends": ends.isoformat()}, ""
        )

    def reveal(self, tx: Tx, case: CaseId, actor: Actor, at: datetime) -> tuple[Case, Particulars]:
        """The sealed part of a case; that it was looked at is written down."""
        found = self.opened(tx, case, actor, Step.REVEAL)
        self._write(tx, found, "revealed", actor, at, {})
        told = cases.particulars(tx, case)
        notes = [
            f"{china_day(event.at)} {event.words}"
            for event in events.of_case(tx, case)
            if event.kind == "correction_noted"
        ]
        return found, replace(told, others={**told.others, _NOTES: "；".join(notes)}) if notes else told

    # ── inside ──

    def opened(self, tx: Tx, case: CaseId, actor: Actor, step: Step, seen: int | None = None) -> Case:
        found = cases.get(tx, case)
        access.authorize(actor, step, found, recused=officers.recused(tx, case))
        if seen is not None and found.version != seen:
            newest = events.last(tx, case)
            raise CaseChanged(case=found.number, by=newest.actor, event=newest.kind, at=newest.at)
        return found

    def _ensure_within(self, tx: Tx, case: Case, step: Step, facts: Facts) -> None:
        """A consumer station is given, and takes, what lies in its premises; no unit where nobody could take it is
        given anything. Raises OutsidePremises, NotForAStation, UnitEmpty."""
        code = {Step.DISPATCH: facts.unit, Step.TAKE_OVER: case.unit}.get(step)
        unit = self.units.get(code) if code else None
        if unit is not None and unit.is_station:
            refused = premises.refusal(self.units, unit, case, cases.particulars(tx, case.id))
            if refused is not None:
                raise refused
        if unit is not None and step is Step.DISPATCH:
            self.handing.ensure_able(tx, case, unit.code)

    def _move(self, case: Case, target: Status, step: Step, actor: Actor, facts: Facts, at: datetime) -> Case:
        moved = replace(case, status=target, version=case.version + 1)
        officer = actor.officer
        if officer is not None and officer.role is not Role.VOLUNTEER and case.first_officer is None:
            moved = replace(moved, first_officer=officer.id)
        if officer is not None and step in (Step.ACCEPT, Step.TAKE_OVER, Step.ASK_SUPPLEMENT, Step.ANSWER):
            moved = replace(moved, holder=officer.id)
        if step is Step.ACCEPT:
            moved = replace(moved, accepted_at=at)
        if step is Step.DISPATCH:
            unit = self.units.get(facts.unit or "")
            holder = (
                case.holder if target is Status.DISPATCHED else None
            )  # handled on at once: nobody receives it
            moved = replace(moved, unit=unit.code, overseen_by=unit.parent, holder=holder)
        if step in _BACK:
            moved = replace(moved, unit=None, overseen_by=None, holder=case.first_officer)
        if step in (Step.DECLINE, Step.NOT_HANDLE):
            moved = replace(moved, ground=facts.ground)
        if step is Step.END_MEDIATION:
            moved = replace(moved, end_ground=facts.end_ground)
        if target is Status.CLOSED:
            moved = replace(
                moved,
                outcome=_OUTCOME_OF_STEP.get(step, facts.outcome),
                recovered_fen=facts.recovered_fen if facts.recovered_fen is not None else case.recovered_fen,
            )
        if target in lifecycle.DONE and case.status not in lifecycle.DONE:
            moved = replace(moved, closed_at=at)
        if step is Step.REOPEN:
            moved = replace(
                moved, unit=None, overseen_by=None, holder=None, outcome=None, end_ground=None, closed_at=None,
                rating=None,
            )  # fmt: skip
        return moved

    @staticmethod
    def _back_at_the_desk(tx: Tx, case: Case) -> Case:
        """Held by who touched it first, but not where he is suspended by now, nor where he is of a unit."""
        first = officers.get(tx, case.holder) if case.holder is not None else None
        if first is None or (first.active and first.role not in UNIT_ROLES):
            return case
        return replace(case, holder=None, first_officer=None if first.role in UNIT_ROLES else first.id)

    def beside(
        self,
        tx: Tx,
        case: Case,
        step: Step,
        event: str,
        actor: Actor,
        at: datetime,
        facts: Mapping[str, object],
        words: str,
    ) -> Taken:
        """Write down what changes no status, move its limits, refresh the cards, tell who should know."""
        case = replace(case, version=case.version + 1)
        officer = actor.officer
        if officer is not None and officer.role is not Role.VOLUNTEER and case.first_officer is None:
            case = replace(case, first_officer=officer.id if step is not Step.RECUSE else None)
        written = self._write(tx, case, event, actor, at, facts, words)
        case = self.clockwork.hear(tx, case, event, actor.name, at)
        cases.save(tx, case)
        told = {"words": words}
        if "kind" in facts:  # of a request
            told["request"] = str(facts["kind"])
        if "granted" in facts:
            told["granted"] = "yes" if facts["granted"] else "no"
        self.telling.tell(tx, case, event, at, told, actor)
        return Taken(case=case, event=written, step=step)

    def _write(
        self,
        tx: Tx,
        case: Case,
        event: str,
        actor: Actor,
        at: datetime,
        facts: Mapping[str, object],
        words: str = "",
    ) -> Event:
        return events.append(tx, case.id, event, actor.name, at, facts, words)


def own_case(tx: Tx, citizen: CitizenId, number: CaseNumber) -> Case:
    """The citizen's own case of this number; another's and none are the same CaseUnknown."""
    found = cases.by_number(tx, number)
    if found.citizen != citizen:
        raise CaseUnknown()
    return found
