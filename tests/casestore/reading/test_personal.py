"""What is personal in a text is found, however it is written; what everybody may read is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reading.personal import Personal, find, names_in

PHONE, NUMBER, EMAIL = Personal.PHONE, Personal.NUMBER, Personal.EMAIL


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("请打13800138000", {PHONE}),
        ("138 0013 8000", {PHONE}),
        ("138-0013-8000", {PHONE}),
        ("１３８００１３８０００", {PHONE}),
        ("一三八零零一三八零零零", {PHONE}),
        ("1.3.8.0.0.1.3.8.0.0.0", {PHONE}),
        ("138\u200b0013\u200b8000", {PHONE}),
        ("+86 13800138000", {PHONE}),
        ("86-138-0013-8000", {PHONE}),
        ("0773-7654321", {PHONE}),
        ("（0773）7654321", {PHONE}),
        ("010 12345678", {PHONE}),
        ("店里电话7654321", {PHONE}),
        ("加微信：13800138000", {PHONE}),
        ("QQ 12345678", {PHONE}),
        ("450324199001011234", {NUMBER}),
        ("45032419900101123X", {NUMBER}),
        ("450324 19900101 1234", {NUMBER}),
        ("卡号 6222 0212 3456 7890 123", {NUMBER}),
        ("6222021234567890", {NUMBER}),
        ("查询码 1234-5678-9012-3456-7890", {NUMBER}),
        ("写信到 mei.chen@example.com", {EMAIL}),
        ("13800138000，mei@example.cn，450324199001011234", {PHONE, NUMBER, EMAIL}),
    ],
)
def test_what_is_personal_is_found(text: str, kinds: set[Personal]) -> None:
    assert set(find(text)) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "请拨打 12315、12345、110 或 12366",
        "全国客服 400-820-1234",
        "您的投诉 TS-20261123-0001 已受理，和 JB-20261123-0002 一起办理",
        "11月26日 15:00，一楼调解室",
        "2026-11-23 15:00 到 2026-11-24 16:30",
        "2026年11月23日15:00",
        "退款 13800 元，共 1234567 件",
        "第十六条第一项，消费者权益保护法第三十九条",
        "二〇二六年一月一日起施行",
        "总局令第121号",
        "3 个工作日 · 12-02 到期",
    ],
)
def test_dates_sums_articles_and_public_numbers_are_not(text: str) -> None:
    assert list(find(text)) == []


@pytest.mark.parametrize("text", ["0773-6212315", "（0773）6212315", "电话 6212315", "请拨打0773 6212315"])
def test_the_offices_own_telephone_may_be_read_by_everybody(text: str) -> None:
    assert list(find(text)) == [PHONE]
    assert list(find(text, "热线 0773-6212315")) == []
    assert list(find(f"{text}，13800138000", "热线 0773-6212315")) == [PHONE]


@given(st.text(max_size=60))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert set(find(text, text)) <= {NUMBER, PHONE}


@given(
    st.text(alphabet="，。abc 甲乙", max_size=8),
    st.sampled_from(["3", "5", "8", "9"]),
    st.integers(0, 10**9 - 1),
)
def test_a_mobile_is_found_wherever_it_stands(around: str, second: str, rest: int) -> None:
    assert PHONE in set(find(f"{around}1{second}{rest:09}{around}"))


@pytest.mark.parametrize(
    ("text", "name", "there"),
    [
        ("陈晓梅您好", "陈晓梅", True),
        ("陈 晓 梅", "陈晓梅", True),
        ("陈女士您好", "陈晓梅", False),
        ("住在城关镇东街１号", "城关镇东街1号", True),
        ("城关镇的店", "城关镇东街1号", False),
        ("Mr. John Smith", "john smith", True),
        ("blacksmith", "Smith", False),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提", True),
        ("梅花", "梅", False),
        ("甲", "", False),
    ],
)
def test_a_known_name_is_found_as_a_whole(text: str, name: str, there: bool) -> None:
    assert names_in(text, [name]) is there
