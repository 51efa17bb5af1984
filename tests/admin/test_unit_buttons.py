"""At the unit: 接收, 退回中心, 组织调解, 立案, 不予立案, 办结; and what another unit may not."""

from __future__ import annotations

import pytest

from casestore.codes import Kind, Outcome, Role, Status, Step
from casestore.tables import events
from tests.admin.staff_room import TEXTS, StaffRoom, a_person, is_said
from tests.office import FOOD, QUALITY


def test_taking_over_makes_the_handler_the_holder(room: StaffRoom) -> None:
    office = room.office
    case = office.dispatched()

    assert room.press(office.li, case, "接收") == "已接收。"

    now = room.now(case)
    assert (now.status, now.holder, now.first_officer) == (Status.TAKEN_OVER, office.li.id, office.wang.id)
    assert room.told(case)[-1] == f"食品生产流通安全监督管理科已接收您的投诉 {case.number}，会与您联系。"
    assert "持有：李娜" in room.card(case).text


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.REPORT])
@pytest.mark.parametrize("taken_over", [False, True])
def test_a_return_goes_to_the_centre_with_its_reason_and_never_sideways(
    room: StaffRoom, kind: Kind, taken_over: bool
) -> None:
    """Art. 41: 退回中心，不得自行移送. Who answered first has it again."""
    office = room.office
    if kind is Kind.COMPLAINT:
        case = office.dispatched()
    else:
        case = office.take(office.have(kind=kind), Step.DISPATCH, office.wang, unit=FOOD).case
    if taken_over:
        room.press(office.li, case, "接收")
    told = room.told(case)
    room.press(office.li, case, "退回中心")
    labels = room.card_of(case, office.li).labels
    assert not [label for label in labels if label in {unit.name for unit in office.units}]

    assert room.press(office.li, case, "不在本辖区") == "已退回中心。"

    now = room.now(case)
    assert (now.unit, now.holder) == (None, office.wang.id)
    assert now.status is (Status.ACCEPTED if kind is Kind.COMPLAINT else Status.REGISTERED)
    assert office.do(lambda tx: events.of_case(tx, case.id))[-1].words == "不在本辖区"
    assert not room.has_card(case, office.li)
    assert "分派" in room.card_of(case, office.wang).labels
    assert f"{case.number} 已被承办单位退回中心，请重新分派。" in [
        one.text for one in room.messages.values() if one.chat == "1001"
    ]
    again = "重新转交" if kind is Kind.REPORT else "重新分派"
    who = f"您的{TEXTS.name('kind', kind)} {case.number}"
    assert room.told(case) == [*told, f"{who} 承办单位认为不属于其职责，已退回，我们会{again}。"]


def test_a_return_without_a_reason_is_not_made(room: StaffRoom) -> None:
    office = room.office
    case = office.dispatched()
    room.press(office.li, case, "退回中心")
    room.press(office.li, case, "其他（请输入）")

    assert room.says(office.li, " \u200b ") == "没有收到内容，请再发一次。"
    assert room.now(case).status is Status.DISPATCHED
    assert room.says(office.li, "商家在河东镇") == f"{case.number} 已退回中心。"


@pytest.mark.parametrize("outcome", [Outcome.AGREEMENT, Outcome.SETTLED])
@pytest.mark.parametrize("typed", [False, True])
def test_closing_asks_for_the_outcome_and_for_words_and_tells_both(
    room: StaffRoom, outcome: Outcome, typed: bool
) -> None:
    office = room.office
    case = office.with_minutes(office.taken_over())
    room.press(office.li, case, "办结")
    room.press(office.li, case, TEXTS.name("outcome", outcome))
    assert room.now(case).status is Status.TAKEN_OVER
    words = "退款128元" if typed else TEXTS.lines(f"reason.close_words.{outcome}")[0]
    room.press(office.li, case, "其他（请输入）" if typed else words)
    assert room.confirm(office.li, case, f"0\n{words}" if typed else "0") == "已办结。"

    assert (room.now(case).status, room.now(case).outcome) == (Status.CLOSED, outcome)
    assert f"已办结：{TEXTS.name('outcome', outcome)}。{words}。" in room.told(case)[-1]
    assert room.card_of(case, office.li).labels == ["留言", "记录", "关联", "查看全文/附件"]
    assert room.card(case).labels == []


def test_a_report_is_filed_and_closed_without_a_word_of_mediation(room: StaffRoom) -> None:
    office = room.office
    case = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
    room.press(office.li, case, "接收")
    told = room.told(case)

    assert room.press(office.li, case, "立案") == "已立案。"

    assert room.told(case) == told  # art. 36: a person decides whether the informer is told
    room.press(office.li, case, "办结")
    assert room.card_of(case, office.li).labels == [
        "查证属实并处理", "依法不予行政处罚", "已依法移送有管辖权的机关", "返回",
    ]  # fmt: skip
    room.press(office.li, case, "查证属实并处理")
    room.press(office.li, case, "其他（请输入）")
    assert room.confirm(office.li, case, "罚款五千元") == "已办结。"
    assert (room.now(case).status, room.now(case).outcome) == (Status.CLOSED, Outcome.PUNISHED)


def test_a_report_that_is_not_filed_is_closed_with_its_reason(room: StaffRoom) -> None:
    office = room.office
    case = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
    room.press(office.li, case, "接收")
    room.press(office.li, case, "不予立案")

    told = room.told(case)
    room.press(office.li, case, "经核查未发现违法行为")
    shown = room.card_of(case, office.li)
    assert (room.now(case).status, room.told(case)) == (Status.TAKEN_OVER, told)  # one tap tells nobody
    assert room.press(office.li, case, "确认") == "已不予立案。"

    assert (room.now(case).status, room.now(case).outcome) == (Status.CLOSED, Outcome.NOT_FILED)
    assert room.told(case)[-1] in shown.text
    assert "决定不予立案。经核查未发现违法行为。\n您有新的事实或者证据，可以再次举报" in room.told(case)[-1]


def test_the_head_of_the_unit_takes_over_as_well_and_is_told_who_was_first(room: StaffRoom) -> None:
    office = room.office
    head = a_person(office, "吴科长", Role.UNIT_HEAD, "1012", FOOD)
    case = office.dispatched()
    token = room.card_of(case, head).token("接收")
    room.press(office.li, case, "接收")

    answer = room.redeem(head, token)

    assert answer == f"{case.number} 已由 李娜 接收（10:00）。"
    assert room.now(case).holder == office.li.id


def test_after_a_new_dispatch_the_old_units_buttons_are_dead(room: StaffRoom) -> None:
    """A press on what still stands on his screen: the case is another unit's now."""
    office = room.office
    other = a_person(office, "钱进", Role.HANDLER, "1006", QUALITY)
    case = office.dispatched()
    token = room.card_of(case, office.li).token("接收")
    office.take(case, Step.RETURN, office.li, words="不属于本单位职责")
    office.take(case, Step.DISPATCH, office.wang, unit=QUALITY)

    answer = room.redeem(office.li, token)

    assert is_said("errors.not-authorised", answer)
    assert room.now(case).status is Status.DISPATCHED
    assert "接收" in room.card_of(case, other).labels
    assert not room.has_card(case, office.li)


def test_words_typed_after_the_case_went_elsewhere_do_nothing(room: StaffRoom) -> None:
    """He had been asked for a reason while somebody else returned the case."""
    office = room.office
    head = a_person(office, "吴科长", Role.UNIT_HEAD, "1012", FOOD)
    case = office.taken_over()
    room.press(office.li, case, "退回中心")
    room.press(office.li, case, "其他（请输入）")
    room.press(head, room.now(case), "退回中心")
    room.press(head, room.now(case), "重复件")
    before = room.now(case)

    assert is_said("errors.not-authorised", room.says(office.li, "不属于本单位职责"))
    assert room.now(case) == before
