"""Throwaway desks on the other side of the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from bots.sandbox import WeChatAccount


@dataclass
class WeChatDesk:
    """Decrypts with wechatpy and answers with it. `answer` decides; None is `success`."""

    account: WeChatAccount
    answer: Callable[[Any], str | bytes | None] = lambda message: f"收到：{message.content}"
    seen: list[Any] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    #: Seconds each of the next answers takes.
    delays: list[float] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/wechat", self._callback, methods=["GET", "POST"])])

    async def _callback(self, request: Request) -> Response:
        query = dict(request.query_params)
        self.requests.append(query)
        if request.method == "GET":
            return Response(query["echostr"])
        crypto = WeChatCrypto(self.account.token, self.account.aes_key, self.account.app_id)
        xml = crypto.decrypt_message(
            await request.body(), query["msg_signature"], query["timestamp"], query["nonce"]
        )
        message = parse_message(xml)
        self.seen.append(message)
        if self.delays:
            await asyncio.sleep(self.delays.pop(0))
        answer = self.answer(message)
        if answer is None:
            return Response("success")
        if isinstance(answer, bytes):
            return Response(answer, media_type="application/xml")
        reply = TextReply(content=answer, message=message).render()
        return Response(
            crypto.encrypt_message(reply, query["nonce"], query["timestamp"]), media_type="application/xml"
        )


@dataclass
class WebhookDesk:
    """Takes Telegram updates; `answer` gives the response body (a method call) or raises."""

    answer: Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]
    seen: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    #: HTTP status of each of the next answers.
    statuses: list[int] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/telegram", self._update, methods=["POST"])])

    async def _update(self, request: Request) -> Response:
        self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token", ""))
        update = await request.json()
        self.seen.append(update)
        call = await self.answer(update)
        status = self.statuses.pop(0) if self.statuses else 200
        return JSONResponse(call, status) if call is not None else Response(status_code=status)
