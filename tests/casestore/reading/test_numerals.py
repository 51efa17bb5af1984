"""Numbers as they are written in China."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reading.numerals import number, whole

_DIGITS = "零一二三四五六七八九"


def in_chinese(value: int) -> str:
    """`value` below 10,000 as a schoolbook writes it: 一千零五十, 十二, 三百二十一."""
    words, owes_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            words += ("零" if owes_zero else "") + _DIGITS[digit] + name
            owes_zero = False
        else:
            owes_zero = bool(words)
    words = words or "零"
    return words.removeprefix("一") if words.startswith("一十") else words


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0), ("128", 128), ("1,280", 1280), ("12,345,678", 12_345_678), ("1,280.50", "1280.50"),
        ("0.5", "0.5"), ("1.2万", 12_000), ("3万", 30_000), ("3万5", 35_000), ("3万5千", 35_000),
        ("10万", 100_000), ("2千5", 2500), ("1亿", 10**8), ("三万亿", 3 * 10**12), ("一亿三千万", 13 * 10**7),
        ("一", 1), ("两", 2), ("俩", 2), ("十", 10), ("十二", 12), ("二十", 20), ("廿五", 25), ("卅", 30),
        ("一百", 100), ("一百二", 120), ("一百二十", 120), ("一百二十八", 128), ("一百零八", 108), ("百", 100),
        ("两百五", 250), ("两千三", 2300), ("两千零三", 2003), ("两千零三十", 2030), ("一千零五十", 1050),
        ("三千五百", 3500), ("一万五", 15_000), ("一万零五", 10_005), ("一万500", 10_500), ("十万", 100_000),
        ("三百二十万", 3_200_000), ("壹佰贰拾捌", 128), ("叁仟伍佰", 3500), ("貳" "", None),
        ("二〇二六", 2026), ("二零二六", 2026), ("一五", 15), ("零零七", 7), ("万", 10_000),
    ],
)  # fmt: skip
def test_a_numeral_is_read_as_people_mean_it(written: str, value: int | str | None) -> None:
    """两千三 is 2300 and 两千零三 is 2003; 3万5 is 35,000."""
    assert number(written) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "written",
    ["", "二三百", "1,28", "1280,", "1.2.3", "1e5", "abc", "-5", "一百元", "٣", "²", "1" * 25, "一万万", "½"],
)
def test_what_is_no_whole_numeral_has_no_value(written: str) -> None:
    """Nothing is guessed: half a numeral, another script's digits and a far too long one are none."""
    assert number(written) is None


@given(st.integers(0, 9999))
def test_every_numeral_below_ten_thousand_reads_back(value: int) -> None:
    assert number(in_chinese(value)) == value


@given(st.integers(1, 9999), st.integers(1000, 9999))
def test_ten_thousands_carry_what_follows(head: int, tail: int) -> None:
    assert number(f"{in_chinese(head)}万{in_chinese(tail)}") == head * 10_000 + tail


@given(st.integers(0, 10**12 - 1))
def test_digits_and_grouped_digits_are_the_same_number(value: int) -> None:
    assert number(str(value)) == value
    assert number(f"{value:,}") == value


def test_only_whole_numbers_are_whole() -> None:
    assert whole("12") == 12
    assert whole("十二") == 12
    assert whole("1.5") is None
    assert whole("1.50万") == 15_000
    assert whole("x") is None
