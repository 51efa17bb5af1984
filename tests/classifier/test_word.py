"""How a clerk writes a word."""

from __future__ import annotations

import pytest

from classifier.word import BadWord, Word, parse


def test_a_word_counts_one_unless_it_says_otherwise() -> None:
    assert parse("发霉") == Word("发霉", ("发霉",), 1.0)
    assert parse("发霉:2.5") == Word("发霉", ("发霉",), 2.5)


def test_a_word_with_a_minus_cancels_its_class() -> None:
    assert parse("-宠物医院") == Word("宠物医院", ("宠物医院",), 1.0, excludes=True)


def test_two_halves_may_stand_apart() -> None:
    assert parse("不给…退:2").parts == ("不给", "退")


def test_a_word_is_shown_as_written_and_found_in_any_form() -> None:
    assert parse("4S店") == Word("4S店", ("4s店",))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "word-empty"),
        ("发霉：2", "word-separator"),
        ("发霉、变质", "word-separator"),
        ("发霉｜变质", "word-separator"),
        ("不给...退", "word-separator"),
        ("不给……退", "word-separator"),
        ("发霉:", "word-weight"),
        ("发霉:很重", "word-weight"),
        ("发霉:0", "word-weight"),
        ("发霉:-1", "word-weight"),
        ("发霉:11", "word-weight"),
        ("发霉:1:2", "word-weight"),
        ("…退", "word-gap"),
        ("不…给…退", "word-gap"),
        ("发霉(了)", "word-unfindable"),
        ("😀", "word-unfindable"),
    ],
)
def test_a_slip_is_told_with_what_to_write(written: str, code: str) -> None:
    with pytest.raises(BadWord) as bad:
        parse(written)
    assert bad.value.code == code
    assert written in str(bad.value)
