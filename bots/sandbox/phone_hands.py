"""What people do on the page's phones: `POST /phones/…`."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bots.sandbox import samples
from bots.sandbox.bot_account import Bot
from bots.sandbox.bubble import Bubble, Button
from bots.sandbox.phone_book import Person, Seat, identity
from bots.sandbox.telegram_chat import TelegramChat
from bots.sandbox.telegram_user import TelegramUser
from bots.sandbox.wechat_user import WeChatUser

LARGEST_FILE = 10 * 2**20

#: How a picture's bytes begin, and what it then is.
PICTURES: Mapping[bytes, str] = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}

Step = Callable[[Request], Awaitable[None]]


class PhoneHands:
    """204 when it is done; what follows comes over the stream. 400 with `error` when it cannot be."""

    def __init__(self, seats: Mapping[str, Seat]) -> None:
        self._seats = seats

    @property
    def routes(self) -> list[BaseRoute]:
        steps: Mapping[str, Step] = {
            "say": self._say,
            "press": self._press,
            "file": self._send_file,
            "voice": self._send_voice,
            "begin": self._begin,
            "leave": self._leave,
            "menu": self._menu,
        }
        return [Route(f"/phones/{name}", _guarded(step), methods=["POST"]) for name, step in steps.items()]

    async def _say(self, request: Request) -> None:
        body = await _body(request)
        seat, person = self._actor(body)
        text = str(body["text"]).strip()
        if not text:
            raise ValueError("nothing to say")
        if isinstance(person, WeChatUser):
            person.say(text)
        else:
            person.say(text, _place(seat))

    async def _press(self, request: Request) -> None:
        body = await _body(request)
        seat, person = self._actor(body)
        bubble = seat.chat.find(int(body["message"]))
        if bubble is None:
            raise LookupError("the message is gone")
        button = _button(bubble, str(body["label"]))
        if isinstance(person, WeChatUser):
            person.press_link(button)
        else:
            person.press(button.label, _place(seat), message=bubble.number)

    async def _send_file(self, request: Request) -> None:
        """The bytes are the body; seat, person and name are in the query."""
        query = request.query_params
        seat, person = self._actor(query)
        name = query.get("name", "") or "photo.jpg"
        content = await request.body()
        if not 0 < len(content) <= LARGEST_FILE:
            raise ValueError("文件为空或超过 10 MB")
        picture = content.startswith(tuple(PICTURES))
        match person:
            case WeChatUser() if picture:
                person.send_image(content, name=name)
            case WeChatUser():
                person.send_file(content, name=name)
            case TelegramUser() if picture:
                person.send_photo(content, _place(seat), name=name)
            case TelegramUser():
                person.send_document(content, _place(seat), name=name)

    async def _send_voice(self, request: Request) -> None:
        seat, person = self._actor(await _body(request))
        if isinstance(person, WeChatUser):
            person.send_voice(samples.AMR)
        else:
            person.send_voice(samples.OGG, _place(seat))

    async def _begin(self, request: Request) -> None:
        """关注, or START."""
        seat, person = self._actor(await _body(request))
        if isinstance(person, WeChatUser):
            person.subscribe()
        elif isinstance(seat.place, Bot):
            person.start(seat.place)

    async def _leave(self, request: Request) -> None:
        """取消关注, or block the bot."""
        seat, person = self._actor(await _body(request))
        if isinstance(person, WeChatUser):
            person.unsubscribe()
        elif isinstance(seat.place, Bot):
            person.block(seat.place)

    async def _menu(self, request: Request) -> None:
        body = await _body(request)
        _, person = self._actor(body)
        if isinstance(person, WeChatUser):
            person.press_menu(str(body["key"]))

    def _actor(self, body: Mapping[str, Any]) -> tuple[Seat, Person]:
        seat = self._seats[str(body["seat"])]
        wanted = str(body.get("person", ""))
        return seat, next((p for p in seat.people if identity(p) == wanted), seat.people[0])


def _guarded(step: Step) -> Callable[[Request], Awaitable[Response]]:
    """Only the page's own scripts may act: they send a header that other sites cannot."""

    async def endpoint(request: Request) -> Response:
        if request.headers.get("x-phones") != "1":
            return JSONResponse({"error": "only from the page itself"}, 403)
        try:
            await step(request)
        except (LookupError, ValueError, TypeError) as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
        return Response(status_code=204)

    return endpoint


async def _body(request: Request) -> Mapping[str, Any]:
    body = json.loads(await request.body())
    if not isinstance(body, dict):
        raise TypeError("an object is wanted")
    return body


def _place(seat: Seat) -> Bot | TelegramChat:
    if seat.place is None:
        raise ValueError(f"{seat.title} is no Telegram chat")
    return seat.place


def _button(bubble: Bubble, label: str) -> Button:
    for row in bubble.buttons:
        for button in row:
            if button.label == label:
                return button
    raise LookupError(f"no button {label!r}")
