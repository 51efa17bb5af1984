"""Answers to API calls that were hit by a fault."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from bots.sandbox.faults import Fault, FaultKind

#: Where `server.serve` leaves, for every request, a function that cuts its connection.
CUT = "sandbox.cut"

_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


class Cut(Response):
    """No answer: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"][CUT]()
        while (await receive())["type"] != "http.disconnect":
            pass


async def spoil(
    fault: Fault, carry_out: Callable[[], Awaitable[Response]], refusal: Callable[[Fault], Response]
) -> Response:
    """The spoilt answer. `refusal` writes the platform's own JSON for FLOOD, ERRCODE and SERVER_ERROR."""
    if fault.kind is FaultKind.SLOW:
        await asyncio.sleep(fault.seconds)
        return await carry_out()
    if fault.processed:
        await carry_out()
    match fault.kind:
        case FaultKind.BAD_GATEWAY:
            return HTMLResponse(_PAGE.format("502 Bad Gateway"), 502)
        case FaultKind.HTML:
            return HTMLResponse(_PAGE.format("Please wait"))
        case FaultKind.EMPTY:
            return Response()
        case FaultKind.RESET:
            return Cut()
        case _:
            return refusal(fault)
