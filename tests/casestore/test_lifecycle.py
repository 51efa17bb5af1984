"""The life of a case, table-driven: this table is written from the law, not from the code."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.codes import (
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
    GroundMissing,
    InformerQuiet,
    OutcomeMissing,
    ReasonMissing,
    RecoveryMissing,
    RepeatMissing,
    StatuteMissing,
    StepNotAllowed,
    UnitMissing,
    WayMissing,
)
from casestore.lifecycle import DONE, FINAL, TABLE, Facts, Situation, advance, find, possible
from casestore.model import Approval, Case, OfficerId
from tests.casestore.builders import FOOD, QUALITY, a_case, a_request, an_event, consent

#: All that a step could be told, and all that can have been recorded: no guard has anything to miss.
TOLD = Facts(
    unit=FOOD, ground=Ground.TOO_OLD, outcome=Outcome.AGREEMENT, recovered_fen=0, end_ground=EndGround.NO_AGREEMENT, words="理由",
    fields={"when": "周三下午三点", "place": "消保科", "mediators": "李娜、周平"},
)  # fmt: skip
PAST = (consent("citizen"), consent("merchant"), an_event("minutes_recorded"))


def prepared(case: Case, requests: tuple[Approval, ...] = ()) -> Situation:
    told = replace(TOLD, ground=ReportGround.NOT_A_REPORT) if case.kind is Kind.REPORT else TOLD
    return Situation(case, told, requests, PAST)


#: kind: (from, step, to, event).
LIFE = """
complaint registered ask_supplement supplementing supplement_asked
complaint supplementing supplement registered supplemented
complaint registered accept accepted accepted
complaint supplementing accept accepted accepted
complaint registered decline declined declined
complaint supplementing decline declined declined
complaint accepted dispatch dispatched dispatched
complaint dispatched take_over taken_over taken_over
complaint dispatched return accepted returned
complaint taken_over return accepted returned
complaint dispatched send_back accepted sent_back
complaint taken_over send_back accepted sent_back
complaint mediating send_back accepted sent_back
complaint mediation_ended send_back mediation_ended sent_back
complaint taken_over mediate mediating mediation_started
complaint mediating mediate mediating mediation_started
complaint taken_over end_mediation mediation_ended mediation_ended
complaint mediating end_mediation mediation_ended mediation_ended
complaint taken_over close closed closed
complaint mediating close closed closed
complaint mediation_ended close closed closed
complaint registered settle closed settled
complaint supplementing settle closed settled
complaint accepted settle closed settled
complaint dispatched settle closed settled
complaint taken_over settle closed settled
complaint mediating settle closed settled
complaint mediation_ended settle closed settled
complaint registered withdraw withdrawn withdrawn
complaint supplementing withdraw withdrawn withdrawn
complaint accepted withdraw withdrawn withdrawn
complaint dispatched withdraw withdrawn withdrawn
complaint taken_over withdraw withdrawn withdrawn
complaint mediating withdraw withdrawn withdrawn
complaint mediation_ended withdraw withdrawn withdrawn
complaint closed reopen accepted reopened
complaint closed archive archived archived
complaint declined archive archived archived
complaint withdrawn archive archived archived
report registered ask_supplement supplementing supplement_asked
report supplementing supplement registered supplemented
report registered dispatch dispatched dispatched
report supplementing dispatch dispatched dispatched
report dispatched take_over taken_over taken_over
report dispatched return registered returned
report taken_over return registered returned
report dispatched send_back registered sent_back
report taken_over send_back registered sent_back
report filed send_back filed sent_back
report taken_over file filed filed
report registered not_handle closed not_handled
report supplementing not_handle closed not_handled
report taken_over not_file closed not_filed
report filed close closed closed
report closed archive archived archived
consultation registered answer closed answered
consultation registered withdraw withdrawn withdrawn
consultation closed archive archived archived
consultation withdrawn archive archived archived
"""
ALLOWED = {
    (Kind(kind), Status(source), Step(step)): (Status(target), event)
    for kind, source, step, target, event in (line.split() for line in LIFE.strip().splitlines())
}
#: Where a case of a kind can stand at all.
REACHABLE = {(kind, source) for kind, source, _ in ALLOWED} | {
    (kind, target) for (kind, _, _), (target, _) in ALLOWED.items()
}
#: The work is done; only the archive follows, and for a closed complaint its reopening.
OVER = {Status.CLOSED, Status.DECLINED, Status.WITHDRAWN}


@pytest.mark.parametrize(("kind", "source"), sorted(REACHABLE))
def test_from_each_state_exactly_the_steps_of_the_rules_lead_on(kind: Kind, source: Status) -> None:
    """Every step × every state of every kind: allowed as the table says, refused otherwise."""
    case = a_case(source, kind)

    for step in Step:
        expected = ALLOWED.get((kind, source, step))
        if expected is None:
            with pytest.raises(StepNotAllowed) as refused:
                advance(prepared(case), step)
            assert refused.value.facts == {"case": case.number, "step": step, "status": source}
        else:
            row = advance(prepared(case), step)
            assert (row.target, row.event) == expected


@pytest.mark.parametrize(
    ("kind", "status"), [(Kind.COMPLAINT, Status.MEDIATION_ENDED), (Kind.REPORT, Status.FILED)]
)
def test_what_came_back_late_is_dispatched_from_where_it_stands(kind: Kind, status: Status) -> None:
    """立案 and 终止调解 are not undone by a change of hands; while a unit has the case it goes nowhere else."""
    back = a_case(status, kind, unit=None)

    assert advance(prepared(back), Step.DISPATCH).target is status
    assert Step.SEND_BACK not in set(possible(back))
    with pytest.raises(StepNotAllowed):
        advance(prepared(a_case(status, kind)), Step.DISPATCH)


def test_no_step_leaves_the_archive() -> None:
    """S9-7: what is archived stays as it is, whatever the kind."""
    assert {Status.ARCHIVED} == FINAL
    assert OVER | {Status.ARCHIVED} == DONE
    for kind in Kind:
        assert list(possible(a_case(Status.ARCHIVED, kind))) == []


@pytest.mark.parametrize("status", sorted(OVER))
def test_from_an_end_only_the_archive_follows_and_a_closed_complaint_may_come_back(status: Status) -> None:
    """不予受理 and 撤回 are never undone: whoever wants it again files anew."""
    for kind in Kind:
        back = [Step.REOPEN] if (kind, status) == (Kind.COMPLAINT, Status.CLOSED) else []
        assert list(possible(a_case(status, kind))) == [*back, Step.ARCHIVE]


@given(st.sampled_from(Kind), st.lists(st.sampled_from(Step), max_size=40), st.booleans())
def test_whatever_steps_are_tried_the_archive_is_the_last(kind: Kind, steps: list[Step], major: bool) -> None:
    """Walks at random: a case reaches only states of its kind, and stays where it ended."""
    case = a_case(kind=kind, grade=Grade.MAJOR if major else Grade.ORDINARY)
    ended = False
    for step in steps:
        try:
            row = advance(prepared(case), step)
        except CaseError:
            continue
        assert not ended
        case = a_case(row.target, kind, grade=case.grade)
        assert (kind, case.status) in REACHABLE
        ended = case.status is Status.ARCHIVED


@pytest.mark.parametrize(("kind", "status"), sorted(REACHABLE))
def test_every_open_case_can_be_ended(kind: Kind, status: Status) -> None:
    """No state is a trap: from each the archive can be reached."""
    reached, waiting = set[Status](), [status]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += [target for (k, s, _), (target, _) in ALLOWED.items() if (k, s) == (kind, here)]

    assert Status.ARCHIVED in reached


@pytest.mark.parametrize(
    ("kind", "status", "steps"),
    [
        (Kind.COMPLAINT, Status.REGISTERED, ["ask_supplement", "accept", "decline", "settle", "withdraw"]),
        (Kind.COMPLAINT, Status.TAKEN_OVER, ["return", "send_back", "mediate", "end_mediation", "close", "settle", "withdraw"]),
        (Kind.COMPLAINT, Status.MEDIATION_ENDED, ["send_back", "close", "settle", "withdraw"]),
        (Kind.REPORT, Status.REGISTERED, ["ask_supplement", "dispatch", "not_handle"]),
        (Kind.REPORT, Status.TAKEN_OVER, ["return", "send_back", "file", "not_file"]),
        (Kind.CONSULTATION, Status.REGISTERED, ["answer", "withdraw"]),
        (Kind.COMPLAINT, Status.CLOSED, ["reopen", "archive"]),
    ],
)  # fmt: skip
def test_the_steps_are_offered_in_the_tables_order(kind: Kind, status: Status, steps: list[str]) -> None:
    assert [step.value for step in possible(a_case(status, kind))] == steps


# ── what must hold ──


@pytest.mark.parametrize("words", ["", "  ", "\n"])
@pytest.mark.parametrize(
    ("kind", "status", "step"),
    [
        (Kind.COMPLAINT, Status.REGISTERED, Step.ASK_SUPPLEMENT), (Kind.COMPLAINT, Status.DISPATCHED, Step.RETURN),
        (Kind.COMPLAINT, Status.TAKEN_OVER, Step.RETURN), (Kind.REPORT, Status.TAKEN_OVER, Step.RETURN),
        (Kind.REPORT, Status.TAKEN_OVER, Step.NOT_FILE), (Kind.CONSULTATION, Status.REGISTERED, Step.ANSWER),
        (Kind.COMPLAINT, Status.MEDIATING, Step.END_MEDIATION), (Kind.COMPLAINT, Status.CLOSED, Step.REOPEN),
    ],
)  # fmt: skip
def test_a_step_that_must_say_why_is_refused_without_words(
    kind: Kind, status: Status, step: Step, words: str
) -> None:
    with pytest.raises(ReasonMissing):
        advance(Situation(a_case(status, kind), replace(TOLD, words=words)), step)


def test_a_complaint_is_declined_on_a_ground_of_article_16_or_not_at_all() -> None:
    """Art. 16, C3: seven grounds, nothing else; words alone are none."""
    case = a_case(Status.REGISTERED)

    with pytest.raises(GroundMissing):
        advance(Situation(case, Facts(words="与我无关")), Step.DECLINE)
    assert len(Ground) == 7
    for ground in set(Ground) - {Ground.OTHER_LAW}:
        assert advance(Situation(case, Facts(ground=ground)), Step.DECLINE).target is Status.DECLINED
    for other in ReportGround:
        with pytest.raises(GroundMissing):
            advance(Situation(case, Facts(ground=other, words="《某条例》第三条")), Step.DECLINE)


@pytest.mark.parametrize("words", ["", "…", "法律有规定", "不予受理", "第三条", "《某某条例》"])
def test_the_seventh_ground_is_none_without_its_statute_and_article(words: str) -> None:
    """Art. 16(7), whatever channel it comes by: 法律、法规、规章规定 — which one says so."""
    case = a_case(Status.REGISTERED)

    with pytest.raises(StatuteMissing):
        advance(Situation(case, Facts(ground=Ground.OTHER_LAW, words=words)), Step.DECLINE)


@pytest.mark.parametrize(
    "words", ["《某某条例》第三条", "某条例第三条", "依照价格法第十二条第一款", "某办法\n第 7 条"]
)
def test_with_its_statute_the_seventh_ground_declines(words: str) -> None:
    facts = Facts(ground=Ground.OTHER_LAW, words=words)

    assert advance(Situation(a_case(Status.REGISTERED), facts), Step.DECLINE).target is Status.DECLINED


# ── 举报 that are not handled here ──

FIRST = a_case(Status.TAKEN_OVER, Kind.REPORT)
AGAIN = ReportGround.SAME_FACT_AGAIN


def not_handling(
    ground: ReportGround | Ground | None, words: str = "", repeats: tuple[Case, ...] = ()
) -> Situation:
    return Situation(
        a_case(Status.REGISTERED, Kind.REPORT), Facts(ground=ground, words=words), repeats=repeats
    )


@pytest.mark.parametrize("ground", [None, *Ground])
def test_a_report_is_left_unchecked_on_four_grounds_of_the_law_and_no_other(ground: Ground | None) -> None:
    """Art. 34, 35, 44 of 121号令; what declines a complaint (art. 16) ends no report."""
    assert [one.value for one in ReportGround] == ["34-1", "34-2", "35", "44"]
    with pytest.raises(GroundMissing):
        advance(not_handling(ground, "《某条例》第三条", (FIRST,)), Step.NOT_HANDLE)


@pytest.mark.parametrize("ground", sorted(set(ReportGround) - {AGAIN}))
def test_the_informer_is_told_whom_to_turn_to_instead(ground: ReportGround) -> None:
    """Art. 34, 44: without the way out no report is turned away."""
    for nothing in ("", " ", "……"):
        with pytest.raises(WayMissing):
            advance(not_handling(ground, nothing), Step.NOT_HANDLE)
    assert advance(not_handling(ground, "某市市场监督管理局"), Step.NOT_HANDLE).target is Status.CLOSED


def test_a_repeat_is_one_of_an_earlier_report_that_it_is_linked_to() -> None:
    """Art. 35: 不再另行处理, for the first is handled."""
    with pytest.raises(RepeatMissing):
        advance(not_handling(AGAIN, "与前一件相同"), Step.NOT_HANDLE)
    assert advance(not_handling(AGAIN, repeats=(FIRST,)), Step.NOT_HANDLE).event == "not_handled"


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.REGISTERED, Status.SUPPLEMENTING}))
def test_once_a_unit_has_a_report_it_is_checked_or_given_back(status: Status) -> None:
    """Art. 41: a unit without competence gives it back to the centre, which then tells the informer."""
    assert find(a_case(status, Kind.REPORT), Step.NOT_HANDLE) is None


def test_no_report_is_withdrawn_from_the_office() -> None:
    """行政处罚程序规定第18条: the clue is checked, whatever its informer wishes; no step takes it off the desk."""
    for status in Status:
        assert find(a_case(status, Kind.REPORT), Step.WITHDRAW) is None


def test_nobody_is_asked_who_wants_to_hear_no_more() -> None:
    case = a_case(Status.REGISTERED, Kind.REPORT, quiet=True)

    with pytest.raises(InformerQuiet):
        advance(Situation(case, TOLD), Step.ASK_SUPPLEMENT)


@pytest.mark.parametrize("outcome", [Outcome.AGREEMENT, Outcome.SETTLED])
def test_what_both_sides_agreed_about_is_closed_with_the_sum_that_came_back(outcome: Outcome) -> None:
    """挽回损失, whichever channel closes it; nothing is a sum too."""
    case = a_case(Status.MEDIATING)

    with pytest.raises(RecoveryMissing):
        advance(Situation(case, Facts(outcome=outcome), events=PAST), Step.CLOSE)
    facts = Facts(outcome=outcome, recovered_fen=0)
    assert advance(Situation(case, facts, events=PAST), Step.CLOSE).target is Status.CLOSED


@pytest.mark.parametrize(
    ("kind", "status"), [(Kind.COMPLAINT, Status.MEDIATING), (Kind.REPORT, Status.FILED)]
)
def test_a_case_is_closed_with_an_outcome(kind: Kind, status: Status) -> None:
    with pytest.raises(OutcomeMissing):
        advance(Situation(a_case(status, kind), Facts(words="好了")), Step.CLOSE)


@pytest.mark.parametrize(
    ("kind", "status"), [(Kind.COMPLAINT, Status.ACCEPTED), (Kind.REPORT, Status.REGISTERED)]
)
def test_a_case_is_dispatched_to_a_named_unit(kind: Kind, status: Status) -> None:
    with pytest.raises(UnitMissing):
        advance(Situation(a_case(status, kind), Facts()), Step.DISPATCH)


@pytest.mark.parametrize(
    ("kind", "status"), [(Kind.COMPLAINT, Status.ACCEPTED), (Kind.REPORT, Status.REGISTERED)]
)
@pytest.mark.parametrize(
    ("grade", "requests", "goes"),
    [
        (Grade.ORDINARY, [], True),
        (Grade.ORDINARY, [a_request()], False),
        (Grade.ORDINARY, [a_request(decision=Decision.REFUSED)], True),
        (Grade.ORDINARY, [a_request(decision=Decision.APPROVED)], True),
        (Grade.MAJOR, [], False),
        (Grade.MAJOR, [a_request()], False),
        (Grade.MAJOR, [a_request(decision=Decision.REFUSED)], False),
        (Grade.MAJOR, [a_request(decision=Decision.APPROVED)], True),
        (Grade.MAJOR, [a_request(decision=Decision.APPROVED), a_request()], False),
    ],
)
def test_a_major_or_escalated_case_is_not_dispatched_before_it_is_decided(
    kind: Kind, status: Status, grade: Grade, requests: list[Approval], goes: bool
) -> None:
    """S9-6: the supervisor decides first; whoever asked."""
    situation = Situation(a_case(status, kind, grade=grade), Facts(unit=FOOD), tuple(requests))

    if goes:
        assert advance(situation, Step.DISPATCH).target is Status.DISPATCHED
    else:
        with pytest.raises(AwaitsApproval):
            advance(situation, Step.DISPATCH)


@pytest.mark.parametrize("kind", [kind for kind in ApprovalKind if kind is not ApprovalKind.ESCALATION])
def test_only_the_answer_to_an_escalation_lets_a_major_case_go(kind: ApprovalKind) -> None:
    """S9-6: that somebody agreed to a longer limit is no word on who handles it."""
    other = replace(a_request(decision=Decision.APPROVED), kind=kind)

    with pytest.raises(AwaitsApproval):
        advance(prepared(a_case(Status.ACCEPTED, grade=Grade.MAJOR), (other,)), Step.DISPATCH)
    assert advance(prepared(a_case(Status.ACCEPTED), (replace(other, decision=None),)), Step.DISPATCH)


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.DISPATCH])
def test_an_open_escalation_holds_up_the_dispatch_and_nothing_else(step: Step) -> None:
    waiting = (a_request(OfficerId(1)),)
    for kind, status in REACHABLE:
        if (kind, status, step) in ALLOWED:
            assert advance(prepared(a_case(status, kind, grade=Grade.MAJOR), waiting), step)


# ── what never happens ──


@pytest.mark.parametrize("status", [Status.DISPATCHED, Status.TAKEN_OVER, Status.MEDIATING, Status.FILED])
def test_a_unit_returns_a_case_to_the_centre_and_never_hands_it_sideways(status: Status) -> None:
    """Art. 41: 反馈 to the centre, 不得自行移送: at a unit nothing dispatches again."""
    for kind in Kind:
        case = a_case(status, kind, unit=QUALITY)
        assert find(case, Step.DISPATCH) is None
        if row := find(case, Step.RETURN):
            assert row.target in (Status.ACCEPTED, Status.REGISTERED)


def test_a_returned_case_is_back_where_the_centre_dispatches_it_anew() -> None:
    for kind in (Kind.COMPLAINT, Kind.REPORT):
        row = find(a_case(Status.DISPATCHED, kind), Step.RETURN)
        assert row is not None
        assert find(a_case(row.target, kind), Step.DISPATCH) is not None


def test_a_report_is_never_accepted_declined_or_mediated() -> None:
    """Art. 3: a report is checked and filed or not; mediation is for complaints alone."""
    for status in Status:
        case = a_case(status, Kind.REPORT)
        assert [step for step in (Step.ACCEPT, Step.DECLINE, Step.MEDIATE) if find(case, step)] == []


def test_a_complaint_is_never_filed_as_a_violation() -> None:
    """S3-3.4: what is found of a violation becomes a report of its own."""
    for status in Status:
        assert [step for step in (Step.FILE, Step.NOT_FILE) if find(a_case(status), step)] == []


def test_no_two_lines_of_the_table_compete() -> None:
    seen = [(kind, source, row.step) for row in TABLE for kind in row.kinds for source in row.sources]

    assert len(seen) == len(set(seen))
