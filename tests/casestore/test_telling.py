"""告知: what reaches whom, by day and at night, and never whoever must not hear of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from casestore.codes import Channel, EndGround, Kind, LinkKind, Outcome, Role, Step
from casestore.model import Case
from casestore.records import Form
from casestore.tables import officers, properties
from casestore.workdays import CHINA
from tests.casestore.deeds import (
    ask_recusal,
    chats_with_a_card,
    decide,
    escalate,
    extend,
    heard_by_citizens,
    heard_by_staff,
    link,
    owed,
    recuse,
)
from tests.office import DUTY_GROUP, FOOD, Office, a_suggestion, an_intake

NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=CHINA)
ROOM = "-200300400"
URGENT = a_suggestion(urgent=("食物中毒",))


def with_a_night_room(office: Office) -> Office:
    office.do(lambda tx: properties.put(tx, properties.NIGHT_ROOM, ROOM))
    return office


# ── the citizen ──


def test_the_citizen_hears_of_every_step_of_a_mediated_complaint(office: Office) -> None:
    """S1-3.1(4): each change of status, in its order."""
    case = office.mediating()
    office.take(case, Step.END_MEDIATION, office.li, end_ground=EndGround.NO_AGREEMENT, words="谈不拢")
    office.take(case, Step.CLOSE, office.li, outcome=Outcome.MEDIATION_ENDED)

    assert heard_by_citizens(office) == [
        "accepted", "dispatched", "taken_over", "mediation_started", "mediation_ended", "closed",
    ]  # fmt: skip


def test_what_he_is_told_names_the_plan_and_the_ground(office: Office) -> None:
    """Art. 20: time, place, mediators; art. 23 and 25: the ground."""
    case = office.mediating()
    plan = owed(office, "notice")[-1]["facts"]
    assert (plan["when"], plan["place"], plan["mediators"]) == (
        "11月25日 15:00",
        "消保科会议室",
        "李娜、周平",
    )

    office.take(case, Step.END_MEDIATION, office.li, end_ground=EndGround.NO_AGREEMENT, words="谈不拢")
    told = owed(office, "notice")[-1]["facts"]
    assert (told["end_ground"], told["words"]) == ("23-3", "谈不拢")


def test_after_acceptance_he_knows_who_and_by_when(office: Office) -> None:
    """S1-3.1(2)."""
    office.accepted()
    told = owed(office, "notice")[-1]["facts"]

    assert (told["due_limit"], told["due"]) == ("first_reply", "2026-11-24")


@pytest.mark.parametrize(
    ("form", "given"),
    [
        (Form.NOTE, {"words": "商家像是熟人"}),
        (Form.ENQUIRY, {"words": "已核对"}),
        (Form.COMPETENCE, {"office": "邻县局", "words": "x"}),
        (Form.URGE, {"words": "请答复"}),
    ],
)
def test_what_the_staff_note_stays_in_the_office(office: Office, form: Form, given: dict[str, str]) -> None:
    """S7-6: internal notes never leave, not even as a bare word that there is one."""
    case = office.taken_over()
    before = len(owed(office, "notice"))
    office.record(case, form, office.li, **given)

    assert len(owed(office, "notice")) == before


def test_nobody_is_told_of_a_case_without_a_chat(office: Office) -> None:
    intake = an_intake(None, channel=Channel.PHONE, registered_by=office.wang.id)
    case = office.do(lambda tx: office.desk.register(tx, intake, office.now)).case
    office.take(case, Step.ACCEPT, office.wang)

    assert owed(office, "notice") == []


# ── the staff ──


def test_the_words_of_a_citizen_are_in_no_sentence_to_staff(office: Office) -> None:
    """They are on the card, for whoever may see it."""
    case = office.accepted()
    ask_recusal(office, case, office.anna, "王敏是商家的表妹")
    office.take(case, Step.WITHDRAW, office.anna, words="已私下解决")

    for one in owed(office, "text"):
        assert "表妹" not in repr(one)
        assert "私下" not in repr(one)


def test_a_unit_s_people_get_the_card_when_it_is_theirs_and_not_before(office: Office) -> None:
    case = office.accepted()
    assert "1003" not in chats_with_a_card(office, case)
    office.take(case, Step.DISPATCH, office.wang, unit=FOOD)
    assert "1003" in chats_with_a_card(office, case)


def test_a_request_reaches_every_supervisor_and_its_answer_the_holder(office: Office) -> None:
    """S9-6, S7-3."""
    office.person("钱局长", Role.HEAD, None, "1009")
    case = escalate(office, office.accepted(), office.wang).case
    assert {"1004", "1009"} <= chats_with_a_card(office, case)
    decide(office, case, Step.APPROVE, office.sun)

    chat, code = heard_by_staff(office)[-1]
    assert chat == "1001"
    assert code.startswith("approved")


def test_the_answer_to_an_extension_is_not_the_answer_to_an_escalation(office: Office) -> None:
    """可以分派 would be wrong."""
    case = extend(office, office.have(kind=Kind.REPORT), office.wang).case
    decide(office, case, Step.APPROVE, office.sun)

    told = owed(office, "text")[-1]
    assert "extension" in repr(told)


def test_what_nobody_holds_is_told_to_the_duty(office: Office) -> None:
    case = office.have()
    office.take(case, Step.WITHDRAW, office.anna)

    assert heard_by_staff(office) == [(DUTY_GROUP, "withdrawn")]


def test_a_suspended_holder_hears_nothing_and_the_duty_does(office: Office) -> None:
    case = office.accepted()
    office.do(lambda tx: officers.suspend(tx, office.wang.id))
    office.take(case, Step.WITHDRAW, office.anna)

    assert heard_by_staff(office) == [(DUTY_GROUP, "withdrawn")]


# ── whoever stays away ──


def everything_that_happens(office: Office, case: Case) -> None:
    office.record(case, Form.NOTE, office.zhao, words="x")
    escalate(office, case, office.zhao)
    decide(office, case, Step.APPROVE, office.sun)
    link(office, case, office.have(), LinkKind.JOINED, office.zhao)
    office.take(case, Step.DISPATCH, office.zhao, unit=FOOD)
    office.take(case, Step.RETURN, office.li, words="不在辖区")
    office.take(case, Step.WITHDRAW, office.anna)


def test_nothing_of_a_case_reaches_who_stays_away_nor_his_group(office: Office) -> None:
    """S7-5b: no word, no new card; and in the group, where he reads, nothing either."""
    case = recuse(office, office.accepted(), office.wang)
    before = len(owed(office))
    everything_that_happens(office, case)

    about = [one for one in owed(office)[before:] if case.number in repr(one)]
    assert about
    assert not {one.get("chat") for one in about} & {"1001", DUTY_GROUP}


def test_a_case_about_the_office_is_spoken_of_to_the_head_alone(office: Office) -> None:
    head = office.person("钱局长", Role.HEAD, None, "1009")
    case = office.have(own_office=True, suggestion=URGENT)
    office.take(case, Step.ACCEPT, head)
    office.take(case, Step.WITHDRAW, office.anna)

    assert {one["chat"] for one in owed(office) if one["bot"] == "staff"} == {"1009"}


# ── at night (S9-1d) ──


def test_an_urgent_case_at_night_is_shown_in_the_night_room_at_once(office: Office) -> None:
    with_a_night_room(office).now = NIGHT
    case = office.have(suggestion=URGENT)

    assert (ROOM, "night_alarm") in heard_by_staff(office)
    assert ROOM in chats_with_a_card(office, case)
    alarm = next(one for one in owed(office, "text") if one["chat"] == ROOM)
    assert alarm["facts"] == {"number": case.number, "signs": "食物中毒"}


def test_by_day_and_for_what_can_wait_the_night_room_sleeps(office: Office) -> None:
    with_a_night_room(office).have(suggestion=URGENT)
    office.now = NIGHT
    office.have()

    assert ROOM not in {chat for chat, _ in heard_by_staff(office)}


def test_the_night_room_learns_nothing_of_a_case_about_the_office(office: Office) -> None:
    office.person("钱局长", Role.HEAD, None, "1009")
    with_a_night_room(office).now = NIGHT
    case = office.have(suggestion=URGENT, own_office=True)

    assert ROOM not in chats_with_a_card(office, case) | {chat for chat, _ in heard_by_staff(office)}
