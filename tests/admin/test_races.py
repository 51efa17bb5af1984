"""Two at once, old screens, people who left: one wins, the other is told who and how."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore.codes import Ground, Kind, Role, Status, Step
from casestore.model import Actor, Case
from casestore.tables import buttons, events, officers
from tests.admin.staff_room import StaffRoom, a_person, is_said
from tests.office import DUTY_GROUP, FOOD


def kinds(room: StaffRoom, case: Case) -> list[str]:
    return [event.kind for event in room.office.do(lambda tx: events.of_case(tx, case.id))]


@pytest.mark.parametrize("chat", ["", DUTY_GROUP])
def test_of_two_officers_who_accept_one_holds_the_case_and_the_other_hears_who(
    room: StaffRoom, chat: str
) -> None:
    office = room.office
    case = office.have()
    wangs, zhaos = (
        room.card(case, chat or room.chat_of(one)).token("受理") for one in (office.wang, office.zhao)
    )
    first = room.hand_in(office.wang, wangs, chat)
    office.now += timedelta(minutes=3)
    second = room.hand_in(office.zhao, zhaos, chat)

    room.deliver()

    assert room.toasts[first].text == "已受理。"
    assert room.toasts[second].text == f"{case.number} 已由 王敏 受理（10:00）。"
    assert room.now(case).holder == office.wang.id
    assert kinds(room, case).count("accepted") == 1
    assert len(room.told(case)) == 1


def test_a_button_pressed_twice_is_carried_out_once(room: StaffRoom) -> None:
    """The platform repeats itself, a thumb too."""
    office = room.office
    case = office.have()
    token = room.card_of(case, office.wang).token("受理")
    room.redeem(office.wang, token)
    before, shown = room.dump(), len(room.history)

    press = room.hand_in(office.wang, token)
    after = room.dump()
    room.deliver()

    assert after == before
    assert [button.used for button in [office.do(lambda tx: buttons.find(tx, token))] if button] == [True]
    assert [one.chat for one in room.history[shown:]] == ["1001"]  # who sees an old card gets the new one
    assert room.toasts[press].text == f"{case.number} 已由 王敏 受理（10:00）。"


def test_one_accepts_while_the_other_looks_through_the_grounds(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    room.press(office.zhao, case, "不予受理")
    late = room.card_of(case, office.zhao).token("四 超过三年")
    room.press(office.wang, case, "受理")

    assert room.redeem(office.zhao, late) == f"{case.number} 已由 王敏 受理（10:00）。"
    assert room.now(case).ground is None
    assert "状态：已受理" in room.card_of(case, office.zhao).text


def test_one_declines_while_the_other_types(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    room.press(office.zhao, case, "要求补正")
    room.press(office.zhao, case, "其他（请输入）")
    office.take(case, Step.DECLINE, office.wang, ground=Ground.TOO_OLD)

    answer = room.says(office.zhao, "请补充小票")

    assert answer == f"{case.number} 现在是「不予受理」，不能要求补正。请按最新卡片操作。"
    assert len(room.told(case)) == 1


def test_the_citizen_withdraws_while_an_officer_accepts(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    token = room.card_of(case, office.wang).token("受理")
    office.take(case, Step.WITHDRAW, office.anna)

    answer = room.redeem(office.wang, token)

    assert answer == f"{case.number} 已变化，卡片已更新。"
    assert room.now(case).status is Status.WITHDRAWN
    assert "状态：已撤回" in room.card_of(case, office.wang).text


@pytest.mark.parametrize(
    ("step", "facts", "word"),
    [
        (Step.ACCEPT, {}, "受理"),
        (Step.DECLINE, {"ground": Ground.TOO_OLD}, "不予受理"),
        (Step.ASK_SUPPLEMENT, {"words": "小票"}, "要求补正"),
    ],
)
def test_who_was_faster_is_told_in_the_staffs_words(
    room: StaffRoom, step: Step, facts: dict[str, object], word: str
) -> None:
    """Not in the sentence that the citizen reads of it (请您补充材料)."""
    office = room.office
    case = office.have()
    token = room.card_of(case, office.zhao).token("受理")
    office.take(case, step, office.wang, **facts)

    assert room.redeem(office.zhao, token) == f"{case.number} 已由 王敏 {word}（10:00）。"


def test_an_escalation_or_a_recusal_in_between_is_told_in_chinese(room: StaffRoom) -> None:
    office = room.office
    case, wang = office.have(), Actor(officer=office.wang)
    tokens = [room.card_of(case, office.zhao).token("受理")]
    office.do(lambda tx: office.desk.requests.escalate(tx, case.id, wang, "涉及多人", office.now))
    tokens.append(room.card_of(case, office.zhao).token("受理"))

    assert room.redeem(office.zhao, tokens[0]) == f"{case.number} 已由 王敏 升级上报（10:00）。"
    office.do(lambda tx: office.desk.recuse(tx, case.id, wang, office.now))
    assert room.redeem(office.zhao, tokens[1]) == f"{case.number} 已由 王敏 回避（10:00）。"


def test_who_only_looked_in_between_is_not_who_was_faster(open_room: StaffRoom) -> None:
    office = open_room.office
    case = office.have()
    token = open_room.card_of(case, office.zhao).token("受理")
    open_room.press(office.wang, case, "受理")
    open_room.press(office.zhao, case, "查看全文/附件")

    assert open_room.redeem(office.zhao, token) == f"{case.number} 已由 王敏 受理（10:00）。"


def test_a_refused_press_in_the_group_leaves_the_button_good_for_who_may(room: StaffRoom) -> None:
    """An auditor's curiosity does not void the desk's button."""
    office = room.office
    auditor = a_person(office, "老严", Role.AUDITOR, "1009")
    case = office.have()
    token = room.card(case).token("受理")

    assert is_said("errors.not-authorised", room.redeem(auditor, token, DUTY_GROUP))
    assert room.redeem(office.wang, token, DUTY_GROUP) == "已受理。"


def test_much_older_buttons_are_forgotten_and_say_so(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    token = room.card_of(case, office.wang).token("受理")
    for step in (Step.ASK_SUPPLEMENT, Step.ACCEPT):
        office.take(case, step, office.zhao, words="小票")
        room.deliver()

    assert is_said("staff.expired", room.redeem(office.wang, token))
    assert office.do(lambda tx: buttons.find(tx, token)) is None


# ── people who left ──


def test_a_suspension_takes_effect_with_the_next_press(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    room.press(office.wang, case, "不予受理")
    token = room.card_of(case, office.wang).token("四 超过三年")
    office.do(lambda tx: officers.suspend(tx, office.wang.id))

    assert is_said("staff.unknown_person", room.redeem("1001", token))
    assert is_said("staff.unknown_person", room.says("1001", f"/case {case.number}"))
    assert room.now(case) == case


def test_words_typed_after_a_suspension_are_nobodys(room: StaffRoom) -> None:
    office = room.office
    case = office.have(kind=Kind.CONSULTATION)
    room.press(office.wang, case, "答复")
    room.press(office.wang, case, "直接答复（请输入）")
    office.do(lambda tx: officers.suspend(tx, office.wang.id))

    assert is_said("staff.unknown_person", room.says("1001", "可以退货"))
    assert room.now(case).status is Status.REGISTERED
    office.do(lambda tx: officers.suspend(tx, office.wang.id, active=True))
    assert room.says("1001", "可以退货") == f"{case.number} 已答复。"


def test_words_typed_after_a_recusal_are_refused(room: StaffRoom) -> None:
    office = room.office
    case = office.have(kind=Kind.CONSULTATION)
    room.press(office.wang, case, "答复")
    room.press(office.wang, case, "直接答复（请输入）")
    office.do(lambda tx: office.desk.recuse(tx, case.id, Actor(officer=office.wang), office.now))

    assert is_said("errors.staff-recused", room.says(office.wang, "可以退货"))
    assert room.now(case).status is Status.REGISTERED


def test_a_suspended_handlers_unit_goes_on_without_him(room: StaffRoom) -> None:
    office = room.office
    other = a_person(office, "何平", Role.HANDLER, "1013", FOOD)
    case = office.dispatched()
    token = room.card_of(case, office.li).token("接收")
    office.do(lambda tx: officers.suspend(tx, office.li.id))

    assert is_said("staff.unknown_person", room.redeem("1003", token))
    assert room.press(other, case, "接收") == "已接收。"
