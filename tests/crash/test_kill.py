"""kill -9 under load: nothing that was acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest

from bots.demo.stage import CITIZEN_TOKEN, settings_for
from bots.sandbox import Bot, Kind, Patience, Platform, Sandbox, TelegramPhone, WeChatPhone
from bots.sandbox.transcript import Entry
from bots.settings import Settings
from bots.wechat.messages import key_of
from casestore.reading.names import is_business
from casestore.seal import Sealer, make_key_file
from casestore.store import Reader, Tx
from casestore.tables import cases, events
from casestore.tables.schema import inbox
from tests.crash.citizens import Citizen

ROUNDS = int(os.environ.get("TOUSU_KILLS", "20"))
_PEOPLE = 12
_SEED = int(os.environ.get("TOUSU_SEED", "7"))


class Zygote:
    """The process that forks desks."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def begin(cls, settings: Path) -> Zygote:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.crash.zygote", str(settings),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        zygote = cls(process)
        assert await zygote._line() == "ready"
        return zygote

    async def ask(self, word: str) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n".encode())
        await self._process.stdin.drain()
        return int(await self._line())

    async def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def _line(self) -> str:
        assert self._process.stdout is not None
        return (await asyncio.wait_for(self._process.stdout.readline(), 60)).decode().strip()


@pytest.mark.timeout(600)
async def test_twenty_kills_lose_no_message_and_double_no_case(tmp_path: Path) -> None:
    """A desk killed again and again while ten people file complaints: every acknowledged message is in the
    inbox once, every receipt is one case with the fields that were told, no case is without a receipt."""
    chance = random.Random(_SEED)
    sandbox = Sandbox(patience=Patience(answer_within=5, tries=3, pause=2.5))
    bot = sandbox.telegram.add_bot(CITIZEN_TOKEN, username="tousu_bot")
    async with sandbox.running() as api:
        settings = _settings(sandbox, api, tmp_path)
        zygote = await Zygote.begin(tmp_path / "settings.json")
        await zygote.ask("start")
        await _up(settings)
        stop = asyncio.Event()
        people = _people(sandbox, bot, chance)
        filing = [asyncio.create_task(person.file_until(stop)) for person in people]
        for _ in range(ROUNDS):
            await asyncio.sleep(chance.uniform(0.1, 1.2))
            await zygote.ask("kill")
            await zygote.ask("start")
            await _up(settings)
        stop.set()
        await asyncio.gather(*filing)
        await asyncio.sleep(0.5)
        await zygote.ask("kill")
        await zygote.end()
        acknowledged = {
            _inbox_key(entry) for entry in sandbox.transcript.after(0) if entry.kind is Kind.ACKNOWLEDGED
        }

    reader = Reader(settings.database_url, Sealer.from_file(settings.keys_file))
    reader.read(lambda tx: _nothing_lost(tx, acknowledged))
    reader.read(lambda tx: _nothing_doubled(tx, people))
    reader.close()
    filed = sum(len(person.filed) for person in people)
    print(f"{ROUNDS} kills, {len(acknowledged)} acknowledged messages, {filed} cases, seed {_SEED}")
    assert len(acknowledged) > 20 * ROUNDS, "the load was too small to prove anything"


def _nothing_lost(tx: Tx, acknowledged: set[str]) -> None:
    kept = {row.key for row in tx.execute(inbox.select().with_only_columns(inbox.c.key))}
    missing = acknowledged - kept
    assert missing == set(), (
        f"{len(missing)} of {len(acknowledged)} acknowledged messages are not in the inbox"
    )
    states = Counter(row.state for row in tx.execute(inbox.select().with_only_columns(inbox.c.state)))
    assert set(states) == {"done"}


def _inbox_key(entry: Entry) -> str:
    """The sandbox knows an update as bot:update_id, a WeChat event as openid+time+event+key."""
    if entry.platform is Platform.TELEGRAM:
        return entry.key.rpartition(":")[2]
    return key_of(*entry.key.split("+")) if "+" in entry.key else key_of(entry.who, entry.key)


def _nothing_doubled(tx: Tx, people: list[Citizen]) -> None:
    told = {number: fields for person in people for number, fields in person.filed.items()}
    numbers = [number for _, number in cases.all_numbers(tx)]
    assert sorted(numbers) == sorted(told), "a case without a receipt, or a receipt without a case"
    for case_id, number in cases.all_numbers(tx):
        kept, fields = cases.particulars(tx, case_id), told[number]
        assert kept.merchant == fields["merchant"] and is_business(kept.merchant)
        assert (kept.story, kept.phone, kept.postal_address) == (
            fields["story"],
            fields["phone"],
            fields["home"],
        )
        assert events.verify(tx, case_id) == []
        assert len(events.of_case(tx, case_id)) == 1


def _people(sandbox: Sandbox, bot: Bot, chance: random.Random) -> list[Citizen]:
    phones: list[WeChatPhone | TelegramPhone] = []
    phones += [sandbox.wechat_phone(f"微信{n}") for n in range(_PEOPLE)]
    phones += [sandbox.telegram_phone(f"电报{n}", bot) for n in range(_PEOPLE)]
    return [Citizen(phone, number, random.Random(chance.random())) for number, phone in enumerate(phones, 1)]


def _settings(sandbox: Sandbox, api: str, folder: Path) -> Settings:
    """Written for the zygote; WeChat by callback, Telegram by polling, no staff."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = settings_for(
        sandbox,
        api,
        "",
        folder,
        webhook=False,
        server_port=port,
        telegram_staff_token="",
        telegram_staff_secret="",
    )
    make_key_file(settings.keys_file)
    kept = {
        name: value.get_secret_value() if hasattr(value, "get_secret_value") else value
        for name, value in settings.model_dump().items()
    }
    (folder / "settings.json").write_text(json.dumps(kept, default=str), encoding="utf-8")
    sandbox.call_back_at(f"http://127.0.0.1:{port}/wechat")
    return settings


async def _up(settings: Settings) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(400):
            try:
                if (await client.get(f"http://127.0.0.1:{settings.server_port}/health")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.02)
    raise AssertionError("the desk does not come up")
