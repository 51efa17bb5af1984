"""办结以后, and what the desk does for somebody who telephones: 挽回损失, 归档, 重新办理, 市民撤回."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore.codes import Outcome, Status, Step
from tests.admin.staff_room import StaffRoom, is_said


@pytest.mark.parametrize(
    ("typed", "fen", "shown"),
    [("128", 12_800, "128元"), ("一百二十八块五", 12_850, "128.50元"), ("0", 0, "0元")],
)
def test_what_the_citizen_got_back_is_written_down(room: StaffRoom, typed: str, fen: int, shown: str) -> None:
    """挽回损失: figures are made of it."""
    office = room.office
    case = office.with_minutes(office.taken_over())

    room.go(office.li, case, "办结", "达成调解协议", "其他（请输入）")
    assert "1. 市民拿回多少钱（元，没有请写 0）" in room.asked(office.li)
    assert room.confirm(office.li, case, f"{typed}\n商家当场退款") == "已办结。"

    assert room.now(case).recovered_fen == fen
    assert room.last_event(case).facts["recovered_fen"] == fen
    assert f"挽回损失：{shown}" in room.card_of(case, office.li).text
    sum_told = f"商家退还、赔偿：{shown}。" if fen else ""
    assert f"已办结：达成调解协议。商家当场退款。{sum_told}\n" in room.told(case)[-1]


@pytest.mark.parametrize("outcome", ["达成调解协议", "双方自行和解"])
def test_also_behind_the_usual_words_the_sum_is_asked_for(room: StaffRoom, outcome: str) -> None:
    office = room.office
    case = office.with_minutes(office.taken_over())

    room.go(office.li, case, "办结", outcome, "商家已退款")
    assert room.asked(office.li).splitlines()[1] == "市民拿回多少钱（元，没有请写 0）"
    assert room.now(case).status is Status.TAKEN_OVER
    assert room.confirm(office.li, case, "一百二十八块五") == "已办结。"

    assert room.now(case).recovered_fen == 12_850
    assert "商家已退款。商家退还、赔偿：128.50元。" in room.told(case)[-1]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("128", "还缺一项内容（办理结果的说明（会告知市民）），请补上。"),
        ("很多\n商家退款", "这一项（市民拿回多少钱（元，没有请写 0））没有看懂，请按提示填写。"),
    ],
)
def test_a_sum_that_cannot_be_read_closes_nothing(room: StaffRoom, typed: str, refusal: str) -> None:
    office = room.office
    case = office.with_minutes(office.taken_over())
    room.go(office.li, case, "办结", "双方自行和解", "其他（请输入）")

    assert room.says(office.li, typed).startswith(refusal)
    assert room.now(case).status is Status.TAKEN_OVER
    assert room.confirm(office.li, case, "128\n商家退款") == "已办结。"


def test_what_is_archived_is_asked_once_and_stays_as_it_is(room: StaffRoom) -> None:
    """S9-7."""
    office = room.office
    case = office.closed()
    room.open(case, office.wang)

    room.go(office.wang, case, "归档")
    assert room.now(case).status is Status.CLOSED
    assert room.press(office.wang, case, "归档") == "已归档。"

    assert room.now(case).status is Status.ARCHIVED
    assert room.card_of(case, office.wang).labels == ["查看全文/附件"]


def test_a_case_is_taken_up_again_for_who_telephones(room: StaffRoom) -> None:
    office = room.office
    case = office.closed()
    room.open(case, office.wang)

    room.go(office.wang, case, "重新办理")
    assert room.asked(office.wang).splitlines()[1] == "重新办理的理由："
    assert room.says(office.wang, "商家没有退款") == f"{case.number} 已重新办理。"

    now = room.now(case)
    assert (now.status, now.outcome, now.unit) == (Status.ACCEPTED, None, None)
    assert "分派" in room.card_of(case, office.wang).labels


def test_after_thirty_days_it_is_not(room: StaffRoom) -> None:
    office = room.office
    case = office.closed()
    office.now += timedelta(days=30, minutes=1)
    room.open(case, office.wang)
    room.go(office.wang, case, "重新办理")

    assert is_said("errors.window-closed", room.says(office.wang, "商家没有退款"))


def test_a_failed_mediation_taken_up_again_starts_without_its_end(room: StaffRoom) -> None:
    office = room.office
    case = office.mediating()
    room.go(office.li, case, "终止调解", "三 无法达成")
    room.confirm(office.li, case, "分歧太大")
    office.take(room.now(case), Step.CLOSE, office.li, outcome=Outcome.MEDIATION_ENDED, words="未能达成一致")

    office.take(case, Step.REOPEN, office.anna, words="商家愿意谈了")

    assert room.now(case).end_ground is None
    assert "终止理由" not in room.open(case, office.wang).text


def test_who_telephones_may_withdraw(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()

    room.go(office.wang, case, "市民撤回")
    assert room.asked(office.wang).splitlines()[1] == "市民撤回的原因："
    assert room.says(office.wang, "来电说已经解决") == f"{case.number} 已撤回。"

    assert room.now(case).status is Status.WITHDRAWN
