"""办结以后: what may still happen to a case that is over, and what to one in the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from casestore.codes import Kind, LinkKind, Outcome, Status, Step
from casestore.errors import CaseError, NotAuthorised, ReasonMissing, StepNotAllowed, WindowClosed
from casestore.model import Case
from casestore.records import Form
from casestore.store import Tx
from tests.casestore.deeds import (
    ask_recusal,
    chats_with_a_card,
    escalate,
    every_clock,
    heard_by_citizens,
    past,
    recuse,
)
from tests.office import DUTY_GROUP, FOOD, MONDAY, Office, acting

Prepare = Callable[[Office], Case]


def supplementing(office: Office) -> Case:
    return office.take(office.have(), Step.ASK_SUPPLEMENT, office.wang, words="请补").case


def ended(office: Office) -> Case:
    return office.take(
        office.mediating(), Step.END_MEDIATION, office.li, end_ground="23-3", words="谈不拢"
    ).case


OPEN: dict[str, Prepare] = {
    "registered": Office.have, "supplementing": supplementing, "accepted": Office.accepted, "dispatched": Office.dispatched,
    "taken_over": Office.taken_over, "mediating": Office.mediating, "mediation_ended": ended,
}  # fmt: skip
anywhere = pytest.mark.parametrize("prepare", OPEN.values(), ids=OPEN)


@anywhere
def test_both_sides_may_settle_at_any_point(office: Office, prepare: Prepare) -> None:
    """Art. 18, S6-3b: 自行和解 closes the case, with what the citizen got back."""
    case = office.take(prepare(office), Step.SETTLE, office.anna, recovered_fen=12_800).case

    assert (case.status, case.outcome, case.recovered_fen) == (Status.CLOSED, Outcome.SETTLED, 12_800)
    assert case.closed_at == office.now
    assert "settled" not in heard_by_citizens(office), "he has his receipt in the talk"


@anywhere
def test_the_citizen_may_withdraw_at_any_point(office: Office, prepare: Prepare) -> None:
    """Art. 23(1)."""
    case = office.take(prepare(office), Step.WITHDRAW, office.anna).case

    assert (case.status, case.closed_at, case.due_at) == (Status.WITHDRAWN, office.now, None)
    assert all(clock.ended_at is not None for clock in every_clock(office, case))


@anywhere
def test_officers_note_for_a_caller_that_he_settled(office: Office, prepare: Prepare) -> None:
    case = prepare(office)

    assert office.take(case, Step.SETTLE, office.wang).case.status is Status.CLOSED
    assert heard_by_citizens(office)[-1] == "settled"


# ── 评价 ──


def rate(office: Office, case: Case, stars: int) -> Case:
    return office.do(
        lambda tx: office.desk.rate(tx, case.id, acting(office.anna), stars, "很快", office.now)
    ).case


@pytest.mark.parametrize(("pressed", "kept"), [(1, 1), (5, 5), (9, 5), (-3, 1)])
def test_a_closed_case_is_rated_once_from_one_to_five(office: Office, pressed: int, kept: int) -> None:
    """S1-4.3, art. 26."""
    case = rate(office, office.closed(), pressed)

    assert case.rating == kept
    assert past(office, case)[-1].words == "很快"
    with pytest.raises(StepNotAllowed):
        rate(office, case, 3)


def test_nothing_else_is_rated_and_by_nobody_else(office: Office) -> None:
    with pytest.raises(StepNotAllowed):
        rate(office, office.taken_over(), 5)
    closed = office.closed()
    with pytest.raises(NotAuthorised):
        office.do(lambda tx: office.desk.rate(tx, closed.id, acting(office.wang), 5, "", office.now))


# ── 重新办理 ──


def reopen(office: Office, case: Case, words: str = "商家没有退款") -> Case:
    return office.take(case, Step.REOPEN, office.anna, words=words).case


def test_the_complainant_has_it_taken_up_again_inside_thirty_days(office: Office) -> None:
    """To the second; with a reason; the duty has it anew."""
    case = rate(office, office.closed(), 2)
    office.now = MONDAY + timedelta(days=30)
    with pytest.raises(ReasonMissing):
        reopen(office, case, " ")
    case = reopen(office, case)

    assert (case.status, case.unit, case.holder) == (Status.ACCEPTED, None, None)
    assert (case.outcome, case.closed_at, case.rating) == (None, None, None)
    assert case.first_officer == office.wang.id
    assert DUTY_GROUP in chats_with_a_card(office, case)


def test_a_second_later_it_is_too_late(office: Office) -> None:
    case = office.closed()
    office.now = MONDAY + timedelta(days=30, seconds=1)

    with pytest.raises(WindowClosed):
        reopen(office, case)
    assert office.newest(case).status is Status.CLOSED


def test_what_was_taken_up_again_is_dispatched_mediated_and_closed_like_a_new_one(office: Office) -> None:
    """Consents and minutes are asked for anew; the window counts from the second end."""
    case = reopen(office, office.closed())
    case = office.take(case, Step.DISPATCH, office.zhao, unit=FOOD).case
    case = office.take(case, Step.TAKE_OVER, office.li).case
    with pytest.raises(CaseError):
        office.take(case, Step.CLOSE, office.li, outcome=Outcome.AGREEMENT, recovered_fen=0)
    case = office.with_minutes(office.consented(case))
    office.now += timedelta(days=20)
    case = office.take(case, Step.CLOSE, office.li, outcome=Outcome.AGREEMENT, recovered_fen=0).case
    office.now += timedelta(days=29)

    assert reopen(office, case).status is Status.ACCEPTED


def test_what_was_declined_or_withdrawn_is_filed_anew_instead(office: Office) -> None:
    for case in (office.declined(), office.take(office.have(), Step.WITHDRAW, office.anna).case):
        with pytest.raises(StepNotAllowed):
            reopen(office, case)


def test_a_stranger_takes_nothing_up_again(office: Office) -> None:
    with pytest.raises(NotAuthorised):
        office.take(office.closed(), Step.REOPEN, office.li, words="x")


# ── 回访 (art. 26, S2-3.5, S5-1.4) ──


def test_a_closed_case_is_followed_up_and_its_rectification_checked(office: Office) -> None:
    case = office.closed()
    office.record(case, Form.FOLLOW_UP, office.wang, satisfied="partly", words="款已退")
    office.record(case, Form.RECTIFIED, office.li, done="yes", words="已下架")

    assert office.history(case)[-2:] == ["followed_up", "rectification_checked"]
    assert office.newest(case).status is Status.CLOSED


# ── 归档 (S9-7) ──


def archived(office: Office) -> Case:
    return office.take(office.closed(), Step.ARCHIVE, office.wang).case


@pytest.mark.parametrize(
    "prepare",
    [Office.closed, Office.declined, lambda office: office.take(office.have(), Step.WITHDRAW, office.anna).case],
)  # fmt: skip
def test_what_is_over_is_archived_and_keeps_when_it_ended(office: Office, prepare: Prepare) -> None:
    before = prepare(office)
    office.now += timedelta(days=40)
    case = office.take(before, Step.ARCHIVE, office.wang).case

    assert (case.status, case.closed_at, case.outcome) == (Status.ARCHIVED, before.closed_at, before.outcome)


@anywhere
def test_nothing_open_is_archived(office: Office, prepare: Prepare) -> None:
    with pytest.raises(StepNotAllowed):
        office.take(prepare(office), Step.ARCHIVE, office.wang)


def test_no_step_changes_what_is_archived(office: Office) -> None:
    case = archived(office)
    for step in Step:
        for who in (office.wang, office.li, office.sun, office.anna):
            with pytest.raises(CaseError):
                office.take(case, step, who, words="x", outcome=Outcome.SETTLED, recovered_fen=0, unit=FOOD)
    assert office.newest(case) == case


def test_nor_does_anything_beside_the_steps(office: Office) -> None:
    """S9-7: no record, no link, no request, no material, no rating."""
    case, other, desk = archived(office), office.have(), office.desk
    officer, citizen, at = acting(office.wang), acting(office.anna), office.now
    tries: list[Callable[[Tx], object]] = [
        lambda tx: desk.record(tx, case.id, Form.NOTE, officer, {"words": "x"}, at),
        lambda tx: desk.matters.link(tx, case.id, other.number, LinkKind.REPEAT, officer, at),
        lambda tx: desk.matters.link(tx, other.id, case.number, LinkKind.REPEAT, officer, at),
        lambda tx: desk.matters.open_report(tx, case.id, officer, "x", at),
        lambda tx: desk.supplement(tx, case.id, citizen, (), "x", at),
        lambda tx: desk.rate(tx, case.id, citizen, 5, "", at),
    ]
    for attempt in tries:
        with pytest.raises(StepNotAllowed):
            office.do(attempt)
    for ask in (escalate, ask_recusal):
        with pytest.raises(StepNotAllowed):
            ask(office, case, office.wang)
    assert office.newest(case) == case
    assert office.history(case)[-1] == "archived"


def test_an_interest_is_declared_in_the_archive_too(office: Office) -> None:
    """S7-5b: what he must not see he must not look up either."""
    case = recuse(office, archived(office), office.zhao)

    with pytest.raises(NotAuthorised):
        office.do(lambda tx: office.desk.reveal(tx, case.id, acting(office.zhao), office.now))


def test_every_track_ends_in_the_archive(office: Office) -> None:
    """S2-2.2, S2-3.3: 投诉, 举报, 咨询."""
    answered = office.take(
        office.have(kind=Kind.CONSULTATION), Step.ANSWER, office.wang, words="可以退。"
    ).case
    report = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
    for step, facts in ((Step.TAKE_OVER, {}), (Step.FILE, {}), (Step.CLOSE, {"outcome": Outcome.PUNISHED})):
        report = office.take(report, step, office.li, **facts).case
    for case in (answered, report, office.closed()):
        assert office.take(case, Step.ARCHIVE, office.wang).case.status is Status.ARCHIVED
