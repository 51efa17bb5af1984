"""口令: the words that work everywhere are heard however they are typed, and only as a whole message."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reading.text import fold
from dialogs import words
from dialogs.words import Word, spoken
from tests.dialogs.builders import TEXTS, TREES


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("进度", Word.PROGRESS), ("查询进度", Word.PROGRESS), ("/status", Word.PROGRESS), ("帮助", Word.HELP), ("？", Word.HELP),
        ("HELP", Word.HELP), ("上一步", Word.BACK), ("返回", Word.BACK), ("修改", Word.EDIT), ("填错了", Word.EDIT), ("取消", Word.CANCEL),
        ("/cancel", Word.CANCEL), ("人工", Word.HUMAN), ("转人工", Word.HUMAN), ("继续", Word.MORE), ("补充", Word.SUPPLEMENT), ("你好", Word.START),
        ("/start", Word.START), ("Hello", Word.START),
    ],
)  # fmt: skip
def test_a_word_is_heard(said: str, word: Word) -> None:
    assert spoken(said) is word


def test_the_menu_offers_every_word_and_each_of_its_commands_is_heard() -> None:
    """A new word is in the menu, or this fails."""
    offered = words.menu(TEXTS)

    assert [spoken(f"/{name}") for name, _ in offered] == [Word.START, *list(Word)[:-1]]
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) and 1 <= len(says) <= 256 for name, says in offered)


@pytest.mark.parametrize("word", Word)
def test_every_word_is_heard_by_the_label_it_is_offered_under(word: Word) -> None:
    assert spoken(TEXTS.name("words", word)) is word


@pytest.mark.parametrize("dress", ["{}。", " {} ", "{}!", "{}！", "{}～", "\u200b{}", "{}\n", "{}..."])
def test_every_form_is_heard_in_any_dress(dress: str) -> None:
    for form in words.labels():
        if form not in ("?", "？"):
            assert spoken(dress.format(form)) == spoken(form) is not None


@pytest.mark.parametrize(
    "said", ["", "。", "我要取消订单", "商家不让取消", "进度条", "帮助我", "修改3", "人工智能", "请返回货款"]
)
def test_a_word_inside_a_sentence_is_no_word(said: str) -> None:
    """事情经过 may well hold 取消."""
    assert spoken(said) is None


@given(st.text(max_size=10))
def test_any_text_is_a_word_or_none(said: str) -> None:
    assert spoken(said) is None or fold(said).rstrip("。.!~") in words.labels()


def test_no_option_of_the_trees_sounds_like_a_word() -> None:
    """Its other words may: at the notice 继续 agrees, because there is no page to turn."""
    for tree in TREES.values():
        for question in tree.questions.values():
            for option in question.options:
                assert spoken(option.label) is None
