"""The interface the desk calls, through wechatpy's own client."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from wechatpy import WeChatClient
from wechatpy.exceptions import APILimitedException, WeChatClientException

from bots.sandbox import Content, Fault, FaultKind, Kind, samples
from bots.sandbox.wechat_quota import Occasion
from bots.sandbox.wechat_user import WeChatUser
from tests.sandbox.conftest import Town


class Client(WeChatClient):  # type: ignore[misc]
    """wechatpy with another base address; its own token fetch names the real host."""

    def __init__(self, town: Town) -> None:
        account = town.sandbox.wechat.account
        super().__init__(account.app_id, account.app_secret, timeout=5, auto_retry=False)
        self.API_BASE_URL = f"{town.url}/cgi-bin/"

    def fetch_access_token(self) -> Any:
        query = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(f"{self.API_BASE_URL}token", query)


@pytest.fixture
def client(town: Town) -> Client:
    return Client(town)


@pytest.fixture
def li(town: Town) -> WeChatUser:
    """Has just written, so five messages may be sent to him."""
    user = WeChatUser(town.sandbox.wechat, "小李")
    town.sandbox.wechat.contacts[user.openid].follows = True
    town.sandbox.wechat.quota.grant(user.openid, Occasion.SAID)
    return user


async def call(work: Callable[..., Any], *args: object, **more: object) -> Any:
    """wechatpy is synchronous."""
    return await asyncio.to_thread(work, *args, **more)


async def refused(work: Callable[..., Any], *args: object, **more: object) -> int:
    """The errcode."""
    with pytest.raises(WeChatClientException) as caught:
        await call(work, *args, **more)
    return int(caught.value.errcode)


async def stable(town: Town, **changes: object) -> dict[str, Any]:
    account = town.sandbox.wechat.account
    body = {
        "grant_type": "client_credential",
        "appid": account.app_id,
        "secret": account.app_secret,
        **changes,
    }
    async with httpx.AsyncClient(verify=False, base_url=town.url) as http:
        answer: dict[str, Any] = (await http.post("/cgi-bin/stable_token", json=body)).json()
        return answer


async def test_five_messages_within_48_hours_of_a_word(town: Town, client: Client, li: WeChatUser) -> None:
    for number in range(5):
        await call(client.message.send_text, li.openid, f"{number}")
    assert await refused(client.message.send_text, li.openid, "六") == 45047
    town.sandbox.wechat.quota.grant(li.openid, Occasion.SAID)
    await call(client.message.send_text, li.openid, "又可以了")
    town.sandbox.clock.move(timedelta(hours=48, minutes=1))
    client.session.set(f"{client.appid}_access_token", None)
    await call(client.fetch_access_token)
    assert await refused(client.message.send_text, li.openid, "太晚") == 45015
    assert [b.text for b in li.chat.bubbles] == ["0", "1", "2", "3", "4", "又可以了"]


@pytest.mark.parametrize("occasion", [Occasion.MENU, Occasion.FOLLOWED])
async def test_a_menu_click_and_following_give_three_for_a_minute(
    town: Town, client: Client, occasion: Occasion
) -> None:
    wang = WeChatUser(town.sandbox.wechat, "小王")
    town.sandbox.wechat.contacts[wang.openid].follows = True
    town.sandbox.wechat.quota.grant(wang.openid, occasion)
    for _ in range(3):
        await call(client.message.send_text, wang.openid, "好")
    assert await refused(client.message.send_text, wang.openid, "好") == 45047
    town.sandbox.clock.move(timedelta(seconds=61))
    assert await refused(client.message.send_text, wang.openid, "好") == 45015


async def test_who_can_be_written_to(town: Town, client: Client, li: WeChatUser) -> None:
    assert await refused(client.message.send_text, "o" + "x" * 27, "好") == 40003
    li_left = WeChatUser(town.sandbox.wechat, "走了")
    assert await refused(client.message.send_text, li_left.openid, "好") == 43004
    assert await refused(client.message.send_text, li.openid, "字" * 683) == 45002
    assert await refused(client.message.send_text, li.openid, "") == 44004
    await call(client.message.send_text, li.openid, "字" * 682)


async def test_a_refused_message_costs_no_quota(town: Town, client: Client, li: WeChatUser) -> None:
    await refused(client.message.send_text, li.openid, "字" * 683)
    await refused(client.message.send_image, li.openid, "nothing")
    assert town.sandbox.wechat.quota.left(li.openid) == 5


async def test_media_go_up_are_sent_and_come_down(town: Town, client: Client, li: WeChatUser) -> None:
    picture = samples.png(20, 20)
    up = await call(client.media.upload, "image", io.BytesIO(picture))
    await call(client.message.send_image, li.openid, up["media_id"])
    voice = await call(client.media.upload, "voice", io.BytesIO(samples.AMR))
    await call(client.message.send_voice, li.openid, voice["media_id"])
    assert [b.content for b in li.chat.bubbles] == [Content.PHOTO, Content.VOICE]
    down = await call(client.media.download, up["media_id"])
    assert down.content == picture
    assert await refused(client.media.download, "nothing") == 40007
    assert await refused(client.media.upload, "film", io.BytesIO(b"x")) == 40004
    assert await refused(client.media.upload, "image", io.BytesIO(b"x" * (10 * 2**20 + 1))) == 40009


async def test_a_persons_media_can_be_fetched_for_three_days(
    town: Town, client: Client, li: WeChatUser
) -> None:
    picture = samples.png(20, 20)
    li.send_image(picture)
    li.send_video(b"film")
    image, film = (bubble.file for bubble in li.chat.bubbles)
    assert (await call(client.media.download, image)).content == picture
    address = (await call(client.media.download, film))["video_url"]
    async with httpx.AsyncClient(verify=False) as http:
        assert (await http.get(address)).content == b"film"
    town.sandbox.clock.move(timedelta(days=3))
    await call(client.fetch_access_token)
    assert await refused(client.media.download, image) == 40007


async def test_a_msgmenu_answers_for_the_person(town: Town, client: Client, li: WeChatUser) -> None:
    choices = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    menu = {"head_content": "您满意吗？", "list": choices, "tail_content": "谢谢"}
    body = {"touser": li.openid, "msgtype": "msgmenu", "msgmenu": menu}
    await call(client.post, "message/custom/send", data=body)
    shown = li.chat.bubbles[-1]
    assert (shown.text, shown.labels) == ("您满意吗？\n谢谢", ("满意", "不满意"))


async def test_escaped_text_is_shown_as_it_was_written(town: Town, client: Client, li: WeChatUser) -> None:
    raw = b'{"touser": "%s", "msgtype": "text", "text": {"content": "\\u597d"}}' % li.openid.encode()
    await call(client.post, "message/custom/send", data=raw)
    assert li.chat.bubbles[-1].text == "\\u597d"


async def test_a_template_message_goes_once_a_client_msg_id(
    town: Town, client: Client, li: WeChatUser
) -> None:
    town.sandbox.wechat.templates["T1"] = "投诉处理进度\n编号：{{number.DATA}}\n状态：{{state.DATA}}"
    data = {"number": {"value": "SL-1"}, "state": {"value": "已受理"}}
    body = {"touser": li.openid, "template_id": "T1", "data": data, "client_msg_id": "n1"}
    first = await call(client.post, "message/template/send", data=body)
    again = await call(client.post, "message/template/send", data=body)
    assert first["msgid"] == again["msgid"]
    assert [b.text for b in li.chat.bubbles] == ["投诉处理进度\n编号：SL-1\n状态：已受理"]
    town.sandbox.clock.move(timedelta(minutes=11))
    later = await call(client.post, "message/template/send", data=body)
    assert later["msgid"] != first["msgid"]
    assert await refused(client.post, "message/template/send", data=body | {"template_id": "T9"}) == 40037


async def test_each_old_token_kills_the_one_before(client: Client, li: WeChatUser) -> None:
    await call(client.message.send_text, li.openid, "好")
    first = client.session.get(f"{client.appid}_access_token")
    await call(client.fetch_access_token)
    await call(client.message.send_text, li.openid, "好")
    client.session.set(f"{client.appid}_access_token", first)
    assert await refused(client.message.send_text, li.openid, "好") == 40001


async def test_tokens_end_after_two_hours(town: Town, client: Client, li: WeChatUser) -> None:
    await call(client.message.send_text, li.openid, "好")
    first = client.session.get(f"{client.appid}_access_token")
    town.sandbox.clock.move(timedelta(hours=2))
    client.session.set(f"{client.appid}_access_token", first)
    assert await refused(client.message.send_text, li.openid, "好") == 42001
    client.session.set(f"{client.appid}_access_token", "made-up")
    assert await refused(client.message.send_text, li.openid, "好") == 40014


async def test_the_stable_token_stays_and_is_renewed_with_an_overlap(town: Town) -> None:
    first = await stable(town)
    assert first["expires_in"] in (7199, 7200)
    assert (await stable(town))["access_token"] == first["access_token"]
    town.sandbox.clock.move(timedelta(seconds=7200 - 299))
    second = await stable(town)
    assert second["access_token"] != first["access_token"]
    tokens = town.sandbox.wechat.tokens
    tokens.ensure_good(first["access_token"])
    tokens.ensure_good(second["access_token"])


async def test_forcing_kills_the_stable_token_but_not_twice_in_30_seconds(town: Town) -> None:
    if town.sandbox.clock.now().minute >= 45:  # the day's count begins anew at midnight
        town.sandbox.clock.move(timedelta(minutes=15))
    first = await stable(town)
    forced = await stable(town, force_refresh=True)
    assert forced["access_token"] != first["access_token"]
    assert (await stable(town, force_refresh=True))["access_token"] == forced["access_token"]
    async with httpx.AsyncClient(verify=False, base_url=town.url) as http:
        query = {"access_token": first["access_token"]}
        assert (await http.get("/cgi-bin/menu/get", params=query)).json()["errcode"] == 40001
    for _ in range(19):
        town.sandbox.clock.move(timedelta(seconds=31))
        assert "access_token" in await stable(town, force_refresh=True)
    town.sandbox.clock.move(timedelta(seconds=31))
    assert (await stable(town, force_refresh=True))["errcode"] == 45009


async def test_wrong_keys_and_unknown_addresses_get_no_token(town: Town) -> None:
    assert (await stable(town, appid="wx0"))["errcode"] == 40013
    assert (await stable(town, secret="x"))["errcode"] == 40125
    assert (await stable(town, grant_type="x"))["errcode"] == 40002
    town.sandbox.wechat.whitelist = frozenset({"10.0.0.1"})
    assert (await stable(town))["errcode"] == 40164
    async with httpx.AsyncClient(verify=False, base_url=town.url) as http:
        assert (await http.get("/cgi-bin/stable_token")).json()["errcode"] == 43002
        assert (await http.get("/cgi-bin/menu/get")).json()["errcode"] == 41001
        assert (await http.get("/cgi-bin/nothing")).json()["errcode"] == 40066


async def test_a_menu_is_made_shown_and_pressed(town: Town, client: Client, li: WeChatUser) -> None:
    assert await call(client.menu.get) is None  # wechatpy's word for 46003
    menu = {
        "button": [
            {"type": "click", "name": "我要投诉", "key": "MENU_COMPLAIN"},
            {"type": "view", "name": "法规", "url": "https://example.cn/"},
            {"name": "更多", "sub_button": [{"type": "click", "name": "帮助", "key": "MENU_HELP"}]},
        ]
    }
    await call(client.menu.create, menu)
    assert (await call(client.menu.get))["menu"]["button"][0]["key"] == "MENU_COMPLAIN"
    li.press_menu("帮助")
    await asyncio.sleep(0)
    event = next(e for e in town.sandbox.transcript.after(0) if e.kind is Kind.EVENT)
    assert (event.detail, event.text) == ("CLICK", "帮助")
    await call(client.menu.delete)
    assert await call(client.menu.get) is None
    assert await refused(client.menu.create, {"button": []}) == 40016
    bad = {"button": [{"type": "click", "name": "x", "key": "k" * 129}]}
    assert await refused(client.menu.create, bad) == 40019


async def test_faults_can_be_asked_for(town: Town, client: Client, li: WeChatUser) -> None:
    town.sandbox.faults.ask("message/custom/send", Fault.errcode(40001))
    assert await refused(client.message.send_text, li.openid, "一") == 40001
    town.sandbox.faults.ask("message/custom/send", Fault.errcode(45009))
    with pytest.raises(APILimitedException):
        await call(client.message.send_text, li.openid, "二")
    town.sandbox.faults.ask("message/custom/send", Fault(kind=FaultKind.SERVER_ERROR))
    with pytest.raises(WeChatClientException):
        await call(client.message.send_text, li.openid, "三")
    town.sandbox.faults.ask("message/custom/send", Fault.empty())
    await call(client.message.send_text, li.openid, "四")
    town.sandbox.faults.ask("message/custom/send", Fault.reset(processed=True))
    with pytest.raises(OSError):
        await call(client.message.send_text, li.openid, "五")
    assert [b.text for b in li.chat.bubbles] == ["四", "五"]
