"""Telephone numbers of mainland China."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reading import Unreadable
from casestore.reading.phones import phone


def refusal(given_: str) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        phone(given_)
    return refused.value


@pytest.mark.parametrize(
    "written",
    [
        "13800138000", "138 0013 8000", "138-0013-8000", "１３８００１３８０００", "＋８６ １３８００１３８０００",
        "+8613800138000", "+86 138-0013-8000", "8613800138000", "008613800138000", "(+86)13800138000",
        "电话：13800138000", "我的手机号是13800138000", "手机号码 13800138000", "13800138000。", "联系电话为13800138000",
    ],
)  # fmt: skip
def test_a_mobile_is_kept_as_eleven_digits(written: str) -> None:
    assert phone(written) == "13800138000"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0773-6212315", "0773-6212315"), ("07736212315", "0773-6212315"), ("0773 6212315", "0773-6212315"),
        ("(0773)6212315", "0773-6212315"), ("（０７７３）６２１２３１５", "0773-6212315"), ("010-12345678", "010-12345678"),
        ("01012345678", "010-12345678"), ("020-88886666", "020-88886666"), ("0755-88886666", "0755-88886666"),
        ("+86 773 6212315", "0773-6212315"), ("+86 0773 6212315", "0773-6212315"), ("座机0773—6212315", "0773-6212315"),
        ("010-12345678转8", "010-12345678转8"), ("010-12345678分机123", "010-12345678转123"),
        ("010 12345678 ext 12", "010-12345678转12"), ("0773-6212315#8", "0773-6212315转8"),
        ("400-820-8820", "400-8208820"), ("4008208820", "400-8208820"), ("800 820 8820", "800-8208820"),
    ],
)  # fmt: skip
def test_a_landline_is_kept_with_its_area_code(written: str, kept: str) -> None:
    assert phone(written) == kept


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("1380013800", 10),
        ("138001380001", 12),
        ("138-0013-800", 10),
        ("１３８００１３８００", 10),
        ("138001", 6),
    ],
)
def test_a_mobile_with_the_wrong_number_of_digits_is_told_how_many(written: str, digits: int) -> None:
    refused = refusal(written)

    assert (refused.code, refused.facts) == ("phone-mobile-digits", {"digits": digits})


@pytest.mark.parametrize("written", ["12800138000", "10000000000", "11111111111"])
def test_eleven_digits_that_are_no_mobile_are_not_called_the_wrong_number_of_digits(written: str) -> None:
    """「应为 11 位，您填写了 11 位」 helps nobody."""
    assert refusal(written).code == "phone-unclear"


@pytest.mark.parametrize("written", ["6212315", "88886666", "621-2315"])
def test_a_landline_without_area_code_is_told_so(written: str) -> None:
    assert refusal(written).code == "phone-no-area-code"


@pytest.mark.parametrize(
    "written",
    [
        "", "没有", "abc", "110", "0773-62123", "13800138000或13900139000", "0000", "+1 202 555 0100", "0773-0212315",
        "138٠٠138000", "١٣٨٠٠١٣٨٠٠٠", "१३८००१३८०००", "13800138000转8", "1380013800０x", "8" * 4000, "010-1234567890",
    ],
)  # fmt: skip
def test_what_is_no_number_is_asked_for_again(written: str) -> None:
    """Digits of other scripts are no digits here (T-23): the number must be one that can be dialled."""
    assert refusal(written).code == "phone-unclear"


@pytest.mark.parametrize("tail", ["\n", "\r\n", "\u2028", "\x00", "\u200b", " "])
def test_nothing_invisible_is_ever_kept_with_a_number(tail: str) -> None:
    """T-23: a trailing newline never gets into the store with the number."""
    assert phone(f"13800138000{tail}") == "13800138000"


@given(st.text(st.sampled_from("0123456789０１８+-－ ()转#\n٣电话号码"), max_size=30))
def test_whatever_is_read_is_in_one_of_the_three_forms(written: str) -> None:
    try:
        kept = phone(written)
    except Unreadable:
        return
    assert re.fullmatch(
        r"1[3-9][0-9]{9}|0[1-9][0-9]{1,2}-[1-9][0-9]{6,7}(转[0-9]{1,6})?|[48]00-[0-9]{7}", kept, re.ASCII
    )


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True, alphabet=st.characters(codec="ascii")))
def test_every_mobile_number_is_read_and_reads_back(number: str) -> None:
    assert phone(number) == number
    assert phone(f"{number[:3]} {number[3:7]} {number[7:]}") == number
