"""Long polling: what is confirmed is on disk; a rival, a broken network, a silent week lose nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bots import polling
from bots.demo.stage import CITIZEN_TOKEN, STAFF_TOKEN, Stage
from bots.polling import Update, poll, update_number
from bots.sandbox import Fault, FaultKind, TelegramPhone
from tests.bots.desks import a_sandbox, a_stage, eventually


@dataclass
class Server:
    """getUpdates as the platform answers it, and the disk on our side."""

    waiting: list[Update] = field(default_factory=list)
    #: What getUpdates or the disk raises next.
    breaks: list[Exception] = field(default_factory=list)
    disk_breaks: list[Exception] = field(default_factory=list)
    taken: list[Any] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def post(self, *updates: Update) -> None:
        self.waiting += updates
        self.came.set()

    async def fetch(self, offset: int, seconds: int) -> list[Update]:
        self.offsets.append(offset)
        if self.breaks:
            raise self.breaks.pop(0)
        self.waiting = [update for update in self.waiting if update.get("update_id", 0) >= offset]
        if not self.waiting:
            self.came.clear()
            await self.came.wait()
        return list(self.waiting)

    async def take_in(self, number: int, raw: bytes) -> None:
        if self.disk_breaks:
            raise self.disk_breaks.pop(0)
        self.taken.append((number, json.loads(raw)))

    @property
    def numbers(self) -> list[int]:
        return [number for number, _ in self.taken]


def a_text(number: int, chat: int = 1) -> Update:
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": "好"}}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second is waited for."""
    monkeypatch.setattr(polling, "_PAUSE_S", (0.01,))


class polled:
    """The server is polled inside the block."""

    def __init__(self, server: Server, take_in: Any = None) -> None:
        self._server, self._take_in = server, take_in or server.take_in
        self._stop = asyncio.Event()

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(poll("citizen", self._server.fetch, self._take_in, self._stop))

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.wait_for(self._task, 1)


async def all_taken(server: Server, *numbers: int) -> None:
    async def there() -> bool:
        return len(server.numbers) >= len(numbers)

    await eventually(there)
    assert server.numbers == list(numbers)


async def test_an_update_is_confirmed_once_it_is_on_disk() -> None:
    server = Server()
    server.post(a_text(5))
    on_disk = asyncio.Event()

    async def slow(number: int, raw: bytes) -> None:
        await on_disk.wait()
        await server.take_in(number, raw)

    async with polled(server, slow):
        await asyncio.sleep(0.05)
        assert server.offsets == [0]
        on_disk.set()

        async def confirmed() -> bool:
            return 6 in server.offsets

        await eventually(confirmed)
    assert server.numbers == [5]


async def test_what_the_disk_did_not_take_comes_again() -> None:
    server = Server(disk_breaks=[OSError("disk full")])
    server.post(a_text(5), a_text(6))

    async with polled(server):
        await all_taken(server, 5, 6)

    assert server.offsets[:2] == [0, 0]


async def test_a_chats_updates_are_taken_in_order_and_different_chats_together() -> None:
    server = Server()
    server.post(a_text(3, chat=1), a_text(1, chat=1), a_text(2, chat=2))
    ben = asyncio.Event()

    async def take_in(number: int, raw: bytes) -> None:
        if json.loads(raw)["message"]["chat"]["id"] == 1:
            await ben.wait()  # would wait for ever if one came after the other
        else:
            ben.set()
        await server.take_in(number, raw)

    async with polled(server, take_in):
        await all_taken(server, 2, 1, 3)


@pytest.mark.parametrize(
    "shape",
    [
        {"callback_query": {"message": {"chat": {"id": 1}}}},
        {"edited_message": {"chat": {"id": 1}}},
        {"my_chat_member": {"chat": {"id": 1}}},
    ],
    ids=lambda shape: next(iter(shape)),
)
async def test_whatever_happens_in_a_chat_is_in_one_line(shape: Update) -> None:
    """A press must not overtake the text before it."""
    server = Server()
    server.post(a_text(1), {"update_id": 2} | shape)

    async def slow_first(number: int, raw: bytes) -> None:
        await asyncio.sleep(0.05 if number == 1 else 0)
        await server.take_in(number, raw)

    async with polled(server, slow_first):
        await all_taken(server, 1, 2)


async def test_a_broken_network_is_waited_out() -> None:
    server = Server(breaks=[OSError("network is unreachable"), TimeoutError(), ValueError("not JSON")])
    server.post(a_text(5))

    async with polled(server):
        await all_taken(server, 5)


async def test_the_pauses_grow_and_begin_anew_after_a_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert polling._PAUSE_S == (1, 2, 5, 10, 30)
    asked: list[float] = []

    async def counted(seconds: float) -> None:
        asked.append(seconds)

    server = Server(breaks=[OSError()] * 7)
    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "sleep", counted)
        async with polled(server):
            while len(asked) < 7:
                await _breath()

    assert asked == [1, 2, 5, 10, 30, 30, 30]


async def _breath() -> None:
    """Lets the others run, without the sleep that is being counted."""
    loop = asyncio.get_running_loop()
    waiting = loop.create_future()
    loop.call_later(0.001, waiting.set_result, None)
    await waiting


async def test_a_second_desk_with_the_same_token_is_named_in_the_log() -> None:
    class RivalConflict(Exception):
        pass

    server = Server(breaks=[RivalConflict("canary-5f1d")])
    server.post(a_text(5))
    with capture_logs() as logged:
        async with polled(server):
            await all_taken(server, 5)

    assert [line["reason"] for line in logged] == ["another instance is polling with this token"]
    assert "canary-5f1d" not in str(logged)


async def test_the_desk_stops_at_once_though_nobody_writes() -> None:
    server = Server()
    clock = asyncio.get_running_loop()
    async with polled(server):
        await asyncio.sleep(0.02)
        started = clock.time()

    assert clock.time() - started < 0.5


async def test_an_update_without_a_number_holds_up_nothing() -> None:
    server = Server()
    server.post({"message": {"chat": {"id": 1}}}, a_text(5))

    async with polled(server):
        await all_taken(server, -1, 5)


async def test_after_a_silent_week_a_smaller_number_is_not_confirmed_unseen() -> None:
    """update_id goes on from some other number then: an offset from before would throw the message away."""
    server = Server()
    server.post(a_text(500))
    silent = asyncio.Event()

    async def fetch(offset: int, seconds: int) -> list[Update]:
        server.waiting = [update for update in server.waiting if update["update_id"] >= offset]
        found = list(server.waiting)
        if offset == 501:  # nobody writes for a week
            silent.set()
        if not found:
            await asyncio.sleep(0.01)
        return found

    stop = asyncio.Event()
    task = asyncio.create_task(poll("citizen", fetch, server.take_in, stop))
    await silent.wait()
    await asyncio.sleep(0.03)
    server.post(a_text(7))

    await all_taken(server, 500, 7)
    stop.set()
    await task


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (b'{"update_id": 0}', 0),
        (b'{"update_id": 9223372036854775807}', 2**63 - 1),
        (b'{"x": 1, "update_id": 7}', 7),
    ],
)
def test_the_number_of_an_update(raw: bytes, number: int) -> None:
    assert update_number(raw) == number


# ── against the simulated platform ──


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    sandbox = a_sandbox()
    folder = tmp_path_factory.mktemp("desk")
    async with a_stage(folder, sandbox=sandbox, webhook=False, clock=sandbox.clock.now) as staged:
        yield staged


async def rival(desk: Stage, token: str) -> list[Any]:
    """Another process asks for this bot's updates."""
    base = desk.house.settings.telegram_api_base
    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.post(f"{base}/bot{token}/getUpdates", json={"timeout": 1, "offset": 0})
    found: list[Any] = answer.json().get("result", [])
    return found


@pytest.mark.asyncio(loop_scope="module")
async def test_a_talk_by_polling_survives_rivals_and_faults(desk: Stage) -> None:
    """Another instance, a 502, a connection cut in the midst: every word is heard once."""
    ben: TelegramPhone = desk.telegram("本杰明")
    await ben.start(until="您是否已阅读")
    with capture_logs() as logged:
        await rival(desk, CITIZEN_TOKEN)
        await rival(desk, STAFF_TOKEN)
    for fault in (
        Fault.bad_gateway(),
        Fault(kind=FaultKind.EMPTY),
        Fault(kind=FaultKind.HTML),
        Fault.reset(processed=True),
    ):
        desk.sandbox.faults.ask("tousu_bot/getUpdates", fault)

    await ben.say("1", until="您要办理哪一项")
    await ben.press("投诉", until="全称是什么")
    await desk.desk_of(desk.wang).say("/help", until="/queue")

    conflicts = {line["bot"] for line in logged if "another instance" in str(line.get("reason"))}
    assert conflicts == {"citizen", "staff"}
    assert sum("您要办理哪一项" in bubble.text for bubble in ben.screen) == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_by_polling_there_is_no_door_to_knock_at(desk: Stage) -> None:
    """A webhook's route does not exist where none is set up, whatever word is brought."""
    async with httpx.AsyncClient(verify=False) as http:
        for door in ("citizen", "staff"):
            word = {
                "X-Telegram-Bot-Api-Secret-Token": desk.house.settings.telegram_staff_secret.get_secret_value()
            }
            answer = await http.post(f"{desk.url}/telegram/{door}", json={"update_id": 1}, headers=word)
            assert answer.status_code == 404
