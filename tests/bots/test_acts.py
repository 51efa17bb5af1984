"""撤回、和解、评价 …: words about one's own matters, said in a talk about something else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from dialogs.acts import OPENED_BY
from dialogs.texts import Texts
from dialogs.words import Word
from tests.bots.desks import WeChatDesk, a_wechat_desk, complain, talk_until

pytestmark = pytest.mark.asyncio(loop_scope="module")
TEXTS = Texts.load({})
WORDS = [TEXTS.name("words", word) for word in OPENED_BY]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WeChatDesk]:
    async with a_wechat_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.mark.parametrize("said", [*WORDS, "撤回投诉", "已经解决", "/withdraw"])
async def test_in_a_complaint_such_a_word_is_never_an_answer(desk: WeChatDesk, said: str) -> None:
    """He is told to finish or cancel first, and is asked the same again."""
    phone = desk.phone(f"安娜 {said}")
    await phone.start(until="您是否已阅读")
    await talk_until(phone, "商家的地址在哪里")

    await phone.say(said, until="您正在填写，请先提交（或取消）")

    assert "商家的地址在哪里" in phone.last.text
    await phone.say("城关镇西街18号", until="事情是哪一天发生的")


@pytest.mark.parametrize("said", WORDS)
async def test_who_has_no_such_matter_is_told_so_and_loses_nothing(desk: WeChatDesk, said: str) -> None:
    phone = desk.phone(f"贝亚 {said}")
    await phone.start(until="您是否已阅读")

    if said == TEXTS.name("words", Word.MY_DATA):
        await phone.say(said, until="您要办哪一项")
    else:
        await phone.say(said, until=f"您没有可以「{said}」的事项")
        assert "您是否已阅读" in phone.last.text


async def test_inside_an_act_the_same_words_may_be_the_answer(desk: WeChatDesk) -> None:
    """已经解决 is why he withdraws; 撤回 chooses to take a consent back."""
    phone = desk.phone("陈晓梅")
    await complain(phone)
    await phone.say("撤回", until="请简单说说为什么撤回")

    await phone.say("已经解决", until="确定撤回吗")

    await phone.say("不撤回", until="没有任何改动")
    await phone.say("我的信息", until="您要办哪一项")
    await phone.say("撤回", until="要撤回哪一项同意")


async def test_one_act_does_not_begin_inside_another(desk: WeChatDesk) -> None:
    phone = desk.phone("林子轩")
    await complain(phone)
    await phone.say("撤回", until="请简单说说为什么撤回")

    await phone.say("和解", until="您正在填写，请先提交（或取消），再回复「和解」")

    assert "请简单说说为什么撤回" in phone.last.text
