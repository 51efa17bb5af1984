"""WeChat's side of the callback: wechatpy decrypts what is pushed, the platform checks what comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from wechatpy.crypto import WeChatCrypto as ClientCrypto

from bots.sandbox import Content, Fault, FaultKind, Kind, WeChatAccount, samples, serve
from bots.sandbox.faults import WECHAT_CALLBACK
from bots.sandbox.wechat_crypto import BadReply, WeChatCrypto
from bots.sandbox.wechat_platform import OUT_OF_ORDER
from bots.sandbox.wechat_push import Outcome
from bots.sandbox.wechat_user import UNSUPPORTED, WeChatUser
from tests.sandbox.conftest import Town
from tests.sandbox.desks import WeChatDesk


@asynccontextmanager
async def a_desk(
    town: Town, answer: Callable[[Any], str | bytes | None] | None = None
) -> AsyncIterator[WeChatDesk]:
    desk = WeChatDesk(town.sandbox.wechat.account)
    if answer is not None:
        desk.answer = answer
    async with serve(desk.app) as address:
        town.sandbox.call_back_at(f"{address}/wechat")
        yield desk


def follower(town: Town) -> WeChatUser:
    """Follows already, without an event on its way."""
    user = WeChatUser(town.sandbox.wechat, "小李")
    town.sandbox.wechat.contacts[user.openid].follows = True
    return user


def sealed(account: WeChatAccount, openid: str, inner: str, *, token: str = "", app_id: str = "") -> bytes:
    """A reply as a desk would encrypt it, around any inner XML."""
    crypto = ClientCrypto(token or account.token, account.aes_key, app_id or account.app_id)
    head = (
        f"<ToUserName>{openid}</ToUserName><FromUserName>{account.original_id}</FromUserName>"
        "<CreateTime>1763900000</CreateTime>"
    )
    text: str = crypto.encrypt_message(f"<xml>{head}{inner}</xml>", "nonce", "1763900000")
    return text.encode()


async def test_a_text_is_answered_in_the_same_request(town: Town) -> None:
    async with a_desk(town, lambda _: "好的") as desk:
        li = follower(town)
        delivery = await li.say("我要投诉 <甲超市> & ]]> 😀")
        assert (delivery.outcome, delivery.tries) == (Outcome.REPLIED, 1)
        (message,) = desk.seen
        assert message.content == "我要投诉 <甲超市> & ]]> 😀"
        assert (message.source, str(message.id)) == (li.openid, delivery.key)
        assert len(li.openid) == 28
        (query,) = desk.requests
        assert set(query) == {
            "signature",
            "timestamp",
            "nonce",
            "openid",
            "encrypt_type",
            "msg_signature",
        }
        assert (query["openid"], query["encrypt_type"]) == (li.openid, "aes")
    assert li.chat.bubbles[0].text == "我要投诉 <甲超市> & ]]> 😀"


async def test_a_reply_that_wechatpy_breaks_is_seen_as_broken(town: Town) -> None:
    """Its CDATA ends where the citizen's own text says so."""
    async with a_desk(town, lambda message: str(message.content)):
        li = follower(town)
        assert (await li.say("a ]]> b")).outcome is Outcome.UNREADABLE
        injected = await li.say("a]]></Content><MsgType>news</MsgType><Content><![CDATA[b")
        assert (injected.outcome, injected.why) == (Outcome.UNREADABLE, "<MsgType> stands twice")


async def test_success_or_nothing_means_no_reply(town: Town) -> None:
    async with a_desk(town, lambda message: None if message.content == "一" else b"") as desk:
        li = follower(town)
        assert (await li.say("一")).outcome is Outcome.SILENT
        assert (await li.say("二")).outcome is Outcome.SILENT
        assert len(desk.seen) == 2
    assert len(li.chat.bubbles) == 2


async def test_an_unanswered_message_comes_three_times_with_one_msgid(town: Town) -> None:
    async with a_desk(town) as desk:
        desk.delays = [0.5, 0.5, 0.5]
        li = follower(town)
        began = time.monotonic()
        delivery = await li.say("你好")
        assert 0.7 < time.monotonic() - began < 1.5
    assert (delivery.outcome, delivery.tries) == (Outcome.UNANSWERED, 3)
    assert len({message.id for message in desk.seen}) == 1
    assert len({query["nonce"] for query in desk.requests}) == 3
    assert len({query["msg_signature"] for query in desk.requests}) == 3
    shown = li.chat.bubbles[-1]
    assert (shown.content, shown.text) == (Content.NOTICE, OUT_OF_ORDER)
    kinds = [entry.kind for entry in town.sandbox.transcript.after(0)]
    assert kinds.count(Kind.PUSH) == 3
    assert kinds[-2:] == [Kind.GIVEN_UP, Kind.MESSAGE]


async def test_a_late_answer_is_dropped_and_the_next_tries_answer_counts(town: Town) -> None:
    async with a_desk(town) as desk:
        desk.delays = [0.4]
        li = follower(town)
        delivery = await li.say("你好")
        await asyncio.sleep(0.3)
    assert (delivery.outcome, delivery.tries) == (Outcome.REPLIED, 2)
    assert [b.text for b in li.chat.bubbles] == ["你好", "收到：你好"]


async def test_a_desk_that_is_down_is_tried_three_times(town: Town) -> None:
    town.sandbox.call_back_at("http://127.0.0.1:9/wechat")
    li = follower(town)
    delivery = await li.say("你好")
    assert (delivery.outcome, delivery.tries) == (Outcome.UNANSWERED, 3)


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        ("<MsgType>text</MsgType><Content>好</Content><MsgType>news</MsgType>", "stands twice"),
        ("<MsgType>text</MsgType><Content>a</Content></xml><xml>", "not well-formed"),
        ("<MsgType>text</MsgType><Content>a\x08</Content>", "not well-formed"),
        ("<MsgType>text</MsgType>", "Content is missing"),
        ("<MsgType>text</MsgType><Content></Content>", "Content is empty"),
        (f"<MsgType>text</MsgType><Content>{'字' * 683}</Content>", "2049 bytes"),
        ("<MsgType>sms</MsgType><Content>a</Content>", "unknown"),
        ("<Content>a</Content>", "MsgType is missing"),
        ("<MsgType>image</MsgType>", "Image/MediaId is missing"),
        ('<MsgType a="1">text</MsgType><Content>a</Content>', "attributes"),
    ],
)
async def test_a_reply_that_cannot_be_shown_is_a_fault_at_once(town: Town, inner: str, why: str) -> None:
    account = town.sandbox.wechat.account
    async with a_desk(town, lambda message: sealed(account, message.source, inner)):
        li = follower(town)
        delivery = await li.say("你好")
    assert (delivery.outcome, delivery.tries) == (Outcome.UNREADABLE, 1)
    assert why in delivery.why
    assert li.chat.bubbles[-1].text == OUT_OF_ORDER


async def test_replies_must_be_sealed_signed_and_addressed(town: Town) -> None:
    account = town.sandbox.wechat.account
    good = "<MsgType>text</MsgType><Content>好</Content>"
    answers: dict[str, Callable[[Any], bytes]] = {
        "plain": lambda m: f"<xml><ToUserName>{m.source}</ToUserName></xml>".encode(),
        "json": lambda m: b'{"errcode": 0}',
        "token": lambda m: sealed(account, m.source, good, token="another-token"),
        "appid": lambda m: sealed(account, m.source, good, app_id="wx0000000000000000"),
        "person": lambda m: sealed(account, "o" + "x" * 27, good),
        "doctype": lambda m: b"<!DOCTYPE xml><xml/>",
        "good": lambda m: sealed(account, m.source, good),
    }
    async with a_desk(town, lambda message: answers[message.content](message)):
        li = follower(town)
        outcomes = {name: (await li.say(name)).outcome for name in answers}
    assert outcomes.pop("good") is Outcome.REPLIED
    assert set(outcomes.values()) == {Outcome.UNREADABLE}


async def test_2048_bytes_of_text_can_be_shown(town: Town) -> None:
    async with a_desk(town, lambda _: "字" * 682 + "ab"):
        li = follower(town)
        assert (await li.say("长")).outcome is Outcome.REPLIED


async def test_every_kind_of_message_reads_as_the_real_one(town: Town) -> None:
    async with a_desk(town, lambda _: None) as desk:
        li = follower(town)
        await li.send_image(samples.png())
        await li.send_voice(samples.AMR)
        await li.send_video(b"film")
        await li.send_location(31.23, 121.47, "示例县人民路1号")
        await li.send_link("曝光", "https://example.cn/a")
        await li.send_emoticon()
        await li.send_file(b"%PDF", name="合同.pdf")
    image, voice, video, place, link, sticker, file = desk.seen
    assert (image.type, voice.type, video.type, place.type, link.type) == (
        "image",
        "voice",
        "video",
        "location",
        "link",
    )
    assert voice.format == "amr"
    assert not voice.recognition
    assert place.label == "示例县人民路1号"
    assert sticker.content == UNSUPPORTED
    assert file._data["Title"] == "合同.pdf"
    assert [b.content for b in li.chat.bubbles] == [
        Content.PHOTO,
        Content.VOICE,
        Content.VIDEO,
        Content.LOCATION,
        Content.LINK,
        Content.STICKER,
        Content.DOCUMENT,
    ]


async def test_following_the_menu_and_leaving_are_events_without_msgid(town: Town) -> None:
    async with a_desk(town, lambda message: f"事件：{message.event}") as desk:
        li = WeChatUser(town.sandbox.wechat, "小李")
        with pytest.raises(LookupError):
            li.say("还没关注")
        assert (await li.subscribe()).outcome is Outcome.REPLIED
        await li.press_menu("MENU_PROGRESS")
        left = await li.unsubscribe()
    assert [message.event for message in desk.seen] == ["subscribe", "click", "unsubscribe"]
    assert desk.seen[1].key == "MENU_PROGRESS"
    assert all(not message.id for message in desk.seen)
    assert left.key.startswith(li.openid)
    assert [b.text for b in li.chat.bubbles] == ["事件：subscribe", "事件：click"]


async def test_links_in_a_reply_can_be_pressed_instead_of_typed(town: Town) -> None:
    link = '<a href="weixin://bizmsgmenu?msgmenucontent=满意&msgmenuid=101">很满意</a>'

    async with a_desk(town, lambda message: link if message.content == "评价" else None) as desk:
        li = follower(town)
        await li.say("评价")
        shown = li.chat.bubbles[-1]
        assert (shown.text, shown.labels) == ("很满意", ("很满意",))
        await li.press_link(shown.buttons[0][0])
    assert desk.seen[-1].content == "满意"
    assert desk.seen[-1]._data["bizmsgmenuid"] == "101"


async def test_a_picture_reply_needs_living_media(town: Town) -> None:
    account = town.sandbox.wechat.account
    media = town.sandbox.wechat.media.keep("image", samples.png(), name="a.png", mime="image/png")
    inner = f"<MsgType>image</MsgType><Image><MediaId>{media.id}</MediaId></Image>"
    async with a_desk(town, lambda message: sealed(account, message.source, inner)):
        li = follower(town)
        await li.say("图")
        assert li.chat.bubbles[-1].content is Content.PHOTO
        town.sandbox.clock.move(timedelta(days=4))
        await li.say("图")
        assert li.chat.bubbles[-1].text == OUT_OF_ORDER


async def test_the_address_is_verified_by_an_echo(town: Town) -> None:
    async with a_desk(town):
        assert await town.sandbox.wechat.verify()
    assert not await town.sandbox.wechat.verify()


async def test_callbacks_can_be_lost_doubled_and_unheard(town: Town) -> None:
    async with a_desk(town) as desk:
        li = follower(town)
        town.sandbox.faults.ask(WECHAT_CALLBACK, Fault.timeout(), times=2)
        delivery = await li.say("一")
        assert (delivery.outcome, delivery.tries, len(desk.seen)) == (Outcome.REPLIED, 3, 3)
        town.sandbox.faults.ask(WECHAT_CALLBACK, Fault.timeout(), times=3)
        assert (await li.say("二")).outcome is Outcome.UNANSWERED
        town.sandbox.faults.ask(WECHAT_CALLBACK, Fault(kind=FaultKind.TWICE))
        await li.say("三")
        town.sandbox.faults.ask(WECHAT_CALLBACK, Fault(kind=FaultKind.UNSENT))
        assert (await li.say("四")).tries == 2
        town.sandbox.faults.ask(WECHAT_CALLBACK, Fault(kind=FaultKind.LATE, seconds=0.05))
        late, soon = li.say("五"), li.say("六")
        await asyncio.gather(late, soon)
    assert [m.content for m in desk.seen].count("三") == 2
    assert [m.content for m in desk.seen][-2:] == ["六", "五"]


def test_the_seal_is_opened_only_when_everything_fits() -> None:
    account = WeChatAccount.fresh()
    crypto = WeChatCrypto(account)
    assert crypto.decrypt(crypto.encrypt("<xml>好</xml>".encode())) == "<xml>好</xml>".encode()
    stranger = WeChatCrypto(WeChatAccount.fresh())
    for broken in ("", "!!!!", "AAAA", "A" * 44, stranger.encrypt(b"<xml/>")):
        with pytest.raises(BadReply):
            crypto.decrypt(broken)
    with pytest.raises(ValueError, match="43 characters"):
        WeChatCrypto(WeChatAccount(app_id="wx1", app_secret="s", token="t", aes_key="short"))
