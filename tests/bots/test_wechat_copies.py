"""Copies of evidence fetched from WeChat: by their id, from nowhere but the platform, and no larger than allowed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bots.sandbox import Fault, samples, serve
from bots.wechat.client import Client
from tests.bots.wechat_towns import OddServer, Town, a_town, an_odd_server, call, failed


@pytest_asyncio.fixture
async def town() -> AsyncIterator[Town]:
    async with a_town() as opened:
        yield opened


@pytest_asyncio.fixture
async def odd() -> AsyncIterator[OddServer]:
    async with an_odd_server() as opened:
        yield opened


async def test_a_copy_is_fetched_by_its_id(town: Town) -> None:
    li, picture = town.li(), samples.png(30, 20)
    li.send_image(picture)

    content = await call(town.client().fetch_media, li.chat.bubbles[-1].file)

    assert content == picture


async def test_a_copy_that_is_gone_says_so(town: Town) -> None:
    """After three days the platform knows the id no more."""
    li = town.li()
    li.send_image(samples.png())
    town.sandbox.clock.move(timedelta(days=3))

    assert (await failed(town.client().fetch_media, li.chat.bubbles[-1].file)).code == 40007


async def test_a_copy_is_fetched_with_a_fresh_token_if_need_be(town: Town) -> None:
    li = town.li()
    li.send_image(samples.png())
    town.sandbox.faults.ask("media/get", Fault.errcode(42001))

    assert await call(town.client().fetch_media, li.chat.bubbles[-1].file) == samples.png()


async def test_a_video_is_fetched_from_where_the_platform_says(town: Town) -> None:
    """For a video `media/get` gives an address instead of the bytes."""
    li = town.li()
    li.send_video(b"\0\0\0\x18ftypmp42film")

    content = await call(town.client().fetch_media, li.chat.bubbles[-1].file)

    assert content == b"\0\0\0\x18ftypmp42film"


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:9/x",
        "http://[::1]/x",
        "http://[::ffff:10.0.0.1]/x",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://mp.weixin.qq.com@10.0.0.1/",
        "file:///etc/passwd",
        "ftp://10.0.0.1/x",
        "//10.0.0.1/x",
        "http://nosuch.invalid/x",
        "http://a..b/x",
        "",
        None,
        ["http://10.0.0.1/"],
    ],
)
async def test_a_video_inside_our_own_network_is_never_fetched(odd: OddServer, address: object) -> None:
    """T-28: the desk is no door to addresses that only it can reach."""
    odd.answers = [Response(json.dumps({"video_url": address}), media_type="text/plain")]

    await failed(odd.client().fetch_media, "m1")

    assert odd.business_calls == 1


async def test_a_copy_is_not_followed_to_another_address(odd: OddServer) -> None:
    """No redirects: 302 to the cloud's own address leads nowhere."""
    odd.answers = [RedirectResponse(f"{odd.url}/elsewhere", 302), Response(b"\xff\xd8\xffstolen")]

    refusal = await failed(odd.client().fetch_media, "m1")

    assert refusal.code is None
    assert [path for path, _, _ in odd.asked] == ["cgi-bin/media/get"]


async def test_a_token_fetch_is_not_followed_either(odd: OddServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret travels in its body."""
    asked: list[str] = []

    async def redirect(request: Request) -> Response:
        asked.append(request.url.path)
        return RedirectResponse("/stolen", 307)

    async with serve(Starlette(routes=[Route("/{path:path}", redirect, methods=["GET", "POST"])])) as url:
        await failed(Client("wx1", "secret", url).send_text, "oPerson1", "好")

    assert asked == ["/cgi-bin/stable_token"]


async def test_a_copy_beyond_20_mb_is_cut_off(odd: OddServer) -> None:
    """Never more than 20 MB in memory, whatever the platform says of the size."""
    odd.answers = [Response(b"\xff\xd8\xff" + b"x" * (20 * 1024 * 1024), media_type="image/jpeg")]

    assert (await failed(odd.client().fetch_media, "m1")).code == 0


@pytest.mark.parametrize("body", [b"<html>", b"{", b"[]", b'{"errcode": 40007}', b'{"errcode": "x"}'])
async def test_text_instead_of_a_copy_is_no_copy(odd: OddServer, body: bytes) -> None:
    odd.answers = [Response(body, media_type="text/plain")]

    refusal = await failed(odd.client().fetch_media, "m1")

    assert refusal.code in (None, 40007)
