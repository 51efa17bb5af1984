"""What people send is made safe to keep without changing what they can see."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reading.text import clean, fold, has_words


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  甲超市  ", "甲超市"),
        ("投\u200b诉", "投诉"),  # zero-width space
        ("王敏\u202e", "王敏"),  # right-to-left override
        ("\ufeff昨天", "昨天"),  # byte order mark
        ("a\x00b\x1bc", "abc"),
        ("退\ud800款", "退款"),  # half of a surrogate pair: no database takes it
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("一\t二", "一\t二"),
        ("，。：１２８元！", "，。：１２８元！"),
        ("👍🏻好", "👍🏻好"),
        ("喆𠮷㐂镕堃玥", "喆𠮷㐂镕堃玥"),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_dropped_and_the_rest_stays(sent: str, kept: str) -> None:
    """A message keeps every visible character, full-width punctuation and rare Han characters too."""
    assert clean(sent) == kept


@pytest.mark.parametrize("rare", ["\U00020bb7", "\U0002b7a9", "\U000308bd", "\U00031350", "\U0002ebf0"])
def test_a_rare_character_is_never_lost_whatever_unicode_this_python_knows(rare: str) -> None:
    """A name must not lose a character in silence: 王𱍐明 is not 王明 (art. 10, 真实姓名)."""
    assert clean(f"王{rare}明") == f"王{rare}明"


@given(st.text(st.characters()))
def test_cleaned_text_is_safe_to_keep_and_cleaning_again_changes_nothing(text: str) -> None:
    """No control character, no lone surrogate, nothing but line breaks and tabs reaches the store."""
    kept = clean(text)

    kept.encode("utf-8")
    assert clean(kept) == kept
    assert not [c for c in kept if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t"]


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_cleaning_never_adds_or_moves_a_character(text: str) -> None:
    kept = iter(text)

    assert all(character in kept for character in clean(text))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("１２８ 元", "128元"),
        ("ＯＫ", "ok"),
        ("①", "1"),
        ("￥1,280．50", "¥1,280.50"),
        ("（０２０）８８８８", "(020)8888"),
        (" 上 一 步 ", "上一步"),
        ("Straße", "strasse"),
    ],
)
def test_folded_text_compares_alike_however_it_was_typed(written: str, folded: str) -> None:
    """Full-width and half-width, capitals and spaces make no difference (issue 2: 全角 is understood)."""
    assert fold(written) == folded


@pytest.mark.parametrize("said", ["过期", "a", "7", "７", "ñ", "가", "😀好"])
def test_a_letter_a_han_character_or_a_digit_is_a_word(said: str) -> None:
    assert has_words(said)


@pytest.mark.parametrize("said", ["", "😀", "👍🏻👍🏻", "。。。", "……！？", "  \n", "❤️", "———"])
def test_emoji_and_punctuation_alone_are_no_words(said: str) -> None:
    """Emoji only gets its own message instead of becoming an answer."""
    assert not has_words(said)
