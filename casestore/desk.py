"""The desk: every change of a case, in one transaction with its event, its clocks and its notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from casestore import access, lifecycle, notices, numbers
from casestore.codes import (
    ApprovalKind,
    Channel,
    Decision,
    Demand,
    Grade,
    Kind,
    Outcome,
    Role,
    Status,
    Step,
)
from casestore.errors import (
    AlreadyEscalated,
    CaseChanged,
    CaseUnknown,
    NothingToDecide,
    ReasonMissing,
    StepNotAllowed,
)
from casestore.lifecycle import Facts, Situation
from casestore.limits import DutyHours, due, starting
from casestore.model import (
    DESK,
    Actor,
    Case,
    CaseId,
    CaseNumber,
    CitizenId,
    Event,
    EvidenceId,
    Particulars,
    Suggestion,
    Taken,
    UnitCode,
)
from casestore.notices import To
from casestore.reading import names
from casestore.store import Tx
from casestore.tables import approvals, cases, clocks, events, evidence, officers, outbox, posts, properties
from casestore.tables.outbox import Draft, Urgency
from casestore.units import Units
from casestore.workdays import WorkingCalendar, china_day, last_day

STAFF_BOT = "staff"
_MAJOR_AMOUNT_FEN = 5_000_000


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What a citizen told, complete and checked: it becomes a case."""

    kind: Kind
    channel: Channel
    citizen: CitizenId | None
    particulars: Particulars
    suggestion: Suggestion
    anonymous: bool = False
    district: str = ""
    amount_fen: int | None = None
    happened_on: str = ""
    demands: tuple[Demand, ...] = ()
    evidence: tuple[EvidenceId, ...] = ()


@dataclass(frozen=True)
class Registered:
    """`query_code` is shown once; the desk keeps only its fingerprint."""

    case: Case
    query_code: str


def lane(bot: str, chat: object) -> str:
    return f"{bot}:{chat}"


class Desk:
    """The rules applied to the store. Every method is part of one unit of work and raises CaseError."""

    def __init__(self, calendar: WorkingCalendar, units: Units, duty: DutyHours | None = None) -> None:
        self.calendar, self.units, self.duty = calendar, units, duty or DutyHours()

    # ── from the citizen ──

    def register(self, tx: Tx, intake: Intake, at: datetime) -> Registered:
        """登记: give the matter a number, start its clocks, show it to the duty."""
        day = china_day(at)
        serial = properties.next_number(tx, f"{intake.kind}:{day:%Y%m%d}")
        told = intake.particulars
        case = Case(
            id=CaseId(tx.ids()),
            number=numbers.case_number(intake.kind, day, serial),
            kind=intake.kind,
            status=Status.REGISTERED,
            grade=Grade.ORDINARY,
            channel=intake.channel,
            registered_at=at,
            citizen=intake.citizen,
            anonymous=intake.anonymous,
            merchant=told.merchant if names.is_business(told.merchant) else "",
            district=intake.district,
            object=intake.suggestion.object.code,
            nature=intake.suggestion.nature.code,
            amount_fen=intake.amount_fen,
            happened_on=day.fromisoformat(intake.happened_on) if intake.happened_on else None,
            demands=intake.demands,
            suggestion=intake.suggestion,
        )
        signs = major_signs(case)
        if signs:
            case = replace(case, grade=Grade.MAJOR)
        query_code = numbers.new_query_code()
        case = self._run_clocks(tx, case, "registered", at)
        cases.add(tx, case, told, query_code.replace("-", ""))
        evidence.attach(tx, intake.evidence, case.id)
        actor = Actor(citizen=intake.citizen) if intake.citizen is not None else DESK
        self._write(tx, case, "registered", actor, at, {"channel": case.channel, "grade": case.grade})
        self._tell(tx, case, "registered", at, {})
        if signs:
            case = self.escalate(tx, case.id, DESK, "、".join(signs), at).case
        return Registered(case, query_code)

    def supplement(
        self, tx: Tx, case: CaseId, actor: Actor, items: tuple[EvidenceId, ...], words: str, at: datetime
    ) -> Taken:
        """补正, or further evidence for an open case: what came is attached and written down."""
        found = self._open_case(tx, case, actor, Step.SUPPLEMENT)
        if found.status in lifecycle.FINAL:
            raise StepNotAllowed(case=found.number, step=Step.SUPPLEMENT, status=found.status)
        evidence.attach(tx, items, found.id)
        if found.status is Status.SUPPLEMENTING:
            return self.take(tx, case, Step.SUPPLEMENT, actor, Facts(words=words), at)
        return self._beside(
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
        found = self._open_case(tx, case, actor, step, seen)
        row = lifecycle.advance(Situation(found, facts, approvals.of_case(tx, case)), step)
        moved = self._move(found, row.target, step, actor, facts, at)
        told: dict[str, object] = {"from": found.status, "to": moved.status}
        if facts.unit:
            told["unit"] = self.units.get(facts.unit).code
        if facts.ground:
            told["ground"] = facts.ground
        if facts.outcome:
            told["outcome"] = facts.outcome
        event = self._write(tx, moved, row.event, actor, at, told, facts.words)
        moved = self._run_clocks(tx, moved, row.event, at)
        cases.save(tx, moved)
        self._tell(tx, moved, row.event, at, {"words": facts.words})
        return Taken(case=moved, event=event, step=step)

    # ── records beside the lifecycle ──

    def escalate(self, tx: Tx, case: CaseId, actor: Actor, reason: str, at: datetime) -> Taken:
        """升级: a supervisor is asked to decide; until then the case is not dispatched."""
        found = self._open_case(tx, case, actor, Step.ESCALATE)
        if found.status in lifecycle.FINAL:
            raise StepNotAllowed(case=found.number, step=Step.ESCALATE, status=found.status)
        if not reason.strip():
            raise ReasonMissing(case=found.number)
        if any(request.decision is None for request in approvals.of_case(tx, case)):
            raise AlreadyEscalated(case=found.number)
        by = actor.officer.id if actor.officer else None
        approvals.request(tx, found.id, ApprovalKind.ESCALATION, by, reason, at)
        return self._beside(tx, found, Step.ESCALATE, "escalated", actor, at, {}, reason)

    def decide(self, tx: Tx, case: CaseId, step: Step, actor: Actor, reason: str, at: datetime) -> Taken:
        """批准 or 驳回. A refused request leaves the case an ordinary one."""
        found = cases.get(tx, case)
        request = next((one for one in approvals.of_case(tx, case) if one.decision is None), None)
        access.authorize(actor, step, found, recused=officers.recused(tx, case), request=request)
        if request is None or actor.officer is None or found.status in lifecycle.FINAL:
            raise NothingToDecide(case=found.number)
        decision = Decision.APPROVED if step is Step.APPROVE else Decision.REFUSED
        if not approvals.decide(tx, request, decision, actor.officer.id, reason, at):
            raise NothingToDecide(case=found.number)
        grade = Grade.MAJOR if decision is Decision.APPROVED else Grade.ORDINARY
        return self._beside(
            tx, replace(found, grade=grade), step, decision.value, actor, at, {"request": request.id}, reason
        )

    def recuse(self, tx: Tx, case: CaseId, actor: Actor, at: datetime) -> Taken:
        """回避: from now on the case does not exist for this officer (S7-5b)."""
        found = self._open_case(tx, case, actor, Step.RECUSE)
        officer = actor.officer
        if officer is None:
            raise StepNotAllowed(case=found.number, step=Step.RECUSE, status=found.status)
        officers.recuse(tx, case, officer.id, at)
        if found.holder == officer.id:
            found = replace(found, holder=None)
        if found.first_officer == officer.id:
            found = replace(found, first_officer=None)
        return self._beside(tx, found, Step.RECUSE, "recused", actor, at, {"officer": officer.id}, "")

    def reveal(self, tx: Tx, case: CaseId, actor: Actor, at: datetime) -> tuple[Case, Particulars]:
        """The sealed part of a case; that it was looked at is written down."""
        found = self._open_case(tx, case, actor, Step.REVEAL)
        self._write(tx, found, "revealed", actor, at, {})
        return found, cases.particulars(tx, case)

    # ── inside ──

    def _open_case(self, tx: Tx, case: CaseId, actor: Actor, step: Step, seen: int | None = None) -> Case:
        found = cases.get(tx, case)
        access.authorize(actor, step, found, recused=officers.recused(tx, case))
        if seen is not None and found.version != seen:
            newest = events.last(tx, case)
            raise CaseChanged(case=found.number, by=newest.actor, event=newest.kind, at=newest.at)
        return found

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
            moved = replace(moved, unit=self.units.get(facts.unit or "").code)
        if step is Step.RETURN:
            moved = replace(moved, unit=None, holder=case.first_officer)
        if step is Step.DECLINE:
            moved = replace(moved, ground=facts.ground)
        if target is Status.CLOSED:
            answered = {Step.ANSWER: Outcome.ANSWERED, Step.NOT_FILE: Outcome.NOT_FILED}
            moved = replace(moved, outcome=answered.get(step, facts.outcome))
        if target in lifecycle.FINAL:
            moved = replace(moved, closed_at=at)
        return moved

    def _beside(
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
        """Write down what changes no status, refresh the cards, tell who should know."""
        case = replace(case, version=case.version + 1)
        written = self._write(tx, case, event, actor, at, facts, words)
        cases.save(tx, case)
        self._tell(tx, case, event, at, {"words": words})
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

    def _run_clocks(self, tx: Tx, case: Case, event: str, at: datetime) -> Case:
        """End and start the limits that this event ends and starts; the case shows the next one."""
        for clock in clocks.running(tx, case.id):
            if event in clock.limit.ends:
                clocks.end(tx, clock, event, at)
        for limit in starting(event, case.kind):
            clocks.start(tx, case.id, due(limit, at, self.calendar, self.duty))
        following = clocks.running(tx, case.id)
        if not following or case.status in lifecycle.FINAL:
            return replace(case, due_limit="", due_at=None)
        return replace(case, due_limit=following[0].limit.code, due_at=following[0].due_at)

    def _tell(self, tx: Tx, case: Case, event: str, at: datetime, facts: Mapping[str, str]) -> None:
        told = {
            "number": case.number,
            "unit": self.units.name(case.unit) if case.unit else "",
            "ground": case.ground or "",
            "outcome": case.outcome or "",
            "due": last_day(case.due_at).isoformat() if case.due_at else "",
            "due_limit": case.due_limit,
            **facts,
        }
        told_to = notices.TABLE[event]
        for to in told_to:
            if to not in (To.CITIZEN, To.HOLDER):
                self._post_cards(tx, case, to)
        self.refresh_cards(tx, case, at)  # before any word of it: who reads "approved" finds the buttons
        if To.CITIZEN in told_to:
            self._tell_citizen(tx, case, event, told, at)
        if To.HOLDER in told_to:
            self._tell_holder(tx, case, event, told, at)

    def _tell_citizen(self, tx: Tx, case: Case, event: str, told: Mapping[str, str], at: datetime) -> None:
        if case.citizen is None:
            return  # registered for somebody who is not in a chat
        payload = {"citizen": case.citizen, "code": event, "kind": case.kind, "facts": dict(told)}
        bot = case.channel.value
        tx_lane = lane(bot, case.citizen)
        outbox.put(tx, Draft(bot, tx_lane, outbox.Kind.NOTICE, payload, Urgency.NOTICE, case=case.id), at)

    def _tell_holder(self, tx: Tx, case: Case, event: str, told: Mapping[str, str], at: datetime) -> None:
        holder = case.holder or case.first_officer
        chat = officers.account(tx, holder) if holder is not None else None
        chat = chat or properties.get(tx, properties.DUTY_GROUP)
        if chat is None:
            return
        # The words may be personal: they are on the card of who may see them, not in this sentence.
        payload = {"chat": chat, "code": event, "facts": {k: v for k, v in told.items() if k != "words"}}
        self.say_to_staff(tx, chat, payload, case.id, at)

    def say_to_staff(
        self, tx: Tx, chat: str, payload: Mapping[str, object], case: CaseId | None, at: datetime
    ) -> None:
        draft = Draft(STAFF_BOT, lane(STAFF_BOT, chat), outbox.Kind.TEXT, payload, Urgency.CARD, case=case)
        outbox.put(tx, draft, at)

    def _post_cards(self, tx: Tx, case: Case, to: To) -> None:
        recused = officers.recused(tx, case.id)
        if to is To.DUTY:
            group = properties.get(tx, properties.DUTY_GROUP)
            if group is not None:
                posts.add(tx, case.id, group, None)
            people = officers.on_duty(tx)
        elif to is To.SUPERVISORS:
            people = officers.supervisors(tx)
        else:
            people = officers.of_unit(tx, case.unit or UnitCode(""))
        for officer, chat in people:
            if officer.id not in recused:
                posts.add(tx, case.id, chat, officer.id)

    def refresh_cards(self, tx: Tx, case: Case, at: datetime) -> None:
        """The card is shown anew wherever it stands, with what is true when it goes out."""
        for post in posts.of_case(tx, case.id):
            self.show_card(tx, case.id, post.chat, at)

    def show_card(
        self,
        tx: Tx,
        case: CaseId,
        chat: str,
        at: datetime,
        *,
        anew: bool = False,
        menu: str = "",
        page: int = 0,
    ) -> None:
        """Show the card where it stands in a chat. `anew`: as a new message at the end. `menu`: with the
        menu of a step instead of the case."""
        draft = Draft(
            STAFF_BOT,
            lane(STAFF_BOT, chat),
            outbox.Kind.CARD,
            {"chat": chat, "case": case, "anew": anew, "menu": menu, "page": page},
            Urgency.CARD,
            case=case,
            once=None if anew or menu else f"card:{case}:{chat}",
        )
        outbox.put(tx, draft, at)


def major_signs(case: Case) -> tuple[str, ...]:
    """Why a case is major (S3-3.3, S9-2b): the classifier's signs of danger, or ≥ 50,000 yuan."""
    signs = case.suggestion.urgent if case.suggestion else ()
    if case.amount_fen is not None and case.amount_fen >= _MAJOR_AMOUNT_FEN:
        signs = (*signs, "金额≥5万元")
    return tuple(dict.fromkeys(signs))


def own_case(tx: Tx, citizen: CitizenId, number: CaseNumber) -> Case:
    """The citizen's own case of this number; another's and none are the same CaseUnknown."""
    found = cases.by_number(tx, number)
    if found.citizen != citizen:
        raise CaseUnknown()
    return found
