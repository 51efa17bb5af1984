"""Desks for tests: whole ones joined to the simulated platforms, and small ones with WeChat alone."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

from pydantic import SecretStr
from sqlalchemy import select

from bots import server
from bots.demo.stage import Stage, settings_for, stage
from bots.house import House, china_clock
from bots.sandbox import Pace, Patience, Sandbox, TelegramPhone, WeChatPhone, serve
from bots.settings import Settings
from casestore.codes import Channel, Step
from casestore.lifecycle import Facts
from casestore.model import Actor, Case, CitizenId, Officer
from casestore.records import Form
from casestore.seal import make_key_file
from casestore.store import Tx
from casestore.tables import outbox
from casestore.tables.schema import citizens
from casestore.tables.schema import outbox as outbox_rows
from casestore.units import Units
from classifier import Classifier, tables
from tests.office import an_intake

T = TypeVar("T")


@cache
def _words() -> Path:
    """jieba's dictionary, prepared once for all desks of a test run."""
    folder = Path(mkdtemp(prefix="tousu-words-"))
    folder.chmod(0o700)
    Classifier.load(Units.load(), tables.PACKAGED, folder)
    return folder


def a_sandbox(**more: Any) -> Sandbox:
    """Platforms that do not let a test wait: they repeat at once what failed."""
    return Sandbox(
        pace=Pace(answer_within=5.0, first_wait=0.02, longest_wait=0.05),
        patience=Patience(answer_within=5.0, pause=0.02),
        **more,
    )


def prepared(folder: Path) -> Path:
    """`folder` with keys and with the dictionary in the place where the desk looks for it."""
    if not (folder / "tousu.keys").exists():
        make_key_file(folder / "tousu.keys")
        (folder / "data").mkdir(mode=0o700, parents=True)
        shutil.copytree(_words(), folder / "data" / "cache")
    return folder


@asynccontextmanager
async def a_stage(folder: Path, *, sandbox: Sandbox | None = None, **more: Any) -> AsyncIterator[Stage]:
    """A whole desk with staff, at no pace but its own."""
    more = {"rates": None} | more
    async with stage(prepared(folder), sandbox=sandbox or a_sandbox(), **more) as staged:

        async def settled() -> bool:
            """The staff's first words have been heard."""
            return not len(staged.staff_bot.updates) + len(staged.citizen_bot.updates)

        await eventually(settled)
        yield staged


@dataclass(frozen=True)
class WeChatDesk:
    """A desk with WeChat alone, and the platform on its other side."""

    sandbox: Sandbox
    house: House
    url: str

    def phone(self, name: str = "陈晓梅") -> WeChatPhone:
        return self.sandbox.wechat_phone(name)

    async def do(self, work: Callable[[Tx], T]) -> T:
        return await self.house.store.run(work)


@asynccontextmanager
async def a_wechat_desk(
    folder: Path,
    *,
    sandbox: Sandbox | None = None,
    clock: Callable[[], datetime] = china_clock,
    **more: Any,
) -> AsyncIterator[WeChatDesk]:
    sandbox = sandbox or a_sandbox()
    async with sandbox.running() as api:
        house = House(wechat_settings(sandbox, api, prepared(folder), **more), clock)
        async with house.open(), serve(server.application(house)) as url:
            sandbox.call_back_at(f"{url}/wechat")
            yield WeChatDesk(sandbox, house, url)


def wechat_settings(sandbox: Sandbox, api: str, folder: Path, **more: Any) -> Settings:
    account = sandbox.wechat.account
    values: dict[str, Any] = {
        "database_url": f"sqlite:///{folder / 'tousu.db'}",
        "data_dir": folder / "data",
        "keys_file": folder / "tousu.keys",
        "wechat_app_id": account.app_id,
        "wechat_app_secret": SecretStr(account.app_secret),
        "wechat_token": SecretStr(account.token),
        "wechat_aes_key": SecretStr(account.aes_key),
        "wechat_api_base": api,
    }
    return Settings(**(values | more))


async def a_case(stage: Stage, phone: WeChatPhone | TelegramPhone, **changes: Any) -> Case:
    """A case of this citizen, who has written to the desk before."""
    channel = Channel.WECHAT if isinstance(phone, WeChatPhone) else Channel.TELEGRAM
    account = phone.user.openid if isinstance(phone, WeChatPhone) else str(phone.user.account.id)
    index = stage.house.store.sealer.index(f"account:{channel}", account)

    def register(tx: Tx) -> Case:
        citizen = CitizenId(
            tx.execute(select(citizens.c.id).where(citizens.c.account_index == index)).scalar_one()
        )
        intake = an_intake(citizen, **{"channel": channel} | changes)
        return stage.house.desk.register(tx, intake, stage.house.clock()).case

    return await stage.house.store.run(register)


async def take(stage: Stage, case: Case, step: Step, by: Officer | None = None, /, **facts: Any) -> Case:
    """A step of the desk's own work; by an officer, or by the citizen himself."""
    actor = Actor(officer=by) if by is not None else Actor(citizen=case.citizen)
    work = partial(stage.house.desk.take, case=case.id, step=step, actor=actor, facts=Facts(**facts))
    return (await stage.house.store.run(lambda tx: work(tx, at=stage.house.clock()))).case


async def record(stage: Stage, case: Case, form: Form, by: Officer, /, **given: str) -> Case:
    """A form beside the lifecycle, filled by an officer."""
    work = partial(stage.house.desk.record, case=case.id, form=form, actor=Actor(officer=by), given=given)
    return (await stage.house.store.run(lambda tx: work(tx, at=stage.house.clock()))).case


async def mediate(stage: Stage, case: Case, by: Officer) -> Case:
    """Both sides agree, time and place are told, and how it went is written down."""
    for party in ("citizen", "merchant"):
        await record(stage, case, Form.CONSENT, by, party=party, answer="yes", way="phone")
    plan = {"when": "周四上午九点", "place": "本局一楼调解室", "mediators": "李娜、王敏"}
    await take(stage, case, Step.MEDIATE, by, fields=plan)
    return await record(
        stage, case, Form.MINUTES, by, mediators="two", names="李娜、王敏", words="商家愿意退款"
    )


# ── waiting for what the desk does by itself ──


async def eventually(seen: Callable[[], Awaitable[Any]], within: float = 5.0) -> Any:
    """What `seen` finds, once it finds anything. Fails if it does not within so many seconds."""
    clock = asyncio.get_running_loop()
    end = clock.time() + within
    while not (found := await seen()):
        assert clock.time() < end, "it did not happen"
        await asyncio.sleep(0.01)
    return found


async def owed_to(house: House, error: str) -> list[Any]:
    """The messages of the outbox that bear this error."""
    statement = select(outbox_rows).where(outbox_rows.c.error == error)
    return await house.store.read(lambda tx: list(tx.execute(statement)))


async def wake(house: House) -> None:
    """The clock was moved: let the relays look again, and wait until they have."""
    await house.store.run(lambda tx: tx.wake(outbox.TOPIC))
    await asyncio.sleep(0.05)


# ── a whole complaint, the same on every platform ──

#: What a citizen says, and what he then sees.
COMPLAINT = (
    ("我要投诉", "您是否已阅读"),
    ("1", "全称是什么"),
    ("城关镇惠民生鲜超市", "商家的地址在哪里"),
    ("城关镇西街18号", "事情是哪一天发生的"),
    ("昨天", "您购买的是什么商品或服务"),
    ("纯牛奶一箱", "涉及多少钱"),
    ("一百二十八块五", "已记下：128.50元"),
    ("昨天买的牛奶已经过期三天，找店家退货，店员说售出不退。", "您希望商家怎么做"),
    ("6 7", "请发送能证明"),
    ("没有证据", "请问您的真实姓名"),
    ("陈晓梅", "您的联系电话是多少"),
    ("138 0013 8000", "您的通讯地址"),
    ("城关镇东街1号", "是否同意我们公示"),
    ("同意", "是否同意由消费者协会"),
    ("不同意", "请核对您填写的内容"),
    ("提交", "您的投诉已登记"),
)
NUMBER = re.compile(r"(?:TS|JB|ZX)-\d{8}-\d{4,}")
QUERY_CODE = re.compile(r"\d{4}(?:-\d{4}){4}")


async def talk_until(phone: WeChatPhone | TelegramPhone, question: str) -> None:
    """He complains and answers until this is asked."""
    for word, asked in COMPLAINT:
        await phone.say(word, until=asked)
        if question in asked:
            return
    raise AssertionError(f"nobody asks {question}")


async def complain(phone: WeChatPhone | TelegramPhone) -> tuple[str, str]:
    """A whole complaint; its number and query code."""
    await phone.start(until="您是否已阅读")
    await talk_until(phone, "您的投诉已登记")
    receipt = (await phone.sees("查询码")).text
    number, code = NUMBER.search(receipt), QUERY_CODE.search(receipt)
    assert number is not None, receipt
    assert code is not None, receipt
    return number[0], code[0]


@asynccontextmanager
async def an_open_desk(sandbox: Sandbox, api: str, folder: Path, **more: Any) -> AsyncIterator[House]:
    """A desk process for citizens beside platforms that run on when it stops: WeChat, and Telegram by polling."""
    settings = settings_for(sandbox, api, "http://127.0.0.1:1", prepared(folder), webhook=False, **more)
    house = House(settings, sandbox.clock.now, None)
    async with house.open(), serve(server.application(house)) as url:
        sandbox.call_back_at(f"{url}/wechat")
        await house.citizen_ready.wait()
        yield house
