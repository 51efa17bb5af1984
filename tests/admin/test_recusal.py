"""回避 (S7-5b): from then on the case does not exist for him, wherever he looks and whatever happens to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore.codes import Kind, Outcome, Role, Status, Step
from casestore.model import Actor, Case, Officer
from casestore.tables import officers
from tests.admin.staff_room import StaffRoom, a_person, is_said
from tests.office import DUTY_GROUP, FOOD, QUALITY


def heard(room: StaffRoom, who: Officer, since: int) -> str:
    """All that was shown to him since, and in the group where he sits."""
    room.deliver()
    mine = {room.chat_of(who), DUTY_GROUP}
    return "\n".join(one.text for one in room.history[since:] if one.chat in mine)


def away(room: StaffRoom, case: Case, who: Officer) -> int:
    """He stays away; from where in the history on he must hear nothing."""
    room.recuse(case, who)
    room.deliver()
    return len(room.history)


def test_the_card_is_taken_away_and_not_found_again(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    shown = room.card_of(case, office.wang).number
    away(room, case, office.wang)

    assert is_said("staff.recused", room.messages[shown].text)
    assert room.messages[shown].labels == []
    assert is_said("errors.case-unknown", room.says(office.wang, f"/case {case.number}"))
    assert is_said("errors.case-unknown", room.says(office.wang, f"/case {case.number}", DUTY_GROUP))


@pytest.mark.parametrize("word", ["/queue", "/mine", "待办", "我的"])
def test_no_list_shows_it(room: StaffRoom, word: str) -> None:
    office = room.office
    case, other = office.accepted(), office.accepted()
    away(room, case, office.wang)

    answer = room.says(office.wang, word)

    assert case.number not in answer
    assert other.number in answer


def test_nothing_that_happens_to_it_reaches_him(room: StaffRoom) -> None:
    """Through dispatch, mediation, requests, evidence, closing and a new start: not one number."""
    office = room.office
    case = office.accepted()
    since = away(room, case, office.wang)
    zhao = Actor(officer=office.zhao)
    requests = office.desk.requests

    office.do(lambda tx: office.desk.supplement(tx, case.id, Actor(citizen=office.anna), (), "又想起", office.now))  # fmt: skip
    office.do(lambda tx: requests.escalate(tx, case.id, zhao, "复杂", office.now))
    sun = Actor(officer=office.sun)
    office.do(lambda tx: requests.decide(tx, case.id, Step.APPROVE, sun, "同意", office.now))
    office.take(room.now(case), Step.DISPATCH, office.zhao, unit=FOOD)
    office.take(case, Step.RETURN, office.li, words="不在本辖区")
    office.take(case, Step.DISPATCH, office.zhao, unit=FOOD)
    office.take(case, Step.TAKE_OVER, office.li)
    office.consented(case)
    office.with_minutes(case)
    office.take(case, Step.CLOSE, office.li, outcome=Outcome.AGREEMENT, recovered_fen=0, words="退款")
    office.take(case, Step.REOPEN, office.anna, words="没有退款")
    office.take(case, Step.WITHDRAW, office.anna)

    assert case.number not in heard(room, office.wang, since)
    assert room.now(case).status is Status.WITHDRAWN


def test_evidence_for_a_case_that_nobody_holds_goes_to_the_others_in_private(room: StaffRoom) -> None:
    """The duty group, where he sits, is not told; the officers on duty are, each for himself."""
    office = room.office
    case = office.accepted()
    since = away(room, case, office.wang)

    actor = Actor(citizen=office.anna)
    office.do(lambda tx: office.desk.supplement(tx, case.id, actor, (), "还有一张小票", office.now))

    assert case.number not in heard(room, office.wang, since)
    assert f"市民给 {case.number} 增加了材料，请查看。" in [
        one.text for one in room.messages.values() if one.chat == "1002"
    ]


def test_no_reminder_reaches_him_and_somebody_else_is_reminded(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    since = away(room, case, office.wang)

    office.now += timedelta(days=1)
    for _ in range(20):
        office.now += timedelta(days=1)
        office.do(lambda tx: office.desk.reminding.fire(tx, office.now))

    assert case.number not in heard(room, office.wang, since)
    assert [one for one in room.messages.values() if one.chat == "1002" and one.text.startswith("⏰")]
    assert [one for one in room.messages.values() if one.chat == "1004" and one.text.startswith("⚠")]


def test_a_supervisor_who_stays_away_is_neither_asked_nor_reminded(room: StaffRoom) -> None:
    office = room.office
    head = a_person(office, "周局长", Role.HEAD, "1005")
    case = office.accepted()
    since = away(room, case, office.sun)

    office.do(
        lambda tx: office.desk.requests.escalate(tx, case.id, Actor(officer=office.wang), "复杂", office.now)
    )
    office.now += timedelta(days=30)
    office.do(lambda tx: office.desk.reminding.fire(tx, office.now))

    assert case.number not in heard(room, office.sun, since)
    assert "批准" in room.card_of(case, head).labels


def test_a_handler_who_stays_away_leaves_it_to_his_colleague(room: StaffRoom) -> None:
    office = room.office
    head = a_person(office, "吴科长", Role.UNIT_HEAD, "1012", FOOD)
    case = office.taken_over()
    since = away(room, case, office.li)

    assert case.number not in room.says(office.li, "/queue")
    assert case.number in room.says(head, "/queue")
    assert room.open(case, head).labels
    office.now += timedelta(days=80)
    office.do(lambda tx: office.desk.reminding.fire(tx, office.now))
    assert case.number not in heard(room, office.li, since)


def test_a_new_dispatch_to_his_unit_does_not_bring_it_back(room: StaffRoom) -> None:
    office = room.office
    head = a_person(office, "吴科长", Role.UNIT_HEAD, "1012", FOOD)
    case = office.taken_over()
    since = away(room, case, office.li)

    office.take(room.now(case), Step.RETURN, head, words="不在本辖区")
    office.take(case, Step.DISPATCH, office.wang, unit=FOOD)

    assert case.number not in "\n".join(
        one.text for one in room.history[since:] if one.chat == room.chat_of(office.li)
    )
    assert not room.has_card(case, office.li)
    assert room.has_card(case, head)


def test_a_suspended_holder_is_not_reminded(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    office.do(lambda tx: officers.suspend(tx, office.wang.id))
    room.deliver()
    since = len(room.history)

    office.now += timedelta(days=5)
    office.do(lambda tx: office.desk.reminding.fire(tx, office.now))
    room.deliver()

    assert not [one for one in room.history[since:] if one.chat == "1001" and case.number in one.text]


def test_the_others_work_on(room: StaffRoom) -> None:
    office = room.office
    a_person(office, "钱进", Role.HANDLER, "1006", QUALITY)
    case = office.accepted(kind=Kind.COMPLAINT)
    away(room, case, office.wang)

    room.go(office.zhao, case, "分派", "食品生产流通安全监督管理科（建议）")

    assert room.now(case).status is Status.DISPATCHED
    assert room.now(case).first_officer == office.zhao.id
