"""公示: asked of a supervisor where the complainant agreed, shown on the card; nothing is published here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casestore.codes import Kind, Status, Step
from casestore.model import Case
from casestore.tables import cases
from tests.admin.staff_room import StaffRoom, is_said
from tests.office import acting, an_intake

AGREED = {"particulars": replace(an_intake().particulars, publish=True)}


def closed(room: StaffRoom, *, agreed: bool = True) -> Case:
    case = room.office.closed(**AGREED if agreed else {})
    room.open(case, room.office.wang)
    return case


def asked(room: StaffRoom) -> Case:
    case = closed(room)
    room.go(room.office.wang, case, "请示公示")
    assert room.press(room.office.wang, case, "典型案例") == "已请示公示。"
    return case


def test_a_closed_complaint_is_published_by_the_officers_request_and_the_supervisors_word(
    room: StaffRoom,
) -> None:
    """C7, S2-2.3: the request with its reason is on the supervisor's card; approved, the card says so."""
    office = room.office
    case = asked(room)

    assert "请示公示：王敏 请求公示 — 典型案例" in room.card_of(case, office.sun).text
    assert "请示公示" not in room.card_of(case, office.wang).labels
    room.go(office.sun, case, "批准", "同意")

    assert "公示：已获批准，待公示" in room.card_of(case, office.wang).text
    assert f"{case.number} 公示的请示已获批准。" in [one.text for one in room.messages.values()]
    assert (room.now(case).status, room.told(case)[-1]) == (Status.CLOSED, room.told(case)[-1])
    assert "请示公示" not in room.card_of(case, office.wang).labels


def test_a_refused_one_may_be_asked_for_again(room: StaffRoom) -> None:
    office, case = room.office, asked(room)
    room.go(office.sun, case, "驳回", "情况不明，请先核实")

    assert f"{case.number} 公示的请示已被驳回。" in [one.text for one in room.messages.values()]
    room.go(office.wang, case, "请示公示", "提醒消费者注意")
    assert "提醒消费者注意" in room.card_of(case, office.sun).text


def test_without_the_citizens_consent_there_is_no_button(room: StaffRoom) -> None:
    for case in (
        closed(room, agreed=False),
        room.office.accepted(**AGREED),
        room.office.have(kind=Kind.REPORT, **AGREED),
    ):
        labels = [*room.open(case, room.office.sun).labels]
        if "更多" in labels:
            room.press(room.office.sun, case, "更多")
            labels += room.card_of(case, room.office.sun).labels
        assert "请示公示" not in labels


def test_a_consent_taken_back_meanwhile_is_the_end_of_it(room: StaffRoom) -> None:
    """PIPL 15."""
    office, case = room.office, asked(room)
    office.do(
        lambda tx: office.desk.correct(tx, case.id, acting(office.anna), {"publish": False}, office.now)
    )

    room.go(office.sun, case, "批准")
    assert is_said("errors.publication-not-agreed", room.press(office.sun, case, "同意"))


def test_a_request_that_nobody_decided_falls_and_is_asked_for_anew(room: StaffRoom) -> None:
    office, case = room.office, asked(room)
    office.now += timedelta(days=3, minutes=1)

    assert office.do(lambda tx: office.desk.requests.expire(tx, case.id, office.now)) == 1

    room.deliver()
    assert f"{case.number} 公示的请示逾期没有批复，请重新提出。" in [
        one.text for one in room.messages.values()
    ]
    assert "请示公示" in room.card_of(case, office.wang).labels


@pytest.mark.parametrize("who", ["li", "wang"])
def test_only_a_supervisor_agrees(room: StaffRoom, who: str) -> None:
    case = asked(room)

    assert "批准" not in room.open(case, getattr(room.office, who)).labels


def test_a_complaint_that_was_taken_up_again_is_not_published(room: StaffRoom) -> None:
    office, case = room.office, asked(room)
    office.take(case, Step.REOPEN, office.anna, words="没有兑现")

    room.go(office.sun, case, "批准")
    assert is_said("errors.step-not-allowed", room.press(office.sun, case, "同意"))
    assert office.do(lambda tx: cases.particulars(tx, case.id)).publish
