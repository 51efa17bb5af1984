"""Canaries: what is personal never stands in a group, nor before who may only look (PIPL, S7-6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from casestore.codes import Channel, EvidenceKind, Ground, Kind, Outcome, Role, Step
from casestore.model import Actor, Case, Particulars
from casestore.records import Form
from casestore.tables import citizens, evidence
from tests.admin.staff_room import StaffRoom, a_person
from tests.office import DUTY_GROUP, FOOD, QUOTA, Office, a_suggestion

CANARIES = {
    "name": "欧阳金丝雀",
    "phone": "13912349876",
    "postal_address": "金丝雀巷7号202室",
    "merchant": "黄雀儿",  # a natural person who trades
    "merchant_address": "雀市街9号",
    "goods": "雀牌戒指",
    "story": "我的身份证是450324199001011234，雀粮发霉",
}
OPENID = "oCanary_9f8e7d6c5b4a"
TOLD = Particulars(**CANARIES)  # type: ignore[arg-type]
REASON = "金丝雀是我表妹"
EVERY = {*CANARIES.values(), "金丝雀", "雀", "9876", "45032419", OPENID}


def lives(office: Office) -> Iterator[Case]:
    """Cases of each kind, led through every state by people who write names into their reasons."""
    who = office.do(lambda tx: citizens.meet(tx, Channel.WECHAT, OPENID, office.now, QUOTA)).id
    office.anna = who

    def have(**more: Any) -> Case:
        intake = {"channel": Channel.WECHAT, "particulars": TOLD} | more
        item = office.do(
            lambda tx: evidence.written(tx, who, EvidenceKind.TEXT, Channel.WECHAT, "雀票据", office.now)
        )
        return office.have(**intake, evidence=(item.id,))

    wang, zhao, sun = (Actor(officer=one) for one in (office.wang, office.zhao, office.sun))
    case = have()
    office.take(case, Step.ASK_SUPPLEMENT, office.wang, words=REASON)
    office.take(case, Step.SUPPLEMENT, who, words=CANARIES["story"])
    office.take(case, Step.ACCEPT, office.wang)
    office.do(lambda tx: office.desk.requests.escalate(tx, case.id, wang, REASON, office.now))
    office.do(lambda tx: office.desk.requests.decide(tx, case.id, Step.APPROVE, sun, REASON, office.now))
    office.do(lambda tx: office.desk.requests.escalate(tx, case.id, zhao, REASON, office.now))
    yield case
    office.do(lambda tx: office.desk.requests.decide(tx, case.id, Step.REFUSE, sun, REASON, office.now))
    office.take(case, Step.DISPATCH, office.wang, unit=FOOD)
    office.take(case, Step.RETURN, office.li, words=REASON)
    office.take(case, Step.DISPATCH, office.wang, unit=FOOD)
    office.take(case, Step.TAKE_OVER, office.li)
    office.record(case, Form.CONTACT, office.li, party="citizen", reached="yes", words=REASON)
    for party in ("citizen", "merchant"):
        office.record(case, Form.CONSENT, office.li, party=party, answer="yes", way="phone", words=REASON)
    office.take(case, Step.MEDIATE, office.li, fields=dict.fromkeys(("when", "place", "mediators"), REASON))
    office.record(case, Form.MINUTES, office.li, mediators="two", names="甲、乙", words=REASON)
    li = Actor(officer=office.li)
    office.do(lambda tx: office.desk.requests.ask_recusal(tx, case.id, li, REASON, office.now))
    office.do(lambda tx: office.desk.requests.decide_recusal(tx, case.id, sun, False, REASON, office.now))
    yield case
    office.take(case, Step.CLOSE, office.li, outcome=Outcome.AGREEMENT, recovered_fen=0, words=REASON)
    yield case
    declined = have(amount_fen=9_000_000, suggestion=a_suggestion(urgent=("食物中毒",)))
    yield declined
    yield office.take(declined, Step.DECLINE, office.wang, ground=Ground.FALSE_IDENTITY, words=REASON).case
    report = have(kind=Kind.REPORT, anonymous=False)
    office.do(lambda tx: office.desk.requests.extend(tx, report.id, wang, REASON, office.now))
    yield report
    office.take(report, Step.DISPATCH, office.wang, unit=FOOD)
    office.take(report, Step.TAKE_OVER, office.li)
    yield office.take(report, Step.NOT_FILE, office.li, words=REASON).case
    question = have(kind=Kind.CONSULTATION)
    yield office.take(question, Step.ANSWER, office.wang, words=REASON).case
    gone = have()
    yield office.take(gone, Step.WITHDRAW, who).case


def found_in(room: StaffRoom, chat: str) -> set[str]:
    """The canaries in all that ever stood in a chat."""
    texts = [
        "\n".join([one.text, *(label for row in one.keyboard for label, _ in row)])
        for one in room.history
        if one.chat == chat
    ]
    assert texts, f"nothing was ever shown in {chat}"
    return {canary for canary in EVERY for text in texts if canary in text}


@pytest.mark.parametrize("pii", [False, True])
def test_nothing_personal_ever_stands_in_the_duty_group(
    room: StaffRoom, open_room: StaffRoom, pii: bool
) -> None:
    """Design 8: also where the settings let personal data travel to private chats."""
    chosen = open_room if pii else room
    for case in lives(chosen.office):
        chosen.card(case)
        for word in ("/queue", "/mine", "/duty", "/help", f"/case {case.number}"):
            chosen.write(chosen.office.wang, word, DUTY_GROUP)

    assert found_in(chosen, DUTY_GROUP) == set()
    assert len([one for one in chosen.history if one.chat == DUTY_GROUP]) > 20


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.AUDITOR])
def test_nothing_personal_is_shown_to_who_may_only_look(room: StaffRoom, role: Role) -> None:
    """S5-2.2(4): 志愿人员 assist without personal data."""
    office = room.office
    viewer = a_person(office, "小林", role, "1010")
    for case in lives(office):
        room.open(case, viewer)
        room.write(viewer, "/queue")

    assert found_in(room, "1010") == set()


def test_a_private_card_hides_name_phone_and_numbers_and_never_shows_the_account(room: StaffRoom) -> None:
    office = room.office
    for case in lives(office):
        room.open(case, office.wang)

    shown = found_in(room, "1001")
    assert shown <= {"雀", "金丝雀", "9876", CANARIES["merchant"], CANARIES["merchant_address"]}
    assert CANARIES["merchant"] in shown


def test_without_the_setting_not_even_a_press_brings_out_name_or_phone(room: StaffRoom) -> None:
    """PIPL art. 36: not over Telegram unless the settings say so."""
    office = room.office
    case = next(lives(office))

    answer = room.press(office.wang, case, "查看全文/附件")

    assert "tousu case show" in answer
    assert case.number in answer
    assert room.files == []
    assert not {CANARIES["name"], CANARIES["phone"], OPENID} & found_in(room, "1001")


def test_an_informer_who_gave_a_name_and_asked_for_secrecy_is_not_named(room: StaffRoom) -> None:
    """S7-6: 保密; the anonymous track of a report."""
    office = room.office
    case = office.have(kind=Kind.REPORT, anonymous=True, particulars=TOLD)

    text = room.open(case, office.wang).text

    assert "提交人：匿名" in text
    assert "欧阳" not in text
    assert "欧**" not in text


def test_words_to_the_holder_carry_numbers_and_no_reasons(room: StaffRoom) -> None:
    """A reason may name people; the sentence that something happened does not."""
    office = room.office
    case = next(lives(office))
    sun = Actor(officer=office.sun)
    office.do(lambda tx: office.desk.requests.decide(tx, case.id, Step.APPROVE, sun, REASON, office.now))
    room.deliver()

    texts = [one.text for one in room.history if one.chat == "1001" and not one.text.startswith("【")]

    assert f"{case.number} 的上报已获批准，可以分派。" in texts
    assert not [text for text in texts if "雀" in text]
