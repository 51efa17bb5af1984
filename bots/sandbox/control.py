"""`/control`: drives the sandbox from another process, in JSON.

| request | body | answer |
|---|---|---|
| POST /control/bots | token, username, name?, reads_groups? | id |
| POST /control/people | platform, name; telegram also bot (username) or group (chat id) and username?, same_as? (a person: the same human, another chat) | person, chat |
| POST /control/groups | title, bots (usernames), people (of `people`) | group |
| POST /control/people/{person}/{act} | start: – · say: text · press: label, on? · photo/voice: content? (base64), caption? · edit: message, text · block/unsubscribe: – ; all: until?, within? | new (bubbles) |
| POST /control/people/{person}/sees | text, within? | bubble, or 404 |
| GET /control/people/{person} | | chat, screen, toasts |
| POST /control/faults | method, kind, times?, processed?, retry_after?, code?, seconds? | |
| DELETE /control/faults | | |
| POST /control/clock | move (seconds) | now |
| GET /control/transcript?after=N | | entries, last |
| POST /control/callback | address | ok (echostr check, when asked with verify) |

Wrong use is 400 with `error`. An act that the app would not allow (no such button) is 404.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bots.sandbox.bot_account import Bot
from bots.sandbox.bubble import Bubble
from bots.sandbox.faults import Fault, FaultKind
from bots.sandbox.people import NoSuchButton, NotSeen, TelegramPhone, WeChatPhone
from bots.sandbox.sandbox import Sandbox
from bots.sandbox.screen import WITHIN
from bots.sandbox.telegram_chat import TelegramChat
from bots.sandbox.transcript import as_json

Handler = Callable[[Request, Mapping[str, Any]], Awaitable[object]]


class Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._people: dict[str, TelegramPhone | WeChatPhone] = {}
        self._groups: dict[str, TelegramChat] = {}

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            _route("/control/bots", self._add_bot),
            _route("/control/people", self._add_person),
            _route("/control/groups", self._add_group),
            _route("/control/people/{person}/{act}", self._act),
            _route("/control/people/{person}", self._look, "GET"),
            _route("/control/faults", self._ask_fault),
            _route("/control/faults", self._clear_faults, "DELETE"),
            _route("/control/clock", self._move_clock),
            _route("/control/transcript", self._read, "GET"),
            _route("/control/callback", self._call_back),
        ]

    async def _add_bot(self, _: Request, body: Mapping[str, Any]) -> object:
        bot = self._sandbox.telegram.add_bot(
            body["token"],
            username=body["username"],
            name=body.get("name", "投诉"),
            reads_groups=body.get("reads_groups", False),
        )
        return {"id": bot.id}

    async def _add_person(self, _: Request, body: Mapping[str, Any]) -> object:
        phone: TelegramPhone | WeChatPhone
        if body["platform"] == "wechat":
            phone = self._sandbox.wechat_phone(body["name"])
        else:
            place = self._groups[body["group"]] if "group" in body else self._bot(body["bot"])
            known = self._people.get(body.get("same_as", ""))
            user = known.user if isinstance(known, TelegramPhone) else body["name"]
            phone = self._sandbox.telegram_phone(user, place, username=body.get("username", ""))
        person = f"p{len(self._people) + 1}"
        self._people[person] = phone
        return {"person": person, "chat": phone.chat.key}

    async def _add_group(self, _: Request, body: Mapping[str, Any]) -> object:
        phones = [self._people[person] for person in body["people"]]
        users = tuple(phone.user for phone in phones if isinstance(phone, TelegramPhone))
        bots = tuple(self._bot(name) for name in body["bots"])
        group = self._sandbox.telegram.group(body["title"], bots=bots, people=users)
        self._groups[str(group.id)] = group
        return {"group": str(group.id)}

    async def _act(self, request: Request, body: Mapping[str, Any]) -> object:
        phone = self._people[request.path_params["person"]]
        wait = {"until": body.get("until", ""), "within": float(body.get("within", WITHIN))}
        content = base64.b64decode(body.get("content", ""))
        match request.path_params["act"]:
            case "start":
                new = await phone.start(**wait)
            case "say":
                new = await phone.say(body["text"], **wait)
            case "press":
                new = await phone.press(body["label"], on=body.get("on", 0), **wait)
            case "photo":
                new = await phone.send_photo(content, caption=body.get("caption", ""), **wait)
            case "voice":
                new = await phone.send_voice(content, **wait)
            case "sees":
                return {"bubble": (await phone.sees(body["text"], within=wait["within"])).as_json()}
            case "edit" if isinstance(phone, TelegramPhone):
                message = phone.user.chat(phone.place).messages[body["message"]]
                new = await phone.edit(message, body["text"], **wait)
            case "block" if isinstance(phone, TelegramPhone) and isinstance(phone.place, Bot):
                phone.user.block(phone.place)
                new = []
            case "unsubscribe" if isinstance(phone, WeChatPhone):
                await phone.user.unsubscribe()
                new = []
            case other:
                raise ValueError(f"{phone.name} cannot {other}")
        return {"new": _bubbles(new)}

    async def _look(self, request: Request, _: Mapping[str, Any]) -> object:
        phone = self._people[request.path_params["person"]]
        toasts = phone.toasts if isinstance(phone, TelegramPhone) else ()
        return {
            "chat": phone.chat.key,
            "screen": _bubbles(phone.screen),
            "toasts": [toast.text for toast in toasts],
        }

    async def _ask_fault(self, _: Request, body: Mapping[str, Any]) -> object:
        fault = Fault(
            kind=FaultKind(body["kind"]),
            processed=body.get("processed", False),
            retry_after=body.get("retry_after", 0),
            code=body.get("code", 0),
            seconds=body.get("seconds", 0.0),
        )
        self._sandbox.faults.ask(body["method"], fault, body.get("times", 1))
        return {}

    async def _clear_faults(self, _: Request, __: Mapping[str, Any]) -> object:
        self._sandbox.faults.clear()
        return {}

    async def _move_clock(self, _: Request, body: Mapping[str, Any]) -> object:
        self._sandbox.clock.move(timedelta(seconds=float(body["move"])))
        return {"now": self._sandbox.clock.now().isoformat()}

    async def _read(self, request: Request, _: Mapping[str, Any]) -> object:
        entries = self._sandbox.transcript.after(int(request.query_params.get("after", "0")))
        return {"entries": [as_json(entry) for entry in entries], "last": self._sandbox.transcript.last}

    async def _call_back(self, _: Request, body: Mapping[str, Any]) -> object:
        self._sandbox.call_back_at(body["address"])
        return {"ok": await self._sandbox.wechat.verify() if body.get("verify") else True}

    def _bot(self, username: str) -> Bot:
        return next(
            bot for bot in self._sandbox.telegram.world.bots.values() if bot.account.username == username
        )


def _bubbles(bubbles: list[Bubble] | tuple[Bubble, ...]) -> list[dict[str, object]]:
    return [bubble.as_json() for bubble in bubbles]


def _route(path: str, handler: Handler, method: str = "POST") -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            body = json.loads(await request.body() or b"{}")
            return JSONResponse(await handler(request, body))
        except (NotSeen, NoSuchButton) as missing:
            return JSONResponse({"error": str(missing)}, 404)
        except (LookupError, ValueError, TypeError, StopIteration) as wrong:
            return JSONResponse({"error": f"{type(wrong).__name__}: {wrong}"}, 400)

    return Route(path, endpoint, methods=[method])
