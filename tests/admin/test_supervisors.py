"""批准 and 驳回: a supervisor decides, never on his own request, and never twice."""

from __future__ import annotations

import pytest

from casestore.codes import Decision, Grade, Role, Status, Step
from casestore.errors import NothingToDecide
from casestore.model import Actor, Case, Officer
from casestore.tables import approvals
from tests.admin.staff_room import StaffRoom, a_person, is_said
from tests.office import DUTY_GROUP, a_suggestion


def the_head(room: StaffRoom) -> Officer:
    return a_person(room.office, "周局长", Role.HEAD, "1005")


def escalated(room: StaffRoom, by: Officer) -> Case:
    case = room.office.accepted()
    room.open(case, by)
    room.press(by, case, "升级")
    room.press(by, case, "涉及多人")
    return room.now(case)


def test_a_major_case_goes_to_the_supervisors_by_itself_and_waits(room: StaffRoom) -> None:
    """S9-6, S7-3: leaders first; nobody dispatches before."""
    office = room.office
    case = office.accepted(suggestion=a_suggestion(urgent=("食物中毒",)))

    assert "上报：系统 请求批示 — 食物中毒" in room.card_of(case, office.sun).text

    answer = room.press(office.wang, case, "分派")

    assert is_said("errors.awaits-approval", answer)
    assert room.now(case).status is Status.ACCEPTED
    assert "状态：已受理" in room.card_of(case, office.wang).text


@pytest.mark.parametrize("typed", [False, True])
def test_an_approval_opens_the_way_and_tells_the_holder(room: StaffRoom, typed: bool) -> None:
    office = room.office
    case = office.accepted(amount_fen=9_000_000)
    room.press(office.sun, case, "批准")
    if typed:
        room.press(office.sun, case, "其他（请输入）")
        assert room.says(office.sun, "同意，一周内报结果") == f"{case.number} 已批准。"
    else:
        assert room.press(office.sun, case, "同意") == "已批准。"

    (request,) = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert (request.decision, request.decided_by) == (Decision.APPROVED, office.sun.id)
    assert request.decision_reason == ("同意，一周内报结果" if typed else "同意")
    assert room.now(case).grade is Grade.MAJOR
    assert f"{case.number} 的上报已获批准，可以分派。" in [
        one.text for one in room.messages.values() if one.chat == "1001"
    ]
    assert f"批示：批准（孙主任）{request.decision_reason}" in room.card_of(case, office.wang).text
    room.press(office.wang, case, "分派")
    assert room.press(office.wang, case, "食品生产流通安全监督管理科（建议）") == "已分派。"


def test_a_refusal_makes_it_an_ordinary_case_that_can_be_dispatched(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted(amount_fen=9_000_000)
    room.press(office.sun, case, "驳回")

    assert room.press(office.sun, case, "按一般件办理") == "已驳回。"

    assert room.now(case).grade is Grade.ORDINARY
    assert "重大" not in room.card(case).text
    assert "批示：驳回（孙主任）" in room.card(case).text
    assert "按一般件办理" not in room.card(case).text
    room.press(office.wang, case, "分派")
    assert room.press(office.wang, case, "食品生产流通安全监督管理科（建议）") == "已分派。"


def test_a_decision_needs_its_reason(room: StaffRoom) -> None:
    """S7-3, S8-4: what was decided and why."""
    office = room.office
    case = escalated(room, office.wang)
    room.press(office.sun, case, "批准")
    room.press(office.sun, case, "其他（请输入）")

    assert is_said("unreadable.empty", room.says(office.sun, "\u200b"))

    (request,) = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert request.decision is None


def test_a_supervisor_who_asked_is_not_offered_to_decide_and_his_colleague_is(room: StaffRoom) -> None:
    office, head = room.office, the_head(room)
    case = escalated(room, office.sun)

    assert not {"批准", "驳回"} & set(room.card_of(case, office.sun).labels)
    room.press(head, case, "批准")
    assert room.press(head, case, "同意") == "已批准。"
    (request,) = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert (request.requested_by, request.decided_by) == (office.sun.id, head.id)


def test_a_question_asked_before_does_not_let_one_decide_his_own_request(room: StaffRoom) -> None:
    """He was asked for his words on another's request; that was decided, and now it is his own that waits."""
    office, head = room.office, the_head(room)
    case = escalated(room, office.wang)
    room.press(office.sun, case, "批准")
    room.press(office.sun, case, "其他（请输入）")
    room.press(head, case, "驳回")
    room.press(head, case, "按一般件办理")
    room.redeem(office.sun, room.card_of(case, office.sun).token("升级"))
    room.redeem(office.sun, room.card_of(case, office.sun).token("媒体关注"))

    answer = room.says(office.sun, "同意")

    assert answer == f"{case.number} 刚刚已变化，请按最新卡片操作。"
    assert office.do(lambda tx: approvals.of_case(tx, case.id))[-1].decision is None


def test_words_for_one_request_decide_no_other(room: StaffRoom) -> None:
    """While he typed, the request was decided and another one made, which he has not read."""
    office, head = room.office, the_head(room)
    case = escalated(room, office.wang)
    room.press(office.sun, case, "批准")
    room.press(office.sun, case, "其他（请输入）")
    room.press(head, case, "驳回")
    room.press(head, case, "按一般件办理")
    room.press(office.zhao, case, "升级")
    room.press(office.zhao, case, "媒体关注")

    answer = room.says(office.sun, "同意")

    assert answer == f"{case.number} 刚刚已变化，请按最新卡片操作。"
    assert office.do(lambda tx: approvals.of_case(tx, case.id))[-1].decision is None


def test_of_two_supervisors_the_first_decides_and_the_second_is_told_who(room: StaffRoom) -> None:
    office, head = room.office, the_head(room)
    case = escalated(room, office.wang)
    for one in (office.sun, head):
        room.press(one, case, "批准" if one is head else "驳回")
    late = room.card_of(case, office.sun).token("按一般件办理")
    room.press(head, case, "同意")

    answer = room.redeem(office.sun, late)

    assert answer == f"{case.number} 已由 周局长 批准（10:00）。"
    (request,) = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert (request.decision, request.decided_by) == (Decision.APPROVED, head.id)


def test_of_two_supervisors_who_type_their_words_the_first_decides(room: StaffRoom) -> None:
    office, head = room.office, the_head(room)
    case = escalated(room, office.wang)
    for one in (office.sun, head):
        room.press(one, case, "批准" if one is head else "驳回")
        room.press(one, case, "其他（请输入）")
    room.says(head, "同意，从速")

    assert room.says(office.sun, "不急") == f"{case.number} 刚刚已变化，请按最新卡片操作。"

    (request,) = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert (request.decision, request.decision_reason) == (Decision.APPROVED, "同意，从速")


def test_decided_buttons_are_gone_everywhere(room: StaffRoom) -> None:
    office, head = room.office, the_head(room)
    case = escalated(room, office.wang)
    room.press(head, case, "批准")
    room.press(head, case, "同意")

    for chat in ("1004", "1005", "1001", DUTY_GROUP):
        assert not {"批准", "驳回"} & set(room.card(case, chat).labels)
    assert "升级" in room.card_of(case, office.sun).labels


def test_a_supervisor_who_has_an_interest_is_not_asked(room: StaffRoom) -> None:
    """S5-2.3(2): whoever recused himself hears no more of it; the other decides."""
    office, head = room.office, the_head(room)
    case = office.accepted()
    room.open(case, office.sun)
    room.press(office.sun, case, "回避")
    room.press(office.sun, case, "回避")

    room.press(office.wang, case, "升级")
    room.press(office.wang, case, "涉及多人")

    assert not room.has_card(case, office.sun)
    assert "批准" in room.card_of(case, head).labels


def test_there_is_nothing_to_decide_of_a_matter_that_is_over(room: StaffRoom) -> None:
    """Its citizen has withdrawn it meanwhile: no button is left, and one pressed before does nothing."""
    office = room.office
    case = escalated(room, office.wang)
    room.press(office.sun, case, "批准")
    office.take(case, Step.WITHDRAW, office.anna)

    assert not {"批准", "驳回"} & set(room.card_of(case, office.sun).labels)
    with pytest.raises(NothingToDecide):
        office.do(
            lambda tx: office.desk.requests.decide(
                tx, case.id, Step.APPROVE, Actor(officer=office.sun), "同意", office.now
            )
        )
