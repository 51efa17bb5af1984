"""留言: words between who handles a case and its citizen; when they pass, whom they reach, and how many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore import messages
from casestore.codes import Channel, EndGround, EvidenceKind, Kind, Outcome, Role, Status, Step
from casestore.errors import (
    CaseChanged,
    InformerQuiet,
    MessagesClosed,
    NotAuthorised,
    NotInChat,
    ReasonMissing,
    StaffRecused,
    TooManyMessages,
)
from casestore.lifecycle import REOPEN_WITHIN
from casestore.messages import MOST_A_DAY, unanswered
from casestore.model import Case, CitizenId, EvidenceId, Officer
from casestore.tables import citizens, events, evidence, officers
from tests.casestore.deeds import heard_by_citizens, heard_by_staff, owed, recuse
from tests.office import DUTY_GROUP, FOOD, QUOTA, Office, acting, an_intake


def send(
    office: Office, case: Case, by: Officer, words: str = "牛奶还在吗？", seen: int | None = None
) -> None:
    desk = office.desk.messages
    office.do(lambda tx: desk.send(tx, case.id, acting(by), words, office.now, seen))


def receive(
    office: Office,
    case: Case,
    words: str = "还在",
    by: CitizenId | None = None,
    items: tuple[EvidenceId, ...] = (),
) -> None:
    who, desk = acting(by or office.anna), office.desk.messages
    office.do(lambda tx: desk.receive(tx, case.id, who, words, items, office.now))


def told_words(office: Office) -> list[tuple[str, str]]:
    """(chat, the citizen's words) of what staff were sent."""
    return [(one["chat"], one["facts"].get("words", "")) for one in owed(office, "text")]


# ── there and back ──


def test_an_officers_words_reach_the_citizen_and_stand_in_the_chain_without_his_name(office: Office) -> None:
    case = office.accepted()

    send(office, case, office.wang)

    (*_, last) = office.do(lambda tx: events.of_case(tx, case.id))
    assert (last.kind, last.words, last.facts) == ("message_sent", "牛奶还在吗？", {})
    notice = owed(office, "notice")[-1]
    assert (notice["code"], notice["facts"]["words"]) == ("message_sent", "牛奶还在吗？")
    assert "王敏" not in str(notice)
    assert office.do(lambda tx: events.verify(tx, case.id)) == []


def test_the_citizens_words_reach_the_holder_alone_with_a_button_to_answer(office: Office) -> None:
    case = office.accepted()

    receive(office, case)

    told = owed(office, "text")[-1]
    assert (told["chat"], told["facts"]) == ("1001", {"number": case.number, "words": "还在"})
    assert [does for _, does, _ in told["buttons"]] == ["answer_message"]
    assert heard_by_citizens(office) == ["accepted"]  # he has his receipt in the talk


def test_a_copy_he_sends_with_it_belongs_to_the_case(office: Office) -> None:
    case = office.accepted()
    item = office.do(
        lambda tx: evidence.written(
            tx, office.anna, EvidenceKind.TEXT, Channel.TELEGRAM, "付款截图", office.now
        )
    )

    receive(office, case, items=(item.id,))

    assert [one.id for one in office.do(lambda tx: evidence.of_case(tx, case.id))] == [item.id]


def test_words_change_no_status_no_holder_and_no_limit(office: Office) -> None:
    case = office.taken_over()

    send(office, case, office.li)
    receive(office, case)

    now = office.newest(case)
    assert (now.status, now.holder, now.due_at, now.due_limit) == (
        case.status, case.holder, case.due_at, case.due_limit,
    )  # fmt: skip


# ── whose turn it is ──


def test_after_the_units_receipt_its_people_write_and_hear_and_the_desk_does_not(office: Office) -> None:
    case = office.dispatched()
    send(office, case, office.wang)
    with pytest.raises(NotAuthorised):
        send(office, case, office.li)

    office.take(case, Step.TAKE_OVER, office.li)
    receive(office, case)

    assert told_words(office)[-1] == ("1003", "还在")
    send(office, case, office.li)
    with pytest.raises(NotAuthorised):
        send(office, case, office.wang)


def test_while_nobody_has_it_the_group_hears_that_there_are_words_and_not_which(office: Office) -> None:
    case = office.have()

    receive(office, case, "我叫陈晓梅")

    told = owed(office, "text")[-1]
    assert (told["chat"], told["code"], told["open"]) == (DUTY_GROUP, "message_waits", [case.id])
    assert "陈晓梅" not in str(told)


def test_where_the_units_handler_stays_away_the_others_of_the_unit_hear(office: Office) -> None:
    head = office.person("吴科长", Role.UNIT_HEAD, FOOD, "1012")
    case = office.taken_over()
    recuse(office, case, office.li)

    receive(office, case)

    assert told_words(office)[-1] == ("1012", "还在")
    assert "1003" not in [chat for chat, code in heard_by_staff(office) if code == "message_received"]
    send(office, case, head)


def test_who_is_suspended_hears_nothing_any_more(office: Office) -> None:
    case = office.accepted()
    office.do(lambda tx: officers.suspend(tx, office.wang.id))

    receive(office, case)

    assert heard_by_staff(office)[-1] == (DUTY_GROUP, "message_waits")


def test_a_recused_officer_neither_writes_nor_hears(office: Office) -> None:
    """S7-5b."""
    case = office.accepted()
    recuse(office, case, office.wang)

    with pytest.raises(StaffRecused):
        send(office, case, office.wang)
    receive(office, case)

    assert "1001" not in [chat for chat, code in heard_by_staff(office) if code.startswith("message")]


def test_of_a_matter_about_the_office_the_head_alone_hears_and_writes(office: Office) -> None:
    """S5-2.3(2)."""
    head = office.person("周局长", Role.HEAD, None, "1005")
    case = office.have(own_office=True)

    receive(office, case)

    assert [chat for chat, code in heard_by_staff(office) if code.startswith("message")] == ["1005"]
    send(office, case, head)
    with pytest.raises(NotAuthorised):
        send(office, case, office.sun)


def test_nobody_writes_in_anothers_matter(office: Office) -> None:
    case = office.accepted()
    stranger = office.do(lambda tx: citizens.meet(tx, Channel.WECHAT, "o-999", office.now, QUOTA)).id

    with pytest.raises(NotAuthorised):
        receive(office, case, by=stranger)


# ── when it ends ──


def test_after_the_closing_words_pass_while_another_look_may_be_asked_for(office: Office) -> None:
    case = office.closed()
    office.now += REOPEN_WITHIN
    receive(office, case)
    send(office, case, office.li)

    office.now += timedelta(minutes=1)

    with pytest.raises(MessagesClosed):
        receive(office, case)
    with pytest.raises(MessagesClosed):
        send(office, case, office.li)


@pytest.mark.parametrize("ends", ["declined", "withdrawn", "archived", "report", "consultation"])
def test_a_case_that_is_over_otherwise_takes_no_more_words(office: Office, ends: str) -> None:
    if ends == "declined":
        case = office.declined()
    elif ends == "report":
        case = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
        case = office.take(case, Step.TAKE_OVER, office.li).case
        case = office.take(case, Step.NOT_FILE, office.li, words="未发现违法行为").case
    elif ends == "consultation":
        case = office.take(office.have(kind=Kind.CONSULTATION), Step.ANSWER, office.wang, words="可以").case
    else:
        case = office.take(office.have(), Step.WITHDRAW, office.anna).case
        if ends == "archived":
            case = office.take(case, Step.ARCHIVE, office.wang).case

    with pytest.raises(MessagesClosed):
        receive(office, case)


def test_a_case_taken_up_again_takes_words_again(office: Office) -> None:
    case = office.mediating()
    ended = {"end_ground": EndGround.NO_AGREEMENT, "words": "谈不拢"}
    office.take(case, Step.END_MEDIATION, office.li, **ended)
    office.take(case, Step.CLOSE, office.li, outcome=Outcome.MEDIATION_ENDED)
    case = office.take(case, Step.REOPEN, office.anna, words="商家反悔").case

    send(office, case, office.wang)

    assert office.newest(case).status is Status.ACCEPTED


# ── bounds ──


def test_each_side_has_so_many_a_day_in_a_case(office: Office) -> None:
    case, other = office.accepted(), office.accepted()
    for _ in range(MOST_A_DAY):
        send(office, case, office.wang)
        receive(office, case)

    with pytest.raises(TooManyMessages) as refused:
        receive(office, case)
    assert refused.value.facts == {"case": case.number, "most": MOST_A_DAY}
    with pytest.raises(TooManyMessages):
        send(office, case, office.wang)
    receive(office, other)

    office.now += timedelta(hours=14)  # ten in the morning: the next day in China begins at midnight
    receive(office, case)
    send(office, case, office.wang)


def test_a_caller_who_is_in_no_chat_is_rung_up(office: Office) -> None:
    intake = an_intake(None, channel=Channel.PHONE, registered_by=office.wang.id)
    case = office.do(lambda tx: office.desk.register(tx, intake, office.now)).case

    with pytest.raises(NotInChat):
        send(office, case, office.wang)


@pytest.mark.parametrize("words", ["", " ", "\n"])
def test_no_words_are_no_message(office: Office, words: str) -> None:
    with pytest.raises(ReasonMissing):
        send(office, office.accepted(), office.wang, words)


def test_over_news_that_was_not_read_nothing_is_sent(office: Office) -> None:
    case = office.accepted()
    receive(office, case, "不用退了")

    with pytest.raises(CaseChanged):
        send(office, case, office.wang, seen=case.version)


@pytest.mark.parametrize(
    ("kinds", "waiting"),
    [
        ([], 0),
        (["registered", "message_received"], 1),
        (["message_sent"], 0),
        (["message_received", "message_sent", "accepted"], 0),
        (["message_received", "message_sent", "message_received", "accepted", "message_received"], 2),
    ],
)
def test_what_came_after_the_last_answer_waits(kinds: list[str], waiting: int) -> None:
    assert unanswered(kinds) == waiting


def test_messages_are_told_from_the_rest_of_the_history(office: Office) -> None:
    case = office.accepted()
    send(office, case, office.wang)
    receive(office, case)

    past = office.do(lambda tx: events.of_case(tx, case.id))
    assert [event.words for event in messages.of_case(past)] == ["牛奶还在吗？", "还在"]


# ── an informer who wants to hear no more ──


def quiet_report(office: Office) -> Case:
    case, anna = office.have(kind=Kind.REPORT), acting(office.anna)
    return office.do(lambda tx: office.desk.withdraw(tx, case.id, anna, "", office.now)).case


def test_no_message_is_written_to_who_would_not_get_it(office: Office) -> None:
    """Else the officer believes that he has told him."""
    case = quiet_report(office)

    with pytest.raises(InformerQuiet):
        send(office, case, office.wang)

    assert "message_sent" not in office.history(case)


def test_who_asks_after_all_gets_his_answer_and_no_other_word(office: Office) -> None:
    case = quiet_report(office)
    receive(office, case, "还有一事想问")

    send(office, case, office.wang)
    office.take(case, Step.DISPATCH, office.wang, unit=FOOD)

    assert heard_by_citizens(office) == ["message_sent"]
    with pytest.raises(InformerQuiet):
        send(office, case, office.wang)
