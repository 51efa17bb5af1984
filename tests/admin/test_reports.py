"""举报 at the desk: ended on a ground of the law with its notice in sight, checked on though withdrawn."""

from __future__ import annotations

import pytest

from casestore.codes import Channel, Kind, LinkKind, Outcome, ReportGround, Status, Step
from casestore.model import Case
from tests.admin.staff_room import TEXTS, StaffRoom
from tests.casestore.deeds import link
from tests.office import FOOD, acting, an_intake

BY_WORDS = sorted(set(ReportGround) - {ReportGround.SAME_FACT_AGAIN})


def reported(room: StaffRoom) -> Case:
    return room.office.have(kind=Kind.REPORT)


# ── 不予处理 ──


@pytest.mark.parametrize("ground", BY_WORDS)
def test_a_report_that_is_not_handled_here_names_its_ground_and_the_way_out(
    room: StaffRoom, ground: ReportGround
) -> None:
    """Art. 34, 44: read by the officer first, word for word as the informer gets it; nothing before 确认."""
    wang, case = room.office.wang, reported(room)
    room.go(wang, case, "不予处理", TEXTS.name("ground_short", ground), "其他（请输入）")
    assert "举报人应当向哪里提出" in room.asked(wang)

    shown = room.says(wang, "某市市场监督管理局，电话 0773-1234567")
    assert (room.now(case).status, room.told(case)) == (Status.REGISTERED, [])
    assert room.press(wang, case, "确认") == "已不予处理。"

    (notice,) = room.told(case)
    assert notice in shown
    assert TEXTS.name("ground", ground) in notice
    assert "提出：某市市场监督管理局，电话 0773-1234567。" in notice or "反映：某市" in notice
    now = room.now(case)
    assert (now.status, now.outcome, now.ground) == (Status.CLOSED, Outcome.NOT_HANDLED, ground)
    assert f"理由：{TEXTS.name('ground', ground)}" in room.card_of(case, wang).text


def test_words_that_are_none_turn_no_informer_away(room: StaffRoom) -> None:
    wang, case = room.office.wang, reported(room)
    room.go(wang, case, "不予处理", "属其他市场监管部门", "其他（请输入）")

    room.says(wang, "……")

    assert room.now(case).status is Status.REGISTERED


def test_a_repeat_is_ended_by_two_presses_and_its_informer_hears_of_the_first(room: StaffRoom) -> None:
    """Art. 35: 不再另行处理. Of a report without an earlier one the ground is not offered."""
    wang, first = room.office.wang, reported(room)
    room.go(wang, first, "不予处理")
    assert "同一事实重复举报" not in room.card_of(first, wang).labels
    again = reported(room)

    room.go(wang, again, "不予处理", "同一事实重复举报")
    shown = room.card_of(again, wang).text
    assert room.press(wang, again, "确认") == "已不予处理。"

    (notice,) = room.told(again)
    assert notice in shown
    assert f"您此前的举报是 {first.number}。" in notice
    assert "第三十五条" in notice
    assert room.now(first).status is Status.REGISTERED


def test_a_link_made_by_hand_opens_the_way_too(room: StaffRoom) -> None:
    """A caller's second report: the desk cannot know him, the officer does."""
    office, wang = room.office, room.office.wang
    first = reported(room)
    intake = an_intake(None, kind=Kind.REPORT, channel=Channel.PHONE)
    called = office.do(lambda tx: office.desk.register(tx, intake, office.now)).case
    link(office, called, first, LinkKind.REPEAT, wang)

    room.go(wang, called, "不予处理", "同一事实重复举报")
    assert "没有要通知的人" in room.card_of(called, wang).text
    assert first.number not in room.card_of(called, wang).text.split("理由：")[1]
    assert room.press(wang, called, "确认") == "已不予处理。"


def test_who_stays_away_from_the_first_learns_nothing_of_it_from_the_second(room: StaffRoom) -> None:
    """S7-5b: also not from a notice; somebody else ends the repeat."""
    office, first, again = room.office, reported(room), reported(room)
    room.recuse(first, office.wang)
    room.open(again, office.wang)

    room.go(office.wang, again, "不予处理")
    assert "同一事实重复举报" not in room.card_of(again, office.wang).labels
    room.go(office.zhao, again, "不予处理")
    assert "同一事实重复举报" in room.card_of(again, office.zhao).labels


# ── 撤回 ──


def test_a_withdrawn_report_goes_on_and_the_card_says_so(room: StaffRoom) -> None:
    """The informer's wish is kept; the duty to check is the office's."""
    office, wang, case = room.office, room.office.wang, reported(room)
    office.do(lambda tx: office.desk.withdraw(tx, case.id, acting(office.anna), "不想管了", office.now))

    card = room.card_of(case, wang)
    assert "举报人已撤回，不再通知；线索须依法核查" in card.text
    assert "状态：已登记" in card.text
    assert "分派" in card.labels
    assert f"{case.number} 举报人已撤回，线索仍须依法核查，请继续办理。" in [
        one.text for one in room.messages.values()
    ]
    assert "要求补正" not in card.labels


def test_who_telephones_withdraws_his_report_in_the_same_way(room: StaffRoom) -> None:
    wang, case = room.office.wang, reported(room)
    room.go(wang, case, "市民撤回")

    assert room.says(wang, "来电说不想管了") == f"{case.number} 已记下举报人撤回，线索仍须依法核查。"

    assert (room.now(case).status, room.now(case).quiet) == (Status.REGISTERED, False)
    assert room.told(case)[-1].startswith(f"已按来电、来人或来函记下您撤回举报 {case.number}")
    labels = room.card_of(case, wang).labels
    assert "市民撤回" not in labels


# ── 办结 of a filed report ──


@pytest.mark.parametrize("outcome", [Outcome.PUNISHED, Outcome.NO_PENALTY, Outcome.TRANSFERRED])
def test_a_filed_report_ends_as_the_case_did(room: StaffRoom, outcome: Outcome) -> None:
    """S2-3.3: punished, 依法不予处罚, or 移送; each with the notice in sight."""
    office, li, case = room.office, room.office.li, reported(room)
    office.take(case, Step.DISPATCH, office.wang, unit=FOOD)
    office.take(case, Step.TAKE_OVER, li)
    office.take(case, Step.FILE, li)
    words = TEXTS.lines(f"reason.close_words.{outcome}")[0]

    room.go(li, case, "办结", TEXTS.name("outcome", outcome), words)
    shown = room.card_of(case, li).text
    assert room.press(li, case, "确认") == "已办结。"

    assert room.now(case).outcome is outcome
    assert room.told(case)[-1] in shown
    assert TEXTS.name("outcome", outcome) in room.told(case)[-1]
