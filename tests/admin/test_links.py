"""关联: joined complaints, a repeated report, a report opened from a complaint; who sees whose number."""

from __future__ import annotations

import pytest

from casestore.codes import Channel, Kind, LinkKind, Role, Step
from casestore.model import Actor, Case
from casestore.tables import cases, events, links
from tests.admin.staff_room import StaffRoom, a_person, is_said
from tests.office import DUTY_GROUP, Office


def linked(office: Office, case: Case, other: Case) -> None:
    actor = Actor(officer=office.zhao)
    office.do(
        lambda tx: office.desk.matters.link(tx, case.id, other.number, LinkKind.JOINED, actor, office.now)
    )


def test_two_complaints_against_one_merchant_are_joined(room: StaffRoom) -> None:
    """Art. 12: 共同投诉. Both cards show the other."""
    office = room.office
    one, two = office.accepted(), office.have()

    room.go(office.wang, one, "关联", "共同投诉")
    assert room.asked(office.wang).splitlines()[1] == "请输入另一件的编号："
    assert room.says(office.wang, two.number.lower()) == f"{one.number} 已关联。"

    assert f"关联：{two.number}（共同投诉）" in room.card_of(one, office.wang).text
    assert f"关联：{one.number}（共同投诉）" in room.open(two, office.wang).text


@pytest.mark.parametrize("typed", ["TS-20260101-0001", "没有", "20261123"])
def test_a_number_that_is_not_there_may_be_typed_again(room: StaffRoom, typed: str) -> None:
    office = room.office
    one, two = office.accepted(), office.have()
    room.go(office.wang, one, "关联", "共同投诉")

    assert room.says(office.wang, typed).startswith("没有查到这一件，请核对编号。")
    assert room.says(office.wang, two.number) == f"{one.number} 已关联。"


def test_a_case_is_not_joined_with_itself_nor_with_a_report(room: StaffRoom) -> None:
    office = room.office
    one, report = office.accepted(), office.have(kind=Kind.REPORT)
    room.go(office.wang, one, "关联", "共同投诉")

    assert room.says(office.wang, one.number).startswith("没有查到这一件")
    assert is_said("errors.step-not-allowed", room.says(office.wang, report.number))
    assert office.do(lambda tx: links.of_case(tx, one.id)) == []


def test_a_violation_found_in_a_complaint_becomes_a_report_of_its_own(room: StaffRoom) -> None:
    """Art. 27, S3-3.4: the complainant is not its informer and is not named in it."""
    office = room.office
    case = office.taken_over()

    room.go(office.li, case, "关联", "另立举报")
    assert room.asked(office.li).splitlines()[1] == "请输入发现的违法线索："
    assert room.says(office.li, "货架上有大批过期牛奶") == f"{case.number} 已关联。"

    ((other, how),) = office.do(lambda tx: links.of_case(tx, case.id))
    report = office.do(lambda tx: cases.get(tx, other))
    told = office.do(lambda tx: cases.particulars(tx, other))
    assert (how, report.kind, report.citizen, report.channel) == (
        LinkKind.OPENED_FROM,
        Kind.REPORT,
        None,
        Channel.SHELL,
    )
    assert (told.name, told.phone, told.story) == ("", "", "货架上有大批过期牛奶")
    assert f"关联：{report.number}（另立举报）" in room.card_of(case, office.li).text
    assert "核查违法线索 12月14日 到期" in room.card(report).text  # 15 working days


def test_a_repeated_report_is_linked_by_hand(room: StaffRoom) -> None:
    """Art. 35."""
    office = room.office
    one, two = office.have(kind=Kind.REPORT), office.have(kind=Kind.REPORT, anonymous=True)

    room.go(office.wang, one, "关联", "重复举报")
    assert room.says(office.wang, two.number) == f"{one.number} 已关联。"


# ── whose number who sees ──


def test_the_number_of_a_recused_case_stands_on_no_card_of_who_stays_away(room: StaffRoom) -> None:
    """S7-5b: from then on it does not exist for him, through another case neither."""
    office = room.office
    one, two = office.accepted(), office.have()
    linked(office, one, two)
    room.recuse(two, office.wang)

    now = room.now(one)
    office.do(lambda tx: office.desk.telling.refresh_cards(tx, now, office.now))
    assert two.number not in room.open(one, office.wang).text
    assert two.number not in room.card(one, DUTY_GROUP).text
    assert two.number in room.open(one, office.zhao).text


def test_who_stays_away_cannot_link_to_the_case_nor_find_out_that_it_is_there(room: StaffRoom) -> None:
    office = room.office
    one, two = office.accepted(), office.have()
    room.recuse(two, office.wang)
    room.go(office.wang, one, "关联", "共同投诉")

    assert room.says(office.wang, two.number).startswith("没有查到这一件")
    assert "linked" not in office.do(lambda tx: events.kinds(tx, two.id))


def test_the_number_of_a_matter_about_the_office_is_for_the_head_alone(room: StaffRoom) -> None:
    """S5-2.3(2)."""
    office = room.office
    head = a_person(office, "周局长", Role.HEAD, "1005")
    one, about_us = office.accepted(), office.have(own_office=True)
    office.do(lambda tx: links.put(tx, one.id, about_us.id, LinkKind.JOINED, office.now))
    now = room.now(one)
    office.do(lambda tx: office.desk.telling.refresh_cards(tx, now, office.now))

    for who in (office.wang, office.sun):
        assert about_us.number not in room.open(one, who).text
    assert about_us.number not in room.card(one).text
    assert about_us.number in room.open(one, head).text


def test_a_matter_about_the_office_goes_to_the_head_and_to_nobody_else(room: StaffRoom) -> None:
    """S5-2.3(2): neither the group, nor the duty, nor the director."""
    office = room.office
    head = a_person(office, "周局长", Role.HEAD, "1005")

    case = office.have(own_office=True)

    assert "受理" in room.card_of(case, head).labels
    for who in (office.wang, office.zhao, office.sun, office.li):
        assert not room.has_card(case, who)
        assert is_said("errors.case-unknown", room.says(who, f"/case {case.number}"))
        assert case.number not in room.says(who, "/queue")
    assert not [one for one in room.history if one.chat == DUTY_GROUP and case.number in one.text]
    room.press(head, case, "受理")
    assert office.take(room.now(case), Step.DISPATCH, head, unit=office.li.unit).case.unit == office.li.unit
