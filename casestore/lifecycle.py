"""The life of a case as one table: which step leads from where to where, and what must hold.

Escalations, approvals and recusals are records beside it, not states in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casestore import records
from casestore.codes import (
    NEED_WORDS,
    RECOVERING,
    ApprovalKind,
    Decision,
    EndGround,
    Grade,
    Ground,
    Kind,
    Outcome,
    ReportGround,
    Status,
    Step,
)
from casestore.errors import (
    AwaitsApproval,
    CaseError,
    ConsentMissing,
    FieldMissing,
    GroundMissing,
    InformerQuiet,
    MinutesMissing,
    OutcomeMissing,
    ReasonMissing,
    RecoveryMissing,
    RecusalPending,
    RepeatMissing,
    StatuteMissing,
    StepNotAllowed,
    UnderTesting,
    UnitMissing,
    WayMissing,
    WindowClosed,
)
from casestore.model import Approval, Case, Event, UnitCode
from casestore.reading.text import has_words


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a step is told: only what its row asks for is used."""

    unit: UnitCode | None = None
    ground: Ground | ReportGround | None = None
    outcome: Outcome | None = None
    end_ground: EndGround | None = None
    recovered_fen: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True)
class Situation:
    """All a guard may look at."""

    case: Case
    facts: Facts
    approvals: tuple[Approval, ...] = ()
    events: tuple[Event, ...] = ()
    at: datetime | None = None
    #: Earlier reports of the same informer that this one is linked to as a repeat (art. 35).
    repeats: tuple[Case, ...] = ()


Guard = Callable[[Situation], CaseError | None]


def says_why(at: Situation) -> CaseError | None:
    return None if has_words(at.facts.words) else ReasonMissing(case=at.case.number)


def names_a_ground(at: Situation) -> CaseError | None:
    """Art. 16 of 121号令: seven grounds, nothing else."""
    return None if isinstance(at.facts.ground, Ground) else GroundMissing(case=at.case.number)


_STATUTE = re.compile(r"(?:《.+》|[法例定则章]).*第.{1,12}条", re.DOTALL)


def names_statute(words: str) -> bool:
    """Whether a law, and an article of it, is named."""
    return _STATUTE.search(words) is not None


def names_its_statute(at: Situation) -> CaseError | None:
    """Art. 16(7): 法律、法规、规章规定 — which one and which article, or it is no ground."""
    said = at.facts.ground not in NEED_WORDS or names_statute(at.facts.words)
    return None if said else StatuteMissing(case=at.case.number)


def names_a_report_ground(at: Situation) -> CaseError | None:
    """Art. 34, 35 and 44: four grounds, nothing else."""
    return None if isinstance(at.facts.ground, ReportGround) else GroundMissing(case=at.case.number)


def names_the_way(at: Situation) -> CaseError | None:
    """Art. 34, 44: the informer is told whom to turn to instead."""
    said = at.facts.ground not in NEED_WORDS or has_words(at.facts.words)
    return None if said else WayMissing(case=at.case.number)


def repeats_an_earlier_one(at: Situation) -> CaseError | None:
    """Art. 35: 不再另行处理, because the first report of the same fact is handled."""
    is_repeat = at.facts.ground is not ReportGround.SAME_FACT_AGAIN or at.repeats
    return None if is_repeat else RepeatMissing(case=at.case.number)


def is_listening(at: Situation) -> CaseError | None:
    """Nobody is asked who has withdrawn his report and wants to hear no more."""
    return InformerQuiet(case=at.case.number) if at.case.quiet else None


def names_a_unit(at: Situation) -> CaseError | None:
    return None if at.facts.unit else UnitMissing(case=at.case.number)


def names_an_outcome(at: Situation) -> CaseError | None:
    return None if at.facts.outcome else OutcomeMissing(case=at.case.number)


def ended_on_a_ground(at: Situation) -> CaseError | None:
    """Art. 23: 终止调解 is a step of its own, with its ground and its notice; no other way closes so."""
    ended, said = at.case.status is Status.MEDIATION_ENDED, at.facts.outcome is Outcome.MEDIATION_ENDED
    return GroundMissing(case=at.case.number) if said and not ended else None


def major_is_decided(at: Situation) -> CaseError | None:
    """S9-6: a major case is not dispatched before a supervisor has decided; neither is an escalated one."""
    escalations = [approval for approval in at.approvals if approval.kind is ApprovalKind.ESCALATION]
    open_request = any(approval.decision is None for approval in escalations)
    approved = any(approval.decision is Decision.APPROVED for approval in escalations)
    if open_request or (at.case.grade is Grade.MAJOR and not approved):
        return AwaitsApproval(case=at.case.number)
    return None


def says_what_came_back(at: Situation) -> CaseError | None:
    """挽回损失: what both sides agreed about is closed with the sum, be it nothing."""
    asked = at.facts.outcome in RECOVERING
    missing = asked and at.facts.recovered_fen is None
    return RecoveryMissing(case=at.case.number) if missing else None


def names_an_end(at: Situation) -> CaseError | None:
    """Art. 23: eight grounds."""
    return None if at.facts.end_ground else GroundMissing(case=at.case.number)


def both_agree(at: Situation) -> CaseError | None:
    """C2: mediation only after two recorded consents (S6-3b, art. 18)."""
    return None if records.both_consent(at.events) else ConsentMissing(case=at.case.number)


def says_when_and_where(at: Situation) -> CaseError | None:
    """Art. 20: time, place and mediators are told beforehand."""
    for asked in records.ASKED_BY_STEP[Step.MEDIATE]:
        if not at.facts.fields.get(asked.name, "").strip():
            return FieldMissing(form=Step.MEDIATE, field=asked.name)
    return None


def has_minutes(at: Situation) -> CaseError | None:
    """S6-9: how the mediation went is written down before it ends in an agreement."""
    needs = at.facts.outcome is Outcome.AGREEMENT
    return MinutesMissing(case=at.case.number) if needs and not records.has_minutes(at.events) else None


def no_test_runs(at: Situation) -> CaseError | None:
    """Art. 22."""
    return UnderTesting(case=at.case.number) if records.is_testing(at.events) else None


def no_recusal_is_open(at: Situation) -> CaseError | None:
    """Art. 21: mediation is suspended until the application is decided."""
    open_ = records.recusal_is_open(event.kind for event in at.events)
    return RecusalPending(case=at.case.number) if open_ else None


def inside_the_window(at: Situation) -> CaseError | None:
    """A closed case is taken up again within `REOPEN_WITHIN`."""
    closed_at = at.case.closed_at
    late = at.at is not None and closed_at is not None and at.at - closed_at > REOPEN_WITHIN
    return WindowClosed(case=at.case.number) if late else None


def is_at_the_centre(case: Case) -> bool:
    return case.unit is None


def is_at_a_unit(case: Case) -> bool:
    return case.unit is not None


REOPEN_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """One line of the table. `event` is what is written down when the step was done."""

    step: Step
    kinds: frozenset[Kind]
    sources: frozenset[Status]
    target: Status
    event: str
    guards: tuple[Guard, ...] = ()
    #: Where the row is for some cases of its states only.
    only: Callable[[Case], bool] | None = None


_C, _R, _Q = frozenset({Kind.COMPLAINT}), frozenset({Kind.REPORT}), frozenset({Kind.CONSULTATION})
_S = Status


def _row(
    step: Step,
    kinds: frozenset[Kind],
    sources: tuple[Status, ...],
    target: Status,
    event: str,
    *guards: Guard,
    only: Callable[[Case], bool] | None = None,
) -> Row:
    return Row(step, kinds, frozenset(sources), target, event, guards, only)


_UNDECIDED = (_S.REGISTERED, _S.SUPPLEMENTING)
_AT_THE_UNIT = (_S.TAKEN_OVER, _S.MEDIATING)
_OPEN = (*_UNDECIDED, _S.ACCEPTED, _S.DISPATCHED, *_AT_THE_UNIT, _S.MEDIATION_ENDED, _S.FILED)
_OVER = (_S.CLOSED, _S.DECLINED, _S.WITHDRAWN)

TABLE: tuple[Row, ...] = (
    # ── 登记与审查 ──
    _row(Step.ASK_SUPPLEMENT, _C | _R, (_S.REGISTERED,), _S.SUPPLEMENTING, "supplement_asked", says_why, is_listening),
    _row(Step.SUPPLEMENT, _C | _R, (_S.SUPPLEMENTING,), _S.REGISTERED, "supplemented"),
    _row(Step.ACCEPT, _C, _UNDECIDED, _S.ACCEPTED, "accepted"),
    _row(Step.DECLINE, _C, _UNDECIDED, _S.DECLINED, "declined", names_a_ground, names_its_statute),
    # ── 分派与接收 (第四十一条: 退回中心，不得自行移送) ──
    _row(Step.DISPATCH, _C, (_S.ACCEPTED,), _S.DISPATCHED, "dispatched", names_a_unit, major_is_decided),
    _row(Step.DISPATCH, _R, _UNDECIDED, _S.DISPATCHED, "dispatched", names_a_unit, major_is_decided),
    _row(Step.TAKE_OVER, _C | _R, (_S.DISPATCHED,), _S.TAKEN_OVER, "taken_over"),
    _row(Step.RETURN, _C, (_S.DISPATCHED, _S.TAKEN_OVER), _S.ACCEPTED, "returned", says_why),
    _row(Step.RETURN, _R, (_S.DISPATCHED, _S.TAKEN_OVER), _S.REGISTERED, "returned", says_why),
    # ── 单位没有人可以办理: 由系统退回中心另行分派; 已终止调解、已立案的保持原状 (第二十一条、第四十一条) ──
    _row(Step.SEND_BACK, _C, (_S.DISPATCHED, *_AT_THE_UNIT), _S.ACCEPTED, "sent_back", only=is_at_a_unit),
    _row(Step.SEND_BACK, _R, (_S.DISPATCHED, _S.TAKEN_OVER), _S.REGISTERED, "sent_back", only=is_at_a_unit),
    _row(Step.SEND_BACK, _C, (_S.MEDIATION_ENDED,), _S.MEDIATION_ENDED, "sent_back", only=is_at_a_unit),
    _row(Step.SEND_BACK, _R, (_S.FILED,), _S.FILED, "sent_back", only=is_at_a_unit),
    _row(Step.DISPATCH, _C, (_S.MEDIATION_ENDED,), _S.MEDIATION_ENDED, "dispatched",
         names_a_unit, major_is_decided, only=is_at_the_centre),
    _row(Step.DISPATCH, _R, (_S.FILED,), _S.FILED, "dispatched",
         names_a_unit, major_is_decided, only=is_at_the_centre),
    # ── 调解与办结 (第十八条至第二十五条) ──
    _row(Step.MEDIATE, _C, (_S.TAKEN_OVER, _S.MEDIATING), _S.MEDIATING, "mediation_started",
         both_agree, says_when_and_where, no_recusal_is_open),
    _row(Step.END_MEDIATION, _C, _AT_THE_UNIT, _S.MEDIATION_ENDED, "mediation_ended",
         names_an_end, says_why, no_test_runs, no_recusal_is_open),
    _row(Step.CLOSE, _C, (*_AT_THE_UNIT, _S.MEDIATION_ENDED), _S.CLOSED, "closed",
         names_an_outcome, ended_on_a_ground, has_minutes, says_what_came_back, no_test_runs, no_recusal_is_open),
    _row(Step.SETTLE, _C, _OPEN, _S.CLOSED, "settled"),
    # ── 举报 (第二十八条至第三十六条; 撤回不免除核查，是旁边的记录) ──
    _row(Step.NOT_HANDLE, _R, _UNDECIDED, _S.CLOSED, "not_handled",
         names_a_report_ground, names_the_way, repeats_an_earlier_one),
    _row(Step.FILE, _R, (_S.TAKEN_OVER,), _S.FILED, "filed"),
    _row(Step.NOT_FILE, _R, (_S.TAKEN_OVER,), _S.CLOSED, "not_filed", says_why),
    _row(Step.CLOSE, _R, (_S.FILED,), _S.CLOSED, "closed", names_an_outcome),
    # ── 咨询 ──
    _row(Step.ANSWER, _Q, (_S.REGISTERED,), _S.CLOSED, "answered", says_why),
    # ── 撤回 ──
    _row(Step.WITHDRAW, _C | _Q, _OPEN, _S.WITHDRAWN, "withdrawn"),
    # ── 办结以后 ──
    _row(Step.REOPEN, _C, (_S.CLOSED,), _S.ACCEPTED, "reopened", says_why, inside_the_window),
    _row(Step.ARCHIVE, _C | _R | _Q, _OVER, _S.ARCHIVED, "archived"),
)  # fmt: skip

#: The work is done: no limit runs, no card waits.
DONE = frozenset({*_OVER, _S.ARCHIVED})
#: From here no step leads on.
FINAL = frozenset(Status) - {source for row in TABLE for source in row.sources}


def find(case: Case, step: Step) -> Row | None:
    """The row by which `step` leads on from where `case` stands."""
    for row in TABLE:
        fits = row.step is step and case.kind in row.kinds and case.status in row.sources
        if fits and (row.only is None or row.only(case)):
            return row
    return None


def is_at_work(case: Case) -> bool:
    """A unit has received it and is not done."""
    return is_at_a_unit(case) and case.status in (*_AT_THE_UNIT, _S.MEDIATION_ENDED, _S.FILED)


def advance(situation: Situation, step: Step) -> Row:
    """The row to follow. Raises StepNotAllowed, or the error of the first guard that objects."""
    case = situation.case
    row = find(case, step)
    if row is None:
        raise StepNotAllowed(case=case.number, step=step, status=case.status)
    for guard in row.guards:
        if refusal := guard(situation):
            raise refusal
    return row


def possible(case: Case) -> Iterator[Step]:
    """The steps that lead on from here, in the table's order, each once."""
    return iter(dict.fromkeys(row.step for row in TABLE if find(case, row.step) is row))
