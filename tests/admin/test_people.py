"""人员: who invites, how one joins, who decides for whom while he is away, and the second factor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casestore.codes import Role, Status, Step
from casestore.house_rules import HouseRules
from casestore.model import Actor, Case, Officer
from casestore.tables import approvals, deputies, events, officers, pins
from casestore.workdays import end_of
from tests.admin.staff_room import StaffRoom, a_person, is_said, under
from tests.office import DUTY_GROUP, FOOD, Office


def a_newcomer(office: Office, name: str = "新来", role: Role = Role.HANDLER) -> Officer:
    return office.do(lambda tx: officers.add(tx, name, role, FOOD if role is Role.HANDLER else None))


def code_for(office: Office, officer: Officer) -> str:
    return office.do(lambda tx: officers.invite(tx, officer.id, office.now))


def is_member(office: Office, account: str) -> bool:
    return office.do(lambda tx: officers.by_account(tx, account)) is not None


# ── joining ──


@pytest.mark.parametrize("by", ["button", "确认", " 确认 ", "是"])
def test_who_has_the_code_sees_whose_it_is_and_confirms(room: StaffRoom, by: str) -> None:
    """Issue 3: bound to name and role by a supervisor, second confirmation with a button."""
    office = room.office
    code = code_for(office, a_newcomer(office))

    (shown,) = room.write("2001", f"/start {code}")
    assert "新来，岗位：承办人（食品生产流通安全监督管理科）" in shown.text
    assert shown.labels == ["确认"]
    assert not is_member(office, "2001")
    if by == "button":
        assert room.redeem("2001", shown.token("确认")) == ""
    else:
        room.says("2001", by)

    assert is_member(office, "2001")
    welcome = [one.text for one in room.messages.values() if one.chat == "2001"][-1]
    assert welcome.startswith("新来，您已加入。岗位：承办人（食品生产流通安全监督管理科）")


def test_who_does_not_confirm_has_not_joined(room: StaffRoom) -> None:
    office = room.office
    code = code_for(office, a_newcomer(office))
    room.write("2001", f"/start {code}")

    assert is_said("staff.unknown_person", room.says("2001", "不是我"))
    assert room.write("2001", "/queue") == room.write("2001", "你好") == []
    assert not is_member(office, "2001")


def test_a_code_belongs_to_the_chat_that_showed_it_first(room: StaffRoom) -> None:
    office = room.office
    code = code_for(office, a_newcomer(office))
    room.write("2001", f"/start {code}")

    assert is_said("errors.invitation-invalid", room.says("2002", f"/start {code}"))
    assert is_said("errors.invitation-invalid", room.says("2002", "确认"))
    assert room.write("2001", f"/start {code}")  # he may look again
    room.says("2001", "确认")
    assert is_member(office, "2001")


def test_an_invitation_is_used_once_and_within_its_time(room: StaffRoom) -> None:
    office = room.office
    code = code_for(office, a_newcomer(office))
    assert is_said("errors.invitation-invalid", room.says("2001", f"/start {code}x"))
    assert room.write("2001", f"/start {code}", DUTY_GROUP) == []
    room.write("2001", f"/start {code}")
    room.says("2001", "确认")

    assert is_said("errors.invitation-invalid", room.says("2002", f"/start {code}"))
    assert is_said("errors.invitation-invalid", room.says("2002", "确认"))
    late = code_for(office, a_newcomer(office, "又来"))
    (shown,) = room.write("2003", f"/join {late}")
    office.now += timedelta(minutes=16)
    assert room.redeem("2003", shown.token("确认")) == ""
    assert not is_member(office, "2003")


def test_the_button_works_only_in_the_chat_it_stands_in(room: StaffRoom) -> None:
    office = room.office
    (shown,) = room.write("2001", f"/start {code_for(office, a_newcomer(office))}")

    assert is_said("staff.unknown_person", room.redeem("2002", shown.token("确认")))
    assert is_said("staff.expired", room.redeem(office.wang, shown.token("确认")))
    assert not is_member(office, "2001")
    assert not is_member(office, "2002")


# ── /invite ──


def test_a_supervisor_invites_from_his_chat_and_hears_who_joined(room: StaffRoom) -> None:
    office = room.office
    a_newcomer(office)

    invited = room.says(office.sun, "/invite 新来")
    assert "请 新来（承办人（食品生产流通安全监督管理科））在 15 分钟内" in invited
    code = next(line for line in invited.splitlines() if line.startswith("/start "))
    room.write("2001", code)
    room.says("2001", "确认")

    assert is_member(office, "2001")
    assert "新来 已加入。岗位：承办人（食品生产流通安全监督管理科）。" in room.asked(office.sun)


def test_the_code_is_shown_in_private_wherever_it_was_asked_for(room: StaffRoom) -> None:
    office = room.office
    a_newcomer(office)

    (in_group,) = room.write(office.sun, "/invite 新来", DUTY_GROUP)

    assert is_said("staff.in_private", in_group.text)
    assert "/start " in room.asked(office.sun)


@pytest.mark.parametrize("who", ["wang", "li"])
def test_only_supervisors_invite(room: StaffRoom, who: str) -> None:
    office = room.office
    new = a_newcomer(office)
    before = room.dump()["invitations"]

    answer = room.says(getattr(office, who), f"/invite {new.name}")

    assert is_said("staff.only_supervisor_invites", answer)
    assert room.dump()["invitations"] == before


@pytest.mark.parametrize("name", ["没有此人", "重名"])
def test_only_one_known_person_is_invited(room: StaffRoom, name: str) -> None:
    office = room.office
    for _ in range(2):
        a_newcomer(office, "重名")

    assert is_said("errors.officer-unknown", room.says(office.sun, f"/invite {name}"))
    assert is_said("staff.invite_usage", room.says(office.sun, "/invite"))


# ── /away ──


def an_escalated_case(room: StaffRoom, by: Officer) -> Case:
    office = room.office
    case = office.accepted()
    office.do(
        lambda tx: office.desk.requests.escalate(tx, case.id, Actor(officer=by), "案情重大", office.now)
    )
    return room.now(case)


def test_while_a_supervisor_is_away_his_deputy_decides(room: StaffRoom) -> None:
    office = room.office
    waiting = an_escalated_case(room, office.wang)
    assert "批准" not in room.open(waiting, office.zhao).labels

    assert "到 12月1日（含当天）由 赵强 代您审批" in room.says(office.sun, "/away 赵强 2026-12-01")

    assert room.asked(office.zhao).startswith("孙主任 外出，到 12月1日（含当天）由您代行审批")
    assert {"批准", "驳回"} <= set(room.card_of(waiting, office.zhao).labels)
    room.go(office.zhao, waiting, "批准", "同意")
    (decided,) = office.do(lambda tx: approvals.of_case(tx, waiting.id))
    assert decided.decided_by == office.zhao.id
    assert "批示：批准（赵强）同意" in room.card_of(waiting, office.wang).text


def test_new_requests_are_shown_to_the_deputy_too(room: StaffRoom) -> None:
    office = room.office
    deputy = a_person(office, "何芳", Role.OFFICER, "1009")
    room.says(office.zhao, "/duty on")  # so that 何芳 has no card of new cases
    room.says(office.sun, "/away 何芳 2026-12-01")

    case = an_escalated_case(room, office.wang)

    assert "批准" in room.card_of(case, deputy).labels


def test_a_deputy_never_decides_his_own_request_nor_that_of_whom_he_stands_in_for(room: StaffRoom) -> None:
    """Requester ≠ approver, whoever holds the pen."""
    office = room.office
    room.says(office.sun, "/away 赵强 2026-12-01")

    for asker in (office.zhao, office.sun):
        case = an_escalated_case(room, asker)
        assert "批准" not in room.open(case, office.zhao).labels
        with pytest.raises(Exception, match="own-request"):
            office.do(
                lambda tx, case=case: office.desk.requests.decide(  # type: ignore[misc]
                    tx,
                    case.id,
                    Step.APPROVE,
                    deputies.acting(tx, office.zhao, office.now),
                    "同意",
                    office.now,
                )
            )


def test_a_deputy_does_nothing_else_in_that_place(room: StaffRoom) -> None:
    """Only what waits for a decision: neither invitations nor deputies of his own."""
    office = room.office
    room.says(office.sun, "/away 赵强 2026-12-01")

    assert is_said("staff.only_supervisor_invites", room.says(office.zhao, "/invite 王敏"))
    assert is_said("staff.only_supervisor_away", room.says(office.zhao, "/away 王敏 2026-12-01"))


@pytest.mark.parametrize("how", ["回来", "off", "the day has passed", "suspended"])
def test_it_ends_when_he_is_back_or_the_day_has_passed(room: StaffRoom, how: str) -> None:
    office = room.office
    case = an_escalated_case(room, office.wang)
    room.says(office.sun, "/away 赵强 2026-12-01")
    assert "批准" in room.open(case, office.zhao).labels
    token = room.card_of(case, office.zhao).token("批准")

    if how == "the day has passed":
        office.now = end_of(date(2026, 12, 1))
    elif how == "suspended":
        office.do(lambda tx: officers.suspend(tx, office.sun.id))
    else:
        assert is_said("staff.back", room.says(office.sun, f"/away {how}"))

    assert is_said("errors.not-authorised", room.redeem(office.zhao, token))
    assert "批准" not in room.open(case, office.zhao).labels


def test_until_the_last_minute_of_the_day_he_stands_in(room: StaffRoom) -> None:
    office = room.office
    case = an_escalated_case(room, office.wang)
    room.says(office.sun, "/away 赵强 2026-12-01")

    office.now = end_of(date(2026, 12, 1)) - timedelta(minutes=1)

    assert "批准" in room.open(case, office.zhao).labels


def test_who_stays_away_from_a_case_does_not_decide_on_it_for_another(room: StaffRoom) -> None:
    """S7-5b: recusal beats every right, also of whom he stands in for."""
    office = room.office
    room.says(office.sun, "/away 赵强 2026-12-01")
    his, hers = an_escalated_case(room, office.wang), an_escalated_case(room, office.wang)
    room.recuse(his, office.zhao)
    room.recuse(hers, office.sun)

    assert is_said("errors.case-unknown", room.says(office.zhao, f"/case {his.number}"))
    assert "批准" not in room.open(hers, office.zhao).labels


def test_a_matter_about_the_office_stays_with_the_head(room: StaffRoom) -> None:
    """S5-2.3(2): no deputy sees it."""
    office = room.office
    head = a_person(office, "周局长", Role.HEAD, "1005")
    case = office.have(own_office=True, amount_fen=9_000_000)
    room.says(head, "/away 赵强 2026-12-01")

    assert is_said("errors.case-unknown", room.says(office.zhao, f"/case {case.number}"))


@pytest.mark.parametrize(
    "rest", ["", "赵强", "2026-12-01", "赵强 明天", "赵强 2026-11-22", "赵强 2026-13-01"]
)
def test_who_and_until_when_must_be_said(room: StaffRoom, rest: str) -> None:
    assert is_said("staff.away_usage", room.says(room.office.sun, f"/away {rest}"))


@pytest.mark.parametrize("name", ["李娜", "孙主任"])
def test_a_units_people_and_he_himself_do_not_stand_in(room: StaffRoom, name: str) -> None:
    assert is_said("errors.deputy-unfit", room.says(room.office.sun, f"/away {name} 2026-12-01"))


def test_nobody_of_that_name_stands_in(room: StaffRoom) -> None:
    assert is_said("errors.officer-unknown", room.says(room.office.sun, "/away 没有此人 2026-12-01"))


# ── PIN ──


@pytest.fixture
def locked(room: StaffRoom) -> StaffRoom:
    """An office where approvals ask for the PIN; the director's is 2468."""
    under(room.office, HouseRules(pin_for_approvals=True))
    again = StaffRoom(room.office, room.folder)
    assert is_said("staff.pin_set", again.says(room.office.sun, "/pin 2468"))
    return again


def decision(room: StaffRoom, case: Case) -> str | None:
    return room.office.do(lambda tx: approvals.of_case(tx, case.id))[0].decision


def test_an_approval_asks_for_the_pin(locked: StaffRoom) -> None:
    office = locked.office
    case = an_escalated_case(locked, office.wang)

    locked.go(office.sun, case, "批准", "同意")
    assert decision(locked, case) is None
    assert locked.asked(office.sun).splitlines()[1] == "您的审批口令"
    assert locked.says(office.sun, "2468") == f"{case.number} 已批准。"

    assert decision(locked, case) == "approved"
    assert locked.last_event(case).words == "同意"


def test_own_words_follow_the_pin_on_the_next_lines(locked: StaffRoom) -> None:
    office = locked.office
    case = an_escalated_case(locked, office.wang)

    locked.go(office.sun, case, "批准", "其他（请输入）")
    assert locked.asked(office.sun).splitlines()[1:4] == [
        "请在一条消息里分行写：",
        "1. 您的审批口令",
        "2. 批准意见",
    ]
    assert locked.says(office.sun, "2468\n同意，\n请从速") == f"{case.number} 已批准。"

    assert locked.last_event(case).words == "同意，\n请从速"


def test_a_refusal_needs_none(locked: StaffRoom) -> None:
    case = an_escalated_case(locked, locked.office.wang)
    locked.go(locked.office.sun, case, "驳回")

    assert locked.press(locked.office.sun, case, "按一般件办理") == "已驳回。"


def test_a_wrong_pin_may_be_tried_again_and_five_of_them_lock(locked: StaffRoom) -> None:
    office = locked.office
    case = an_escalated_case(locked, office.wang)
    locked.go(office.sun, case, "批准", "同意")

    for left in (4, 3, 2, 1):
        assert locked.says(office.sun, "1111").startswith(f"口令不对，还可以试 {left} 次。")
    assert is_said("errors.pin-locked", locked.says(office.sun, "1111"))
    locked.go(office.sun, locked.now(case), "同意")
    assert is_said("errors.pin-locked", locked.says(office.sun, "2468"))
    assert decision(locked, case) is None


def test_a_right_pin_forgets_the_wrong_tries(locked: StaffRoom) -> None:
    office = locked.office
    for _ in range(2):
        case = an_escalated_case(locked, office.wang)
        locked.go(office.sun, case, "批准", "同意")
        for _ in range(3):
            locked.says(office.sun, "1111")
        assert locked.says(office.sun, "2468") == f"{case.number} 已批准。"


def test_another_supervisor_frees_who_is_locked_out(locked: StaffRoom) -> None:
    office = locked.office
    head = a_person(office, "周局长", Role.HEAD, "1005")
    for _ in range(5):
        locked.says(office.sun, "/pin 1111 3333")
    assert is_said("errors.pin-locked", locked.says(office.sun, "/pin 2468 3333"))
    assert is_said("staff.pin_not_own", locked.says(office.sun, "/pin 重置 孙主任"))
    assert is_said("staff.only_supervisor_pin", locked.says(office.wang, "/pin 重置 孙主任"))

    assert is_said("staff.pin_reset", locked.says(head, "/pin 重置 孙主任"))
    assert is_said("staff.your_pin_reset", locked.asked(office.sun))
    assert is_said("staff.pin_set", locked.says(office.sun, "/pin 3333"))


def test_to_change_it_the_old_one_must_be_right(locked: StaffRoom) -> None:
    """Who finds the telephone open does not set a new one."""
    office = locked.office
    assert is_said("errors.pin-missing", locked.says(office.sun, "/pin 3333"))
    assert is_said("errors.pin-wrong", locked.says(office.sun, "/pin 1111 3333"))
    assert is_said("staff.pin_set", locked.says(office.sun, "/pin 2468 3333"))

    office.do(lambda tx: pins.check(tx, office.sun.id, "3333"))


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "一二三四", "１２３４"])
def test_a_pin_is_four_to_eight_digits(room: StaffRoom, pin: str) -> None:
    assert is_said("errors.pin-unclear", room.says(room.office.sun, f"/pin {pin}"))
    assert is_said("staff.pin_usage", room.says(room.office.sun, "/pin"))


def test_a_supervisor_without_a_pin_is_told_to_set_one(locked: StaffRoom) -> None:
    head = a_person(locked.office, "周局长", Role.HEAD, "1005")
    case = an_escalated_case(locked, locked.office.wang)
    locked.open(case, head)

    locked.go(head, case, "批准", "同意")

    assert "请先在私聊里发送：/pin 1234" in locked.says(head, "1234")
    assert decision(locked, case) is None


def test_a_deputy_approves_with_his_own_pin(locked: StaffRoom) -> None:
    office = locked.office
    case = an_escalated_case(locked, office.wang)
    locked.says(office.sun, "/away 赵强 2026-12-01")
    locked.says(office.zhao, "/pin 1357")
    locked.go(office.zhao, case, "批准", "同意")

    assert is_said("errors.pin-wrong", locked.says(office.zhao, "2468").splitlines()[0])
    assert locked.says(office.zhao, "1357") == f"{case.number} 已批准。"


def test_the_pin_is_kept_nowhere_in_clear(locked: StaffRoom) -> None:
    """Neither in the row, nor in a prompt, an event, a message or the file."""
    office = locked.office
    head = a_person(office, "周局长", Role.HEAD, "1005")
    locked.says(head, "/pin 86420975")
    case = an_escalated_case(locked, office.wang)
    locked.open(case, head)
    locked.go(head, case, "批准", "其他（请输入）")
    locked.says(head, "86420975\n同意")

    assert decision(locked, case) == "approved"
    assert "86420975" not in str(locked.dump())
    assert not [one for one in locked.history if "86420975" in one.text]
    assert b"86420975" not in office.store.path.read_bytes()
    assert all("86420975" not in one.words for one in office.do(lambda tx: events.of_case(tx, case.id)))


def test_a_pin_is_set_in_the_private_chat_only(room: StaffRoom) -> None:
    (answer,) = room.write(room.office.sun, "/pin 2468", DUTY_GROUP)

    assert is_said("staff.pin_in_private", answer.text)
    assert not room.office.do(lambda tx: pins.is_set(tx, room.office.sun.id))


def test_words_for_a_button_come_before_a_callers_answers(locked: StaffRoom) -> None:
    """A PIN typed while a case is taken down for a caller is not the caller's word."""
    office = locked.office
    case = an_escalated_case(locked, office.wang)
    locked.write(office.sun, "/new 来电")
    locked.go(office.sun, case, "批准", "同意")

    assert locked.says(office.sun, "2468") == f"{case.number} 已批准。"
    assert "2468" not in "".join(one.text for one in locked.history)


def test_after_new_words_are_the_callers(room: StaffRoom) -> None:
    """An older question is dropped: the caller's story is nobody's reason."""
    office = room.office
    case = office.accepted()
    room.go(office.wang, case, "升级", "其他（请输入）")

    room.write(office.wang, "/new 来电")
    room.write(office.wang, "投诉")

    assert room.now(case).status is Status.ACCEPTED
    assert office.do(lambda tx: approvals.of_case(tx, case.id)) == ()
