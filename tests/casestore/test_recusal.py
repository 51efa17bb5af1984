"""回避: who steps back, or is asked to, is nowhere in the case from then on (S7-5b, art. 21)."""

from __future__ import annotations

import pytest

from casestore.codes import EndGround, Kind, LinkKind, Outcome, Role, Status, Step
from casestore.errors import (
    AlreadyEscalated,
    CaseError,
    NotAuthorised,
    NothingToDecide,
    OwnRequest,
    ReasonMissing,
    RecusalPending,
    StaffRecused,
    StepNotAllowed,
)
from casestore.model import Case, Officer
from casestore.records import Form
from tests.casestore.deeds import (
    ask_recusal,
    chats_with_a_card,
    decide_recusal,
    escalate,
    heard_by_citizens,
    heard_by_staff,
    lines,
    owed,
    past,
    recuse,
    stays_away,
)
from tests.office import DUTY_GROUP, FOOD, Office, acting


def test_whoever_steps_back_holds_nothing_of_it_any_more(office: Office) -> None:
    case = recuse(office, office.accepted(), office.wang)

    assert (case.holder, case.first_officer) == (None, None)
    assert stays_away(office, case) == {office.wang.id}
    assert past(office, case)[-1].facts == {"officer": office.wang.id}


def test_no_step_is_left_to_him(office: Office) -> None:
    case = recuse(office, office.accepted(), office.wang)

    for step in Step:
        with pytest.raises(NotAuthorised):
            office.take(case, step, office.wang, unit=FOOD, words="x")


def test_every_other_way_into_the_case_is_shut_too(office: Office) -> None:
    """Records, links, requests, a look at the sealed part: all ask the one question."""
    case, other = recuse(office, office.accepted(), office.wang), office.have()
    him, desk, at = acting(office.wang), office.desk, office.now
    ways = [
        lambda tx: desk.record(tx, case.id, Form.NOTE, him, {"words": "x"}, at),
        lambda tx: desk.reveal(tx, case.id, him, at),
        lambda tx: desk.supplement(tx, case.id, him, (), "x", at),
        lambda tx: desk.requests.escalate(tx, case.id, him, "x", at),
        lambda tx: desk.requests.ask_recusal(tx, case.id, him, "x", at),
        lambda tx: desk.requests.publish(tx, case.id, him, "x", at),
        lambda tx: desk.matters.open_report(tx, case.id, him, "x", at),
        lambda tx: desk.matters.link(tx, other.id, case.number, LinkKind.REPEAT, him, at),
        lambda tx: desk.recuse(tx, case.id, him, at),
    ]
    for way in ways:
        with pytest.raises(StaffRecused):
            office.do(way)


def test_the_duty_sees_it_in_private_chats_from_then_on(office: Office) -> None:
    """The group would show it to him."""
    case = recuse(office, office.accepted(), office.wang)
    assert "1002" in chats_with_a_card(office, case)
    withdrawn = office.take(case, Step.WITHDRAW, office.anna).case
    told = [chat for chat, _ in heard_by_staff(office)]
    assert withdrawn.status is Status.WITHDRAWN
    assert told == ["1002"], "neither the group nor he"


def test_a_recused_supervisor_gets_no_card_of_a_request(office: Office) -> None:
    case = recuse(office, office.accepted(), office.sun)
    escalate(office, case, office.wang)

    assert "1004" not in chats_with_a_card(office, case)


# ── a party asks (art. 21) ──


def test_a_party_asks_and_the_mediation_stands_still_until_it_is_decided(office: Office) -> None:
    case = office.with_minutes(office.mediating())
    taken = ask_recusal(office, case, office.anna)

    assert (taken.event.kind, taken.event.facts) == ("recusal_asked", {"officer": office.li.id})
    plan = {"when": "周三", "place": "消保科", "mediators": "李娜"}
    for step, facts in (
        (Step.MEDIATE, {"fields": plan}),
        (Step.CLOSE, {"outcome": Outcome.AGREEMENT, "recovered_fen": 0}),
        (Step.END_MEDIATION, {"end_ground": EndGround.NO_AGREEMENT, "words": "谈不拢"}),
    ):
        with pytest.raises(RecusalPending):
            office.take(case, step, office.li, **facts)
    assert "1004" in chats_with_a_card(office, case)

    decide_recusal(office, case, office.sun, granted=False)
    assert (
        office.take(case, Step.CLOSE, office.li, outcome=Outcome.AGREEMENT, recovered_fen=0).case.status
        is Status.CLOSED
    )
    assert heard_by_citizens(office)[-2:] == ["recusal_decided", "closed"]


def test_granted_the_case_is_no_longer_there_for_whom_it_was_about(office: Office) -> None:
    zhou = office.person("周平", Role.UNIT_HEAD, FOOD, "1005")
    case = office.mediating()
    ask_recusal(office, case, office.anna)
    taken = decide_recusal(office, case, office.sun, granted=True)

    assert taken.event.facts == {"officer": office.li.id, "granted": True}
    assert taken.case.holder == zhou.id
    with pytest.raises(StaffRecused):
        office.record(case, Form.NOTE, office.li, words="x")
    assert office.record(case, Form.NOTE, zhou, words="x").version > case.version


def test_the_mediations_legal_limit_runs_on_meanwhile(office: Office) -> None:
    """Only testing stops it (art. 22)."""
    case = office.mediating()
    ask_recusal(office, case, office.anna)

    assert lines(office, case, "mediation") == ["started"]


def test_a_supervisor_decides_but_not_about_himself(office: Office) -> None:
    case = office.take(office.have(), Step.ACCEPT, office.sun).case
    ask_recusal(office, case, office.anna)
    for officer in (office.wang, office.li):
        with pytest.raises(NotAuthorised):
            decide_recusal(office, case, officer, granted=False)
    with pytest.raises(OwnRequest):
        decide_recusal(office, case, office.sun, granted=False)

    head = office.person("钱局长", Role.HEAD, None, "1009")
    assert decide_recusal(office, case, head, granted=True).case.holder is None


def test_an_application_says_why_and_about_whom(office: Office) -> None:
    case = office.accepted()
    with pytest.raises(ReasonMissing):
        ask_recusal(office, case, office.anna, "  ")
    with pytest.raises(StepNotAllowed):
        ask_recusal(office, office.have(), office.anna)  # nobody holds it yet
    with pytest.raises(StepNotAllowed):
        ask_recusal(office, office.closed(), office.anna)
    ask_recusal(office, case, office.anna)
    with pytest.raises(AlreadyEscalated):
        ask_recusal(office, case, office.anna)


def test_nothing_is_decided_that_nobody_asked_and_nothing_twice(office: Office) -> None:
    case = office.accepted()
    with pytest.raises(NothingToDecide):
        decide_recusal(office, case, office.sun, granted=True)
    ask_recusal(office, case, office.anna)
    decide_recusal(office, case, office.sun, granted=True)
    with pytest.raises(NothingToDecide):
        decide_recusal(office, case, office.sun, granted=True)


def test_who_stepped_back_before_it_was_decided_is_recused_once(office: Office) -> None:
    case = office.accepted()
    ask_recusal(office, case, office.anna)
    recuse(office, case, office.wang)
    decide_recusal(office, case, office.sun, granted=True)

    assert stays_away(office, case) == {office.wang.id}


def test_an_officer_takes_the_application_down_for_a_caller(office: Office) -> None:
    """By telephone: the unit or the desk notes it in the party's name."""
    case = office.taken_over()

    assert ask_recusal(office, case, office.wang).event.actor == f"officer:{office.wang.id}"
    assert office.history(case)[-1] == "recusal_asked"


def reveal(office: Office, case: Case, officer: Officer) -> None:
    office.do(lambda tx: office.desk.reveal(tx, case.id, acting(officer), office.now))


# ── about the office itself (S5-2.3(2)) ──


def test_a_case_about_the_office_goes_to_the_head_alone(office: Office) -> None:
    head = office.person("钱局长", Role.HEAD, None, "1009")
    case = office.have(own_office=True)

    assert chats_with_a_card(office, case) == {"1009"}
    for officer in (office.wang, office.sun, office.li):
        with pytest.raises(NotAuthorised):
            office.take(case, Step.ACCEPT, officer)
        with pytest.raises(NotAuthorised):
            reveal(office, case, officer)
    assert {one["chat"] for one in owed(office) if one["bot"] == "staff"} == {"1009"}
    assert DUTY_GROUP not in chats_with_a_card(office, case)
    accepted = office.take(case, Step.ACCEPT, head).case
    assert accepted.holder == head.id


def test_the_head_brings_it_to_its_end_himself(office: Office) -> None:
    """Else it could be taken up and never be closed: no unit of the office may see it."""
    head = office.person("钱局长", Role.HEAD, None, "1009")
    case = office.have(kind=Kind.REPORT, own_office=True)
    case = office.take(case, Step.DISPATCH, head, unit=FOOD).case
    assert "1003" not in chats_with_a_card(office, case)
    with pytest.raises(CaseError):
        office.take(case, Step.TAKE_OVER, office.li)

    case = office.take(case, Step.TAKE_OVER, head).case
    assert office.take(case, Step.NOT_FILE, head, words="查无此事").case.status is Status.CLOSED
