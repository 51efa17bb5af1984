"""What citizens send for a draft: kept with its case, or gone with the draft; and words that need a draft."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bots.demo.stage import Stage
from bots.sandbox import TelegramPhone, WeChatPhone
from casestore.codes import EvidenceState, Step
from casestore.model import EvidenceId
from casestore.store import Tx
from casestore.tables import evidence
from casestore.tables.schema import evidence as evidence_rows
from tests.bots.desks import a_case, a_stage, complain, eventually, take, talk_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

Phone = WeChatPhone | TelegramPhone
PLATFORMS = pytest.mark.parametrize("platform", ["wechat", "telegram"])
TOLD = "商家答应退款，一直没有退。"
NOTHING_OPEN = "现在没有正在填写的内容"


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path) as staged:
        yield staged


async def a_phone(desk: Stage, platform: str) -> Phone:
    phone: Phone = desk.wechat("安娜") if platform == "wechat" else desk.telegram("安娜")
    await phone.start(until="您是否已阅读")
    return phone


async def rows(desk: Stage) -> list[Any]:
    return await desk.house.store.read(lambda tx: list(tx.execute(select(evidence_rows))))


async def remain(desk: Stage, most: int) -> list[Any]:
    """The copies of the desk, once there are no more than so many and all have been fetched."""

    async def seen() -> bool:
        found = await rows(desk)
        return len(found) <= most and all(row.state == EvidenceState.KEPT for row in found)

    await eventually(seen)
    return await rows(desk)


@PLATFORMS
async def test_what_is_said_not_to_be_saved_is_not_saved(desk: Stage, platform: str) -> None:
    """Photos and words alike; and no row is left behind without a case."""
    phone = await a_phone(desk, platform)
    await talk_until(phone, "请发送能证明")
    for number in range(1, 10):
        await phone.send_photo(until=f"已收到第 {number} 份材料")

    await phone.send_photo(until="达到上限，这一份没有保存。请回复「完成」")
    await phone.say(TOLD, until="达到上限，这一份没有保存")
    await phone.say("完成", until="请问您的真实姓名")
    await phone.send_voice(until="这一份没有保存，可在登记后补充。请继续回答")

    assert len(await remain(desk, 9)) == 9
    for word, asked in (
        ("陈晓梅", "联系电话"), ("13800138000", "通讯地址"), ("城关镇东街1号", "公示"), ("同意", "委托"), ("同意", "请核对"),
        ("提交", "您的投诉已登记"),
    ):  # fmt: skip
        await phone.say(word, until=asked)
    assert [row for row in await rows(desk) if row.case_id is None] == []


@PLATFORMS
async def test_a_draft_that_is_given_up_leaves_no_copies(desk: Stage, platform: str) -> None:
    """PIPL: photos, voices, words, whenever they came, and what lies in the data folder."""
    phone = await a_phone(desk, platform)
    await phone.send_photo(until="您是否已阅读")
    await talk_until(phone, "商家的地址在哪里")
    await phone.send_voice(until="平台听不懂语音")
    await phone.say("城关镇西街18号", until="事情是哪一天发生的")
    for word, asked in (
        ("昨天", "商品或服务"), ("纯牛奶", "多少钱"), ("128元", "经过"), ("牛奶已经过期三天。", "商家怎么做"), ("6", "能证明"),
        (TOLD, "已收到第 3 份材料"),
    ):  # fmt: skip
        await phone.say(word, until=asked)
    await phone.send_photo(until="已收到第 4 份材料")
    assert len(await remain(desk, 4)) == 4
    await phone.say("取消", until="确定取消吗")

    await phone.say("确定取消", until="已取消")

    assert await remain(desk, 0) == []
    kept = desk.house.settings.data_dir.rglob("*.sealed")
    assert [path for path in kept if path.is_file()] == []


async def test_what_is_forgotten_while_it_is_fetched_stays_forgotten(desk: Stage) -> None:
    """He cancels while the platform is still handing over the photo."""
    phone = await a_phone(desk, "telegram")
    await phone.send_photo(until="您是否已阅读")
    (row,) = await remain(desk, 1)
    item = EvidenceId(row.id)

    def overtaken(tx: Tx) -> EvidenceState:
        evidence.forget(tx, [item])
        evidence.kept(tx, item, "0" * 64, 1, "image/png")
        evidence.give_up(tx, item, EvidenceState.FAILED)
        return evidence.get(tx, item).state

    assert await desk.house.store.run(overtaken) is EvidenceState.FORGOTTEN
    assert await remain(desk, 0) == []


@PLATFORMS
async def test_material_for_a_case_that_was_closed_meanwhile_is_not_kept(desk: Stage, platform: str) -> None:
    phone = await a_phone(desk, platform)
    await phone.say("进度", until="您还没有登记过")
    case = await a_case(desk, phone)
    await phone.say("补充", until="请发送要补充的")
    await phone.send_photo(until="已收到第 1 份材料")
    await take(desk, case, Step.WITHDRAW)

    await phone.say("完成", until=case.number)

    assert await remain(desk, 0) == []


@PLATFORMS
async def test_a_question_at_the_evidence_is_answered_and_not_kept(desk: Stage, platform: str) -> None:
    phone = await a_phone(desk, platform)
    await talk_until(phone, "请发送能证明")

    await phone.say("可以发视频吗？", until="这句话没有当作材料保存")
    await phone.say("没有证据", until="请问您的真实姓名")

    assert await rows(desk) == []


@PLATFORMS
@pytest.mark.parametrize("word", ["上一步", "提交", "完成", "修改", "取消"])
async def test_a_word_for_a_draft_is_told_that_there_is_none(desk: Stage, platform: str, word: str) -> None:
    """Right after filing; it begins nothing by itself."""
    phone = await a_phone(desk, platform)
    number, _ = await complain(phone)

    await phone.say(word, until=NOTHING_OPEN)

    assert "您要办理哪一项" not in phone.last.text
    assert "回复「进度」" in phone.last.text
    await phone.say("进度", until=number)
    await phone.say("开始", until="您要办理哪一项")


@PLATFORMS
async def test_whoever_is_asked_whether_to_cancel_is_asked_nothing_else(desk: Stage, platform: str) -> None:
    phone = await a_phone(desk, platform)
    await talk_until(phone, "商家的地址在哪里")
    await phone.say("取消", until="确定取消吗")
    for greeting in ("你好", "/start"):
        await phone.say(greeting, until="确定取消吗")

        assert "欢迎回来" not in phone.last.text
        assert phone.last.text.count("确定取消吗") == 1
