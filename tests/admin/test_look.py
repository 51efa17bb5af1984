"""What a viewer may see, gathered from the store: nothing is read for who may not see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from admin.look import look
from casestore.codes import Channel, EvidenceKind, Role, Step
from casestore.errors import NotAuthorised, StaffRecused
from casestore.model import Actor, Case, CaseId, Officer
from casestore.store import Tx
from casestore.tables import evidence, officers, outbox
from casestore.tables.schema import cases as case_rows
from tests.admin.staff_room import a_person
from tests.office import FOOD, QUALITY, Office


def seen_by(office: Office, case: Case, viewer: Officer | None) -> object:
    return office.do(lambda tx: look(tx, case.id, viewer, office.now))


def test_a_group_sees_nothing_personal(office: Office) -> None:
    case = office.have()

    seen = office.do(lambda tx: look(tx, case.id, None, office.now))

    assert seen.particulars is None
    assert seen.evidence == 0


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.AUDITOR])
def test_who_may_only_look_sees_nothing_personal(office: Office, role: Role) -> None:
    """S5-2.2(4)."""
    case, viewer = office.have(), a_person(office, "小林", role, "1010")

    assert office.do(lambda tx: look(tx, case.id, viewer, office.now)).particulars is None


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DIRECTOR, Role.HEAD])
def test_who_works_at_the_desk_sees_the_particulars_and_counts_the_copies(office: Office, role: Role) -> None:
    case, viewer = office.have(), a_person(office, "小林", role, "1010")
    item = office.do(
        lambda tx: evidence.written(tx, office.anna, EvidenceKind.TEXT, Channel.TELEGRAM, "小票", office.now)
    )
    office.do(
        lambda tx: office.desk.supplement(tx, case.id, Actor(citizen=office.anna), (item.id,), "", office.now)
    )

    seen = office.do(lambda tx: look(tx, case.id, viewer, office.now))

    assert seen.particulars is not None
    assert seen.particulars.name == "陈晓梅"
    assert seen.evidence == 1


def test_a_units_people_see_their_units_cases_only(office: Office) -> None:
    case = office.dispatched()
    other = a_person(office, "钱进", Role.HANDLER, "1011", QUALITY)

    assert office.do(lambda tx: look(tx, case.id, office.li, office.now)).particulars is not None
    with pytest.raises(NotAuthorised):
        seen_by(office, case, other)


def test_the_recused_and_the_suspended_see_nothing(office: Office) -> None:
    case = office.have()
    office.do(lambda tx: office.desk.recuse(tx, case.id, Actor(officer=office.zhao), office.now))
    office.do(lambda tx: officers.suspend(tx, office.wang.id))
    suspended = office.do(lambda tx: officers.get(tx, office.wang.id))

    with pytest.raises(StaffRecused):
        seen_by(office, case, office.zhao)
    with pytest.raises(NotAuthorised):
        seen_by(office, case, suspended)


def test_for_who_may_not_see_it_the_sealed_part_is_not_even_opened(office: Office) -> None:
    """Recusal is asked before anything is read: a spoilt seal is not noticed by him."""
    case = office.have()
    office.do(lambda tx: office.desk.recuse(tx, case.id, Actor(officer=office.zhao), office.now))
    spoil = case_rows.update().where(case_rows.c.id == case.id).values(particulars=b"spoilt")
    office.do(lambda tx: tx.execute(spoil).rowcount)

    with pytest.raises(StaffRecused):
        seen_by(office, case, office.zhao)
    assert office.do(lambda tx: look(tx, case.id, None, office.now)).case.number == case.number


def test_the_open_request_and_the_last_decision_are_kept_apart(office: Office) -> None:
    case = office.accepted()
    wang, zhao, sun = (Actor(officer=one) for one in (office.wang, office.zhao, office.sun))

    def both(tx: Tx) -> None:
        office.desk.requests.escalate(tx, case.id, wang, "案情复杂", office.now)
        office.desk.requests.decide(tx, case.id, Step.APPROVE, sun, "同意", office.now)
        office.desk.requests.escalate(tx, case.id, wang, "涉及多人", office.now)
        office.desk.requests.decide(tx, case.id, Step.REFUSE, sun, "先核实", office.now)
        office.desk.requests.escalate(tx, case.id, zhao, "媒体关注", office.now)

    office.do(both)
    seen = office.do(lambda tx: look(tx, case.id, office.sun, office.now))

    assert (seen.request and seen.request.reason, seen.requester) == ("媒体关注", "赵强")
    assert (seen.decided and seen.decided.decision_reason, seen.decider) == ("先核实", "孙主任")


@pytest.mark.parametrize("state", ["dead", "waiting"])
def test_notices_that_did_not_reach_the_citizen_are_seen(office: Office, state: str) -> None:
    case = office.accepted()

    def fail(tx: Tx, only: CaseId = case.id) -> None:
        for owed in outbox.heads(tx, "telegram", office.now, 10):
            assert owed.case == only
            (outbox.dead if state == "dead" else outbox.wait)(tx, owed.id, "blocked")

    office.do(fail)

    assert office.do(lambda tx: look(tx, case.id, None, office.now)).undelivered == (("accepted", "blocked"),)


def test_a_card_for_staff_that_did_not_arrive_is_no_concern_of_the_citizen(office: Office) -> None:
    case = office.have()

    def fail(tx: Tx) -> None:
        for owed in outbox.heads(tx, "staff", office.now, 10):
            outbox.dead(tx, owed.id, "blocked")

    office.do(fail)

    assert office.do(lambda tx: look(tx, case.id, None, office.now)).undelivered == ()


def test_a_limit_counted_in_a_year_without_its_calendar_is_provisional(office: Office) -> None:
    known = office.have()
    office.now += timedelta(days=360)
    unknown = office.have()

    assert not office.do(lambda tx: look(tx, known.id, None, office.now)).provisional
    assert office.do(lambda tx: look(tx, unknown.id, None, office.now)).provisional


def test_the_holder_is_named(office: Office) -> None:
    case = office.taken_over()

    assert office.do(lambda tx: look(tx, case.id, None, office.now)).holder == "李娜"
    assert office.li.unit == FOOD
