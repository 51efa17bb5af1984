"""代行: who decides while a supervisor is away, until when, and never beyond what the absent one might."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore.codes import Decision, Grade, Role, Step
from casestore.errors import DeputyUnfit, NotAuthorised, OwnRequest
from casestore.model import Officer
from casestore.tables import deputies
from tests.casestore.deeds import asked, chats_with_a_card, decide, escalate
from tests.office import FOOD, MONDAY, Office

UNTIL = MONDAY + timedelta(days=3)


def away(office: Office, deputy: Officer) -> None:
    office.do(lambda tx: deputies.put(tx, office.sun, deputy, UNTIL))


def test_the_deputy_decides_until_the_day_and_not_after(office: Office) -> None:
    case = escalate(office, office.accepted(), office.zhao).case
    away(office, office.wang)
    acting = office.do(lambda tx: deputies.acting(tx, office.wang, UNTIL - timedelta(seconds=1)))
    assert decide(office, case, Step.APPROVE, acting).case.grade is Grade.MAJOR
    assert asked(office, case)[0].decided_by == office.wang.id

    late = office.do(lambda tx: deputies.acting(tx, office.wang, UNTIL))
    assert late.stands_in_for == ()
    other = escalate(office, office.accepted(), office.zhao).case
    with pytest.raises(NotAuthorised):
        decide(office, other, Step.APPROVE, late)


def test_he_decides_no_request_of_his_own_nor_of_the_absent_one(office: Office) -> None:
    """Requester and approver stay two people."""
    away(office, office.wang)
    acting = office.do(lambda tx: deputies.acting(tx, office.wang, MONDAY))
    for asker in (office.wang, office.sun):
        case = escalate(office, office.accepted(), asker).case
        with pytest.raises(OwnRequest):
            decide(office, case, Step.APPROVE, acting)
        assert asked(office, case)[0].decision is None


def test_he_gets_the_cards_of_requests_while_he_stands_in(office: Office) -> None:
    case = escalate(office, office.taken_over(), office.li).case
    assert "1002" in chats_with_a_card(office, case)  # of the duty anyway
    deputy = office.person("吴主任", Role.OFFICER, None, "1011")
    away(office, deputy)
    office.now += timedelta(hours=1)

    assert [officer.name for officer, _ in office.do(lambda tx: deputies.deciding(tx, office.now))] == [
        "孙主任", "吴主任",
    ]  # fmt: skip
    assert [officer.name for officer, _ in office.do(lambda tx: deputies.deciding(tx, UNTIL))] == ["孙主任"]


def test_who_is_back_decides_himself_again(office: Office) -> None:
    away(office, office.wang)
    assert office.do(lambda tx: deputies.of(tx, office.sun.id, MONDAY)) == (office.wang, UNTIL)
    office.do(lambda tx: deputies.end(tx, office.sun.id))

    assert office.do(lambda tx: deputies.of(tx, office.sun.id, MONDAY)) is None
    case = escalate(office, office.accepted(), office.zhao).case
    decide(office, case, Step.REFUSE, office.sun)
    assert asked(office, case)[0].decision is Decision.REFUSED


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.HANDLER, Role.VOLUNTEER, Role.AUDITOR])
def test_only_somebody_of_the_desk_stands_in(office: Office, role: Role) -> None:
    """A unit's people would decide about their own unit."""
    with pytest.raises(DeputyUnfit):
        away(office, office.person("周新", role, FOOD, "2001"))
    with pytest.raises(DeputyUnfit):
        away(office, office.sun)
