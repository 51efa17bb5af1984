"""The staff's library, python-telegram-bot, against the simulated Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bots.sandbox import Content, Fault, FaultKind, samples
from bots.sandbox.telegram_chat import TelegramChat
from bots.sandbox.telegram_user import TelegramUser
from tests.sandbox.conftest import STAFF_TOKEN, Town

CARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("受理", callback_data="a1"),
            InlineKeyboardButton("不予受理", callback_data="a2"),
        ],
        [InlineKeyboardButton("法规", url="https://example.cn/")],
    ]
)


def a_bot(url: str) -> Bot:
    return Bot(STAFF_TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")


@pytest.fixture
async def bot(town: Town) -> AsyncIterator[Bot]:
    async with a_bot(town.url) as bot:
        yield bot


@pytest.fixture(autouse=True)
def new_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """PTB warns of retry_after as an int unless told to give a timedelta; warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def zhao(town: Town) -> TelegramUser:
    return town.sandbox.telegram.person("赵主任")


@pytest.fixture
def group(town: Town, zhao: TelegramUser) -> TelegramChat:
    return town.sandbox.telegram.group("值班群", bots=(town.staff_bot,), people=(zhao,))


async def test_a_card_is_posted_pressed_answered_and_edited(
    town: Town, bot: Bot, zhao: TelegramUser, group: TelegramChat
) -> None:
    card = await bot.send_message(group.id, "新投诉 12315", reply_markup=CARD, protect_content=True)
    press = zhao.press("受理", group)
    update = (await bot.get_updates())[-1]
    query = update.callback_query
    assert query is not None and isinstance(query.message, Message)
    assert (query.id, query.data, query.message.text) == (press.id, "a1", "新投诉 12315")
    assert await query.answer("已受理", show_alert=True)
    edited = await query.edit_message_text("新投诉 12315\n承办：赵主任")
    assert isinstance(edited, Message) and edited.message_id == card.message_id
    shown = group.view.bubbles[-1]
    assert (shown.text, shown.buttons, shown.edited) == ("新投诉 12315\n承办：赵主任", (), True)
    assert group.view.toasts[-1].alert


async def test_a_group_hides_talk_from_a_bot_in_privacy_mode(
    town: Town, bot: Bot, zhao: TelegramUser, group: TelegramChat
) -> None:
    card = await bot.send_message(group.id, "新投诉")
    zhao.say("中午吃什么", group)
    zhao.say("/queue", group)
    zhao.say("/queue@other_bot", group)
    zhao.say("@tousu_staff_bot 在吗", group)
    zhao.say("我来办", group, reply_to=card.message_id)
    updates = await bot.get_updates()
    assert updates[0].my_chat_member is not None
    assert updates[1].message is not None and updates[1].message.new_chat_members
    texts = [u.message.text for u in updates[2:] if u.message is not None]
    assert texts == ["/queue", "@tousu_staff_bot 在吗", "我来办"]


async def test_an_open_bot_reads_all_of_its_group_and_people_may_join(town: Town) -> None:
    api = town.sandbox.telegram
    reader = api.add_bot("444444:reader", username="reader_bot", reads_groups=True)
    li, wang = api.person("小李"), api.person("小王")
    group = api.group("工商所", bots=(reader,), people=(li,))
    wang.join(group)
    li.say("收到", group)
    async with Bot("444444:reader", base_url=f"{town.url}/bot") as bot:
        assert bot.can_read_all_group_messages
        updates = await bot.get_updates()
        assert updates[-1].message is not None and updates[-1].message.text == "收到"
        newcomers = updates[-2].message
        assert newcomers is not None and newcomers.new_chat_members[0].first_name == "小王"
        member = await bot.get_chat_member(group.id, wang.account.id)
        assert member.status == "member"


async def test_photos_go_up_and_come_down(town: Town, bot: Bot, zhao: TelegramUser) -> None:
    zhao.start(town.staff_bot)
    picture = samples.png(32, 32)
    sent = await bot.send_photo(zhao.account.id, picture, caption="小票")
    file = await sent.photo[-1].get_file()
    assert bytes(await file.download_as_bytearray()) == picture
    document = await bot.send_document(zhao.account.id, b"%PDF-1.7", filename="告知书.pdf")
    assert document.document is not None and document.document.file_name == "告知书.pdf"
    await bot.send_photo(
        zhao.account.id, sent.photo[-1].file_id, reply_parameters=ReplyParameters(sent.message_id)
    )
    shown = zhao.chat(town.staff_bot).view.bubbles
    assert [b.content for b in shown[1:]] == [Content.PHOTO, Content.DOCUMENT, Content.PHOTO]
    assert shown[-1].reply_to == sent.message_id


async def test_edits_of_buttons_alone_and_deletion(town: Town, bot: Bot, zhao: TelegramUser) -> None:
    zhao.start(town.staff_bot)
    sent = await bot.send_message(zhao.account.id, "新投诉", reply_markup=CARD)
    await bot.edit_message_reply_markup(zhao.account.id, sent.message_id)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_reply_markup(zhao.account.id, sent.message_id)
    await bot.delete_message(zhao.account.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(zhao.account.id, sent.message_id)
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("改", zhao.account.id, 1)


async def test_refusals_reach_the_library_as_its_own_errors(town: Town, bot: Bot, zhao: TelegramUser) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(zhao.account.id, "早")
    zhao.start(town.staff_bot)
    town.sandbox.faults.ask("sendMessage", Fault.flood(3))
    with pytest.raises(RetryAfter) as flooded:
        await bot.send_message(zhao.account.id, "早")
    assert flooded.value.retry_after == timedelta(seconds=3)
    zhao.block(town.staff_bot)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(zhao.account.id, "早")


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (Fault.flood(0), NetworkError),
        (Fault.bad_gateway(), NetworkError),
        (Fault.empty(), TelegramError),
        (Fault.reset(processed=True), NetworkError),
        (Fault(kind=FaultKind.SERVER_ERROR), NetworkError),
    ],
)
async def test_faults_look_as_they_do_from_outside(
    town: Town, bot: Bot, zhao: TelegramUser, fault: Fault, raised: type[Exception]
) -> None:
    zhao.start(town.staff_bot)
    town.sandbox.faults.ask("sendmessage", fault)
    with pytest.raises(raised):
        await bot.send_message(zhao.account.id, "早")


async def test_two_pollers_get_a_conflict(town: Town, bot: Bot, zhao: TelegramUser) -> None:
    async with a_bot(town.url) as other:
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(other.get_updates(timeout=5))
        with pytest.raises(Conflict):
            await first
        zhao.start(town.staff_bot)
        (update,) = await second
    assert update.message is not None and update.message.text == "/start"


async def test_chats_introduce_themselves(bot: Bot, zhao: TelegramUser, group: TelegramChat) -> None:
    assert (await bot.get_chat(group.id)).title == "值班群"
    assert (await bot.get_chat_member(group.id, bot.id)).status == "member"
    assert await bot.leave_chat(group.id)
    with pytest.raises(Forbidden):
        await bot.get_chat(group.id)


async def test_commands_are_kept(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("queue", "待办")])
    assert [c.command for c in await bot.get_my_commands()] == ["queue"]
