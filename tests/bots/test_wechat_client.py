"""The interface of WeChat as the desk calls it: strict about success, sparing with tokens, silent about secrets."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta

import pytest
import pytest_asyncio
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bots import logs
from bots.sandbox import Fault, FaultKind, serve
from bots.wechat import client as client_module
from bots.wechat.client import ApiFailed, Client
from tests.bots.wechat_towns import OddServer, Town, a_town, an_odd_server, call, failed


@pytest_asyncio.fixture
async def town() -> AsyncIterator[Town]:
    async with a_town() as opened:
        yield opened


@pytest_asyncio.fixture
async def odd() -> AsyncIterator[OddServer]:
    async with an_odd_server() as opened:
        yield opened


# ── what works ──


async def test_a_text_goes_out_as_it_is_written(town: Town) -> None:
    """Chinese as UTF-8, not as escapes, with whatever marks are in it."""
    li = town.li()

    await call(town.client().send_text, li.openid, '您的投诉已受理。"\\u597d" <a>')

    assert li.chat.bubbles[-1].text == '您的投诉已受理。"\\u597d" <a>'


async def test_the_token_is_stable_and_asked_for_once(odd: OddServer) -> None:
    """`stable_token`: repeated calls do not kill the token another process uses."""
    client = odd.client()

    for _ in range(5):
        await call(client.send_text, "oPerson1", "好")

    assert odd.tokens == 1
    assert {query["access_token"] for _, query, _ in odd.asked} == {"canary-token-1"}


async def test_many_threads_share_one_token(odd: OddServer) -> None:
    client = odd.client()

    await asyncio.gather(*(call(client.send_text, "oPerson1", "好") for _ in range(12)))

    assert (odd.tokens, odd.business_calls) == (1, 12)


async def test_a_template_message_is_sent_once_for_its_key(town: Town) -> None:
    """client_msg_id: a repetition within ten minutes is not a second message."""
    li = town.li()
    town.sandbox.wechat.templates["T1"] = "进度 {{thing1.DATA}}"
    client = town.client()

    for _ in range(2):
        await call(client.send_template, li.openid, "T1", {"thing1": "已受理"}, "42")

    assert [bubble.text for bubble in li.chat.bubbles] == ["进度 已受理"]


async def test_the_menu_is_made(town: Town) -> None:
    await call(town.client().make_menu, [{"type": "click", "name": "投诉", "key": "MENU_COMPLAIN"}])

    assert [item.key for item in town.sandbox.wechat.menu] == ["MENU_COMPLAIN"]


# ── a token that the platform does not like ──


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_bad_token_is_renewed_once_and_the_message_goes_out(town: Town, code: int) -> None:
    li = town.li()
    town.sandbox.faults.ask("message/custom/send", Fault.errcode(code))

    await call(town.client().send_text, li.openid, "好")

    assert [bubble.text for bubble in li.chat.bubbles] == ["好"]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_stays_bad_costs_two_calls_and_two_fetches(odd: OddServer, code: int) -> None:
    """wechatpy made 973 requests and 487 token fetches of one message, then ran out of stack."""
    odd.answers = [JSONResponse({"errcode": code, "errmsg": "invalid credential"}) for _ in range(50)]

    refusal = await failed(odd.client().send_text, "oPerson1", "好")

    assert refusal.code == code
    assert odd.business_calls <= 2
    assert odd.tokens <= 2


async def test_an_outage_of_tokens_does_not_become_a_storm(odd: OddServer) -> None:
    """T-37: a hundred messages against a platform that likes no token fetch three at most."""
    odd.answers = [JSONResponse({"errcode": 40001, "errmsg": "x"}) for _ in range(500)]
    client = odd.client()

    for _ in range(100):
        assert (await failed(client.send_text, "oPerson1", "好")).code == 40001

    assert odd.tokens <= 3
    assert odd.business_calls <= 200


async def test_a_token_that_another_process_renewed_is_taken_over(town: Town) -> None:
    """The old one is dead on the platform; ours asks for the one that is good now."""
    li, client = town.li(), town.client()
    await call(client.send_text, li.openid, "一")
    town.sandbox.wechat.tokens.stable(force=True)
    town.sandbox.clock.move(timedelta(seconds=31))

    await call(client.send_text, li.openid, "二")

    assert [bubble.text for bubble in li.chat.bubbles] == ["一", "二"]


async def test_a_token_that_cannot_be_fetched_says_why(town: Town) -> None:
    town.sandbox.wechat.whitelist = frozenset({"10.0.0.1"})

    refusal = await failed(town.client().send_text, town.li().openid, "好")

    assert (refusal.code, refusal.unsure) == (40164, False)


async def test_a_token_server_that_is_down_leaves_the_message_unsent(town: Town) -> None:
    """Nothing was sent: it may be tried again without a doubt."""
    li = town.li()
    for kind in (FaultKind.SERVER_ERROR, FaultKind.HTML, FaultKind.RESET, FaultKind.EMPTY):
        town.sandbox.faults.ask("stable_token", Fault(kind=kind))
        refusal = await failed(town.client().send_text, li.openid, "好")
        assert (kind, refusal.unsure) == (kind, False)

    assert li.chat.bubbles == ()


# ── answers that are none ──


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.HTML),
        Fault(kind=FaultKind.EMPTY),
        Fault(kind=FaultKind.BAD_GATEWAY),
        Fault(kind=FaultKind.SERVER_ERROR),
        Fault(kind=FaultKind.RESET),
        Fault(kind=FaultKind.RESET, processed=True),
    ],
    ids=str,
)
async def test_an_answer_that_is_none_may_have_been_a_success(town: Town, fault: Fault) -> None:
    """wechatpy takes any HTML for a success. Here nobody knows: the outbox decides what to do."""
    li = town.li()
    town.sandbox.faults.ask("message/custom/send", fault)

    refusal = await failed(town.client().send_text, li.openid, "好")

    assert (refusal.code, refusal.unsure) == (None, True)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'["ok"]',
        b"{}",
        b'{"errmsg": "ok"}',
        b'{"errcode": null}',
        b'{"errcode": "x"}',
        b'{"errcode": {}}',
        b'{"errcode": []}',
        b"null",
        b"1",
        b'"ok"',
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"errcode": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: body[:20].decode("latin-1"),
)
async def test_only_errcode_zero_is_a_success(odd: OddServer, body: bytes) -> None:
    odd.answers = [Response(body, media_type="application/json")]

    refusal = await failed(odd.client().send_text, "oPerson1", "好")

    assert (refusal.code, refusal.unsure) == (None, True)


@pytest.mark.parametrize("code", [-1, 45009, 45015, 45047, 43004, 40003, 48001, 99999])
async def test_a_refusal_bears_the_platforms_code(town: Town, code: int) -> None:
    town.sandbox.faults.ask("message/custom/send", Fault.errcode(code))

    refusal = await failed(town.client().send_text, town.li().openid, "好")

    assert (refusal.code, refusal.unsure) == (code, False)


async def test_a_platform_that_is_silent_is_not_waited_for(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Timeouts everywhere: wechatpy's token fetch had none and blocked for ever."""
    monkeypatch.setattr(client_module, "_TIMEOUT", (0.2, 0.2))
    li = town.li()
    town.sandbox.faults.ask("stable_token", Fault.slow(1))
    assert (await failed(town.client().send_text, li.openid, "好")).unsure is False

    client = town.client()
    town.sandbox.faults.ask("message/custom/send", Fault.slow(1))
    assert (await failed(client.send_text, li.openid, "好")).unsure is True

    town.sandbox.faults.ask("media/get", Fault.slow(1))
    assert (await failed(client.fetch_media, "m1")).code is None


async def test_a_platform_that_is_not_there_was_not_reached() -> None:
    """Nothing went out: no doubt about it."""
    client = Client("wx0123456789abcdef", "secret", "http://127.0.0.1:9")

    refusal = await failed(client.send_text, "oPerson1", "好")

    assert (refusal.code, refusal.unsure) == (None, False)


# ── secrets ──


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Everything that is logged at DEBUG, as the desk's own log shows it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.set_up("DEBUG")
    root.handlers[0].setStream(sys.stderr)  # type: ignore[attr-defined]
    try:
        yield lambda: capsys.readouterr().err
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


async def test_no_failure_tells_a_secret(odd: OddServer, logged: Callable[[], str]) -> None:
    """T-20: neither the error, nor its traceback, nor a DEBUG log holds the app secret or a token."""
    told = []
    for answer in (
        JSONResponse({"errcode": 40001, "errmsg": "canary-token-1 hint"}),
        JSONResponse({"errcode": 45009, "errmsg": "limit"}),
        Response("<html>canary-token-1</html>", 200),
        Response("no", 500),
        Response("[]"),
        RedirectResponse("http://127.0.0.1:9/?access_token=canary-token-1", 302),
    ):
        odd.answers = [answer, answer]
        for work in (odd.client().send_text, odd.client().send_text):
            try:
                await call(work, "oPerson1", "好")
            except ApiFailed as error:
                told += [str(error), repr(error), "".join(traceback.format_exception(error))]
                logging.getLogger("desk").error("failed", exc_info=error)
    dead = Client("wx0123456789abcdef", "canary-secret-5f1d", "http://127.0.0.1:9")
    told.append("".join(traceback.format_exception(await failed(dead.send_text, "oPerson1", "好"))))

    heard = "\n".join(told) + logged()

    assert "errcode 45009" in heard
    assert "canary" not in heard


async def test_the_clients_own_words_hold_no_secret(odd: OddServer) -> None:
    client = odd.client()
    await call(client.send_text, "oPerson1", "好")

    assert "canary" not in repr(client) + str(client)


async def test_the_secret_travels_in_the_body_only(town: Town) -> None:
    """Addresses are logged by every proxy on the way."""
    addresses: list[str] = []

    async def note(request: Request) -> Response:
        addresses.append(str(request.url))
        return JSONResponse({"access_token": "t", "expires_in": 7200, "errcode": 0})

    async with serve(Starlette(routes=[Route("/{path:path}", note, methods=["GET", "POST"])])) as url:
        await call(Client("wx1", "canary-secret", url).send_text, "oPerson1", "好")

    assert len(addresses) == 2
    assert "canary" not in " ".join(addresses)
