"""请示: what is asked is on the supervisor's card, with its rule; approved, it is carried out, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from casestore.codes import Decision, Ground, Kind, Role, Status, Step
from casestore.house_rules import HouseRules
from casestore.model import Actor, Case
from casestore.tables import approvals, events, officers
from tests.admin.staff_room import StaffRoom, a_person, is_said, under
from tests.office import FOOD, Office

_LIMIT = "核查并决定是否立案"


def a_report(office: Office) -> Case:
    """At the unit, with 15 working days to decide (until 14 December)."""
    case = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
    return office.take(case, Step.TAKE_OVER, office.li).case


# ── 延长时限 ──


def test_an_extension_is_asked_for_with_its_rule_and_approved_moves_the_date(room: StaffRoom) -> None:
    """行政处罚程序规定第18条: 15 + 15 working days, by the head; S1-3.2(3)."""
    office = room.office
    case = a_report(office)
    assert f"时限：{_LIMIT} 12月14日 到期" in room.card_of(case, office.li).text

    room.go(office.li, case, "延长时限")
    assert room.asked(office.li).splitlines()[1] == (
        f"请示把「{_LIMIT}」延长 15个工作日（行政处罚程序规定第18条），由负责人批准。为什么要延长？"
    )
    assert room.says(office.li, "需要异地取证") == f"{case.number} 已申请延长时限。"

    asked = room.card_of(case, office.sun)
    assert (
        f"请示延长：李娜 请求把「{_LIMIT}」延长 15个工作日（行政处罚程序规定第18条） — 需要异地取证"
        in asked.text.splitlines()
    )
    assert "12月14日 到期" in asked.text  # nothing moves before it is decided
    room.go(office.sun, case, "批准")
    assert room.press(office.sun, case, "同意") == "已批准。"

    assert f"时限：{_LIMIT} 2027年1月5日 到期" in room.card_of(case, office.li).text
    assert f"{case.number} 延长时限的请示已获批准，请看卡片上的新日期。" in [
        one.text for one in room.messages.values() if one.chat == "1003"
    ]


def test_an_extension_is_given_once(room: StaffRoom) -> None:
    office = room.office
    case = a_report(office)
    room.go(office.li, case, "延长时限")
    room.says(office.li, "需要异地取证")
    room.go(office.sun, case, "批准", "同意")

    card = room.card_of(case, office.li)
    assert "延长时限" not in card.labels
    room.go(office.li, case, "为什么是这一天")
    assert "已延长" in room.asked(office.li)


def test_a_refused_extension_leaves_the_date_and_tells_who_asked(room: StaffRoom) -> None:
    office = room.office
    case = a_report(office)
    room.go(office.li, case, "延长时限")
    room.says(office.li, "太忙")
    room.go(office.sun, case, "驳回", "情况不明，请先核实")

    assert "12月14日 到期" in room.card_of(case, office.li).text
    assert f"{case.number} 延长时限的请示已被驳回，请按原来的期限办理。" in [
        one.text for one in room.messages.values() if one.chat == "1003"
    ]


def test_a_complaint_has_no_limit_to_extend(room: StaffRoom) -> None:
    """The 60 days of art. 23 are not extended by anybody."""
    office = room.office
    case = office.taken_over()

    labels = room.card_of(case, office.li).labels
    if "更多" in labels:
        room.press(office.li, case, "更多")
    assert "延长时限" not in {*labels, *room.card_of(case, office.li).labels}


def test_a_request_nobody_decided_falls_and_who_asked_hears_of_it(room: StaffRoom) -> None:
    office = room.office
    case = a_report(office)
    room.go(office.li, case, "延长时限")
    room.says(office.li, "需要异地取证")
    office.now += timedelta(days=3, minutes=1)
    token = room.card_of(case, office.sun).token("批准")

    office.do(lambda tx: office.desk.requests.expire(tx, case.id, office.now))

    room.redeem(office.sun, token)
    (request,) = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert request.decision is Decision.LAPSED
    assert f"{case.number} 延长时限的请示逾期没有批复，请重新提出或按原来的期限办理。" in [
        one.text for one in room.messages.values() if one.chat == "1003"
    ]


# ── 不予受理 ──


def test_declining_is_a_request_where_the_office_wants_it_so(room: StaffRoom) -> None:
    """S2-2.1: 拟不予受理 → 批准 → the citizen is told, and not before."""
    office = room.office
    under(office, HouseRules(declining_needs_approval=True))
    room = StaffRoom(office, room.folder)
    case = office.have()

    room.go(office.wang, case, "不予受理", "四 超过三年")
    assert room.press(office.wang, case, "确认") == "已请示不予受理，等待批准。"

    assert room.now(case).status is Status.REGISTERED
    assert room.told(case) == []
    assert (
        "请示不予受理：王敏 拟以知道或者应当知道权益受到侵害之日起超过三年（第十六条第四项）不予受理"
        in room.card_of(case, office.sun).text
    )
    room.go(office.sun, case, "批准", "同意")
    now = room.now(case)
    assert (now.status, now.ground) == (Status.DECLINED, Ground.TOO_OLD)
    assert "超过三年的" in room.told(case)[-1] or "超过三年" in room.told(case)[-1]
    assert "16-4" not in room.told(case)[-1]


def test_what_was_asked_is_not_carried_out_after_the_case_went_on(room: StaffRoom) -> None:
    """The complaint was accepted meanwhile: the approval is refused as a whole, and stays open."""
    office = room.office
    under(office, HouseRules(declining_needs_approval=True))
    room = StaffRoom(office, room.folder)
    case = office.have()
    room.go(office.wang, case, "不予受理", "四 超过三年", "确认")
    office.take(room.now(case), Step.ACCEPT, office.zhao)

    room.go(office.sun, case, "批准")
    assert is_said("errors.step-not-allowed", room.press(office.sun, case, "同意"))

    (request,) = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert request.decision is None
    assert room.now(case).status is Status.ACCEPTED
    assert "approved" not in office.do(lambda tx: events.kinds(tx, case.id))


@pytest.mark.parametrize("away", ["suspended", "recused"])
def test_a_request_is_carried_out_though_who_asked_is_gone(room: StaffRoom, away: str) -> None:
    """It is the supervisor's decision: nothing half done is left behind."""
    office = room.office
    under(office, HouseRules(declining_needs_approval=True))
    room = StaffRoom(office, room.folder)
    case = office.have()
    room.go(office.wang, case, "不予受理", "四 超过三年", "确认")
    leave: dict[str, Callable[[], object]] = {
        "suspended": lambda: office.do(lambda tx: officers.suspend(tx, office.wang.id)),
        "recused": lambda: room.recuse(case, office.wang),
    }
    leave[away]()

    room.go(office.sun, room.now(case), "批准", "同意")

    assert room.now(case).status is Status.DECLINED
    assert office.do(lambda tx: events.kinds(tx, case.id))[-1] == "approved"


def test_without_that_rule_an_officer_declines_himself(room: StaffRoom) -> None:
    case = room.office.have()
    room.go(room.office.wang, case, "不予受理")

    assert room.press(room.office.wang, case, "四 超过三年") == ""
    assert room.press(room.office.wang, case, "确认") == "已不予受理。"


# ── several at once ──


def test_of_several_requests_the_supervisor_reads_and_decides_one_after_another(room: StaffRoom) -> None:
    office = room.office
    case = a_report(office)
    office.do(
        lambda tx: office.desk.requests.escalate(
            tx, case.id, Actor(officer=office.li), "案情重大", office.now
        )
    )
    office.do(
        lambda tx: office.desk.requests.extend(tx, case.id, Actor(officer=office.li), "取证", office.now)
    )

    assert "上报：李娜 请求批示 — 案情重大" in room.card_of(case, office.sun).text
    room.go(office.sun, case, "批准", "同意")
    assert "请示延长：李娜" in room.card_of(case, office.sun).text
    room.go(office.sun, case, "驳回", "情况不明，请先核实")

    decided = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert [(one.kind, one.decision) for one in decided] == [
        ("escalation", Decision.APPROVED),
        ("extension", Decision.REFUSED),
    ]


def test_his_own_request_does_not_stand_before_another_he_may_decide(room: StaffRoom) -> None:
    """Two supervisors: each decides what the other asked for."""
    office = room.office
    head = a_person(office, "周局长", Role.HEAD, "1005")
    case = office.have(kind=Kind.REPORT)
    for who, ask in ((head, office.desk.requests.escalate), (office.wang, office.desk.requests.extend)):
        office.do(lambda tx, who=who, ask=ask: ask(tx, case.id, Actor(officer=who), "理由", office.now))  # type: ignore[misc]

    assert "请示延长：王敏" in room.open(case, head).text
    assert "上报：周局长" in room.open(case, office.sun).text
    room.go(head, case, "批准", "同意")

    decided = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert {one.kind: one.decision for one in decided} == {"escalation": None, "extension": Decision.APPROVED}
    assert "批准" not in room.card_of(case, head).labels


# ── 回避申请 ──


def test_a_party_asks_that_an_officer_stay_away_and_a_supervisor_decides(room: StaffRoom) -> None:
    """Art. 21: until then the mediation is suspended."""
    office = room.office
    case = office.mediating()
    room.open(case, office.sun)

    room.go(office.li, case, "代为申请回避")
    assert room.asked(office.li).splitlines()[1] == "当事人申请回避的理由："
    room.says(office.li, "承办人与商家是亲戚")
    for label in ("终止调解", "办结"):
        assert is_said("errors.recusal-pending", room.go(office.li, case, label))

    room.go(office.sun, case, "回避决定", "同意回避")
    assert room.says(office.sun, "属实") == f"{case.number} 已决定回避。"

    assert room.now(case).holder == office.wang.id, "at the centre again: nobody else is in the unit"
    assert not room.has_card(case, office.li)
    assert is_said("errors.case-unknown", room.says(office.li, f"/case {case.number}"))
    assert "同意回避" in room.told(case)[-2]
    assert "已退回，我们会重新分派" in room.told(case)[-1]


def test_a_recusal_that_is_not_granted_lets_the_work_go_on(room: StaffRoom) -> None:
    office = room.office
    case = office.mediating()
    room.open(case, office.sun)
    room.go(office.li, case, "代为申请回避")
    room.says(office.li, "说是亲戚")

    room.go(office.sun, case, "回避决定", "不同意回避")
    room.says(office.sun, "经核实不是")

    assert room.now(case).holder == office.li.id
    assert room.go(office.li, case, "终止调解") == ""


def test_nobody_decides_about_himself(room: StaffRoom) -> None:
    """The director took the case down; the application is about her."""
    office = room.office
    case = office.take(office.have(), Step.ACCEPT, office.sun).case
    room.open(case, office.sun)
    room.go(office.sun, case, "代为申请回避")
    room.says(office.sun, "与商家相识")

    room.go(office.sun, case, "回避决定", "不同意回避")
    assert is_said("errors.own-request", room.says(office.sun, "不影响"))


def test_who_has_recused_himself_meanwhile_is_no_trouble_to_the_decision(room: StaffRoom) -> None:
    office = room.office
    case = office.mediating()
    room.open(case, office.sun)
    room.go(office.li, case, "代为申请回避")
    room.says(office.li, "亲戚")
    room.recuse(case, office.li)

    room.go(office.sun, room.now(case), "回避决定", "同意回避")
    assert room.says(office.sun, "属实") == f"{case.number} 已决定回避。"
