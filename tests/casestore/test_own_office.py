"""涉及本单位 (S5-2.3(2)): the head's alone; and where no head is there, it does not rot in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore.codes import Kind, Role, Step
from casestore.errors import NotAuthorised
from casestore.model import Case, Officer
from casestore.tables import officers
from tests.casestore.deeds import chats_with_a_card, fire, heard_by_staff, owed, recuse
from tests.office import Office


def a_head(office: Office, joined: bool = True) -> Officer:
    return office.person("周局长", Role.HEAD, None, "1009" if joined else "")


def about_us(office: Office) -> Case:
    return office.have(own_office=True)


def alarms(office: Office) -> list[str]:
    return [chat for chat, code in heard_by_staff(office) if code == "no_head"]


def suspend(office: Office, who: Officer, active: bool = False) -> None:
    office.do(lambda tx: office.desk.staffing.suspend(tx, who, active, "shell", office.now))


@pytest.mark.parametrize("joined", [None, False])
def test_without_a_head_the_director_hears_the_number_and_nothing_else(
    office: Office, joined: bool | None
) -> None:
    if joined is False:
        a_head(office, joined)
    case = about_us(office)

    assert chats_with_a_card(office, case) == set()
    (alarm,) = owed(office, "text")
    assert alarm == {"chat": "1004", "code": "no_head", "facts": {"number": case.number}, "bot": "staff"}
    with pytest.raises(NotAuthorised):
        office.take(case, Step.ACCEPT, office.sun)


def test_where_no_director_is_there_either_the_duty_hears_the_number(office: Office) -> None:
    suspend(office, office.sun)
    about_us(office)

    assert alarms(office) == ["1001", "1002"]


def test_it_is_said_again_with_every_reminder(office: Office) -> None:
    case = about_us(office)
    before = len(alarms(office))
    office.now += timedelta(days=14)
    while fire(office):
        pass

    assert len(alarms(office)) > before + 2
    assert office.newest(case).unit is None


def test_a_head_who_joins_gets_what_waited_for_him(office: Office) -> None:
    case = about_us(office)
    head = a_head(office, joined=False)

    def join(code: str) -> None:
        office.do(lambda tx: officers.claim(tx, code, "1009", office.now))
        office.do(lambda tx: office.desk.staffing.join(tx, "1009", office.now))

    join(office.do(lambda tx: office.desk.staffing.invite(tx, head, "shell", office.now)))

    assert chats_with_a_card(office, case) == {"1009"}


@pytest.mark.parametrize("why", ["suspended", "recused"])
def test_the_only_head_is_gone_and_the_director_hears_of_it(office: Office, why: str) -> None:
    head = a_head(office)
    case = office.take(about_us(office), Step.ACCEPT, head).case
    assert alarms(office) == []
    if why == "suspended":
        suspend(office, head)
    else:
        recuse(office, case, head)

    assert "1004" in alarms(office)
    with pytest.raises(NotAuthorised):
        office.take(case, Step.SETTLE, office.sun)


def test_a_head_who_is_restored_gets_them_again(office: Office) -> None:
    head = a_head(office)
    suspend(office, head)
    case = about_us(office)
    suspend(office, head, active=True)

    assert "1009" in chats_with_a_card(office, case)


def test_it_stays_with_the_head_whatever_unit_it_is_dispatched_to(office: Office) -> None:
    head = a_head(office)
    case = office.take(
        office.have(kind=Kind.REPORT, own_office=True), Step.DISPATCH, head, unit="QUALITY"
    ).case
    suspend(office, office.li)

    assert office.newest(case).unit == "QUALITY"
    assert office.take(case, Step.TAKE_OVER, head).case.holder == head.id
