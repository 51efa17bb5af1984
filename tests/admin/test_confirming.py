"""不予受理 and 办结 are final and told at once: the officer reads the notice first, and one tap sends nothing."""

from __future__ import annotations

import pytest

from admin.menus import OUTCOMES
from casestore.codes import EndGround, Ground, Kind, Outcome, Status, Step
from casestore.model import Actor, Case
from casestore.tables import events
from tests.admin.staff_room import TEXTS, StaffRoom, is_said

BY_PRESS = [ground for ground in Ground if ground is not Ground.OTHER_LAW]
USUAL = [
    (outcome, words)
    for outcome in OUTCOMES[Kind.COMPLAINT, Status.MEDIATING]
    for words in TEXTS.lines(f"reason.close_words.{outcome}")
]


def declining(room: StaffRoom, ground: Ground) -> Case:
    """The ground is chosen; nothing more is pressed."""
    case = room.office.have()
    room.press(room.office.wang, case, "不予受理")
    room.press(room.office.wang, case, TEXTS.name("ground_short", ground))
    return case


def closing(room: StaffRoom, outcome: Outcome) -> Case:
    office = room.office
    case = office.with_minutes(office.taken_over())
    if outcome is Outcome.MEDIATION_ENDED:
        ended = {"end_ground": EndGround.NO_AGREEMENT, "words": "差额太大"}
        case = office.take(case, Step.END_MEDIATION, office.li, **ended).case
    room.press(room.office.li, case, "办结")
    room.press(room.office.li, case, TEXTS.name("outcome", outcome))
    return case


@pytest.mark.parametrize("ground", BY_PRESS)
def test_a_ground_alone_declines_nothing_and_shows_the_notice(room: StaffRoom, ground: Ground) -> None:
    case = declining(room, ground)

    menu = room.card_of(case, room.office.wang)
    assert room.now(case).status is Status.REGISTERED
    assert room.told(case) == []
    assert menu.labels == ["确认", "附上说明（请输入）", "返回"]
    assert room.press(room.office.wang, case, "确认") == "已不予受理。"
    (notice,) = room.told(case)
    assert notice in menu.text


def test_the_way_back_from_the_notice_leads_to_the_card(room: StaffRoom) -> None:
    case = declining(room, Ground.TOO_OLD)

    assert room.press(room.office.wang, case, "返回") == ""

    assert "状态：已登记" in room.card_of(case, room.office.wang).text
    assert room.now(case) == case


@pytest.mark.parametrize(("outcome", "words"), USUAL)
def test_a_case_is_closed_after_its_notice_was_read(room: StaffRoom, outcome: Outcome, words: str) -> None:
    case = closing(room, outcome)
    assert room.press(room.office.li, case, words) == ""
    room.says(room.office.li, "128")  # what came back

    menu = room.card_of(case, room.office.li)
    assert room.now(case).status is Status.TAKEN_OVER
    assert menu.labels == [
        "确认",
        *(["改写（请输入）"] if outcome in (Outcome.AGREEMENT, Outcome.SETTLED) else []),
        "返回",
    ]
    assert room.press(room.office.li, case, "确认") == "已办结。"
    assert (room.now(case).status, room.now(case).outcome) == (Status.CLOSED, outcome)
    assert room.told(case)[-1] in menu.text
    assert words in room.told(case)[-1]


def test_a_confirmation_for_a_case_that_moved_on_does_nothing(room: StaffRoom) -> None:
    case = declining(room, Ground.TOO_OLD)
    token = room.card_of(case, room.office.wang).token("确认")
    room.press(room.office.zhao, case, "受理")

    answer = room.redeem(room.office.wang, token)

    assert answer == f"{case.number} 已由 赵强 受理（10:00）。"
    assert room.now(case).status is Status.ACCEPTED


def test_two_taps_on_the_confirmation_decline_once(room: StaffRoom) -> None:
    case = declining(room, Ground.TOO_OLD)
    token = room.card_of(case, room.office.wang).token("确认")
    presses = [room.hand_in(room.office.wang, token) for _ in range(2)]

    room.deliver()

    assert room.toasts[presses[0]].text == "已不予受理。"
    assert len(room.told(case)) == 1


# ── the seventh ground ──


def test_the_seventh_ground_names_its_statute_in_typed_words(room: StaffRoom) -> None:
    """Art. 16(7): 法律、法规、规章规定 — which one, the citizen must be told."""
    case = declining(room, Ground.OTHER_LAW)
    assert room.now(case).status is Status.REGISTERED
    asked = room.messages[max(room.messages)]
    assert (asked.chat, "法律、法规、规章的名称" in asked.text) == ("1001", True)

    shown = room.says(room.office.wang, "《价格违法行为举报处理规定》第七条")
    assert room.told(case) == []
    assert room.press(room.office.wang, case, "确认") == "已不予受理。"

    assert room.now(case).ground is Ground.OTHER_LAW
    (notice,) = room.told(case)
    assert "《价格违法行为举报处理规定》第七条。" in notice
    assert notice in shown


def test_the_seventh_ground_without_its_statute_declines_nothing(room: StaffRoom) -> None:
    case = declining(room, Ground.OTHER_LAW)

    assert is_said("unreadable.no-words", room.says(room.office.wang, "……"))
    assert "请写明所依据的法律" in room.says(room.office.wang, "法律规定不受理")

    assert room.now(case).status is Status.REGISTERED
    assert room.confirm(room.office.wang, case, "某条例第三条") == "已不予受理。"


# ── 办结 in own words ──


def test_words_typed_for_a_closing_are_shown_as_they_will_be_sent(room: StaffRoom) -> None:
    case = closing(room, Outcome.SETTLED)
    room.press(room.office.li, case, "其他（请输入）")
    told = room.told(case)

    shown = room.says(room.office.li, "128\n商家退款")

    assert (room.now(case).status, room.told(case)) == (Status.TAKEN_OVER, told)
    assert room.press(room.office.li, case, "确认") == "已办结。"
    assert room.told(case)[-1] in shown


def test_typed_words_wait_sealed_for_their_confirmation(room: StaffRoom) -> None:
    """They may name people: not even the buttons below the notice hold them in clear."""
    case = closing(room, Outcome.SETTLED)
    room.press(room.office.li, case, "其他（请输入）")
    room.says(room.office.li, "128\n退给张小明的微信")

    assert "张小明" not in repr(room.dump()["buttons"])
    room.press(room.office.li, case, "返回")
    assert room.now(case).status is Status.TAKEN_OVER


def test_words_typed_for_a_closing_are_for_the_case_as_it_was_read(room: StaffRoom) -> None:
    """Meanwhile the citizen sent another paper: nobody closes over it unseen."""
    office = room.office
    case = closing(room, Outcome.SETTLED)
    room.press(office.li, case, "其他（请输入）")
    citizen = Actor(citizen=office.anna)
    office.do(lambda tx: office.desk.supplement(tx, case.id, citizen, (), "新的小票", office.now))
    room.deliver()

    assert is_said("errors.case-changed", room.says(office.li, "128\n商家退款"))

    assert room.now(case).status is Status.TAKEN_OVER


@pytest.mark.parametrize("outcome", [*OUTCOMES[Kind.COMPLAINT, Status.MEDIATING], Outcome.MEDIATION_ENDED])
def test_the_usual_words_of_a_closing_fit_its_outcome(room: StaffRoom, outcome: Outcome) -> None:
    """终止调解 with 双方已达成协议 would be a false record."""
    labels = room.card_of(closing(room, outcome), room.office.li).labels

    agreed = {"商家已退款", "商家已更换或修理", "双方已达成协议"}
    if outcome is Outcome.MEDIATION_ENDED:
        assert not agreed & set(labels)
        assert "双方未能达成一致" in labels
    else:
        assert "双方未能达成一致" not in labels
    assert len(labels) > 3


# ── words that are words ──


@pytest.mark.parametrize("nothing", ["😀", "。。。", "？！", "👍🏻👍🏻", "—— ……", "<>", "★"])
@pytest.mark.parametrize("kind", [Kind.CONSULTATION, Kind.COMPLAINT])
def test_only_emoji_or_punctuation_is_no_reason_and_the_question_stays(
    room: StaffRoom, nothing: str, kind: Kind
) -> None:
    case = room.office.have(kind=kind)
    if kind is Kind.CONSULTATION:
        room.go(room.office.wang, case, "答复", TEXTS.name("button", "answer_now"))
    else:
        room.press(room.office.wang, case, "升级")
        room.press(room.office.wang, case, "其他（请输入）")
    before = len(room.office.do(lambda tx: events.of_case(tx, case.id)))

    assert is_said("unreadable.no-words", room.says(room.office.wang, nothing))

    assert len(room.office.do(lambda tx: events.of_case(tx, case.id))) == before
    assert room.says(room.office.wang, "涉及多人").startswith(case.number)


# ── what cannot be done now is said before the asking ──


def test_dispatch_while_a_decision_is_open_is_refused_before_the_units_are_shown(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    room.press(office.wang, case, "升级")
    room.press(office.wang, case, "涉及多人")

    assert is_said("errors.awaits-approval", room.press(office.wang, case, "分派"))

    assert "状态：已受理" in room.card_of(case, office.wang).text
