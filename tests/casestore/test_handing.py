"""交接: a case never waits for somebody who is not there (art. 21, art. 41, S7-5a, S7-5b)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casestore.codes import Kind, Role, Status, Step
from casestore.desk import Desk
from casestore.errors import CaseError, ColleagueUnfit, NotAuthorised, StepNotAllowed, UnitEmpty
from casestore.model import Case, Officer, Taken, UnitCode
from casestore.tables import clocks
from casestore.units import Units
from casestore.workdays import WorkingCalendar
from tests.casestore.deeds import (
    ask_recusal,
    chats_with_a_card,
    decide_recusal,
    fire,
    heard_by_citizens,
    heard_by_staff,
    lines,
    past,
    recuse,
)
from tests.office import FOOD, MONDAY, QUALITY, Office, acting, an_intake


def suspend(office: Office, who: Officer) -> None:
    office.do(lambda tx: office.desk.staffing.suspend(tx, who, False, "shell", office.now))


def hand_over(office: Office, case: Case, by: Officer, to: Officer) -> Taken:
    return office.do(lambda tx: office.desk.handing.hand_over(tx, case.id, acting(by), to.id, office.now))


def a_colleague(office: Office, name: str = "周平", role: Role = Role.HANDLER) -> Officer:
    return office.person(name, role, FOOD, "1005")


# ── the last one of a unit ──


def test_the_only_handler_is_recused_by_a_party_and_the_case_goes_back_to_the_centre(office: Office) -> None:
    """Art. 21 and 41: nobody else of the unit could return it, and it never goes sideways."""
    case = office.mediating()
    ask_recusal(office, case, office.anna)
    back = decide_recusal(office, case, office.sun, granted=True).case

    assert (back.status, back.unit, back.holder) == (Status.ACCEPTED, None, office.wang.id)
    assert office.history(case)[-2:] == ["recusal_decided", "sent_back"]
    assert heard_by_citizens(office)[-2:] == ["recusal_decided", "sent_back"]
    assert ("1001", "sent_back") in heard_by_staff(office)
    a_handler = office.person("钱进", Role.HANDLER, QUALITY, "1006")
    again = office.take(back, Step.DISPATCH, office.wang, unit=QUALITY).case
    assert office.take(again, Step.TAKE_OVER, a_handler).case.holder == a_handler.id


def test_the_legal_limit_of_the_mediation_runs_on_through_it(office: Office) -> None:
    """Only testing stops it (art. 22)."""
    case = office.mediating()
    before = {clock.limit.code: clock.due_at for clock in office.do(lambda tx: clocks.running(tx, case.id))}
    recuse(office, case, office.li)

    assert lines(office, case, "mediation") == ["started"]
    running = office.do(lambda tx: clocks.running(tx, case.id))
    assert {clock.limit.code: clock.due_at for clock in running} == before


@pytest.mark.parametrize("stage", ["dispatched", "taken_over"])
def test_the_only_handler_declares_his_interest_and_the_case_goes_back(office: Office, stage: str) -> None:
    case = getattr(office, stage)()
    recuse(office, case, office.li)

    now = office.newest(case)
    assert (now.status, now.unit) == (Status.ACCEPTED, None)
    assert office.history(case)[-2:] == ["recused", "sent_back"]


@pytest.mark.parametrize("stage", ["dispatched", "taken_over", "mediating"])
def test_the_only_handler_is_suspended_and_his_units_cases_go_back(office: Office, stage: str) -> None:
    case = getattr(office, stage)()
    suspend(office, office.li)

    assert (office.newest(case).status, office.newest(case).unit) == (Status.ACCEPTED, None)


def test_what_cannot_begin_anew_keeps_its_state_and_is_dispatched_from_there(office: Office) -> None:
    """A report that was filed (立案) stays filed: its 90 days run, and another unit goes on."""
    report = office.have(kind=Kind.REPORT)
    report = office.take(report, Step.DISPATCH, office.wang, unit=FOOD).case
    report = office.take(office.take(report, Step.TAKE_OVER, office.li).case, Step.FILE, office.li).case
    with pytest.raises(StepNotAllowed):
        office.take(report, Step.DISPATCH, office.wang, unit=FOOD)
    recuse(office, report, office.li)
    assert (office.newest(report).status, office.newest(report).unit) == (Status.FILED, None)
    assert lines(office, report, "investigation") == ["started"]

    other = office.person("许执", Role.HANDLER, QUALITY, "1006")
    report = office.take(report, Step.DISPATCH, office.wang, unit=QUALITY).case
    assert (report.status, report.unit, report.holder) == (Status.FILED, QUALITY, None)
    assert "1006" in chats_with_a_card(office, report)
    assert hand_over(office, report, other, other).case.holder == other.id


# ── somebody is left in the unit ──


def test_the_one_colleague_who_is_left_goes_on_with_it(office: Office) -> None:
    zhou = a_colleague(office)
    case = office.mediating()
    recuse(office, case, office.li)

    now = office.newest(case)
    assert (now.status, now.unit, now.holder) == (Status.MEDIATING, FOOD, zhou.id)
    assert past(office, case)[-1].facts == {"officer": zhou.id}
    assert ("1005", "handed_over") in heard_by_staff(office)


def test_of_several_who_are_left_one_takes_it_or_is_named_by_the_head(office: Office) -> None:
    chief, zhou = (
        a_colleague(office, "何科长", Role.UNIT_HEAD),
        office.person("周平", Role.HANDLER, FOOD, "1007"),
    )
    case = office.taken_over()
    suspend(office, office.li)

    assert office.newest(case).holder is None
    told = heard_by_staff(office)
    assert ("1005", "holder_wanted") in told
    assert ("1007", "holder_wanted") in told
    with pytest.raises(NotAuthorised):  # a handler takes it for himself only
        hand_over(office, case, zhou, chief)
    assert hand_over(office, case, chief, zhou).case.holder == zhou.id


def test_a_handler_takes_what_nobody_holds_and_nothing_from_a_colleague(office: Office) -> None:
    a_colleague(office, "何科长", Role.UNIT_HEAD)
    zhou = office.person("周平", Role.HANDLER, FOOD, "1007")
    case = office.taken_over()
    with pytest.raises(NotAuthorised):
        hand_over(office, case, zhou, zhou)
    recuse(office, case, office.li)

    assert hand_over(office, case, zhou, zhou).case.holder == zhou.id


def test_nothing_is_handed_to_another_unit_nor_to_who_must_stay_away(office: Office) -> None:
    """Art. 41: never sideways."""
    chief, zhou = (
        a_colleague(office, "何科长", Role.UNIT_HEAD),
        office.person("周平", Role.HANDLER, FOOD, "1007"),
    )
    other = office.person("钱进", Role.HANDLER, QUALITY, "1006")
    case = office.taken_over()
    recuse(office, case, zhou)

    for unfit in (other, zhou, office.wang):
        with pytest.raises(ColleagueUnfit):
            hand_over(office, case, chief, unfit)
    with pytest.raises(StepNotAllowed):
        hand_over(office, office.dispatched(), chief, office.li)  # not received yet


def test_a_colleague_who_steps_back_changes_nothing_for_who_holds_it(office: Office) -> None:
    zhou, case = a_colleague(office), office.taken_over()
    recuse(office, case, zhou)

    assert office.newest(case).holder == office.li.id
    assert office.history(case)[-1] == "recused"


# ── at the centre ──


def test_what_a_suspended_officer_held_waits_for_the_duty(office: Office) -> None:
    case = office.accepted()
    suspend(office, office.wang)

    now = office.newest(case)
    assert (now.status, now.holder, now.first_officer) == (Status.ACCEPTED, None, None)
    assert office.history(case)[-1] == "relieved"
    assert ("-100200300", "relieved") in heard_by_staff(office)


def test_what_comes_back_is_not_held_by_who_is_suspended(office: Office) -> None:
    case = office.taken_over()
    suspend(office, office.wang)

    back = office.take(case, Step.RETURN, office.li, words="不属于本单位").case
    assert back.holder is None


def test_a_case_that_all_of_the_duty_must_stay_away_from_is_shown_to_the_supervisors(office: Office) -> None:
    case = recuse(office, recuse(office, office.have(), office.wang), office.zhao)

    assert chats_with_a_card(office, case) >= {"1004"}


# ── dispatch ──


def test_nothing_is_dispatched_to_a_unit_where_nobody_could_take_it(office: Office) -> None:
    """It could neither be received nor returned."""
    office.person("未加入", Role.HANDLER, QUALITY)
    case = office.accepted()

    with pytest.raises(UnitEmpty):
        office.take(case, Step.DISPATCH, office.wang, unit=QUALITY)


def test_nobody_of_the_office_sends_a_case_back_but_the_desk_itself(office: Office) -> None:
    case = office.taken_over()

    for officer in (office.wang, office.li, office.sun):
        with pytest.raises(CaseError):
            office.take(case, Step.SEND_BACK, officer)


# ── the unit above (S9-5) ──

EAST, MARKET = UnitCode("STATION_HEDONG"), UnitCode("MARKET_HEDONG")


def at_the_market(office: Office) -> tuple[Case, Officer]:
    """A case that a consumer station has received, and the head of the field office above it."""
    chief = office.person("曹所长", Role.UNIT_HEAD, EAST, "1030")
    keeper = office.person("肖二", Role.HANDLER, MARKET, "1031")
    told = replace(an_intake().particulars, merchant="河东农贸市场3号摊")
    case = office.take(office.accepted(particulars=told), Step.DISPATCH, office.wang, unit=MARKET).case
    return office.take(case, Step.TAKE_OVER, keeper).case, chief


def test_the_head_of_the_unit_above_sends_back_what_a_station_should_not_keep(office: Office) -> None:
    case, chief = at_the_market(office)
    assert case.overseen_by == EAST

    back = office.take(case, Step.RETURN, chief, words="应由所里办理").case
    assert (back.unit, back.overseen_by) == (None, None)
    with pytest.raises(NotAuthorised):
        office.take(back, Step.RETURN, chief, words="x")


def test_reminders_of_a_units_case_climb_to_the_head_above(office: Office) -> None:
    """督办."""
    at_the_market(office)
    office.now += timedelta(days=80)
    while fire(office):
        pass

    assert {chat for chat, code in heard_by_staff(office) if code.startswith("remind.")} >= {"1030", "1031"}


def test_who_oversees_follows_the_table(office: Office) -> None:
    """A clerk has moved the station below another unit."""
    case, chief = at_the_market(office)
    rows = [replace(unit, parent=FOOD) if unit.code == MARKET else unit for unit in office.units]
    moved = Desk(WorkingCalendar(), Units(rows))
    office.do(moved.follow_the_tree)

    assert office.newest(case).overseen_by == FOOD
    with pytest.raises(NotAuthorised):
        office.take(case, Step.RETURN, chief, words="x")


def test_what_comes_back_is_not_held_by_somebody_of_the_unit(office: Office) -> None:
    """Who touched it before him must stay away, so he was the first; at the centre he would neither see the case
    nor hear a reminder of it, and nobody else would."""
    case = office.dispatched()
    recuse(office, case, office.wang)
    case = office.take(case, Step.TAKE_OVER, office.li).case

    back = office.take(case, Step.RETURN, office.li, words="不属于本科职责").case

    assert (back.unit, back.holder, back.first_officer) == (None, None, None)
    heard = len(heard_by_staff(office))
    office.now = MONDAY + timedelta(days=60)
    fire(office)
    assert ("1002", "remind.soon") in heard_by_staff(office)[heard:]
