"""Invented matters of three kinds, as many as a test wants."""

from __future__ import annotations

import random

from classifier.learned.training import Sample

_THINGS = {
    "食品": ("面包", "牛奶", "火腿", "饼干", "熟食", "酸奶"),
    "家电": ("冰箱", "空调", "洗衣机", "电视", "热水器", "油烟机"),
    "服装": ("羽绒服", "皮鞋", "牛仔裤", "毛衣", "球鞋", "裙子"),
}
_FAULTS = {
    "食品": ("发霉了", "过期三天", "吃了拉肚子", "里面有虫"),
    "家电": ("不制冷", "漏电", "三天就坏", "噪音很大"),
    "服装": ("掉色", "开胶", "尺码不对", "起球"),
}
_WHERE = ("在镇上超市", "网上", "昨天在商场", "托朋友", "上周在老街")


def matters(many: int, seed: int = 1) -> list[Sample]:
    """`many` texts; one in ten speaks of no fault, so that they are not all easy."""
    chance = random.Random(seed)
    made = []
    for _ in range(many):
        label = chance.choice(sorted(_THINGS))
        fault = chance.choice(_FAULTS[label]) if chance.random() < 0.9 else "商家不理我"
        made.append(Sample(f"{chance.choice(_WHERE)}买的{chance.choice(_THINGS[label])}{fault}", label))
    return made
