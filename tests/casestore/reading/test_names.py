"""Names of persons and of businesses, and how they are hidden."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reading import Unreadable
from casestore.reading.names import (
    is_business,
    mask_name,
    mask_phone,
    mask_text,
    merchant_name,
    person_name,
)
from casestore.reading.phones import phone


def refusal(given_: str) -> str:
    with pytest.raises(Unreadable) as refused:
        person_name(given_)
    return refused.value.code


@pytest.mark.parametrize(
    "name",
    [
        "王敏", "陈晓梅", "诸葛孔明", "欧阳娜娜", "李喆", "张𠮷", "𠮷野", "王𱍐明", "李〇", "镕堃", "玥珺",
        "阿依古丽·买买提", "迪丽热巴·迪力木拉提", "买买提·艾力·吐尔逊", "尼玛次仁",
        "Mary Smith", "Jean-Luc Picard", "O'Brien", "J. R. Smith", "Nguyễn Thị Minh", "José García",
    ],
)  # fmt: skip
def test_a_real_name_is_kept_as_written(name: str) -> None:
    """Art. 10(1): the real name, of every people and with every character."""
    assert person_name(name) == name


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("我叫王敏", "王敏"), ("姓名：王敏", "王敏"), ("本人王敏", "王敏"), ("  王敏 ", "王敏"), ("王 敏", "王敏"),
        ("王敏。", "王敏"), ("王敏！", "王敏"), ("王\u200b敏", "王敏"),
        ("买买提•艾力", "买买提·艾力"), ("古丽．阿不都", "古丽·阿不都"), ("古丽・阿不都", "古丽·阿不都"),
        ("古丽.阿不都", "古丽·阿不都"), ("Jose\u0301 Garci\u0301a", "José García"),
    ],
)  # fmt: skip
def test_what_is_around_a_name_is_taken_off(written: str, kept: str) -> None:
    """少数民族 names are kept with one kind of dot, however it was typed."""
    assert person_name(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "王先生",
        "欧阳先生",
        "李女士",
        "张小姐",
        "刘太太",
        "赵师傅",
        "孙老师",
        "张某",
        "张某某",
        "王敏先生",
        "先生",
        "小姐",
        "女士",
    ],
)
def test_a_form_of_address_is_no_name(written: str) -> None:
    assert refusal(written) == "name-form-of-address"


@pytest.mark.parametrize("written", ["王敏13800138000", "王3", "John3", "王②", "王３", "13800138000"])
def test_a_name_holds_no_digits(written: str) -> None:
    assert refusal(written) == "name-digits"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "王",
        "喆",
        "😀",
        "···",
        "A",
        "王敏!!李四?",
        "王-敏",
        "<b>王敏</b>",
        "/start",
        "王" * 30,
        "a" * 80,
        "·王敏",
    ],
)
def test_what_cannot_be_a_name_is_asked_for_again(written: str) -> None:
    assert refusal(written) == "name-unclear"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("城关镇甲某某超市", "城关镇甲某某超市"), ("  某宝 · 某某旗舰店 ", "某宝 · 某某旗舰店"), ("7-11", "7-11"),
        ("85度C", "85度C"), ("老\n王烧烤", "老 王烧烤"), ("KFC", "KFC"),
    ],
)  # fmt: skip
def test_a_merchant_is_kept_as_named(written: str, kept: str) -> None:
    assert merchant_name(written) == kept


@pytest.mark.parametrize("written", ["", "😀", "。。", "店", "12345", "１２３", "A"])
def test_a_merchant_needs_a_name_of_two_characters_with_a_word_in_it(written: str) -> None:
    with pytest.raises(Unreadable) as refused:
        merchant_name(written)

    assert refused.value.code == "merchant-unclear"


@pytest.mark.parametrize(
    "name",
    [
        "甲某某超市",
        "某某科技有限公司",
        "老王烧烤店",
        "城关卫生院",
        "某宝·某某旗舰店",
        "XX4S",
        "万达广场",
        "阳光健身会所",
    ],
)
def test_a_trading_name_may_be_kept_in_clear(name: str) -> None:
    assert is_business(name)


@pytest.mark.parametrize("name", ["王敏", "陈晓梅", "阿依古丽·买买提", "老李", "Mary Smith"])
def test_a_natural_persons_name_may_not(name: str) -> None:
    """A street vendor is a person (PIPL): his name is sealed with the rest."""
    assert not is_business(name)


# ── 隐去 ──


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王敏", "王**"),
        ("欧阳娜娜", "欧**"),
        ("阿依古丽·买买提", "阿**"),
        ("Mary Smith", "M**"),
        ("𠮷野", "𠮷**"),
        ("", ""),
    ],
)
def test_of_a_name_the_first_character_is_shown(name: str, shown: str) -> None:
    """PIPL 25, S8-3: not even the length can be told."""
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800138000", "138****8000"), ("0773-6212315", "****2315"), ("010-12345678转8", "****6788"),
        ("400-8208820", "****8820"), ("12315", "****"), ("", "****"), ("١٣٨٠٠١٣٨٠٠٠", "****"),
    ],
)  # fmt: skip
def test_of_a_number_three_and_four_digits_are_shown_at_most(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=6)


@given(HAN | st.from_regex(r"[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}", fullmatch=True))
def test_a_whole_name_is_never_shown(name: str) -> None:
    shown = mask_name(name)

    assert name not in shown
    assert len(shown.rstrip("*")) == 1


@given(st.text(st.sampled_from("0123456789-+ 转"), max_size=24))
def test_never_more_than_three_and_four_digits_of_a_number_are_shown(number: str) -> None:
    digits = re.findall("[0-9]+", mask_phone(number))

    assert [len(run) for run in digits] in ([], [4], [3, 4])


@pytest.mark.parametrize(
    "written",
    [
        "13800138000", "138 0013 8000", "138-0013-8000", "１３８００１３８０００", "45032419900101123X", "4503241990０1011234",
        "6222 0200 1234 5678", "0773-6212315", "SF1234567890123",
    ],
)  # fmt: skip
def test_in_a_story_whatever_looks_like_a_number_of_a_person_is_hidden(written: str) -> None:
    """Telephone, identity, card and order numbers, full-width digits too; the words stay."""
    shown = mask_text(f"店员留的电话是{written}，打不通")

    assert "****" in shown
    assert not re.search("[0-9０-９][0-9０-９ -]{5,}", shown)
    assert shown.startswith("店员留的电话是")
    assert shown.endswith("，打不通")


@pytest.mark.parametrize("written", ["花了128元", "2026年3月15日买的", "第16条", "1,280.50元", "3台5000元"])
def test_sums_and_days_in_a_story_stay_readable(written: str) -> None:
    assert mask_text(written) == written


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_no_mobile_number_survives_in_a_story(number: str, joint: str) -> None:
    kept = phone(number)
    shown = mask_text(f"打{kept[:3]}{joint}{kept[3:7]}{joint}{kept[7:]}没人接")

    assert max((len(run) for run in re.findall("[0-9]+", shown)), default=0) <= 4
