"""The stage: simulated platforms, a desk joined to them as in production, and staff who have joined it.

The demo and the end-to-end tests stand on it alike; only addresses differ from an office's own desk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bots import pacing, server
from bots.house import House, china_clock
from bots.pacing import Rates
from bots.sandbox import Sandbox, TelegramChat, TelegramPhone, TelegramUser, WeChatPhone, serve
from bots.sandbox.bot_account import Bot
from bots.settings import Settings
from casestore.codes import Role
from casestore.model import Officer, UnitCode
from casestore.seal import make_key_file
from casestore.tables import officers, properties

CITIZEN_TOKEN, STAFF_TOKEN = (
    "100001:citizen-of-the-simulated-platform",
    "100002:staff-of-the-simulated-platform",
)
_WEBHOOK_WORD = "simulated-webhook-0123456789-abcdef"


@dataclass(frozen=True)
class Colleague:
    """A member of the staff: the record, and the person with the phone."""

    officer: Officer
    user: TelegramUser


class Stage:
    """`wang`, `zhao` are officers, `sun` is the director, `zhou` the head; `handlers` by unit code."""

    def __init__(self, sandbox: Sandbox, house: House, citizen_bot: Bot, staff_bot: Bot) -> None:
        self.sandbox, self.house = sandbox, house
        self.citizen_bot, self.staff_bot = citizen_bot, staff_bot
        self.url = ""
        #: How many sample cases were loaded.
        self.samples = 0
        #: The desk's web application, for pages beside the platforms' routes.
        self.app = server.application(house)

    async def hire(self) -> None:
        """People join, and the duty group is bound. Every unit has one handler."""
        telegram = self.sandbox.telegram
        self.wang = await self._join("王敏", Role.OFFICER)
        self.zhao = await self._join("赵强", Role.OFFICER)
        self.sun = await self._join("孙主任", Role.DIRECTOR)
        self.zhou = await self._join("周局长", Role.HEAD)
        members = (self.wang.user, self.zhao.user, self.sun.user)
        self.group = telegram.group("值班群", bots=(self.staff_bot,), people=members)
        self.handlers: dict[UnitCode, Colleague] = {}
        for unit, name in zip(self.house.office.units, _HANDLERS, strict=False):
            self.handlers[unit.code] = await self._join(name, Role.HANDLER, unit.code)
        chat = str(self.group.id)
        await self.house.store.run(lambda tx: properties.put(tx, properties.DUTY_GROUP, chat))

    async def _join(self, name: str, role: Role, unit: UnitCode | None = None) -> Colleague:
        user = self.sandbox.telegram.person(name)
        account = str(user.account.id)
        officer = await self.house.store.run(lambda tx: officers.add(tx, name, role, unit, account))
        user.start(self.staff_bot)
        return Colleague(officer, user)

    # ── phones ──

    def wechat(self, name: str) -> WeChatPhone:
        return self.sandbox.wechat_phone(name)

    def telegram(self, name: str) -> TelegramPhone:
        return self.sandbox.telegram_phone(name, self.citizen_bot)

    def desk_of(self, colleague: Colleague) -> TelegramPhone:
        """A colleague's private chat with the staff bot."""
        return self.sandbox.telegram_phone(colleague.user, self.staff_bot)

    def in_group(self, colleague: Colleague) -> TelegramPhone:
        return self.sandbox.telegram_phone(colleague.user, self.group)

    @property
    def duty_chat(self) -> TelegramChat:
        return self.group


_HANDLERS = (
    "李消", "陈网", "林价", "黄广", "李娜", "何餐", "郭药", "马质", "罗特", "梁计", "宋知", "唐信", "许执", "韩法",
    "邓城", "曹东", "彭西", "曾一", "肖二",
)  # fmt: skip


def settings_for(
    sandbox: Sandbox, api: str, desk: str, folder: Path, *, webhook: bool, **more: Any
) -> Settings:
    """As an office would write them, but for the addresses."""
    account = sandbox.wechat.account
    values: dict[str, Any] = {
        "database_url": f"sqlite:///{folder / 'tousu.db'}",
        "data_dir": folder / "data",
        "keys_file": folder / "tousu.keys",
        "server_public_url": desk,
        "wechat_app_id": account.app_id,
        "wechat_app_secret": SecretStr(account.app_secret),
        "wechat_token": SecretStr(account.token),
        "wechat_aes_key": SecretStr(account.aes_key),
        "wechat_api_base": api,
        "telegram_citizen_token": SecretStr(CITIZEN_TOKEN),
        "telegram_citizen_secret": SecretStr(_WEBHOOK_WORD),
        "telegram_staff_token": SecretStr(STAFF_TOKEN),
        "telegram_staff_secret": SecretStr(_WEBHOOK_WORD),
        "telegram_api_base": api,
        "telegram_delivery": "webhook" if webhook else "polling",
        "pii_over_telegram": True,
        "pii_legal_basis": "演示数据，人物和事件均为虚构",
    }
    return Settings(**(values | more))


@asynccontextmanager
async def stage(
    folder: Path,
    *,
    port: int = 0,
    webhook: bool = True,
    sandbox: Sandbox | None = None,
    clock: Callable[[], datetime] = china_clock,
    rates: Rates | None = pacing.TELEGRAM,
    **more: Any,
) -> AsyncIterator[Stage]:
    """Everything up and joined. `folder` holds database, keys and copies; it may hold an earlier desk's."""
    sandbox = sandbox or Sandbox()
    telegram = sandbox.telegram
    citizen_bot = telegram.add_bot(CITIZEN_TOKEN, username="tousu_bot", name="示例县12315")
    staff_bot = telegram.add_bot(
        STAFF_TOKEN, username="tousu_staff_bot", name="投诉工作台", reads_groups=True
    )
    if not (folder / "tousu.keys").exists():
        await asyncio.to_thread(make_key_file, folder / "tousu.keys")
    async with _reserved(port) as desk_url, sandbox.running() as api:
        settings = settings_for(sandbox, api, desk_url, folder, webhook=webhook, **more)
        house = House(settings, clock, rates)
        staged = Stage(sandbox, house, citizen_bot, staff_bot)
        staged.url = desk_url
        port = int(desk_url.rpartition(":")[2])
        async with house.open(), serve(staged.app, port):
            sandbox.call_back_at(f"{desk_url}/wechat")
            await staged.hire()
            await house.citizen_ready.wait()
            yield staged
            house.stop.set()


@asynccontextmanager
async def _reserved(port: int) -> AsyncIterator[str]:
    """The desk's address, known before it is up: the platforms are told where to call back."""
    if port:
        yield f"http://127.0.0.1:{port}"
        return
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    yield f"http://127.0.0.1:{free}"
