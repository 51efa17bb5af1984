"""Words a step waits for: the officer's next ones in his private chat, for half an hour, whole or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore.codes import Kind, Status
from casestore.model import Case
from casestore.tables import events
from tests.admin.staff_room import StaffRoom, is_said
from tests.office import DUTY_GROUP


def asked(room: StaffRoom) -> Case:
    """A question whose answer the officer is to type now."""
    case = room.office.have(kind=Kind.CONSULTATION)
    room.press(room.office.wang, case, "答复")
    room.press(room.office.wang, case, "直接答复（请输入）")
    return case


def answer_to(room: StaffRoom, case: Case) -> str:
    return room.office.do(lambda tx: events.of_case(tx, case.id))[-1].words


def test_without_a_question_words_are_for_nothing(room: StaffRoom) -> None:
    assert is_said("staff.prompt_gone", room.says(room.office.wang, "你好"))


def test_one_answer_ends_the_question(room: StaffRoom) -> None:
    case = asked(room)
    room.says(room.office.wang, "可以退货")

    assert is_said("staff.prompt_gone", room.says(room.office.wang, "还要带小票"))
    assert answer_to(room, case) == "可以退货"


@pytest.mark.parametrize(
    ("minutes", "in_time"), [(0, True), (29, True), (30, True), (31, False), (60 * 24, False)]
)
def test_the_question_waits_half_an_hour(room: StaffRoom, minutes: int, in_time: bool) -> None:
    case = asked(room)
    room.office.now += timedelta(minutes=minutes)

    answer = room.says(room.office.wang, "可以退货")

    assert is_said("staff.prompt_gone", answer) is not in_time
    assert (room.now(case).status is Status.CLOSED) is in_time


def test_only_the_person_who_was_asked_answers(room: StaffRoom) -> None:
    case = asked(room)

    assert is_said("staff.prompt_gone", room.says(room.office.zhao, "不可以"))
    assert room.now(case).status is Status.REGISTERED
    assert room.says(room.office.wang, "可以") == f"{case.number} 已答复。"


def test_what_is_said_in_the_group_is_no_answer(room: StaffRoom) -> None:
    case = asked(room)

    assert room.write(room.office.wang, "大家好", DUTY_GROUP) == []
    assert room.now(case).status is Status.REGISTERED


def test_a_newer_question_takes_the_place_of_the_older(room: StaffRoom) -> None:
    first = asked(room)
    second = asked(room)

    assert room.says(room.office.wang, "可以退货") == f"{second.number} 已答复。"
    assert room.now(first).status is Status.REGISTERED
    assert is_said("staff.prompt_gone", room.says(room.office.wang, "可以退货"))


@pytest.mark.parametrize("word", ["取消", "/cancel", " 取消 ", "/CANCEL"])
def test_a_cancelled_question_takes_no_more_words(room: StaffRoom, word: str) -> None:
    """Else the next remark to the bot is told to the citizen."""
    case = asked(room)

    assert is_said("staff.cancelled", room.says(room.office.wang, word))
    assert is_said("staff.prompt_gone", room.says(room.office.wang, "中午吃什么"))
    assert room.now(case).status is Status.REGISTERED
    assert room.told(case) == []


@pytest.mark.parametrize("word", ["/quee", "/x", "/queue@other", "／帮助", "/answer 可以"])
def test_a_mistyped_command_is_no_answer_and_the_question_stays(room: StaffRoom, word: str) -> None:
    case = asked(room)

    room.write(room.office.wang, word)

    assert room.now(case).status is Status.REGISTERED
    assert room.says(room.office.wang, "可以") == f"{case.number} 已答复。"


@pytest.mark.parametrize(
    "word", ["/queue", "待办", "/mine", "/duty", "/help", "帮助", "/case TS-20260101-0001"]
)
def test_a_command_in_between_does_not_lose_the_question(room: StaffRoom, word: str) -> None:
    case = asked(room)

    assert not is_said("staff.prompt_gone", room.says(room.office.wang, word))
    assert room.says(room.office.wang, "可以") == f"{case.number} 已答复。"


@pytest.mark.parametrize("nothing", ["", " ", "\u3000", "\u200b\u200d", "\n\n", "\x00"])
def test_nothing_is_no_answer_and_the_question_stays(room: StaffRoom, nothing: str) -> None:
    case = asked(room)

    assert is_said("unreadable.empty", room.says(room.office.wang, nothing))
    assert room.says(room.office.wang, "可以") == f"{case.number} 已答复。"


def test_words_up_to_two_thousand_characters_are_taken_whole(room: StaffRoom) -> None:
    case = asked(room)

    room.says(room.office.wang, "字" * 2000)

    assert answer_to(room, case) == "字" * 2000


def test_longer_words_are_never_cut_in_silence(room: StaffRoom) -> None:
    """An answer to a citizen that ends in mid-sentence is worse than none."""
    case = asked(room)

    answer = room.says(room.office.wang, "字" * 2001)

    assert answer == "内容太长了（共 2001 字），请缩短到 2000 字以内。"
    assert room.now(case).status is Status.REGISTERED
    assert room.says(room.office.wang, "可以") == f"{case.number} 已答复。"


@pytest.mark.parametrize("words", ["<b>甲</b>", "*甲* _乙_", "'; DROP TABLE cases; --", "😀𠮷"])
def test_words_are_kept_and_told_as_they_were_typed(room: StaffRoom, words: str) -> None:
    case = asked(room)

    room.says(room.office.wang, words)

    assert answer_to(room, case) == words
    assert room.told(case)[0].splitlines()[1] == words


@pytest.mark.parametrize("words", ["我的 意见是可以退", "值班 人员已核实", "案件 已转给商家核实"])
def test_a_sentence_that_begins_like_a_command_is_an_answer(room: StaffRoom, words: str) -> None:
    case = asked(room)

    assert room.says(room.office.wang, words) == f"{case.number} 已答复。"
    assert answer_to(room, case) == words
