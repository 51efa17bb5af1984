"""Updates for the staff bot, by polling or by webhook, into the staff's reception."""

from __future__ import annotations

from bots.polling import Update
from bots.staff_reception import StaffReception
from bots.telegram_staff.bot import ALLOWED_UPDATES, StaffBot, Unparsable

_COMMANDS = {"queue": "待办", "mine": "我的", "case": "按编号打开一件", "duty": "值班", "help": "帮助"}


class StaffIntake:
    def __init__(self, bot: StaffBot, reception: StaffReception) -> None:
        self._bot, self._reception = bot, reception

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
        await self._bot.api.set_my_commands(list(_COMMANDS.items()))
