"""The citizens' library, aiogram, against the simulated Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from bots.sandbox import Content, Fault, FaultKind, samples
from tests.sandbox.conftest import CITIZEN_TOKEN, Town

CHOICES = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="投诉", callback_data="t1"),
            InlineKeyboardButton(text="举报", callback_data="t2"),
        ]
    ]
)


class Session(AiohttpSession):
    async def close(self) -> None:
        """Without aiogram's quarter of a second for TLS, which loopback has not."""
        if self._session is not None:
            await self._session.close()


def a_bot(url: str, token: str = CITIZEN_TOKEN) -> Bot:
    return Bot(token, session=Session(api=TelegramAPIServer.from_base(url)))


@pytest.fixture
async def bot(town: Town) -> AsyncIterator[Bot]:
    bot = a_bot(town.url)
    yield bot
    await bot.session.close()


async def test_a_text_goes_out_with_buttons_and_is_edited_in_place(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    sent = await bot.send_message(
        anna.account.id, "您要办理哪一项？", reply_markup=CHOICES, protect_content=True
    )
    (_, shown) = anna.chat(town.citizen_bot).view.bubbles
    assert (shown.text, shown.labels, shown.protected) == ("您要办理哪一项？", ("投诉", "举报"), True)
    assert sent.has_protected_content

    edited = await bot.edit_message_text("已选：投诉", chat_id=anna.account.id, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.edit_date is not None
    shown = anna.chat(town.citizen_bot).view.bubbles[-1]
    assert (shown.text, shown.labels, shown.edited) == ("已选：投诉", (), True)


async def test_an_edit_that_changes_nothing_is_refused(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    sent = await bot.send_message(anna.account.id, "好", reply_markup=CHOICES)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text(
            "好", chat_id=anna.account.id, message_id=sent.message_id, reply_markup=CHOICES
        )
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_reply_markup(
            chat_id=anna.account.id, message_id=sent.message_id, reply_markup=CHOICES
        )
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("好", chat_id=anna.account.id, message_id=99)


@pytest.mark.parametrize(
    ("text", "markup", "refusal"),
    [
        ("字" * 4097, None, "message is too long"),
        ("😀" * 2049, None, "message is too long"),
        ("   \n", None, "message text is empty"),
        ("好", [InlineKeyboardButton(text="长", callback_data="件" * 22)], "BUTTON_DATA_INVALID"),
        ("好", [InlineKeyboardButton(text="空")], "text buttons are unallowed"),
    ],
)
async def test_limits_are_the_real_servers(
    town: Town, bot: Bot, text: str, markup: list[InlineKeyboardButton] | None, refusal: str
) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    keyboard = InlineKeyboardMarkup(inline_keyboard=[markup]) if markup else None
    with pytest.raises(TelegramBadRequest, match=refusal):
        await bot.send_message(anna.account.id, text, reply_markup=keyboard)
    assert len(anna.chat(town.citizen_bot).view.bubbles) == 1


async def test_a_text_at_the_limit_passes(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    await bot.send_message(anna.account.id, "😀" * 2048)
    await bot.send_message(
        anna.account.id,
        "好",
        reply_markup=InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="满", callback_data="a" * 64)]]
        ),
    )
    assert len(anna.chat(town.citizen_bot).view.bubbles) == 3


async def test_a_bot_reaches_nobody_who_never_wrote_and_nobody_who_blocked_it(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(anna.account.id, "您好")
    anna.start(town.citizen_bot)
    await bot.send_message(anna.account.id, "您好")
    anna.block(town.citizen_bot)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(anna.account.id, "您好")
    anna.start(town.citizen_bot)
    await bot.send_message(anna.account.id, "欢迎回来")


async def test_updates_are_kept_until_their_offset_is_confirmed(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜", username="anna")
    anna.start(town.citizen_bot, "c12")
    anna.say("你好", town.citizen_bot)
    first, second = await bot.get_updates()
    assert first.message is not None and first.message.text == "/start c12"
    assert first.message.entities is not None and first.message.entities[0].type == "bot_command"
    assert second.update_id == first.update_id + 1
    assert [u.update_id for u in await bot.get_updates()] == [first.update_id, second.update_id]
    assert [u.update_id for u in await bot.get_updates(offset=second.update_id)] == [second.update_id]
    assert await bot.get_updates(offset=second.update_id + 1) == []


async def test_a_long_poll_ends_when_something_happens(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    anna.say("你好", town.citizen_bot)
    (update,) = await asyncio.wait_for(poll, 1)
    assert update.message is not None and update.message.from_user is not None
    assert (update.message.text, update.message.from_user.first_name) == ("你好", "安娜")


async def test_two_pollers_disturb_each_other(town: Town, bot: Bot) -> None:
    other = a_bot(town.url)
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(other.get_updates(timeout=1))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates"):
        await first
    town.sandbox.telegram.person("安娜").say("你好", town.citizen_bot)
    assert len(await second) == 1
    await other.session.close()


async def test_no_polling_beside_a_webhook(town: Town, bot: Bot) -> None:
    await bot.set_webhook(f"{town.url}/nowhere", secret_token="s", max_connections=3)
    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await bot.get_updates()
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections) == (f"{town.url}/nowhere", 3)
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == []


async def test_only_the_asked_kinds_of_updates_come(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    await bot.get_updates(allowed_updates=["callback_query"])
    anna.say("你好", town.citizen_bot)
    assert await bot.get_updates() == []
    await bot.get_updates(allowed_updates=[])
    anna.say("你好", town.citizen_bot)
    assert len(await bot.get_updates()) == 1


async def test_a_press_is_answered_once_and_in_time(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    await bot.send_message(anna.account.id, "哪一项？", reply_markup=CHOICES)
    anna.press("举报", town.citizen_bot)
    update = (await bot.get_updates())[-1]
    assert update.callback_query is not None and update.callback_query.data == "t2"
    await bot.answer_callback_query(update.callback_query.id, text="已记录")
    assert [toast.text for toast in anna.chat(town.citizen_bot).view.toasts] == ["已记录"]
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(update.callback_query.id)

    late = anna.press("举报", town.citizen_bot)
    town.sandbox.clock.move(timedelta(seconds=16))
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(late.id)


async def test_a_stale_button_can_be_pressed_and_its_message_may_be_inaccessible(
    town: Town, bot: Bot
) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    old = await bot.send_message(anna.account.id, "第一问", reply_markup=CHOICES)
    await bot.send_message(anna.account.id, "第二问", reply_markup=CHOICES)
    anna.press("投诉", town.citizen_bot, message=old.message_id, inaccessible=True)
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None and query.message is not None
    assert (query.message.message_id, query.message.date) == (old.message_id, 0)


async def test_a_photo_is_downloaded_with_the_file_id_of_this_bot(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    picture = samples.png(8, 8)
    anna.send_photo(picture, town.citizen_bot, caption="小票")
    message = (await bot.get_updates())[-1].message
    assert message is not None and message.photo is not None and message.caption == "小票"
    file = await bot.get_file(message.photo[-1].file_id)
    assert file.file_path is not None
    content = await bot.download_file(file.file_path)
    assert content is not None and content.read() == picture
    other = a_bot(town.url, town.staff_bot.token)
    with pytest.raises(TelegramBadRequest, match="wrong file_id"):
        await other.get_file(message.photo[-1].file_id)
    await other.session.close()
    town.sandbox.clock.move(timedelta(hours=2))
    with pytest.raises(Exception, match="404"):
        await bot.download_file(file.file_path)


async def test_files_over_20_mb_cannot_be_fetched(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.send_video(b"film", town.citizen_bot, size=20 * 2**20 + 1)
    message = (await bot.get_updates())[-1].message
    assert message is not None and message.video is not None
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(message.video.file_id)


async def test_an_album_is_several_messages_with_one_group_id(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.send_album([samples.png(grey=n) for n in (10, 20, 30)], town.citizen_bot, caption="三张")
    messages = [update.message for update in await bot.get_updates()]
    assert len({message.media_group_id for message in messages if message is not None}) == 1
    assert [message.caption for message in messages if message is not None] == ["三张", None, None]


async def test_every_kind_of_message_reads_as_the_real_one(town: Town, bot: Bot) -> None:
    api, desk = town.sandbox.telegram, town.citizen_bot
    anna, bob = api.person("安娜"), api.person("波波")
    anna.send_voice(samples.OGG, desk)
    anna.send_document(b"%PDF", desk, name="合同.pdf", mime="application/pdf")
    anna.send_sticker(desk)
    anna.send_location(31.23, 121.47, desk)
    anna.send_contact("13800000000", desk)
    anna.forward("转发的话", desk, by=bob.account)
    text = anna.say("先前的话", desk)
    anna.edit(text, "改过的话", desk)
    updates = await bot.get_updates()
    messages = [u.message for u in updates if u.message is not None]
    assert [m.content_type for m in messages] == [
        "voice",
        "document",
        "sticker",
        "location",
        "contact",
        "text",
        "text",
    ]
    assert messages[1].document is not None and messages[1].document.file_name == "合同.pdf"
    assert messages[5].forward_origin is not None
    assert updates[-1].edited_message is not None
    assert updates[-1].edited_message.text == "改过的话"
    assert anna.chat(desk).view.bubbles[-1].edited


async def test_the_bot_sends_files_and_places(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    photo = await bot.send_photo(
        anna.account.id, BufferedInputFile(samples.png(), "a.png"), caption="告知书", reply_markup=CHOICES
    )
    assert photo.photo is not None
    await bot.send_photo(anna.account.id, photo.photo[-1].file_id)
    await bot.send_document(anna.account.id, BufferedInputFile(b"%PDF", "告知书.pdf"))
    await bot.send_voice(anna.account.id, BufferedInputFile(samples.OGG, "v.oga"), duration=2)
    await bot.send_location(anna.account.id, 31.2, 121.4)
    await bot.send_chat_action(anna.account.id, "typing")
    shown = anna.chat(town.citizen_bot).view.bubbles[1:]
    assert [bubble.content for bubble in shown] == [
        Content.PHOTO,
        Content.PHOTO,
        Content.DOCUMENT,
        Content.VOICE,
        Content.LOCATION,
    ]
    assert shown[2].file_name == "告知书.pdf"
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(anna.account.id, BufferedInputFile(b"<svg/>", "a.png"))
    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await bot.send_photo(anna.account.id, photo.photo[-1].file_id, caption="字" * 1025)


async def test_html_is_understood_and_broken_html_refused(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    sent = await bot.send_message(anna.account.id, "<b>编号</b>：A&amp;B", parse_mode="HTML")
    assert sent.text == "编号：A&B"
    assert sent.entities is not None and (sent.entities[0].type, sent.entities[0].length) == ("bold", 2)
    for broken in ("<b>编号", "<x>编号</x>", "编号</b>"):
        with pytest.raises(TelegramBadRequest, match="can't parse entities"):
            await bot.send_message(anna.account.id, broken, parse_mode="HTML")


async def test_replies_point_at_a_message_that_exists(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    said = anna.say("你好", town.citizen_bot)
    answer = await bot.send_message(anna.account.id, "您好", reply_to_message_id=said.number)
    assert answer.reply_to_message is not None and answer.reply_to_message.text == "你好"
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(anna.account.id, "您好", reply_to_message_id=77)


async def test_messages_are_deleted_for_48_hours(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    first = await bot.send_message(anna.account.id, "一")
    second = await bot.send_message(anna.account.id, "二")
    assert await bot.delete_message(anna.account.id, first.message_id)
    assert [b.text for b in anna.chat(town.citizen_bot).view.bubbles] == ["/start", "二"]
    town.sandbox.clock.move(timedelta(hours=49))
    with pytest.raises(TelegramBadRequest, match="can't be deleted"):
        await bot.delete_message(anna.account.id, second.message_id)


async def test_it_introduces_itself_and_keeps_its_commands(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜", username="anna")
    anna.start(town.citizen_bot)
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (111111, "tousu_bot", True)
    await bot.set_my_commands([])
    chat = await bot.get_chat(anna.account.id)
    assert (chat.type, chat.username) == ("private", "anna")


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (Fault.flood(2), TelegramRetryAfter),
        (Fault(kind=FaultKind.SERVER_ERROR), TelegramServerError),
        (Fault.bad_gateway(), ClientDecodeError),
        (Fault(kind=FaultKind.HTML), ClientDecodeError),
        (Fault.empty(), ClientDecodeError),
        (Fault.reset(processed=False), TelegramNetworkError),
        (Fault.reset(processed=True), TelegramNetworkError),
    ],
)
async def test_a_fault_strikes_the_next_request_and_only_that(
    town: Town, bot: Bot, fault: Fault, raised: type[Exception]
) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.start(town.citizen_bot)
    town.sandbox.faults.ask("sendMessage", fault)
    with pytest.raises(raised) as caught:
        await bot.send_message(anna.account.id, "一")
    if isinstance(caught.value, TelegramRetryAfter):
        assert caught.value.retry_after == 2
    await bot.send_message(anna.account.id, "二")
    shown = [bubble.text for bubble in anna.chat(town.citizen_bot).view.bubbles[1:]]
    assert shown == (["一", "二"] if fault.processed else ["二"])


async def test_unknown_tokens_and_methods_are_refused(town: Town, bot: Bot) -> None:
    stranger = a_bot(town.url, "333333:nobody")
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()
    await stranger.session.close()
    with pytest.raises(TelegramNotFound, match="method not found"):
        await bot.get_my_default_administrator_rights()


async def test_an_upgraded_group_refuses_its_old_id(town: Town, bot: Bot) -> None:
    api = town.sandbox.telegram
    anna = api.person("安娜")
    group = api.group("值班群", bots=(town.citizen_bot,), people=(anna,))
    await bot.send_message(group.id, "早")
    grown = anna.upgrade(group)
    with pytest.raises(TelegramMigrateToChat) as caught:
        await bot.send_message(group.id, "早")
    assert caught.value.migrate_to_chat_id == grown.id
    await bot.send_message(grown.id, "早")
    anna.kick(grown, town.citizen_bot)
    with pytest.raises(TelegramForbiddenError, match="kicked from the supergroup"):
        await bot.send_message(grown.id, "早")


async def test_updates_older_than_a_day_are_lost(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.say("昨天的话", town.citizen_bot)
    town.sandbox.clock.move(timedelta(hours=25))
    anna.say("今天的话", town.citizen_bot)
    texts = [u.message.text for u in await bot.get_updates() if u.message is not None]
    assert texts == ["今天的话"]


async def test_after_a_silent_week_update_numbers_start_elsewhere(town: Town, bot: Bot) -> None:
    anna = town.sandbox.telegram.person("安娜")
    anna.say("一", town.citizen_bot)
    (before,) = await bot.get_updates()
    await bot.get_updates(offset=before.update_id + 1)
    town.sandbox.clock.move(timedelta(days=8))
    anna.say("二", town.citizen_bot)
    (after,) = await bot.get_updates()
    assert after.update_id != before.update_id + 1
