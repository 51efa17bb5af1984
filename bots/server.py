"""HTTP: the platforms' callbacks, /health and /ready, as one ASGI application."""

from __future__ import annotations

import asyncio
import hmac

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bots.house import House, Intake
from bots.polling import update_number
from casestore.tables import inbox, outbox

_log = structlog.get_logger("server")
_MOST_UPDATE = 256 * 1024
_BODY_WITHIN_S = 10.0
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


def application(house: House) -> Starlette:
    """The desk's routes."""
    routes: list[BaseRoute] = [
        Route("/health", Health(house).health),
        Route("/ready", Health(house).ready),
    ]
    if house.settings.has_wechat:
        wechat = WeChatRoute(house)
        routes += [
            Route("/wechat", wechat.verify, methods=["GET"]),
            Route("/wechat", wechat.post, methods=["POST"]),
        ]
    if house.settings.by_webhook:
        for who in ("citizen", "staff"):
            secret = getattr(house.settings, f"telegram_{who}_secret").get_secret_value()
            if getattr(house.settings, f"telegram_{who}_token").get_secret_value():
                webhook = TelegramRoute(house, who, secret)
                routes.append(Route(f"/telegram/{who}", webhook.post, methods=["POST"]))
    return Starlette(routes=routes)


class TooLarge(Exception):
    """A body beyond its cap; the rest of it is not read."""


class TooSlow(ValueError):
    """A body that does not come, or whose sender is gone."""


async def body_of(request: Request, most: int) -> bytes:
    """Raises TooLarge before the whole body is in memory, TooSlow where it does not come."""
    if int(request.headers.get("content-length") or 0) > most:
        raise TooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_WITHIN_S):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise TooLarge
    except (TimeoutError, ClientDisconnect):
        raise TooSlow from None
    return bytes(body)


class WeChatRoute:
    """GET|POST /wechat. Whatever is wrong with a request, the answer is the same 403."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def verify(self, request: Request) -> Response:
        from bots.wechat.envelope import Rejected  # noqa: PLC0415

        try:
            return PlainTextResponse(self._house.callback.verify_address(request.query_params))
        except Rejected:
            return _forbidden()

    async def post(self, request: Request) -> Response:
        from bots.wechat import callback, messages  # noqa: PLC0415
        from bots.wechat.envelope import MOST_BYTES, Rejected  # noqa: PLC0415

        at = self._house.clock()
        try:
            raw = await body_of(request, MOST_BYTES)
            message = self._house.callback.open(request.query_params, raw, at)
            inbound = messages.read(
                message, f"wechat:{self._house.settings.wechat_app_id}", repr(message).encode()
            )
        except (Rejected, TooLarge, ValueError) as error:
            _log.warning("callback-rejected", reason=str(error)[:40])
            return _forbidden()
        if callback.clock_differs(request.query_params, at) > callback.CLOCK_ALARM.total_seconds():
            _log.error("clock-differs", platform="wechat")
        reply = await self._house.front_desk.take_in(inbound)
        return Response(reply, media_type="application/xml" if reply.startswith(b"<") else "text/plain")


class TelegramRoute:
    """POST /telegram/citizen, /telegram/staff. A secret is set or the route does not exist."""

    def __init__(self, house: House, who: str, secret: str) -> None:
        self._house, self._who, self._secret = house, who, secret.encode()

    async def post(self, request: Request) -> Response:
        given = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=401)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return Response(status_code=415)
        try:
            raw = await body_of(request, _MOST_UPDATE)
            number = update_number(raw)
        except (TooLarge, ValueError):
            return Response(status_code=400)
        intake = await self._intake()
        reply = await intake.take_in(number, raw)
        return Response(reply, media_type="application/json")

    async def _intake(self) -> Intake:
        if self._who == "staff":
            return self._house.staff_intake
        await self._house.citizen_ready.wait()
        return self._house.citizen_intake


class Health:
    """Is the process alive; is it ready to take messages in."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        try:
            counted = await self._house.store.read(lambda tx: (outbox.count(tx), len(inbox.quarantined(tx))))
        except Exception as error:
            return JSONResponse({"ready": False, "store": type(error).__name__}, status_code=503)
        ready = self._house.citizen_ready.is_set() and not self._house.stop.is_set()
        body = {"ready": ready, "outbox": counted[0], "quarantined": counted[1]}
        return JSONResponse(body, status_code=200 if ready else 503)


def _forbidden() -> Response:
    return PlainTextResponse("forbidden", status_code=403)
