"""`tousu talk --record`: what was played in the terminal goes as written on every platform, on any day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bots.cli.talk import talk
from bots.demo.player import Player
from bots.demo.stage import stage
from bots.rehearsal import Rehearsal
from casestore.codes import Channel
from casestore.errors import StoreError
from dialogs.talk_file import parse
from tests.dialogs.builders import ANSWERS, OFFICE, TEXTS, TREES

COMPLAINT = (
    "取消", "继续填写", "城关镇惠民生鲜超市", "西街", "城关镇西街18号", "你好", "前天", "纯牛奶一箱", "[帮助]", "好多钱", "1",
    "坏", "昨天买的牛奶已经过期三天，店员说不退。", "进度", "6 7", "（照片）", "在吗？", "商家答应退款，一直没有退。", "(语音)", "没有证据",
    "陈晓梅", "修改 3", "昨天", "修改 99", "138001380", "13800138000", "继续", "城关镇东街1号", "同意", "2", "修改", "上一步", "提交",
)  # fmt: skip
TALKS = {
    "complaint": COMPLAINT,
    "report": ("柳林乡便民加油站", "柳林乡国道旁", "记不清", "加满油表显示五十二升，油箱只有四十五升。", "没有证据", "匿名", "提交"),
    "consultation": ("你们几点上班？", "没有", "修改 1", "网购的衣服能七天无理由退货吗？", "运费呢", "解决了"),
    "entry": ("我要投诉", "人工", "同意", "取消", "确定取消"),
}  # fmt: skip


def recorded(tree: str) -> list[str]:
    rehearsal = Rehearsal(TREES, TEXTS, date(2025, 3, 3), ANSWERS)
    rehearsal.begin(tree, from_the_door=True)
    for text in TALKS[tree]:
        rehearsal.hear(text)
    assert rehearsal.is_over
    return rehearsal.kept


async def test_a_recorded_talk_goes_as_written(tmp_path: Path) -> None:
    """Put beside the other talks, it passes: by another office's desk, on another day."""
    async with stage(tmp_path, rates=None) as desk:
        for tree in TALKS:
            for channel in (Channel.WECHAT, Channel.TELEGRAM):
                await Player(desk, channel, f"{tree} {channel}").play(parse("\n".join(recorded(tree))))


def test_what_is_kept_begins_at_the_door_and_names_no_day_and_no_office() -> None:
    kept = recorded("complaint")

    assert [line for line in kept if line.startswith("> [")][:2] == ["> [已阅读，继续]", "> [投诉]"]
    for unstable in ("2025", "已记下", *OFFICE.values()):
        assert not any(unstable in line for line in kept if line.startswith("<")), unstable


def test_a_file_that_cannot_be_written_is_told_before_the_first_question(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"没有文件夹「.*nowhere」，请先建立"):
        talk("complaint", record=tmp_path / "nowhere" / "own.talk")
    with pytest.raises(StoreError, match="这是一个文件夹"):
        talk("complaint", record=tmp_path)


def test_a_tree_that_needs_a_case_is_played_and_not_recorded() -> None:
    assert "补充" in Rehearsal(TREES, TEXTS, date(2025, 3, 3)).begin("supplement")
    with pytest.raises(StoreError, match="走不到「supplement」"):
        Rehearsal(TREES, TEXTS, date(2025, 3, 3)).begin("supplement", from_the_door=True)


def test_a_way_round_a_typed_question_has_no_number() -> None:
    """1 is one yuan there; and at the summary a line."""
    rehearsal = Rehearsal(TREES, TEXTS, date(2025, 3, 3))
    rehearsal.begin("report")
    rehearsal.hear("柳林乡便民加油站")
    asked = rehearsal.hear("柳林乡国道旁")

    assert "「记不清」" in asked
    assert "1. " not in asked
    for text in ("记不清", "加油机上的数比油箱还多。", "没有", "匿名"):
        asked = rehearsal.hear(text)
    assert "1. 提交" not in asked
    assert "「提交」" in asked
