"""What a free story already tells; each is only a proposal."""

from __future__ import annotations

from datetime import date

import pytest

from classifier import slots

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("story", "slot", "value"),
    [
        ("买面包花了12.8元", "amount_fen", "1280"),
        ("二手车花了九万八", "amount_fen", "9800000"),
        ("办卡交了三千六百元", "amount_fen", "360000"),
        ("标价￥３，２９９．００", "amount_fen", "329900"),
        ("苹果五元一斤，结账收我600", "amount_fen", "60000"),
        ("一共三十八块钱", "amount_fen", "3800"),
        ("昨天买的", "happened_on", "2026-11-22"),
        ("上周五办的卡", "happened_on", "2026-11-20"),
        ("去年双十一下的单", "happened_on", "2025-11-11"),
        ("2026年3月15日签的合同", "happened_on", "2026-03-15"),
        ("3月15号买的", "happened_on", "2026-03-15"),
        ("我的电话是138 0013 8000", "phone", "13800138000"),
        ("店里座机0773-6212315没人接", "phone", "0773-6212315"),
        ("订单号：20261103123456", "order_number", "20261103123456"),
        ("快递单号SF1234567890", "order_number", "SF1234567890"),
        ("在永辉超市买的面包", "merchant", "永辉超市"),
        ("在城关镇的金鼎健身房办卡", "merchant", "金鼎健身房"),
    ],
)
def test_a_story_tells(story: str, slot: str, value: str) -> None:
    assert slots.read(story, TODAY).get(slot) == value


@pytest.mark.parametrize(
    "story",
    [
        "吃了一块蛋糕",
        "付了100多次钱",
        "苹果5元/斤",
        "我住1号楼",
        "编号12",
        "打了139次电话",
        "在店里吵起来",
        "",
    ],
)
def test_what_only_looks_like_it_is_left_out(story: str) -> None:
    assert slots.read(story, TODAY) == {}


def test_without_today_no_day_is_read() -> None:
    assert slots.read("昨天花了12元") == {"amount_fen": "1200"}
