"""Updates for the staff bot, by polling or by webhook, into the staff's reception."""

from __future__ import annotations

from collections.abc import Sequence

from bots.polling import Update
from bots.staff_reception import StaffReception
from bots.telegram_staff.bot import ALLOWED_UPDATES, StaffBot, Unparsable


class StaffIntake:
    def __init__(self, bot: StaffBot, reception: StaffReception, menu: Sequence[tuple[str, str]]) -> None:
        """`menu`: the commands to offer, with what each does."""
        self._bot, self._reception, self._menu = bot, reception, menu

    async def take_in(self, number: int, raw: bytes) -> bytes:
        """Nothing rides in the response: staff are answered through the outbox."""
        try:
            word = self._bot.read(raw)
        except Unparsable:
            word = None
        await self._reception.take_in(self._bot.key, str(number), raw, word)
        return b""

    async def fetch(self, offset: int, seconds: int) -> list[Update]:
        return await self._bot.updates(offset, seconds)

    async def call_back_at(self, url: str, secret: str) -> None:
        await self._bot.api.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)

    async def poll_instead(self) -> None:
        await self._bot.api.delete_webhook()

    async def offer_commands(self) -> None:
        await self._bot.api.set_my_commands(list(self._menu))
