"""调解, pressed and typed from the unit's receipt to the closing: consents, notice, minutes, testing, end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore.codes import EndGround, Outcome, Status
from casestore.model import Case
from tests.admin.staff_room import TEXTS, StaffRoom, is_said

_ARRANGED = "11月26日 15:00\n消保科会议室\n李娜、周平"


def consents(room: StaffRoom, case: Case, **answers: str) -> None:
    for party, answer in (answers or {"投诉人": "是", "经营者": "是"}).items():
        room.go(room.office.li, case, "记录", "调解意愿", party, answer, "电话")
        room.says(room.office.li, "无")


def test_a_mediation_from_receipt_to_agreement(room: StaffRoom) -> None:
    """C2, S3-3.2: 接收 → 意愿 ×2 → 组织调解 → 笔录 → 办结, all by buttons and typed lines."""
    office = room.office
    li, case = office.li, office.dispatched()
    room.go(li, case, "接收")
    consents(room, case)

    room.go(li, case, "组织调解")
    assert room.asked(li).splitlines()[1:5] == [
        "请在一条消息里分行写：",
        "1. 调解时间",
        "2. 调解地点（或方式）",
        "3. 调解员姓名",
    ]
    assert room.says(li, _ARRANGED) == f"{case.number} 已组织调解。"
    assert room.now(case).status is Status.MEDIATING
    assert "时间：11月26日 15:00；地点：消保科会议室；调解员：李娜、周平。" in room.told(case)[-1]

    room.go(li, case, "记录", "调解笔录", "两人以上")
    room.says(li, "李娜、周平\n双方陈述，商家同意退款。")
    room.go(li, case, "办结", "达成调解协议")
    room.press(li, case, "商家已退款")
    assert room.confirm(li, case, "128") == "已办结。"

    now = room.now(case)
    assert (now.status, now.outcome) == (Status.CLOSED, Outcome.AGREEMENT)
    assert "结果：达成调解协议" in room.card_of(case, li).text


def test_no_mediation_before_both_sides_have_said_yes(room: StaffRoom) -> None:
    """S6-3b, art. 18. Said at once, before anybody types time and place in vain."""
    office = room.office
    case = office.taken_over()

    for answers in ({"投诉人": "是"}, {"投诉人": "否", "经营者": "是"}):
        consents(room, case, **answers)
        assert is_said("errors.consent-missing", room.go(office.li, case, "组织调解"))
    assert is_said("staff.prompt_gone", room.says(office.li, _ARRANGED))
    assert room.now(case).status is Status.TAKEN_OVER

    consents(room, case, 投诉人="是")
    assert room.go(office.li, case, "组织调解") == ""


@pytest.mark.parametrize(
    ("typed", "missing"),
    [("11月26日 15:00", "调解地点（或方式）"), ("11月26日 15:00\n会议室", "调解员姓名"), ("明天\n\n李娜", "调解地点（或方式）")],
)  # fmt: skip
def test_time_place_and_mediators_are_told_beforehand(room: StaffRoom, typed: str, missing: str) -> None:
    """Art. 20, S6-9."""
    office = room.office
    case = office.taken_over()
    consents(room, case)
    told = room.told(case)
    room.go(office.li, case, "组织调解")

    assert room.says(office.li, typed).startswith(f"还缺一项内容（{missing}），请补上。")
    assert room.told(case) == told
    assert room.says(office.li, _ARRANGED) == f"{case.number} 已组织调解。"


def test_an_agreement_needs_its_minutes(room: StaffRoom) -> None:
    """S6-9: 过程作记录."""
    office = room.office
    case = office.mediating()
    room.go(office.li, case, "办结", "达成调解协议")

    room.press(office.li, case, "商家已退款")
    assert is_said("errors.minutes-missing", room.says(office.li, "128"))
    assert room.now(case).status is Status.MEDIATING


# ── 终止调解 ──


@pytest.mark.parametrize("ground", EndGround)
def test_a_mediation_ends_on_each_ground_and_the_citizen_reads_it(room: StaffRoom, ground: EndGround) -> None:
    """Art. 23 and 25: the ground and the ways that are left."""
    office = room.office
    case = office.mediating()

    room.go(office.li, case, "终止调解", TEXTS.name("end_ground_short", ground))
    assert room.now(case).status is Status.MEDIATING
    why = "依照某条例第九条" if ground is EndGround.OTHER else "商家三次未到"
    assert why in room.says(office.li, why)
    assert room.now(case).status is Status.MEDIATING
    assert room.press(office.li, case, "确认") == "已终止调解。"

    now = room.now(case)
    assert (now.status, now.end_ground) == (Status.MEDIATION_ENDED, ground)
    told = room.told(case)[-1]
    assert f"理由：{TEXTS.name('end_ground', ground)}。{why}。" in told
    assert "提起诉讼" in told
    assert f"终止理由：{TEXTS.name('end_ground', ground)}" in room.card_of(case, office.li).text


def test_after_the_end_the_case_is_closed_as_ended_and_in_no_other_way(room: StaffRoom) -> None:
    office = room.office
    case = office.mediating()
    room.go(office.li, case, "终止调解", "三 无法达成")
    room.confirm(office.li, case, "分歧太大")

    room.go(office.li, case, "办结")
    assert room.card_of(case, office.li).labels == ["终止调解", "返回"]
    room.press(office.li, case, "终止调解")
    room.press(office.li, case, "双方未能达成一致")
    assert room.press(office.li, case, "确认") == "已办结。"

    assert room.now(case).outcome is Outcome.MEDIATION_ENDED


def test_both_may_settle_by_themselves_at_any_time(room: StaffRoom) -> None:
    office = room.office
    case = office.taken_over()

    room.go(office.li, case, "自行和解")
    assert "市民拿回多少钱" in room.asked(office.li)
    shown = room.says(office.li, "50")
    assert room.now(case).status is Status.TAKEN_OVER
    assert room.press(office.li, case, "确认") == "已按自行和解办结。"

    now = room.now(case)
    assert (now.status, now.outcome, now.recovered_fen) == (Status.CLOSED, Outcome.SETTLED, 5_000)
    assert room.told(case)[-1] in shown
    assert "商家退还、赔偿：50元。" in room.told(case)[-1]


# ── 检测鉴定 ──


def test_while_a_test_runs_the_clock_stands_still_and_the_card_says_so(room: StaffRoom) -> None:
    """Art. 22: 检测所需时间不计算在调解期限内; the day it ended is not counted either."""
    office = room.office
    case = office.mediating()
    assert "时限：调解结束 2027年1月22日 到期" in room.card_of(case, office.li).text
    room.go(office.li, case, "记录", "检测鉴定", "双方", "经营者")
    room.says(office.li, "广西质检院\nCMA 1\n含量有争议")

    assert "时限：暂停计时（检测鉴定）" in room.card_of(case, office.li).text.splitlines()
    assert "为什么是这一天" not in room.card_of(case, office.li).labels
    assert "已送检测鉴定" in room.told(case)[-1]

    office.now += timedelta(days=10)
    room.go(office.li, case, "记录", "检测结论", "经营者")
    room.says(office.li, "0\n不合格")
    assert "时限：调解结束 2027年2月1日 到期" in room.card_of(case, office.li).text


@pytest.mark.parametrize("labels", [["终止调解"], ["办结"]])
def test_while_a_test_runs_the_mediation_is_neither_ended_nor_closed(
    room: StaffRoom, labels: list[str]
) -> None:
    office = room.office
    case = office.mediating()
    room.go(office.li, case, "记录", "检测鉴定", "双方", "经营者")
    room.says(office.li, "广西质检院\nCMA 1\n含量有争议")

    assert is_said("errors.under-testing", room.go(office.li, case, *labels))


def test_a_second_test_may_follow_the_first(room: StaffRoom) -> None:
    """S6-8: 对结论有异议再次检测."""
    office = room.office
    case = office.mediating()
    for agency in ("广西质检院", "国家食品质检中心"):
        room.go(office.li, case, "记录", "检测鉴定", "双方", "经营者")
        room.says(office.li, f"{agency}\nCMA 1\n含量有争议")
        assert "暂停计时（检测鉴定）" in room.card_of(case, office.li).text
        room.go(office.li, case, "记录", "检测结论", "经营者")
        room.says(office.li, "0\n不合格")
        assert "暂停计时" not in room.card_of(case, office.li).text
