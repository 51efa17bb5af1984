"""Updates for the citizens' bot, by polling or by webhook, into the front desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiogram.methods import DeleteWebhook, SetMyCommands, SetWebhook
from aiogram.types import BotCommand
from aiohttp import ClientTimeout

from bots.front_desk import FrontDesk
from bots.polling import Update
from bots.telegram_citizen.bot import CitizenBot, Unparsable
from bots.telegram_citizen.messages import ALLOWED_UPDATES

_MOST_CONNECTIONS = 40


class CitizenIntake:
    def __init__(self, bot: CitizenBot, front_desk: FrontDesk, menu: Sequence[tuple[str, str]]) -> None:
        """`menu`: the commands to offer, with what each does."""
        self._bot, self._front_desk, self._menu = bot, front_desk, menu

    async def take_in(self, number: int, raw: bytes) -> bytes:
        """The response's body; empty where nothing rides in it."""
        try:
            inbound = self._bot.read(raw)
        except Unparsable:
            await self._front_desk.keep_aside(self._bot.key, str(number), raw, "Unparsable")
            return b""
        return await self._front_desk.take_in(inbound) if inbound is not None else b""

    async def fetch(self, offset: int, seconds: int) -> list[Update]:
        """Raw, so that one update of an unknown shape does not hold up the others."""
        session = await self._bot.api.session.create_session()  # type: ignore[attr-defined]
        url = self._bot.api.session.api.api_url(self._bot.api.token, "getUpdates")
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": ALLOWED_UPDATES}
        async with session.post(url, json=asked, timeout=ClientTimeout(total=seconds + 15)) as answer:
            result = await answer.json(content_type=None)
        if not isinstance(result, dict) or result.get("ok") is not True:
            raise PollingRefused.of(result)
        return [update for update in result["result"] if isinstance(update, dict)]

    async def call_back_at(self, url: str, secret: str) -> None:
        await self._bot.api(
            SetWebhook(
                url=url,
                secret_token=secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=_MOST_CONNECTIONS,
            )
        )

    async def poll_instead(self) -> None:
        await self._bot.api(DeleteWebhook())

    async def offer_commands(self) -> None:
        commands = [BotCommand(command=name, description=says) for name, says in self._menu]
        await self._bot.api(SetMyCommands(commands=commands))


class PollingRefused(Exception):
    """The server's refusal of getUpdates, without the token in the address."""

    @classmethod
    def of(cls, result: Any) -> PollingRefused:
        code = result.get("error_code") if isinstance(result, dict) else None
        return PollingConflict() if code == 409 else cls(f"error {code}")


class PollingConflict(PollingRefused):
    """Another instance polls with the same token, or a webhook is set."""
