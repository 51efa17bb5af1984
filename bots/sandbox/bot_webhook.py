"""Pushes a bot's updates to its webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from bots.sandbox import bot_call, faults
from bots.sandbox.bot_account import Bot, Webhook
from bots.sandbox.bot_call import Call
from bots.sandbox.bot_updates import Update
from bots.sandbox.clock import Clock
from bots.sandbox.faults import Fault, FaultKind, Faults
from bots.sandbox.transcript import Direction, Kind, Platform, Transcript


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Real seconds. The first repeat of an update comes at once, then the wait doubles."""

    answer_within: float = 60.0
    first_wait: float = 2.0
    longest_wait: float = 60.0


class Pusher:
    """A lane's next update leaves when the one before was answered 2xx or given up; lanes run side by
    side, over at most `max_connections` requests. As on the real server, messages and edits of a chat
    share a lane, while presses have one lane a person: a press may overtake a text."""

    def __init__(
        self,
        bot: Bot,
        hook: Webhook,
        perform: Callable[[Bot, Call], object],
        *,
        clock: Clock,
        transcript: Transcript,
        planned: Faults,
        pace: Pace,
    ) -> None:
        self._bot = bot
        self._hook = hook
        self._perform = perform
        self._clock = clock
        self._transcript = transcript
        self._faults = planned
        self._pace = pace
        self._connections = asyncio.Semaphore(hook.max_connections)
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._twins: set[asyncio.Task[str]] = set()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0),
            timeout=aiohttp.ClientTimeout(total=pace.answer_within),
        )
        bot.updates.on_new = self._start
        for update in bot.updates.pending():
            self._start(update)

    async def close(self) -> None:
        self._bot.updates.on_new = None
        for task in (*self._lanes.values(), *self._twins):
            task.cancel()
        await asyncio.gather(*self._lanes.values(), *self._twins, return_exceptions=True)
        await self._session.close()

    def _start(self, update: Update) -> None:
        if update.lane not in self._lanes:
            self._lanes[update.lane] = asyncio.create_task(self._drain(update.lane))

    async def _drain(self, lane: str) -> None:
        try:
            while (update := self._bot.updates.head(lane)) is not None:
                await self._deliver(update)
        finally:
            del self._lanes[lane]

    async def _deliver(self, update: Update) -> None:
        wait, tries = self._pace.first_wait, 0
        while self._bot.updates.head(update.lane) is update:
            tries += 1
            async with self._connections:
                failed = await self._try(update, tries)
            if not failed:
                self._bot.updates.take(update)
                return
            self._bot.last_error = (self._clock.seconds(), failed)
            if tries > 1:
                await asyncio.sleep(wait)
                wait = min(wait * 2, self._pace.longest_wait)

    async def _try(self, update: Update, number: int) -> str:
        """Empty, or why this try failed."""
        fault = self._faults.take(faults.TELEGRAM_CALLBACK, self._bot.account.username)
        if fault is not None:
            self._write(Kind.FAULT, update, fault.kind.value)
            match fault.kind:
                case FaultKind.UNSENT:
                    return "Connection refused"
                case FaultKind.LATE:
                    await asyncio.sleep(fault.seconds)
                case FaultKind.TWICE:
                    twin = asyncio.create_task(self._post(update, None))
                    self._twins.add(twin)
                    twin.add_done_callback(self._twins.discard)
        self._write(Kind.PUSH, update, f"try {number}")
        return await self._post(update, fault)

    async def _post(self, update: Update, fault: Fault | None) -> str:
        headers = {"Accept-Encoding": "gzip, deflate"}
        if self._hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._hook.secret
        try:
            async with self._session.post(
                self._hook.url, json=update.as_json(), headers=headers, allow_redirects=False
            ) as answer:
                if fault is not None and fault.kind is FaultKind.CUT:
                    return "Webhook connection closed"
                body = await answer.read()
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError:
            return "Webhook connection closed"
        if fault is not None and fault.kind is FaultKind.UNHEARD:
            return "Read timeout expired"
        if not 200 <= answer.status <= 299:
            return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        call = await bot_call.read_answer(answer.headers.get("content-type", ""), body)
        if call is not None:
            self._perform(self._bot, call)
        return ""

    def _write(self, kind: Kind, update: Update, detail: str) -> None:
        self._transcript.write(
            Platform.TELEGRAM,
            kind,
            Direction.IN,
            chat=update.chat,
            message=update.message,
            key=self._bot.updates.key(update),
            detail=detail,
        )
