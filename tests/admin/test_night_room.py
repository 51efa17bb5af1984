"""值班表 and 值班室: who is on duty now and next, and what is shown at night (S9-1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from casestore.codes import Kind, Role, Step
from casestore.model import Case
from casestore.roster import Roster
from casestore.tables import clocks, posts, properties
from casestore.workdays import CHINA
from tests.admin.staff_room import StaffRoom, is_said, under
from tests.office import DUTY_GROUP, Office, a_suggestion

NIGHT = "-100999"
EVENING = datetime(2026, 11, 27, 20, 0, tzinfo=CHINA)  # a Friday
URGENT = a_suggestion(urgent=("食物中毒", "人数≥10"))
ROSTER = Roster(
    {
        (0, "上午"): ("王敏",),
        (0, "下午"): ("赵强", "王敏"),
        (1, "上午"): ("赵强",),
        (date(2026, 11, 24), "下午"): ("孙主任",),
    },
    night=("夜班甲",),
)


@pytest.fixture
def bound(room: StaffRoom) -> StaffRoom:
    assert is_said("staff.bound_night", room.says(room.office.sun, "/bind 值班室", NIGHT))
    return room


def at_night(office: Office) -> Case:
    office.now = EVENING
    return office.have(suggestion=URGENT)


# ── 值班室 ──


def test_an_urgent_case_at_night_is_shown_in_the_night_room_at_once(bound: StaffRoom) -> None:
    """S9-1d: alerts 值班室 for urgent ones."""
    case = at_night(bound.office)

    shown = [one.text for one in bound.messages.values() if one.chat == NIGHT]
    assert shown == ["本群已设为值班室，非办公时间的紧急事项会立即发到这里。"]
    bound.deliver()
    alarm, card = [one for one in bound.messages.values() if one.chat == NIGHT][1:]
    assert alarm.text == (
        f"⚠ 紧急：{case.number}（食物中毒、人数≥10），现在不是办公时间，请值班室立即处置，并报告负责人。"
    )
    assert card.text.startswith(f"【投诉】{case.number} · 重大")
    assert "⚠ 紧急：食物中毒、人数≥10" in card.text.splitlines()
    assert "陈" not in card.text


def test_the_night_rooms_card_follows_the_case(bound: StaffRoom) -> None:
    office = bound.office
    case = at_night(office)
    bound.press(office.wang, case, "受理", NIGHT)

    assert "状态：已受理" in bound.card(case, NIGHT).text
    assert "持有：王敏" in bound.card(case, NIGHT).text


@pytest.mark.parametrize(
    ("at", "urgent"),
    [
        (datetime(2026, 11, 27, 17, 30, tzinfo=CHINA), True),  # the desk is open
        (datetime(2026, 11, 23, 10, 0, tzinfo=CHINA), True),
        (EVENING, False),
    ],
)
def test_what_can_wait_or_is_seen_by_the_desk_stays_out_of_the_night_room(
    bound: StaffRoom, at: datetime, urgent: bool
) -> None:
    bound.office.now = at
    case = bound.office.have(suggestion=URGENT if urgent else a_suggestion())

    assert bound.office.do(lambda tx: posts.at(tx, case.id, NIGHT)) is None


@pytest.mark.parametrize(
    "at",
    [datetime(2026, 11, 28, 10, 0, tzinfo=CHINA), datetime(2026, 11, 27, 17, 31, tzinfo=CHINA),
     datetime(2026, 11, 27, 8, 59, tzinfo=CHINA), datetime(2026, 10, 1, 10, 0, tzinfo=CHINA)],
)  # fmt: skip
def test_closed_is_every_hour_the_desk_is_not_staffed(bound: StaffRoom, at: datetime) -> None:
    bound.office.now = at
    case = bound.office.have(kind=Kind.REPORT, suggestion=URGENT)

    assert bound.card(case, NIGHT).text.startswith(f"【举报】{case.number}")


def test_without_a_night_room_the_duty_group_has_it(room: StaffRoom) -> None:
    case = at_night(room.office)

    assert "⚠ 紧急" in room.card(case, DUTY_GROUP).text


def test_a_matter_about_the_office_is_not_shown_in_the_night_room(bound: StaffRoom) -> None:
    """S5-2.3(2)."""
    bound.office.now = EVENING
    case = bound.office.have(suggestion=URGENT, own_office=True)

    bound.deliver()
    assert case.number not in "".join(one.text for one in bound.messages.values() if one.chat == NIGHT)


def test_once_somebody_stays_away_the_night_rooms_card_goes(bound: StaffRoom) -> None:
    """S7-5b: he may sit in that room."""
    case = at_night(bound.office)
    number = bound.card(case, NIGHT).number
    bound.recuse(case, bound.office.wang)
    bound.deliver()

    assert is_said("staff.moved", bound.messages[number].text)


def test_the_two_rooms_are_bound_apart(bound: StaffRoom) -> None:
    read = bound.office.do(
        lambda tx: (properties.get(tx, properties.NIGHT_ROOM), properties.get(tx, properties.DUTY_GROUP))
    )

    assert read == (NIGHT, DUTY_GROUP)
    assert is_said("staff.only_supervisor", bound.says(bound.office.wang, "/bind 值班室", "-7"))
    assert is_said("staff.only_group", bound.says(bound.office.sun, "/bind 值班室"))


def test_a_room_that_got_another_id_stays_the_night_room(bound: StaffRoom) -> None:
    case = at_night(bound.office)
    bound.deliver()
    bound.office.do(lambda tx: posts.move(tx, NIGHT, "-100111"))

    assert bound.office.do(lambda tx: properties.get(tx, properties.NIGHT_ROOM)) == "-100111"
    assert bound.office.do(lambda tx: posts.at(tx, case.id, "-100111")) is not None


# ── the next duty ──


def cards_in(room: StaffRoom, chat: str, case: Case) -> list[int]:
    """The messages of a chat that show the case."""
    room.deliver()
    return [one.number for one in room.messages.values() if one.chat == chat and case.number in one.text]


def fire(room: StaffRoom, now: datetime) -> None:
    room.office.now = now
    room.office.do(lambda tx: room.office.desk.reminding.fire(tx, now))


def test_what_came_at_night_stands_last_before_the_next_duty_when_the_desk_opens(room: StaffRoom) -> None:
    """S9-1d: 记录; queues for the next working day."""
    under(room.office, roster=ROSTER)
    room = StaffRoom(room.office, room.folder)
    room.office.person("夜班甲", Role.OFFICER, account="1010")
    room.office.now = EVENING
    case = room.office.have()
    assert not room.has_card(case, room.office.wang)
    (evening,) = cards_in(room, DUTY_GROUP, case)

    fire(room, datetime(2026, 11, 30, 8, 59, tzinfo=CHINA))
    assert cards_in(room, DUTY_GROUP, case) == [evening]
    fire(room, datetime(2026, 11, 30, 9, 0, tzinfo=CHINA))
    fire(room, datetime(2026, 11, 30, 9, 1, tzinfo=CHINA))
    room.deliver()

    assert room.has_card(case, room.office.wang)  # Monday morning is hers
    assert not room.has_card(case, room.office.zhao)
    shown = [
        one
        for one in room.history
        if one.chat == DUTY_GROUP and one.text.startswith(f"【投诉】{case.number}")
    ]
    assert len([one for one in shown if one.edits is None]) == 2
    room.press(room.office.wang, case, "受理")
    assert "持有：王敏" in room.card(case, DUTY_GROUP).text


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (59, False), (61, True)])
def test_a_target_that_ended_with_the_night_is_kept_in_the_first_hour(
    room: StaffRoom, minutes: int, late: bool
) -> None:
    """Nobody could keep it before the desk opened."""
    office = room.office
    office.now = EVENING
    case = office.have()
    office.now = datetime(2026, 11, 30, 9, 0, tzinfo=CHINA) + timedelta(minutes=minutes)

    shown = room.open(case, office.wang).text
    assert f"时限：初步审查 11月30日 到期，{'已超过' if late else '今天到期'} · S4-4.1a" in shown
    office.take(case, Step.ACCEPT, office.wang)

    ended = [entry for entry in office.do(lambda tx: clocks.ledger(tx, case.id)) if entry.what == "ended"]
    assert {entry.facts["late"] for entry in ended} == {late, False}


def test_what_the_night_has_dealt_with_is_handed_to_nobody(bound: StaffRoom) -> None:
    case = at_night(bound.office)
    bound.press(bound.office.wang, case, "受理", NIGHT)
    before = cards_in(bound, DUTY_GROUP, case)

    fire(bound, datetime(2026, 11, 30, 9, 0, tzinfo=CHINA))

    assert cards_in(bound, DUTY_GROUP, case) == before


def test_a_matter_about_the_office_that_came_at_night_is_handed_to_the_head_alone(room: StaffRoom) -> None:
    """S5-2.3(2)."""
    head = room.office.person("钱局长", Role.HEAD, account="1009")
    room.office.now = EVENING
    case = room.office.have(own_office=True)
    room.deliver()
    fire(room, datetime(2026, 11, 30, 9, 0, tzinfo=CHINA))
    room.deliver()

    assert len([one for one in room.history if case.number in one.text and one.edits is None]) >= 2
    assert {one.chat for one in room.history if case.number in one.text} == {room.chat_of(head)}


# ── 值班表 ──


@pytest.mark.parametrize(
    ("at", "lines"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=CHINA),
         ["现在值班：", "· 王敏", "下一班：11月23日 下午 赵强、王敏"]),
        (datetime(2026, 11, 23, 12, 30, tzinfo=CHINA),
         ["现在值班：", "· 赵强", "· 王敏", "下一班：11月24日 上午 赵强"]),
        (datetime(2026, 11, 24, 10, 0, tzinfo=CHINA),
         ["现在值班：", "· 赵强", "下一班：11月24日 下午 孙主任"]),  # the date beats the weekday
        (datetime(2026, 11, 24, 16, 0, tzinfo=CHINA),
         ["现在值班：", "· 孙主任", "下一班：11月30日 上午 王敏"]),
        (datetime(2026, 11, 23, 20, 0, tzinfo=CHINA),
         ["现在不是办公时间。", "现在值班：", "· 夜班甲", "下一班：11月24日 上午 赵强"]),
    ],
)  # fmt: skip
def test_duty_tells_who_is_on_now_and_who_is_next(room: StaffRoom, at: datetime, lines: list[str]) -> None:
    """S9-1a: per half-day."""
    under(room.office, roster=ROSTER)
    room = StaffRoom(room.office, room.folder)
    room.office.now = at

    assert room.says(room.office.wang, "/duty").splitlines() == lines


def test_new_cases_go_to_whom_the_roster_names(room: StaffRoom) -> None:
    under(room.office, roster=ROSTER)
    room = StaffRoom(room.office, room.folder)

    case = room.office.have()  # Monday morning

    assert room.has_card(case, room.office.wang)
    assert not room.has_card(case, room.office.zhao)
