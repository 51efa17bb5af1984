"""Both platforms together: one clock, one transcript, one place for faults, one server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bots.sandbox.bot_account import Bot
from bots.sandbox.bot_api import BotApi
from bots.sandbox.bot_flood import FloodLimit
from bots.sandbox.bot_webhook import Pace
from bots.sandbox.clock import Clock
from bots.sandbox.faults import Faults, Profile
from bots.sandbox.people import TelegramPhone, WeChatPhone
from bots.sandbox.server import serve
from bots.sandbox.telegram_chat import TelegramChat
from bots.sandbox.telegram_user import TelegramUser
from bots.sandbox.transcript import Transcript
from bots.sandbox.wechat_account import WeChatAccount
from bots.sandbox.wechat_api import WeChatApi
from bots.sandbox.wechat_platform import WeChatPlatform
from bots.sandbox.wechat_push import Patience
from bots.sandbox.wechat_user import WeChatUser


class Sandbox:
    """The desk's settings for it: both API bases are the address that `running` gives, the WeChat keys
    are `wechat.account`'s, the tokens those of `telegram.add_bot`; and `call_back_at` the desk."""

    def __init__(
        self,
        *,
        account: WeChatAccount | None = None,
        start: datetime | None = None,
        transcript_file: Path | None = None,
        profile: Profile | None = None,
        flood: FloodLimit | None = None,
        pace: Pace | None = None,
        patience: Patience | None = None,
        seed: int = 0,
    ) -> None:
        self.clock = Clock(start)
        self.transcript = Transcript(self.clock, transcript_file)
        self.faults = Faults(profile)
        self.telegram = BotApi(self.clock, self.transcript, self.faults, flood=flood, pace=pace, seed=seed)
        self.wechat = WeChatPlatform(
            account=account or WeChatAccount.fresh(),
            clock=self.clock,
            transcript=self.transcript,
            faults=self.faults,
            patience=patience or Patience(),
        )

    @property
    def routes(self) -> list[BaseRoute]:
        return [*self.telegram.routes, *WeChatApi(self.wechat).routes]

    def call_back_at(self, address: str) -> None:
        """The desk's `/wechat`. Telegram's webhook the desk sets by itself."""
        self.wechat.courier.address = address

    @asynccontextmanager
    async def running(self, port: int = 0, more: list[BaseRoute] | None = None) -> AsyncIterator[str]:
        """Serves both platforms; the base address. `more` routes go beside them."""
        async with serve(Starlette(routes=[*self.routes, *(more or [])]), port) as url:
            try:
                yield url
            finally:
                await self.close()

    async def close(self) -> None:
        await self.telegram.close()
        await self.wechat.close()
        self.transcript.close()

    def telegram_phone(
        self, person: str | TelegramUser, place: Bot | TelegramChat, *, username: str = ""
    ) -> TelegramPhone:
        """For a new person of that first name, or for one who has other chats already."""
        user = self.telegram.person(person, username=username) if isinstance(person, str) else person
        return TelegramPhone(user, place, self.transcript)

    def wechat_phone(self, person: str | WeChatUser) -> WeChatPhone:
        user = WeChatUser(self.wechat, person) if isinstance(person, str) else person
        return WeChatPhone(user, self.wechat, self.transcript)
