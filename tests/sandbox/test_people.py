"""People with phones: one script plays on both platforms."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from bots.sandbox import Content, NoSuchButton, NotSeen, Phone, Sandbox, TelegramPhone, serve
from bots.sandbox.wechat_phone import number_before
from bots.sandbox.wechat_push import Patience
from tests.sandbox.conftest import STAFF_TOKEN, Town
from tests.sandbox.small_desk import SmallDesk


@pytest.fixture
async def desk() -> AsyncIterator[SmallDesk]:
    sandbox = Sandbox(patience=Patience(answer_within=1.0, pause=0.02))
    desk = SmallDesk(sandbox)
    async with sandbox.running() as base, serve(Starlette(routes=desk.routes)) as own:
        await desk.begin(base, own)
        yield desk
        await desk.http.aclose()


@pytest.fixture(params=["wechat", "telegram"])
def anna(desk: SmallDesk, request: pytest.FixtureRequest) -> Phone:
    if request.param == "wechat":
        return desk.sandbox.wechat_phone("安娜")
    return desk.sandbox.telegram_phone("安娜", desk.citizen_bot)


async def test_a_complaint_is_told_taken_and_answered(desk: SmallDesk, anna: Phone) -> None:
    officer = desk.sandbox.telegram_phone(desk.officers[0], desk.duty)
    head = desk.sandbox.telegram_phone(desk.head, desk.staff_bot)

    await anna.start(until="您要办理哪一项")
    asked = (await anna.press("投诉", until="全称是什么"))[-1]
    assert asked == anna.last
    await anna.say("示例县甲超市人民路店", until="证据的副本")
    await anna.send_photo(until="已收到 1 份材料")
    await anna.press("完成", until="请核对")
    await anna.press("提交", until="您的投诉已登记")

    card = await officer.sees("经营者：示例县甲超市人民路店")
    assert card.labels == ("受理", "不予受理", "要求补正", "升级")
    assert card.protected
    (changed,) = await officer.press("升级", until="升级 · 赵敏")
    assert (changed.number, changed.edited, changed.labels) == (card.number, True, ())
    assert (await officer.sees_toast("已记录")).viewer == str(desk.officers[0].account.id)

    await head.sees("赵敏 上报")
    await head.press("批准")
    assert "批准" in head.last.text
    assert "有新进展：批准" in (await anna.sees("有新进展")).text


async def test_without_a_text_to_wait_for_the_answer_is_what_followed(desk: SmallDesk, anna: Phone) -> None:
    await anna.start()
    shown = await anna.press("咨询")
    assert [bubble.text[:2] for bubble in shown if not bubble.edited] == ["咨询"]
    assert anna.last.text.startswith("咨询")


async def test_what_does_not_appear_fails_with_the_screen(desk: SmallDesk, anna: Phone) -> None:
    await anna.start(until="哪一项")
    with pytest.raises(NotSeen, match=r"不会出现的话(.|\n)*您要办理哪一项"):
        await anna.sees("不会出现的话", within=0.1)
    with pytest.raises(NoSuchButton, match=r"没有的选项(.|\n)*您要办理哪一项"):
        await anna.press("没有的选项")
    with pytest.raises(NotSeen):
        await anna.say("你好", until="不会出现的话", within=0.3)


async def test_a_voice_is_sent_and_shown(desk: SmallDesk, anna: Phone) -> None:
    await anna.start(until="哪一项")
    await anna.send_voice()
    assert Content.VOICE in {bubble.content for bubble in anna.screen}


async def test_what_was_seen_before_the_last_act_does_not_count(desk: SmallDesk, anna: Phone) -> None:
    await anna.start(until="哪一项")
    await anna.press("投诉", until="全称")
    await anna.say("示例县甲超市", until="证据")
    with pytest.raises(NotSeen):
        await anna.sees("全称", within=0.05)


async def test_a_desk_that_polls_is_waited_for_too(town: Town) -> None:
    zhao: TelegramPhone = town.sandbox.telegram_phone("赵敏", town.staff_bot)
    async with httpx.AsyncClient(verify=False, base_url=f"{town.url}/bot{STAFF_TOKEN}/") as client:
        assert await zhao.say("/mine", within=0.3) == []
        (update,) = (await client.get("getUpdates")).json()["result"]
        chat = {"chat_id": zhao.user.account.id}
        await client.post("sendMessage", json=chat | {"text": "没有待办"})
        await client.get("getUpdates", params={"offset": update["update_id"] + 1})
    assert (await zhao.sees("没有待办")).from_desk


async def test_a_number_answers_the_newest_question_only(town: Town) -> None:
    li = town.sandbox.wechat_phone("小李")
    await li.start(within=0.1)
    contact = town.sandbox.wechat.contacts[li.user.openid]

    def shows(text: str) -> None:
        town.sandbox.wechat.say(contact, Content.TEXT, text=text)

    shows("哪一项？\n1. 投诉\n2. 举报")
    await li.press("举报", within=0.1)
    assert li.screen[-2].text == "2" or li.screen[-1].text == "2"
    shows("请发证据。\n1. 完成\n2. 上一步")
    await li.send_photo(within=0.1)
    shows("已收到。")
    with pytest.raises(NoSuchButton):
        await li.press("投诉")
    await li.press("完成", within=0.1)
    assert "1" in [bubble.text for bubble in li.screen if not bubble.from_desk]


@pytest.mark.parametrize(
    ("text", "label", "number"),
    [
        ("您要办理哪一项？\n1. 投诉\n2. 举报", "举报", "2"),
        ("1、投诉\n2、举报", "投诉", "1"),
        ("1 投诉\n2 举报", "举报", "2"),
        ("1投诉", "投诉", ""),
        ("１．投诉\n２．举报", "举报", "2"),
        ("1 投诉  2 举报  3 咨询", "举报", "2"),
        ("1. 投诉（消费纠纷）\n2. 举报", "投诉", "1"),
        ("1. 不受理\n2. 受理", "受理", "2"),
        ("编号 SL-2026-0001，限 2026-12-03 前", "0001", ""),
        ("10. 退货\n11. 退款", "退款", "11"),
    ],
)
def test_the_number_before_a_choice_is_found(text: str, label: str, number: str) -> None:
    assert number_before(label, text) == number
