"""咨询 in the talk: the approved answers are told at once, and whether they help decides where it goes."""

from __future__ import annotations

import pytest

from dialogs.engine import Engine
from dialogs.progress import Progress
from dialogs.turn import Filed, Said, Turn
from tests.dialogs.builders import ANSWERS, CONTEXT, ENGINE, TEXTS, TREES, begun, press, say, stands

NEAR, FAR = "网购的衣服，七天无理由退货要自己出运费吗", "你们单位今年招人吗"


def asked(question: str, engine: Engine = ENGINE) -> Turn:
    return say(begun("consultation"), question, engine)


def filed(turn: Turn) -> Filed:
    (effect,) = turn.effects
    assert isinstance(effect, Filed)
    assert turn.progress is None
    return effect


def test_who_asks_reads_the_standard_answer_with_its_source_and_is_asked_whether_it_helps() -> None:
    """S3-3.1: 当场答复."""
    turn = asked(NEAR)

    (told,) = turn.says
    assert told.text.startswith("为您找到标准答复")
    assert "【七日无理由退货】" in told.text
    assert "运费由您承担" in told.text
    assert "依据：《消费者权益保护法》第二十五条" in told.text
    assert [option.label for option in told.options] == ["解决了", "没有，转工作人员"]
    assert stands(turn).approved == ("seven_days",)


@pytest.mark.parametrize("yes", ["1", "解决了", "谢谢", "明白了"])
def test_what_is_solved_is_filed_with_the_answers_that_solved_it(yes: str) -> None:
    told = filed(say(stands(asked(NEAR)), yes))

    assert (told.what, told.solved) == ("consultation", True)
    assert told.values["story"] == NEAR
    assert [answer.code for answer in told.approved] == ["seven_days"]


def test_the_answers_are_not_told_again_after_every_word_that_is_none() -> None:
    place = stands(asked(NEAR))

    missed = say(place, "那运费呢").says[0].text

    assert "【" not in missed
    assert missed.endswith(TREES["consultation"]["helped"].ask.strip())
    assert "【七日无理由退货】" in ENGINE.again(place, CONTEXT).says[0].text


@pytest.mark.parametrize("no", ["2", "没有", "没解决", "转人工"])
def test_what_is_not_solved_is_checked_and_goes_to_the_staff(no: str) -> None:
    turn = say(stands(asked(NEAR)), no)

    assert stands(turn).at == "summary"
    told = filed(say(stands(turn), "提交"))
    assert not told.solved
    assert [answer.title for answer in told.approved] == ["七日无理由退货"]


def test_where_no_answer_fits_well_nothing_is_told_and_nothing_is_asked() -> None:
    turn = asked(FAR)

    assert stands(turn).at == "summary"
    assert "标准答复" not in turn.says[0].text
    told = filed(say(stands(turn), "提交"))
    assert (told.solved, told.approved) == (False, ())


def test_an_office_without_approved_answers_asks_as_before() -> None:
    assert stands(asked(NEAR, Engine(TREES, TEXTS))).at == "summary"


def test_another_question_is_answered_anew() -> None:
    """Whether by 上一步 at the answer or by 修改 at the end."""
    back = stands(say(stands(asked(NEAR)), "上一步"))
    assert stands(say(back, "软件自动续费怎么取消")).approved == ("auto_renewal",)

    summary = stands(say(stands(asked(NEAR)), "没有"))
    corrected = say(stands(say(summary, "修改1")), "快递丢了找谁")
    assert (stands(corrected).at, stands(corrected).approved) == ("helped", ("express",))
    nothing = say(stands(say(summary, "修改1")), FAR)
    assert (stands(nothing).at, stands(nothing).approved) == ("summary", ())


def test_the_same_question_once_more_keeps_what_he_said_of_the_answer() -> None:
    summary = stands(say(stands(asked(NEAR)), "没有"))

    assert stands(say(stands(say(summary, "修改1")), "保持不变")).at == "summary"
    assert stands(say(stands(say(summary, "修改1")), NEAR)).at == "summary"


def test_a_draft_kept_before_the_answers_were_edited_goes_on() -> None:
    """A code that is gone is not shown; one that is left is."""
    place = stands(asked(NEAR))
    gone = Progress.from_json(place.to_json().replace("seven_days", "no_more"))

    assert "标准答复" in ENGINE.again(place, CONTEXT).says[0].text
    assert "【" not in ENGINE.again(gone, CONTEXT).says[0].text
    assert filed(ENGINE.walk(gone, Said(pressed="solved"), CONTEXT)).approved == ()


def test_a_press_answers_as_a_word_does() -> None:
    assert filed(press(stands(asked(NEAR)), "solved")).approved == (ANSWERS["seven_days"],)
