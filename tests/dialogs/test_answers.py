"""An answer is kept as a value and shown in words; what is shown can be written back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reading import Unreadable
from dialogs import answers
from dialogs.progress import Answer
from dialogs.tree import CHOOSES, AnswerType, Question
from tests.dialogs.builders import TEXTS, TODAY

READ = [kind for kind in AnswerType if kind not in CHOOSES]


def asked(kind: AnswerType, **more: Any) -> Question:
    return Question(name="q", ask="？", answer=kind, next="end", **more)


@pytest.mark.parametrize(
    ("kind", "text", "value", "shown"),
    [
        (AnswerType.TEXT, "  牛奶\u200b过期了 \n", "牛奶过期了", "牛奶过期了"),
        (AnswerType.TEXT, "第一行\n第二行", "第一行\n第二行", "第一行\n第二行"),
        (AnswerType.MERCHANT, "某宝 · 某某 旗舰店", "某宝 · 某某 旗舰店", "某宝 · 某某 旗舰店"),
        (AnswerType.PERSON, "我叫陈晓梅", "陈晓梅", "陈晓梅"),
        (AnswerType.PHONE, "+86 138-0013-8000", "13800138000", "13800138000"),
        (AnswerType.ADDRESS, "城关镇\n西街 18 号", "城关镇 西街 18 号", "城关镇 西街 18 号"),
        (AnswerType.DATE, "昨天", "2026-11-22", "2026年11月22日(周日)"),
        (AnswerType.AMOUNT, "一百二十八块五", 12_850, "128.50元"),
        (AnswerType.AMOUNT, "大概3万", 3_000_000, "约 30,000元"),
    ],
)
def test_an_answer_is_read_into_its_value_and_its_words(
    kind: AnswerType, text: str, value: object, shown: str
) -> None:
    assert answers.read(asked(kind), text, TODAY) == Answer(value, shown)


@given(st.sampled_from(READ), st.text(max_size=60))
def test_any_text_is_an_answer_or_a_refusal_with_a_sentence(kind: AnswerType, text: str) -> None:
    try:
        answer = answers.read(asked(kind), text, TODAY)
    except Unreadable as error:
        assert TEXTS.unreadable(error)
        return
    assert answer.shown.strip()


@given(st.dates(date(1990, 1, 1), TODAY))
def test_a_day_is_read_back_as_it_was_shown(day: date) -> None:
    """Who copies the line 发生日期 into his correction is understood."""
    shown = answers.show_day(day)

    assert answers.read(asked(AnswerType.DATE), shown, TODAY).value == day.isoformat()


@given(st.integers(0, 10**12))
def test_a_sum_is_read_back_as_it_was_shown(fen: int) -> None:
    shown = answers.read(asked(AnswerType.AMOUNT), f"{fen // 100}.{fen % 100:02d}元", TODAY)

    assert shown.value == fen
    assert answers.read(asked(AnswerType.AMOUNT), shown.shown, TODAY) == shown


@pytest.mark.parametrize("written", ["0.001", "0.004元", "０．００１元"])
def test_less_than_a_fen_is_no_sum(written: str) -> None:
    """It is asked again instead of being kept as 0元."""
    with pytest.raises(Unreadable) as refused:
        answers.read(asked(AnswerType.AMOUNT), written, TODAY)

    assert refused.value.code == "amount-unclear"


def test_nothing_paid_is_a_sum() -> None:
    assert answers.read(asked(AnswerType.AMOUNT), "0元", TODAY) == Answer(0, "0元")


def test_no_day_lies_in_the_future_of_china() -> None:
    with pytest.raises(Unreadable) as refused:
        answers.read(asked(AnswerType.DATE), (TODAY + timedelta(days=1)).isoformat(), TODAY)

    assert refused.value.code == "date-future"


@pytest.mark.parametrize(
    ("kind", "more", "longest"),
    [
        (AnswerType.TEXT, {}, 4000),
        (AnswerType.TEXT, {"most": 30}, 30),
        (AnswerType.MERCHANT, {}, 200),
        (AnswerType.ADDRESS, {"most": 120}, 120),
    ],
)
def test_one_character_too_many_is_too_long(kind: AnswerType, more: dict[str, int], longest: int) -> None:
    assert len(answers.read(asked(kind, **more), "店" * longest, TODAY).value) == longest
    with pytest.raises(Unreadable) as refused:
        answers.read(asked(kind, **more), "店" * (longest + 1), TODAY)

    assert (refused.value.code, refused.value.facts) == ("too-long", {"most": longest, "count": longest + 1})


def test_one_character_too_few_is_too_short() -> None:
    question = asked(AnswerType.TEXT, least=6)

    assert answers.read(question, "牛奶过期三天", TODAY).value == "牛奶过期三天"
    with pytest.raises(Unreadable) as refused:
        answers.read(question, "牛奶过期了", TODAY)
    assert (refused.value.code, refused.value.facts) == ("too-short", {"least": 6, "count": 5})
