"""Which words are found, and which longer word hides which shorter one."""

from __future__ import annotations

import pytest

from casestore.reading.text import fold
from classifier.segmenter import Token
from classifier.tables import Entry, Lexicon, Outside, Sign
from classifier.vocabulary import Axis, Found, Vocabulary
from classifier.word import parse


def entry(code: str, *words: str) -> Entry:
    return Entry(line=1, code=code, name=code, words=tuple(map(parse, words)))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    hospital = Outside(
        line=1, code="X11", name="医疗", words=(parse("医院:2"),), department="卫健委", hotline="12320"
    )
    sign = Sign(
        line=1, code="轻生", name="轻生", words=(parse("跳楼"),), grade="major", people=None, yuan=None
    )
    return Vocabulary.of(
        Lexicon(
            objects=(),
            natures=(),
            kinds=(
                entry("phone", "手机:2", "App"),
                entry("case", "手机壳", "-手机壳厂"),
                entry("refund", "不给…退", "宠物医院", "跳楼机"),
            ),
            outside=(hospital,),
            signs=(sign,),
            dispatch=(),
        )
    )


def tokens(text: str) -> list[Token]:
    """Every piece of the text: what stands where is the vocabulary's affair, not the segmenter's."""
    return [
        (text[start:end], start, end)
        for start in range(len(text))
        for end in range(start + 1, min(start + 6, len(text) + 1))
    ]


@pytest.fixture
def found(vocabulary: Vocabulary, request: pytest.FixtureRequest) -> Found:
    text = fold(request.param)
    return vocabulary.find(text, tokens(text))


@pytest.mark.parametrize("found", ["买了手机，手机坏了"], indirect=True)
def test_a_word_counts_once_however_often_it_stands_there(found: Found) -> None:
    assert found.evidence(Axis.KIND) == {"phone": 2.0}


@pytest.mark.parametrize("found", ["手机壳"], indirect=True)
def test_a_longer_word_hides_the_shorter_in_it(found: Found) -> None:
    assert found.evidence(Axis.KIND) == {"case": 1.0}


@pytest.mark.parametrize("found", ["手机和手机壳"], indirect=True)
def test_a_word_that_also_stands_alone_is_not_hidden(found: Found) -> None:
    assert found.evidence(Axis.KIND) == {"phone": 2.0, "case": 1.0}


@pytest.mark.parametrize("found", ["手机壳厂的手机壳"], indirect=True)
def test_an_excluding_word_cancels_the_class(found: Found) -> None:
    assert found.evidence(Axis.KIND) == {}


@pytest.mark.parametrize("found", ["店家不给我办理退款"], indirect=True)
def test_the_halves_of_a_phrase_may_stand_apart(found: Found) -> None:
    assert found.evidence(Axis.KIND) == {"refund": 1.0}


@pytest.mark.parametrize("found", ["不给我任何一句解释，第二天才退", "退了又不给"], indirect=True)
def test_but_not_too_far_apart_and_not_the_other_way_round(found: Found) -> None:
    assert found.evidence(Axis.KIND) == {}


@pytest.mark.parametrize("found", ["myapple", "apps"], indirect=True)
def test_latin_words_are_found_whole_only(found: Found) -> None:
    assert found.evidence(Axis.KIND) == {}


@pytest.mark.parametrize("found", ["这个APP", "app3号"], indirect=True)
def test_latin_words_are_found_beside_han_and_digits(found: Found) -> None:
    assert found.evidence(Axis.KIND) == {"phone": 1.0}
