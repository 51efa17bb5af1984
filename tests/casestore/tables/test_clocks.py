"""时限: which clocks an event starts and stops, and that none runs on for a case that is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from casestore import lifecycle
from casestore.codes import EndGround, Grade, Ground, Kind, Outcome, ReportGround, Step
from casestore.model import Case, CitizenId, Officer
from casestore.tables import clocks
from casestore.workdays import CHINA
from tests.office import FOOD, MONDAY, Office


def running(office: Office, case: Case) -> list[str]:
    return sorted(clock.limit.code for clock in office.do(lambda tx: clocks.running(tx, case.id)))


def test_registration_starts_the_clocks_of_its_kind(office: Office) -> None:
    assert running(office, office.have()) == ["acceptance", "decline_notice", "first_review", "handling"]
    assert running(office, office.have(kind=Kind.REPORT)) == ["first_review", "report_check"]
    assert running(office, office.have(kind=Kind.CONSULTATION)) == ["first_review"]


def test_acceptance_stops_what_it_answers_and_starts_what_it_promises(office: Office) -> None:
    assert running(office, office.accepted()) == ["first_reply", "handling", "mediation"]
    assert running(office, office.dispatched()) == ["handling", "mediation"]
    assert running(office, office.taken_over()) == ["mediation"]


def test_a_clock_that_was_stopped_says_when(office: Office) -> None:
    case = office.have()
    office.now = MONDAY + timedelta(hours=3)
    office.take(case, Step.ACCEPT, office.wang)

    ended = {clock.limit.code: clock for clock in office.do(lambda tx: clocks.of_case(tx, case.id))}
    assert ended["acceptance"].ended_at == office.now
    assert ended["acceptance"].started_at == MONDAY
    assert ended["handling"].ended_at is None
    assert ended["mediation"].started_at == office.now


@pytest.mark.parametrize(("days", "met"), [(7, True), (11, False)])
def test_whether_a_limit_was_met_can_be_read_from_its_clock(office: Office, days: int, met: bool) -> None:
    """Seven working days from Monday the 23rd end on Wednesday the 2nd at 24:00, not before."""
    case = office.have()
    office.now = MONDAY + timedelta(days=days)
    office.take(case, Step.ACCEPT, office.wang)

    (clock,) = [
        one for one in office.do(lambda tx: clocks.of_case(tx, case.id)) if one.limit.code == "acceptance"
    ]
    assert clock.due_at.astimezone(CHINA) == datetime(2026, 12, 3, tzinfo=CHINA)
    assert clock.ended_at is not None
    assert (clock.ended_at < clock.due_at) is met


def test_the_case_shows_the_limit_that_ends_next(office: Office) -> None:
    case = office.have()
    assert case.due_limit == "first_review"
    accepted = office.take(case, Step.ACCEPT, office.wang).case
    assert accepted.due_limit == "first_reply"
    first = office.do(lambda tx: clocks.running(tx, case.id))[0]
    assert accepted.due_at == first.due_at
    assert accepted.due_at is not None
    assert accepted.due_at > MONDAY


Steps = list[tuple[Step, Officer | CitizenId, dict[str, object]]]


def test_no_clock_runs_for_a_case_that_is_over(office: Office) -> None:
    """Else figures and reminders would call a decided case late for ever."""
    o = office
    to_unit: Steps = [(Step.DISPATCH, o.wang, {"unit": FOOD}), (Step.TAKE_OVER, o.li, {})]
    ways: list[tuple[Kind, Steps]] = [
        (Kind.COMPLAINT, [(Step.DECLINE, o.wang, {"ground": Ground.TOO_OLD})]),
        (
            Kind.COMPLAINT,
            [
                (Step.ACCEPT, o.wang, {}),
                *to_unit,
                (Step.CLOSE, o.li, {"outcome": Outcome.SETTLED, "recovered_fen": 0}),
            ],
        ),
        (Kind.COMPLAINT, [(Step.SETTLE, o.anna, {})]),
        (
            Kind.COMPLAINT,
            [
                (Step.ACCEPT, o.wang, {}),
                *to_unit,
                (Step.END_MEDIATION, o.li, {"end_ground": EndGround.NO_AGREEMENT, "words": "谈不拢"}),
                (Step.CLOSE, o.li, {"outcome": Outcome.MEDIATION_ENDED}),
            ],
        ),
        (Kind.REPORT, [*to_unit, (Step.NOT_FILE, o.li, {"words": "未发现违法行为"})]),
        (Kind.REPORT, [*to_unit, (Step.FILE, o.li, {}), (Step.CLOSE, o.li, {"outcome": Outcome.PUNISHED})]),
        (
            Kind.REPORT,
            [(Step.NOT_HANDLE, o.wang, {"ground": ReportGround.NOT_A_REPORT, "words": "请申请复议"})],
        ),
        (Kind.CONSULTATION, [(Step.ANSWER, o.wang, {"words": "可以退。"})]),
    ]
    for kind, steps in ways:
        case = office.have(kind=kind)
        for step, by, facts in steps:
            case = office.take(case, step, by, **facts).case
        assert case.status in lifecycle.DONE
        assert running(office, case) == [], (kind, steps[-1][0])
        assert (case.due_limit, case.due_at) == ("", None)


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.CONSULTATION])
def test_a_withdrawal_stops_every_clock(office: Office, kind: Kind) -> None:
    assert running(office, office.take(office.have(kind=kind), Step.WITHDRAW, office.anna).case) == []


def test_an_escalation_stops_no_clock_of_the_law(office: Office) -> None:
    """第十五条 knows no pause for asking the director."""
    case = office.have(amount_fen=9_000_000)
    assert case.grade is Grade.MAJOR

    assert "acceptance" in running(office, case)
