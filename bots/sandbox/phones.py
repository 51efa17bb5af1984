"""The page with the four phones: `/`, `/phones/…`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route, Router

from bots.sandbox.phone_book import PhoneBook, Seat, identity, name_of
from bots.sandbox.phone_hands import PICTURES, PhoneHands
from bots.sandbox.phone_stream import PhoneStream
from bots.sandbox.sandbox import Sandbox
from bots.sandbox.wechat_user import WeChatUser

PAGE = Path(__file__).parent / "page"

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


#: The names of this machine.
_HERE = ["127.0.0.1", "localhost"]


class Phones:
    """The desk mounts `routes` and calls `stop` when its server begins to stop: an open stream would hold
    the shutdown up."""

    def __init__(self, book: PhoneBook, sandbox: Sandbox) -> None:
        self._book = book
        self._sandbox = sandbox
        self._seats = book.seats()
        self._stream = PhoneStream(book, sandbox.transcript, sandbox.wechat)
        self._hands = PhoneHands(self._seats)
        environment = Environment(
            loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template("phones.html")

    @property
    def routes(self) -> list[BaseRoute]:
        """For this machine's browser alone: a page from elsewhere that has its name point here is refused."""
        routes = [
            Route("/", self._page),
            Route("/phones/events", self._events),
            Route("/phones/page/{name}", self._static),
            Route("/phones/file/{seat}/{number:int}", self._file),
            *self._hands.routes,
        ]
        return [Mount("", TrustedHostMiddleware(Router(routes), allowed_hosts=_HERE, www_redirect=False))]

    def stop(self) -> None:
        self._stream.stop()

    async def _page(self, _: Request) -> Response:
        html = self._template.render(book=self._book, config=self._config())
        return HTMLResponse(html, headers=_SAFE)

    async def _static(self, request: Request) -> Response:
        file = PAGE / Path(request.path_params["name"]).name
        if file.suffix not in _TYPES or not file.is_file():
            return Response(status_code=404)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
        return Response(file.read_bytes(), media_type=_TYPES[file.suffix], headers=headers)

    async def _file(self, request: Request) -> Response:
        """The picture or document of a bubble. Only what begins like a picture is shown as one."""
        seat = self._seats.get(request.path_params["seat"])
        bubble = seat.chat.find(request.path_params["number"]) if seat is not None else None
        if seat is None or bubble is None or not bubble.file:
            return Response(status_code=404)
        content = self._content(seat, bubble.file)
        kind = next((kind for magic, kind in PICTURES.items() if content.startswith(magic)), "")
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        if not kind:
            headers["Content-Disposition"] = "attachment"
        return Response(content, media_type=kind or "application/octet-stream", headers=headers)

    async def _events(self, request: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        words = self._stream.follow(request.headers.get("last-event-id", ""))
        return StreamingResponse(words, media_type="text/event-stream", headers=headers)

    def _config(self) -> Mapping[str, object]:
        return {
            name: {
                "chat": seat.chat.key,
                "wechat": isinstance(seat.people[0], WeChatUser),
                "group": seat.is_group,
                "people": [{"id": identity(person), "name": name_of(person)} for person in seat.people],
            }
            for name, seat in self._seats.items()
        }

    def _content(self, seat: Seat, key: str) -> bytes:
        if isinstance(seat.people[0], WeChatUser):
            media = self._sandbox.wechat.media.find(key)
            return media.content if media is not None else b""
        file = self._sandbox.telegram.world.files.find(key)
        return file.content if file is not None else b""
