"""交办、退回、督办 in the staff chat: who goes on with a case, and who sees to it from above."""

from __future__ import annotations

from dataclasses import replace

from casestore.codes import Role, Status, Step
from casestore.model import Case, Officer, UnitCode
from tests.admin.staff_room import StaffRoom, a_person, is_said
from tests.office import FOOD, Office, an_intake

EAST, MARKET = UnitCode("STATION_HEDONG"), UnitCode("MARKET_HEDONG")


def test_the_head_of_a_unit_names_who_goes_on_and_he_is_told(room: StaffRoom) -> None:
    office = room.office
    chief = a_person(office, "何科长", Role.UNIT_HEAD, "1010", FOOD)
    zhou = a_person(office, "周平", Role.HANDLER, "1011", FOOD)
    case = office.taken_over()
    room.open(case, chief)
    room.go(chief, case, "交办")

    assert room.card_of(case, chief).labels == ["何科长", "周平", "返回"]
    assert room.press(chief, case, "周平") == "已交办。"
    assert room.now(case).holder == zhou.id
    assert is_said("staff.handed_over", room.asked(zhou))
    assert "持有：周平" in room.card_of(case, zhou).text


def test_who_is_left_without_a_holder_takes_it_by_a_button(room: StaffRoom) -> None:
    office = room.office
    a_person(office, "何科长", Role.UNIT_HEAD, "1010", FOOD)
    zhou = a_person(office, "周平", Role.HANDLER, "1011", FOOD)
    case = office.taken_over()
    room.go(office.li, case, "回避", "回避")

    assert is_said("staff.holder_wanted", room.asked(zhou))
    room.go(zhou, case, "交办")
    assert room.card_of(case, zhou).labels == ["周平", "返回"]
    room.press(zhou, case, "周平")
    assert room.now(case).holder == zhou.id


def test_the_last_of_a_unit_steps_back_and_the_desk_dispatches_anew(room: StaffRoom) -> None:
    """Art. 41; the group does not show it any more, for he is in it or may be."""
    office = room.office
    case = office.taken_over()
    room.go(office.li, case, "回避", "回避")

    assert not room.has_card(case, office.li)
    assert "分派" in room.card_of(case, office.wang).labels
    assert case.number in room.says(office.wang, "/queue")


def at_the_market(office: Office) -> tuple[Case, Officer, Officer]:
    chief = a_person(office, "曹所长", Role.UNIT_HEAD, "1030", EAST)
    keeper = a_person(office, "肖二", Role.HANDLER, "1031", MARKET)
    told = replace(an_intake().particulars, merchant="河东农贸市场3号摊")
    case = office.take(office.accepted(particulars=told), Step.DISPATCH, office.wang, unit=MARKET).case
    return office.take(case, Step.TAKE_OVER, keeper).case, chief, keeper


def test_the_head_above_sees_a_stations_cases_and_sends_one_back(room: StaffRoom) -> None:
    """S9-5: 督促落实; the handling stays with the station."""
    office = room.office
    case, chief, keeper = at_the_market(office)
    other = a_person(office, "曹东", Role.HANDLER, "1032", EAST)

    assert case.number in room.says(chief, "/queue")
    assert is_said("staff.queue_empty", room.says(other, "/queue"))
    assert is_said("errors.case-unknown", room.says(other, f"/case {case.number}"))
    assert room.open(case, chief).labels == [
        "退回中心",
        "记录",
        "升级",
        "回避",
        "查看全文/附件",
        "为什么是这一天",
    ]
    room.go(chief, case, "退回中心", "不在本辖区")
    assert room.now(case).status is Status.ACCEPTED
    assert not room.has_card(case, keeper)


def test_the_head_above_guides_and_the_holder_hears_of_it(room: StaffRoom) -> None:
    """S3-1.5."""
    case, chief, keeper = at_the_market(room.office)
    room.open(case, chief)
    room.go(chief, case, "记录", "上级批注")
    room.says(chief, "请先请双方到所里面谈")

    assert is_said("staff.commented", room.asked(keeper))
