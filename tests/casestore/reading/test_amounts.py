"""Money in all the ways people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reading import Unreadable
from casestore.reading.amounts import Amount, amount, yuan


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("128", 128_00), ("128元", 128_00), ("128块", 128_00), ("128块钱", 128_00), ("128圆整", 128_00),
        ("128 元。", 128_00), ("１２８元", 128_00), ("¥1,280.00", 1280_00), ("￥１，２８０", 1280_00),
        ("1,280.5元", 1280_50), ("RMB128", 128_00), ("128rmb", 128_00), ("人民币128元", 128_00),
        ("一百二十八块五", 128_50), ("一百二十八元五角", 128_50), ("128块5毛", 128_50), ("128块50", 128_50),
        ("8块8毛8", 8_88), ("128元5角3分", 128_53), ("一百块零五毛", 100_50), ("壹佰贰拾捌元整", 128_00),
        ("两千三", 2300_00), ("两百五", 250_00), ("3万", 30_000_00), ("3万5", 35_000_00), ("3万元", 30_000_00),
        ("1.2万", 12_000_00), ("三万五千元", 35_000_00), ("5千", 5000_00), ("百元", 100_00), ("万元", 10_000_00),
        ("一共花了128元", 128_00), ("共计3万元", 30_000_00), ("0元", 0), ("0.01", 1), ("1亿", 10**10),
    ],
)  # fmt: skip
def test_a_sum_is_read_in_fen(written: str, fen: int) -> None:
    assert amount(written) == Amount(fen)


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("三百多", 300_00), ("三百多块", 300_00), ("300多块钱", 300_00), ("三千来块", 3000_00),
        ("3万多元", 30_000_00), ("3多万", 30_000_00), ("5万余元", 50_000_00), ("十几块", 10_00),
        ("大概200", 200_00), ("大约两百块", 200_00), ("约200元", 200_00), ("200左右", 200_00),
    ],
)  # fmt: skip
def test_a_rough_sum_is_kept_as_rough(written: str, fen: int) -> None:
    """三百多 is 300 and said to be about 300 when it is read back."""
    assert amount(written) == Amount(fen, approximate=True)


@pytest.mark.parametrize(
    "written",
    [
        "", "元", "很多", "不知道", "几百块", "二三百", "-5", "1,28元", "128.5.3", "1e5", "128块500", "128元5角33分",
        "128或者129", "13800138000元钱吧啊", "١٢٨元", "一百元一百元", "1" * 40,
    ],
)  # fmt: skip
def test_a_sum_that_is_unclear_is_asked_for_again(written: str) -> None:
    with pytest.raises(Unreadable) as refused:
        amount(written)

    assert refused.value.code == "amount-unclear"


@pytest.mark.parametrize("written", ["1000亿", "99999999999999", "99999亿元"])
def test_a_sum_beyond_reason_is_refused_as_too_large(written: str) -> None:
    """From 千亿 on somebody typed a telephone number or an order number."""
    with pytest.raises(Unreadable) as refused:
        amount(written)

    assert refused.value.code == "amount-too-large"


def test_the_largest_sum_just_fits() -> None:
    assert amount("99999999999").fen == 9_999_999_999_900


@given(st.integers(0, 10**12))
def test_a_sum_that_is_shown_reads_back(fen: int) -> None:
    """What the summary shows can be typed again and means the same."""
    assert amount(yuan(fen)) == Amount(fen)


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "0元"), (128_00, "128元"), (128_05, "128.05元"), (128_050, "1,280.50元"), (9, "0.09元")],
)
def test_a_sum_is_shown_with_groups_and_without_empty_cents(fen: int, shown: str) -> None:
    assert yuan(fen) == shown
