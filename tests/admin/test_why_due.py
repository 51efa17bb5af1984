"""为什么是这一天: the days counted and skipped, in the presser's private chat."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from casestore import reminding
from casestore.codes import Kind, Role, Step
from casestore.workdays import CHINA, WorkingCalendar
from tests.admin.staff_room import StaffRoom
from tests.office import DUTY_GROUP, FOOD


def test_working_days_are_listed_one_by_one_with_those_skipped(room: StaffRoom) -> None:
    """Art. 15 and 45: seven working days, the day of receipt not counted."""
    office = room.office
    case = office.have()
    office.now += timedelta(days=2)  # the 24 hours of the first review are over

    office.do(lambda tx: office.desk.clockwork.hear(tx, case, "supplement_asked", "desk", office.now))
    accepted = office.accepted()
    room.go(office.wang, accepted, "为什么是这一天")
    assert room.asked(office.wang).startswith(f"{accepted.number}\n「首次回复」24小时")

    room.go(office.li, office.dispatched(), "为什么是这一天")
    lines = room.asked(office.li).splitlines()
    assert lines[1:] == [
        "「承办单位接收」7个工作日（S4-4.1b），11月25日起算，当天不算：",
        "1 11-26 周四 工作日",
        "2 11-27 周五 工作日",
        "— 11-28 周六 周末",
        "— 11-29 周日 周末",
        "3 11-30 周一 工作日",
        "4 12-01 周二 工作日",
        "5 12-02 周三 工作日",
        "6 12-03 周四 工作日",
        "7 12-04 周五 工作日",
        "到期：12月4日 24:00",
    ]


def test_natural_days_show_their_last_day_and_the_mark_of_a_year_without_notice(room: StaffRoom) -> None:
    """Art. 23(5): sixty days; the notice for 2027 is not out."""
    office = room.office
    case = office.taken_over()

    room.go(office.li, case, "为什么是这一天")

    lines = room.asked(office.li).splitlines()
    assert lines[1] == "「调解结束」60日（121号令第23条(五)），11月23日起算，当天不算："
    assert lines[2].startswith("60 01-22 周五")
    assert lines[3:] == ["到期：2027年1月22日 24:00", "明年放假安排未公布，日期暂定，公布后自动重算。"]


def test_what_happened_to_the_limit_is_told_too(room: StaffRoom) -> None:
    """Art. 22: paused for a test, gone on after it."""
    office = room.office
    case = office.mediating()
    room.go(office.li, case, "记录", "检测鉴定", "双方", "双方")
    room.says(office.li, "甲\n乙\n丙")
    office.now += timedelta(days=2)
    room.go(office.li, case, "记录", "检测结论", "双方")
    room.says(office.li, "50\n不合格")

    room.go(office.li, case, "为什么是这一天")

    lines = room.asked(office.li).splitlines()
    assert lines[-2:] == [
        "11-23 10:00 暂停计时（检测鉴定，李娜）",
        "11-25 10:00 恢复计时（检测鉴定已结束，李娜）",
    ]
    assert {line for line in lines if line.startswith("—") and "11-2" in line} >= {
        "— 11-24 周二 暂停计时",
        "— 11-25 周三 暂停计时",
    }
    assert "到期：2027年1月24日 24:00" in lines


def test_a_limit_in_hours_tells_from_when_to_when(room: StaffRoom) -> None:
    """S4-4.1a: 24 hours, rolled to the next duty hour."""
    office = room.office
    office.now = datetime(2026, 11, 27, 18, 30, tzinfo=CHINA)  # a Friday evening
    case = office.have()

    room.go(office.wang, case, "为什么是这一天")

    assert "11-27 18:30 起，11-30 09:00 到期（非办公时间顺延到上班）" in room.asked(office.wang)


def test_an_agreed_day_needs_no_counting(room: StaffRoom) -> None:
    office = room.office
    case = office.have(kind=Kind.CONSULTATION)
    room.go(office.wang, case, "答复", "约定 3 个工作日内", "为什么是这一天")

    assert "「约定的答复」" in room.asked(office.wang)
    assert "到期：11月26日 24:00" in room.asked(office.wang)


def test_a_long_list_is_shortened_in_the_middle(room: StaffRoom) -> None:
    office = room.office
    case = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
    office.take(case, Step.TAKE_OVER, office.li)
    room.go(office.li, case, "延长时限")
    room.says(office.li, "取证")
    room.go(office.sun, case, "批准", "同意")

    room.go(office.li, case, "为什么是这一天")

    lines = room.asked(office.li).splitlines()
    assert len(lines) <= 50
    assert "…" in lines
    assert "到期：2027年1月5日 24:00" in lines
    assert lines[-1] == "11-23 10:00 已延长 15个工作日（李娜请示：取证；孙主任批准）"


def test_who_may_not_read_of_people_reads_no_reason(room: StaffRoom) -> None:
    """S5-2.2(4): what was written in a request may name somebody."""
    office = room.office
    volunteer = office.person("志愿者", Role.VOLUNTEER, account="1011")
    case = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
    room.open(case, office.wang)
    room.go(office.wang, case, "延长时限")
    room.says(office.wang, "证人陈某出差")
    room.go(office.sun, case, "批准", "同意")

    room.open(case, volunteer)
    room.go(volunteer, case, "为什么是这一天")

    assert "已延长 15个工作日（王敏请示：…；孙主任批准）" in room.asked(volunteer)
    assert "陈某" not in room.asked(volunteer)


def test_a_limit_that_a_new_calendar_moved_says_which_day_it_was(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    office.take(case, Step.DISPATCH, office.wang, unit=FOOD)
    office.desk.clockwork.calendar.renew(WorkingCalendar({date(2026, 11, 25): False}))
    office.do(lambda tx: reminding.recompute(office.desk, tx, office.now))

    room.go(office.li, case, "为什么是这一天")

    lines = room.asked(office.li).splitlines()
    assert "— 11-25 周三 节假日" in lines
    assert lines[-1] == "11-23 10:00 按新的放假安排重新计算（原为 2026-12-02）"


@pytest.mark.parametrize("chat", [DUTY_GROUP])
def test_the_group_is_not_asked_to_read_it(room: StaffRoom, chat: str) -> None:
    case = room.office.have()

    assert "为什么是这一天" not in room.card(case, chat).labels
