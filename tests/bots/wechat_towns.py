"""The other side of the client of WeChat: the simulated platform, and a server that answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bots.sandbox import Sandbox, WeChatUser, serve
from bots.sandbox.wechat_quota import Occasion
from bots.wechat.client import ApiFailed, Client
from tests.bots.desks import a_sandbox

T = TypeVar("T")


@dataclass
class Town:
    """The simulated platform at its address."""

    sandbox: Sandbox
    url: str

    def client(self) -> Client:
        account = self.sandbox.wechat.account
        return Client(account.app_id, account.app_secret, self.url)

    def li(self) -> WeChatUser:
        """Has just written, so five messages may be sent to him."""
        user = WeChatUser(self.sandbox.wechat, "小李")
        self.sandbox.wechat.contacts[user.openid].follows = True
        self.sandbox.wechat.quota.grant(user.openid, Occasion.SAID)
        return user


@dataclass
class OddServer:
    """An interface that answers as it is told, and remembers what was asked."""

    answers: list[Response] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    tokens: int = 0
    url: str = ""

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST"])])

    def client(self) -> Client:
        return Client("wx0123456789abcdef", "canary-secret-5f1d", self.url)

    async def _answer(self, request: Request) -> Response:
        path = request.path_params["path"]
        if path.endswith("stable_token"):
            self.tokens += 1
            return JSONResponse({"access_token": f"canary-token-{self.tokens}", "expires_in": 7200})
        self.asked.append((path, dict(request.query_params), await request.body()))
        return self.answers.pop(0) if self.answers else JSONResponse({"errcode": 0, "errmsg": "ok"})

    @property
    def business_calls(self) -> int:
        return len(self.asked)


@asynccontextmanager
async def a_town() -> AsyncIterator[Town]:
    sandbox = a_sandbox()
    async with sandbox.running() as url:
        yield Town(sandbox, url)


@asynccontextmanager
async def an_odd_server() -> AsyncIterator[OddServer]:
    server = OddServer()
    async with serve(server.app) as url:
        server.url = url
        yield server


async def call(work: Callable[..., T], *args: object) -> T:
    """The client is synchronous; the desk calls it from threads of its own too."""
    return await asyncio.to_thread(work, *args)


async def failed(work: Callable[..., Any], *args: object) -> ApiFailed:
    with pytest.raises(ApiFailed) as caught:
        await call(work, *args)
    return caught.value
