"""The page with the four phones, over HTTP; how it looks was judged by eye."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bots.sandbox import Content, Sandbox, samples, serve
from bots.sandbox.phones import PAGE, Phones
from bots.sandbox.wechat_menu import MenuItem
from tests.sandbox.small_desk import SmallDesk, a_book

OURS = {"X-Phones": "1"}


@dataclass
class Page:
    desk: SmallDesk
    phones: Phones
    http: httpx.AsyncClient

    async def act(self, name: str, **body: Any) -> httpx.Response:
        return await self.http.post(f"/phones/{name}", json=body, headers=OURS)


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    sandbox = Sandbox()
    desk = SmallDesk(sandbox)
    phones = Phones(a_book(desk), sandbox)
    async with sandbox.running() as base, serve(Starlette(routes=[*desk.routes, *phones.routes])) as own:
        await desk.begin(base, own)
        async with httpx.AsyncClient(verify=False, base_url=own, timeout=5) as http:
            yield Page(desk, phones, http)
        phones.stop()
        await desk.http.aclose()


async def events(page: Page, last_seen: str = "") -> AsyncGenerator[tuple[str, str, Any]]:
    """Id, name and data of each event."""
    headers = {"Last-Event-ID": last_seen} if last_seen else {}
    async with page.http.stream("GET", "/phones/events", headers=headers) as answer:
        told: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line and name:
                told[name] = value
            elif "data" in told:
                yield told["id"], told["event"], json.loads(told["data"])
                told = {}


async def seen(page: Page, text: str, last_seen: str) -> Any:
    """The first bubble event with that text."""
    async with asyncio.timeout(3):
        async for _, name, data in events(page, last_seen):
            if name == "bubble" and text in data["bubble"]["text"]:
                return data
    raise AssertionError(text)


async def test_the_page_holds_four_phones_and_nothing_from_elsewhere(page: Page) -> None:
    answer = await page.http.get("/")
    html = answer.text
    assert re.findall(r'<section class="unit"[^>]*data-phone="(\w+)"', html) == [
        "wechat",
        "telegram",
        "staff",
        "supervisor",
    ]
    for role in ("input", "send", "photo", "tab", "toast", "begin", "suggestion"):
        assert f'data-role="{role}"' in html
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for file in PAGE.iterdir():
        text = file.read_text()
        addresses = set(re.findall(r"https?://[^\s\"']+", text)) - {"http://www.w3.org/2000/svg"}
        assert not addresses, file
        assert "innerHTML" not in text
        assert not re.search(r"\son(click|load|error)=", text)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8315"])
async def test_the_page_is_for_this_machines_browser_alone(page: Page, host: str) -> None:
    """A name of elsewhere that points here (DNS rebinding) reads and does nothing."""
    for path in ("/", "/phones/events"):
        assert (await page.http.get(path, headers={"Host": host})).status_code == 400
    pressed = await page.http.post("/phones/say", json={}, headers={**OURS, "Host": host})
    assert pressed.status_code == 400


async def test_every_file_the_page_names_is_there(page: Page) -> None:
    html = (await page.http.get("/")).text
    names = set(re.findall(r"/phones/page/([\w.]+)", html)) | {"bubbles.js", "receipts.js"}
    assert {(await page.http.get(f"/phones/page/{name}")).status_code for name in names} == {200}
    for outside in ("phones.html", "..%2Fphones.py", "nothing.js"):
        assert (await page.http.get(f"/phones/page/{outside}")).status_code == 404


async def test_words_from_the_book_cannot_break_the_page(page: Page) -> None:
    hostile = '</script><script>alert("x")</script>'
    page.desk.sandbox.wechat.contacts[next(iter(page.desk.sandbox.wechat.contacts))].chat.title = hostile
    assert hostile not in (await page.http.get("/")).text


async def test_a_stream_begins_with_everything_and_goes_on_live(page: Page) -> None:
    stream = events(page)
    _, name, state = await anext(stream)
    assert name == "reset"
    assert [item["label"] for item in state["menu"]] == ["我要投诉", "查进度", "帮助"]
    greeting = state["chats"]["telegram:tousu_staff_bot:5000000003"]["bubbles"][0]
    assert greeting["text"] == "/start"
    await page.act("begin", seat="wechat-0")
    told = []
    async with asyncio.timeout(3):
        async for _, name, data in stream:
            told.append((name, data["ready"]))
            if name == "bubble":
                break
    assert told == [("ready", True), ("bubble", True)]
    await stream.aclose()


async def test_a_broken_stream_goes_on_where_it_was(page: Page) -> None:
    await page.act("begin", seat="telegram-0")
    identity = await last_id(page)
    await page.act("say", seat="telegram-0", text="你好")
    data = await seen(page, "你好", identity)
    assert data["chat"].startswith("telegram:tousu_bot")
    stream = events(page, "another-run-7")
    assert (await anext(stream))[1] == "reset"
    await stream.aclose()


async def last_id(page: Page) -> str:
    stream = events(page)
    identity, _, _ = await anext(stream)
    await stream.aclose()
    return identity


async def test_people_talk_press_send_and_choose_who_acts(page: Page) -> None:
    sandbox = page.desk.sandbox
    await page.act("begin", seat="wechat-0")
    await page.act("menu", seat="wechat-0", key="MENU_COMPLAIN")
    await page.act("voice", seat="wechat-0")
    await page.http.post("/phones/file?seat=wechat-0&name=小票.png", content=samples.png(), headers=OURS)
    await page.http.post("/phones/file?seat=wechat-0&name=a.pdf", content=b"%PDF", headers=OURS)
    chat = sandbox.wechat.contacts[next(iter(sandbox.wechat.contacts))].chat
    kinds = [bubble.content for bubble in chat.bubbles if not bubble.from_desk]
    assert kinds == [Content.VOICE, Content.PHOTO, Content.DOCUMENT]

    qian = page.desk.officers[1]
    await page.act("say", seat="staff-0", person=str(qian.account.id), text="我来办")
    assert page.desk.duty.view.bubbles[-1].name == "钱进"

    await page.act("begin", seat="telegram-0")
    await asyncio.sleep(0.2)
    anna = page.phones._seats["telegram-0"].chat
    number = anna.bubbles[-1].number
    assert (await page.act("press", seat="telegram-0", message=number, label="咨询")).status_code == 204
    assert (await page.act("press", seat="telegram-0", message=number, label="没有")).status_code == 400
    await page.act("leave", seat="telegram-0")
    assert page.desk.sandbox.telegram.world.private(
        page.desk.citizen_bot, page.desk.sandbox.telegram.world.people[5_000_000_004]
    ).blocked


async def test_pictures_are_shown_and_other_files_only_downloaded(page: Page) -> None:
    await page.act("begin", seat="telegram-0")
    await page.http.post("/phones/file?seat=telegram-0&name=a.png", content=samples.png(), headers=OURS)
    await page.http.post("/phones/file?seat=telegram-0&name=a.html", content=b"<script>", headers=OURS)
    numbers = {b.content: b.number for b in page.phones._seats["telegram-0"].chat.bubbles}
    photo = await page.http.get(f"/phones/file/telegram-0/{numbers[Content.PHOTO]}")
    assert (photo.headers["content-type"], photo.content) == ("image/png", samples.png())
    other = await page.http.get(f"/phones/file/telegram-0/{numbers[Content.DOCUMENT]}")
    assert other.headers["content-disposition"] == "attachment"
    assert other.headers["content-type"] == "application/octet-stream"
    assert (await page.http.get("/phones/file/telegram-0/999")).status_code == 404


async def test_other_sites_cannot_act(page: Page) -> None:
    answer = await page.http.post("/phones/say", json={"seat": "wechat-0", "text": "x"})
    assert answer.status_code == 403
    assert (await page.act("say", seat="nowhere", text="x")).status_code == 400
    assert (await page.act("say", seat="wechat-0", text="还没关注")).status_code == 400


async def test_the_desks_own_menu_replaces_the_books(page: Page) -> None:
    page.desk.sandbox.wechat.menu = (
        MenuItem(label="投诉", key="K1"),
        MenuItem(label="更多", items=(MenuItem(label="帮助", key="K2"),)),
    )
    stream = events(page)
    _, _, state = await anext(stream)
    assert state["menu"] == [{"label": "投诉", "key": "K1"}, {"label": "更多", "key": "K2"}]
    await stream.aclose()


async def test_streams_end_when_the_server_stops(page: Page) -> None:
    stream = events(page)
    await anext(stream)
    page.phones.stop()
    async with asyncio.timeout(1):
        assert [event async for event in stream] == []


def test_the_page_is_packed_with_the_code() -> None:
    assert {file.name for file in PAGE.iterdir()} == {
        "phones.html",
        "phones.css",
        "phones.js",
        "bubbles.js",
        "receipts.js",
        "seal.svg",
    }
    assert Path(__file__).parents[2] in PAGE.parents
