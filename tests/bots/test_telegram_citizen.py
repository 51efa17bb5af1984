"""Citizens on Telegram: buttons, copies of all kinds, edits, repetitions; through the simulated platform."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from bots.demo.stage import Stage
from bots.sandbox import Fault, FaultKind, Kind, TelegramPhone, faults, samples
from casestore.codes import EvidenceKind, EvidenceState, Step
from casestore.model import Evidence, EvidenceId
from casestore.tables import evidence, inbox
from casestore.tables.schema import evidence as evidence_rows
from tests.bots.desks import a_case, a_stage, eventually, take, talk_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

_numbers = count(600_000_000)
PDF = b"%PDF-1.7\n" + b"x" * 200


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path_factory.mktemp("desk")) as staged:
        yield staged


@pytest_asyncio.fixture(loop_scope="module")
async def ben(desk: Stage) -> TelegramPhone:
    """Has pressed START and read the first question."""
    phone = desk.telegram("本杰明")
    await phone.start(until="您是否已阅读")
    return phone


async def asked_for_evidence(phone: TelegramPhone) -> None:
    await talk_until(phone, "请发送能证明")


async def newest(desk: Stage, most: int = 1) -> list[Evidence]:
    """The copies written down last, newest first."""

    def look(tx: Any) -> list[Evidence]:
        statement = select(evidence_rows.c.id).order_by(evidence_rows.c.id.desc()).limit(most)
        return [evidence.get(tx, EvidenceId(row.id)) for row in tx.execute(statement)]

    return await desk.house.store.read(look)


async def kept(desk: Stage) -> Evidence:
    """The newest copy, once its bytes lie in the data folder."""

    async def found() -> Evidence | None:
        (item,) = await newest(desk)
        return item if item.state is not EvidenceState.PENDING else None

    item: Evidence = await eventually(found)
    return item


async def taken_in(desk: Stage) -> int:
    return await desk.house.store.run(inbox.count)


async def push(desk: Stage, update: dict[str, Any]) -> httpx.Response:
    """An update as the platform posts it."""
    word = desk.house.settings.telegram_citizen_secret.get_secret_value()
    headers = {"X-Telegram-Bot-Api-Secret-Token": word}
    async with httpx.AsyncClient(verify=False) as http:
        return await http.post(f"{desk.url}/telegram/citizen", json=update, headers=headers)


def a_word_of(phone: TelegramPhone, text: str) -> dict[str, Any]:
    account = phone.user.account
    chat = {"id": account.id, "type": "private", "first_name": account.first_name}
    message = {
        "message_id": 900,
        "from": account.as_json(),
        "chat": chat,
        "date": 1_763_899_200,
        "text": text,
    }
    return {"update_id": next(_numbers), "message": message}


# ── buttons ──


async def test_choices_are_buttons_whose_tokens_say_nothing(ben: TelegramPhone) -> None:
    """64 bytes at most, no two alike, nothing of the choice to be read from them."""
    buttons = [button for row in ben.last.buttons for button in row]

    assert ben.last.labels[:2] == ("已阅读，继续", "不继续")
    assert len({button.data for button in buttons}) == len(buttons)
    assert all(len(button.data) == 22 for button in buttons)


async def test_a_pressed_button_is_answered_and_its_waiting_ends(ben: TelegramPhone) -> None:
    await ben.press("已阅读", until="您要办理哪一项")

    toast = await ben.sees_toast("")
    assert (toast.text, toast.alert) == ("", False)


async def test_the_number_and_the_label_do_as_well_as_the_button(ben: TelegramPhone) -> None:
    await ben.say("１", until="您要办理哪一项")
    await ben.say("投诉", until="全称是什么")


async def test_a_button_of_an_old_question_is_told_so_and_the_question_is_asked_again(
    ben: TelegramPhone,
) -> None:
    old = ben.last.number
    await ben.press("已阅读", until="您要办理哪一项")
    await ben.say("1", until="全称是什么")

    await ben.press("已阅读", on=old, until="这是之前的按钮，已失效")

    assert "全称是什么" in ben.last.text


async def test_a_button_pressed_twice_leads_on_once(ben: TelegramPhone) -> None:
    """The second press is of an old question by then."""
    first = ben.last.number
    await ben.press("已阅读", on=first, until="您要办理哪一项")

    await ben.press("已阅读", on=first, until="这是之前的按钮，已失效")

    assert "您要办理哪一项" in ben.last.text


async def test_a_button_of_a_very_old_message_is_answered_too(desk: Stage, ben: TelegramPhone) -> None:
    """The platform then tells only the number of the message: it is not lost for that."""
    old = ben.last.number
    await ben.say("1", until="您要办理哪一项")
    ben.mark = desk.sandbox.transcript.last

    ben.user.press("已阅读，继续", desk.citizen_bot, message=old, inaccessible=True)

    await ben.sees("这是之前的按钮，已失效")


@pytest.mark.parametrize("data", ["", "yes", "x" * 64, "投诉" * 10, "'; DROP TABLE talks; --"])
async def test_forged_data_of_a_button_mean_nothing(desk: Stage, ben: TelegramPhone, data: str) -> None:
    """A changed app sends what it likes: it is as if an old button were pressed."""
    message = ben.user.chat(desk.citizen_bot).messages[ben.last.number]
    ben.mark = desk.sandbox.transcript.last

    ben.user.press_forged(data, message, desk.citizen_bot)

    await ben.sees("这是之前的按钮，已失效")
    assert "您是否已阅读" in ben.last.text


async def test_one_citizens_button_does_nothing_in_anothers_talk(desk: Stage, ben: TelegramPhone) -> None:
    mallory = desk.telegram("马洛里")
    await mallory.start(until="您是否已阅读")
    token = ben.last.buttons[0][0].data
    own = mallory.user.chat(desk.citizen_bot).messages[mallory.last.number]
    mallory.mark = ben.mark = desk.sandbox.transcript.last

    mallory.user.press_forged(token, own, desk.citizen_bot)

    await mallory.sees("这是之前的按钮，已失效")
    assert ben.entries() == []


async def test_picking_several_marks_them_in_their_place(ben: TelegramPhone) -> None:
    """The question is changed, not asked again below."""
    await talk_until(ben, "您希望商家怎么做")
    question = ben.last

    await ben.press(question.labels[0].removeprefix("▫️ "), until="您希望商家怎么做")

    assert ben.last.number == question.number
    assert ben.last.edited
    assert [label[:1] for label in ben.last.labels].count("✅") == 1


async def test_a_press_whose_answer_the_platform_refuses_holds_up_nothing(
    desk: Stage, ben: TelegramPhone
) -> None:
    """The spinner is a matter of seconds: its answer is not tried again, and the talk goes on."""
    desk.sandbox.faults.ask("tousu_bot/answerCallbackQuery", Fault(kind=FaultKind.SERVER_ERROR))

    await ben.press("已阅读", until="您要办理哪一项")
    await ben.press("投诉", until="全称是什么")
    await ben.sees_toast("")

    assert len(ben.toasts) == 1


# ── once ──


async def test_the_next_question_rides_in_the_response(desk: Stage, ben: TelegramPhone) -> None:
    """No call of our own: one request there, one answer back."""
    answer = await push(desk, a_word_of(ben, "1"))

    call = answer.json()
    assert (call["method"], call["chat_id"]) == ("sendMessage", ben.user.account.id)
    assert "您要办理哪一项" in call["text"]
    assert call["link_preview_options"] == {"is_disabled": True}


async def test_the_same_update_again_gets_the_same_bytes(desk: Stage, ben: TelegramPhone) -> None:
    """Also its buttons' tokens: the first answer may be on its way to the screen."""
    update, before = a_word_of(ben, "1"), await taken_in(desk)

    answers = [await push(desk, update) for _ in range(3)]

    assert len({answer.content for answer in answers}) == 1
    assert json.loads(answers[0].content)["reply_markup"]["inline_keyboard"]
    assert await taken_in(desk) == before + 1


async def test_an_answer_that_was_not_heard_is_given_again(desk: Stage, ben: TelegramPhone) -> None:
    before = await taken_in(desk)
    desk.sandbox.faults.ask(faults.TELEGRAM_CALLBACK, Fault.timeout(), times=2)

    await ben.say("1", until="您要办理哪一项")

    assert await taken_in(desk) == before + 1
    pushes = [entry for entry in desk.sandbox.transcript.after(ben.mark) if entry.kind is Kind.PUSH]
    assert len(pushes) == 3
    assert sum("您要办理哪一项" in bubble.text for bubble in ben.screen) == 1


async def test_an_update_that_comes_twice_at_once_is_one(desk: Stage, ben: TelegramPhone) -> None:
    before = await taken_in(desk)
    desk.sandbox.faults.ask(faults.TELEGRAM_CALLBACK, Fault(kind=FaultKind.TWICE))

    await ben.say("1", until="您要办理哪一项")

    assert await taken_in(desk) == before + 1


async def test_too_long_a_text_is_told_its_true_length(desk: Stage, ben: TelegramPhone) -> None:
    """Not the length that it was cut to."""
    await talk_until(ben, "已记下：128.50元")

    answer = await push(desk, a_word_of(ben, "长" * 5000))

    assert "内容太长了（共 5000 字），请缩短到 2000 字以内" in answer.json()["text"]


# ── what is no text ──


@pytest.mark.parametrize(
    ("send", "kind", "says"),
    [
        ("voice", EvidenceKind.VOICE, "平台听不懂语音，请用文字再说一遍"),
        ("location", EvidenceKind.LOCATION, "位置已作为证据保存"),
        ("photo", EvidenceKind.PHOTO, "会作为证据保存。请继续回答"),
        ("document", EvidenceKind.DOCUMENT, "会作为证据保存。请继续回答"),
        ("video", EvidenceKind.VIDEO, "会作为证据保存。请继续回答"),
    ],
)
async def test_a_copy_in_the_midst_of_questions_is_kept_and_the_question_asked_again(
    desk: Stage, ben: TelegramPhone, send: str, kind: EvidenceKind, says: str
) -> None:
    """Nothing that a citizen sends is thrown away because it comes early."""
    await ben.say("1", until="您要办理哪一项")
    await ben.say("投诉", until="全称是什么")
    bot, user = desk.citizen_bot, ben.user
    ben.mark = desk.sandbox.transcript.last
    {
        "voice": lambda: user.send_voice(samples.OGG, bot),
        "location": lambda: user.send_location(25.93, 111.06, bot),
        "photo": lambda: user.send_photo(samples.png(), bot),
        "document": lambda: user.send_document(PDF, bot, name="小票.pdf"),
        "video": lambda: user.send_video(b"\0\0\0\x18ftypisom" + bytes(50), bot),
    }[send]()

    shown = await ben.sees(says)

    assert "全称是什么" in shown.text
    item = await kept(desk)
    assert (item.kind, item.state) == (kind, EvidenceState.KEPT)


@pytest.mark.parametrize("act", ["sticker", "contact"])
async def test_a_sticker_gets_a_friendly_word_and_a_contact_is_a_telephone(
    desk: Stage, ben: TelegramPhone, act: str
) -> None:
    await talk_until(ben, "您的联系电话是多少")
    ben.mark = desk.sandbox.transcript.last
    if act == "sticker":
        ben.user.send_sticker(desk.citizen_bot)
        assert "您的联系电话是多少" in (await ben.sees("收到您的表情，谢谢")).text
    else:
        ben.user.send_contact("13800138000", desk.citizen_bot)
        await ben.sees("您的通讯地址")


async def test_the_caption_of_a_photo_is_kept_with_it(desk: Stage, ben: TelegramPhone) -> None:
    await asked_for_evidence(ben)

    await ben.send_photo(caption="收银小票，日期在右下角", until="已收到第 1 份材料")

    assert (await kept(desk)).words == "收银小票，日期在右下角"


async def test_an_album_is_as_many_copies_as_it_has_pictures(desk: Stage, ben: TelegramPhone) -> None:
    """It has no end mark: each picture is taken by itself, and none is lost."""
    await asked_for_evidence(ben)
    ben.mark = desk.sandbox.transcript.last

    ben.user.send_album([samples.png(grey=grey) for grey in (10, 20, 30)], desk.citizen_bot)

    await ben.sees("已收到第 3 份材料")


async def test_a_file_that_is_too_large_is_not_taken_and_the_limit_is_told(
    desk: Stage, ben: TelegramPhone
) -> None:
    """20 MB is the platform's own limit for bots: it is said at once, not after hours of trying."""
    await asked_for_evidence(ben)
    before = await newest(desk)
    ben.mark = desk.sandbox.transcript.last

    ben.user.send_document(b"x", desk.citizen_bot, name="录像.mp4", size=21 * 2**20)

    await ben.sees("这个文件超过 20MB")
    assert await newest(desk) == before


async def test_a_program_is_not_kept(desk: Stage, ben: TelegramPhone) -> None:
    """By its bytes and not by its name."""
    await asked_for_evidence(ben)
    ben.mark = desk.sandbox.transcript.last

    ben.user.send_document(b"MZ\x90\0" + bytes(100), desk.citizen_bot, name="发票.pdf")

    await ben.sees("已收到第 1 份材料")
    assert (await kept(desk)).state is EvidenceState.REFUSED


async def test_what_was_forwarded_is_evidence_and_not_an_answer(desk: Stage, ben: TelegramPhone) -> None:
    """Somebody else's words do not become the name of the merchant."""
    await ben.say("1", until="您要办理哪一项")
    await ben.say("投诉", until="全称是什么")
    merchant = desk.sandbox.telegram.person("店长")
    ben.mark = desk.sandbox.transcript.last

    ben.user.forward("我们店里不退不换", desk.citizen_bot, by=merchant.account)

    assert "全称是什么" in (await ben.sees("您转发的内容已作为证据保存")).text
    (item,) = await newest(desk)
    assert (item.kind, item.words) == (EvidenceKind.TEXT, "我们店里不退不换")


async def test_an_edited_message_changes_no_answer_and_both_are_kept(desk: Stage, ben: TelegramPhone) -> None:
    """The earlier words stay what was said; the inbox holds both."""
    await ben.say("1", until="您要办理哪一项")
    await ben.say("投诉", until="全称是什么")
    said = ben.user.say("城关镇惠民超市", desk.citizen_bot)
    await ben.sees("商家的地址在哪里")
    before = await taken_in(desk)

    await ben.edit(said, "城关镇富民超市", until="前后两个版本都已保留")

    assert "商家的地址在哪里" in ben.last.text
    assert await taken_in(desk) == before + 1


# ── news ──


async def test_news_of_a_case_come_by_themselves(desk: Stage, ben: TelegramPhone) -> None:
    case = await a_case(desk, ben)

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    await ben.sees(f"您的投诉 {case.number} 已受理")


async def test_who_blocked_the_bot_gets_nothing_and_staff_see_it(desk: Stage, ben: TelegramPhone) -> None:
    case = await a_case(desk, ben)
    ben.user.block(desk.citizen_bot)
    wang = desk.desk_of(desk.wang)
    wang.mark = desk.sandbox.transcript.last

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    shown = await wang.sees("⚠ 未送达市民：已受理（市民已停用机器人）")
    assert case.number in shown.text


async def test_who_starts_the_bot_again_is_reached_again(desk: Stage, ben: TelegramPhone) -> None:
    case = await a_case(desk, ben)
    ben.user.block(desk.citizen_bot)
    await ben.start(until="您是否已阅读")

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    await ben.sees(f"您的投诉 {case.number} 已受理")
