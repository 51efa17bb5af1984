"""A Bot API server on loopback: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bots.sandbox import bot_call, bot_methods
from bots.sandbox.bot_account import Bot, Webhook
from bots.sandbox.bot_call import Call
from bots.sandbox.bot_flood import Flood, FloodLimit
from bots.sandbox.bot_refusal import Refusal, bad, flooded
from bots.sandbox.bot_webhook import Pace, Pusher
from bots.sandbox.bot_world import World
from bots.sandbox.clock import Clock
from bots.sandbox.faults import Fault, FaultKind, Faults
from bots.sandbox.spoilt import spoil
from bots.sandbox.telegram_chat import TelegramChat
from bots.sandbox.telegram_user import TelegramUser
from bots.sandbox.transcript import Direction, Kind, Platform, Transcript

LONGEST_POLL = 50
LOOPBACK = ("127.0.0.1", "localhost", "::1")

#: A webhook's answer may not call these.
_NOT_IN_ANSWERS = frozenset({"setwebhook", "deletewebhook", "close", "logout"})
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


class BotApi:
    """Several bots, each with its token. The desk's adapters get the server's address as their base."""

    def __init__(
        self,
        clock: Clock,
        transcript: Transcript,
        faults: Faults,
        *,
        flood: FloodLimit | None = None,
        pace: Pace | None = None,
        seed: int = 0,
    ) -> None:
        self.world = World(clock, transcript, seed)
        self._clock = clock
        self._transcript = transcript
        self._faults = faults
        self._flood = Flood(flood, clock) if flood is not None else None
        self._pace = pace or Pace()
        self._pushers: dict[int, Pusher] = {}
        self._closed = False

    # the people's side

    def add_bot(self, token: str, *, username: str, name: str = "投诉", reads_groups: bool = False) -> Bot:
        """`token` is `<digits>:<35 letters>`, as from BotFather. `reads_groups`: privacy mode is off."""
        return self.world.add_bot(token, username, name, reads_groups=reads_groups)

    def person(self, first_name: str, *, username: str = "", number: int = 0) -> TelegramUser:
        return TelegramUser(self.world, self.world.add_person(first_name, username, number))

    def group(self, title: str, *, bots: tuple[Bot, ...], people: tuple[TelegramUser, ...]) -> TelegramChat:
        """The first person makes the group and adds the others and the bots, which are told."""
        group = self.world.add_group(title)
        maker = people[0].account
        group.members |= {person.account.id: person.account for person in people}
        self.world.join(group, *(bot.account for bot in bots), by=maker)
        return group

    # the bots' side

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
        ]

    async def close(self) -> None:
        """Ends long polls and pushes, so the server can stop."""
        self._closed = True
        for bot in self.world.bots.values():
            bot.updates.end_poll()
        await asyncio.gather(*(pusher.close() for pusher in self._pushers.values()))
        self._pushers.clear()

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        bot = self.world.bots.get(request.path_params["token"])
        if bot is None:
            return _refused(Refusal(401, "Unauthorized"))

        async def carry_out() -> Response:
            try:
                result = await self._answer(bot, await bot_call.read(method, request))
            except Refusal as refusal:
                self._note_refusal(bot, method, refusal)
                return _refused(refusal)
            return JSONResponse({"ok": True, "result": result})

        fault = self._faults.take(method, bot.account.username)
        if fault is None:
            return await carry_out()
        self._note_fault(bot, method, fault)
        return await spoil(fault, carry_out, _fault_json)

    async def _answer(self, bot: Bot, call: Call) -> object:
        match call.method.lower():
            case "getupdates":
                return await self._get_updates(bot, call)
            case "setwebhook":
                return await self._set_webhook(bot, call)
            case "deletewebhook":
                return await self._set_webhook(bot, Call(method=call.method, fields=_drop_only(call)))
            case "getwebhookinfo":
                return bot.webhook_json()
            case _:
                return self._perform(bot, call)

    def _perform(self, bot: Bot, call: Call) -> object:
        method = bot_methods.METHODS.get(call.method.lower())
        if method is None:
            raise Refusal(404, "Not Found: method not found")
        if self._flood is not None and call.method.lower() in bot_methods.SENDING:
            self._flood.ensure_room(bot.id, call.text("chat_id"))
        return method(self.world, bot, call)

    def _perform_answer(self, bot: Bot, call: Call) -> None:
        """A call inside a webhook's answer: carried out, its result told to nobody."""
        name = call.method.lower()
        if name in _NOT_IN_ANSWERS or name.startswith("get"):
            return
        fault = self._faults.take(call.method, bot.account.username)
        if fault is not None:
            self._note_fault(bot, call.method, fault)
            if not fault.processed:
                return
        try:
            self._perform(bot, call)
        except Refusal as refusal:
            self._note_refusal(bot, call.method, refusal)

    async def _get_updates(self, bot: Bot, call: Call) -> object:
        if bot.webhook is not None:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        bot.updates.allow(call.parsed("allowed_updates"))
        limit = min(max(call.whole("limit", 100), 1), 100)
        timeout = 0 if self._closed else min(max(call.whole("timeout"), 0), LONGEST_POLL)
        return [u.as_json() for u in await bot.updates.poll(call.whole("offset"), limit, timeout)]

    async def _set_webhook(self, bot: Bot, call: Call) -> object:
        """Unlike the real server it takes http and any port, but loopback addresses only."""
        url, secret = call.text("url"), call.text("secret_token")
        if url and (urlsplit(url).hostname or "") not in LOOPBACK:
            raise bad("bad webhook: the sandbox pushes to loopback addresses only")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        if url:
            bot.updates.end_poll("Conflict: terminated by setWebhook request")
        pusher = self._pushers.pop(bot.id, None)
        if pusher is not None:
            await pusher.close()
        if call.yes("drop_pending_updates"):
            bot.updates.drop_all()
        bot.updates.allow(call.parsed("allowed_updates"))
        bot.webhook = None
        if url:
            most = min(max(call.whole("max_connections", 40), 1), 100)
            bot.webhook = Webhook(url=url, secret=secret, max_connections=most)
            self._pushers[bot.id] = Pusher(
                bot,
                bot.webhook,
                self._perform_answer,
                clock=self._clock,
                transcript=self._transcript,
                planned=self._faults,
                pace=self._pace,
            )
        return True

    async def _download(self, request: Request) -> Response:
        bot = self.world.bots.get(request.path_params["token"])
        if bot is None:
            return _refused(Refusal(401, "Unauthorized"))
        file = self.world.files.download(bot.id, request.path_params["path"])
        answer = (
            _refused(Refusal(404, "Not Found"))
            if file is None
            else Response(file.content, media_type="application/octet-stream")
        )

        async def carry_out() -> Response:
            return answer

        fault = self._faults.take("file", bot.account.username)
        return answer if fault is None else await spoil(fault, carry_out, _fault_json)

    def _note_refusal(self, bot: Bot, method: str, refusal: Refusal) -> None:
        self._note(Kind.REFUSED, bot, f"{method}: {refusal.code} {refusal.description}")

    def _note_fault(self, bot: Bot, method: str, fault: Fault) -> None:
        self._note(Kind.FAULT, bot, f"{method}: {fault.kind}")

    def _note(self, kind: Kind, bot: Bot, detail: str) -> None:
        self._transcript.write(Platform.TELEGRAM, kind, Direction.OUT, who=str(bot.id), detail=detail)


def _drop_only(call: Call) -> dict[str, object]:
    return {"drop_pending_updates": call.fields.get("drop_pending_updates")}


def _refused(refusal: Refusal) -> Response:
    headers = (
        {"Retry-After": str(refusal.parameters["retry_after"])}
        if refusal.code == 429 and refusal.parameters
        else None
    )
    return JSONResponse(refusal.as_json(), refusal.code, headers)


def _fault_json(fault: Fault) -> Response:
    if fault.kind is FaultKind.FLOOD:
        return _refused(flooded(fault.retry_after))
    return _refused(Refusal(500, "Internal Server Error: sandbox fault"))
