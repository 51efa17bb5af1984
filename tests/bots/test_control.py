"""One desk a folder; while it runs, the shell's changes go through its socket, which only its owner opens."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bots import control
from bots.settings import Settings
from casestore.codes import Role
from casestore.desk import Desk
from casestore.errors import CaseError, OfficerUnknown, StoreError, UnitMissing, UnitUnknown
from casestore.store import Store
from casestore.tables import officers, outbox, pins, staff_ledger
from casestore.units import Units
from casestore.workdays import WorkingCalendar
from tests.bots.desks import prepared


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = prepared(tmp_path)
    return Settings(
        database_url=f"sqlite:///{folder / 'tousu.db'}",
        data_dir=folder / "data",
        keys_file=folder / "tousu.keys",
    )


@pytest_asyncio.fixture
async def running(settings: Settings) -> AsyncIterator[Store]:
    """A desk process holds the folder and listens."""
    desk = Desk(WorkingCalendar(), Units.load())
    with control.only_desk(settings.data_dir):
        store = control.open_store(settings)
        try:
            async with control.listening(settings.data_dir, store, desk):
                yield store
        finally:
            store.close()


async def changed(settings: Settings, verb: str, **given: Any) -> dict[str, Any]:
    """As the shell's own process does it."""
    return await asyncio.to_thread(lambda: control.change(settings, verb, **given))


async def names(store: Store) -> list[str]:
    return [officer.name for officer, _ in await store.read(officers.everyone)]


def people(settings: Settings) -> list[str]:
    store = control.open_store(settings)
    try:
        return [officer.name for officer, _ in store.run_now(officers.everyone)]
    finally:
        store.close()


# ── one desk ──


def test_a_second_desk_on_the_same_folder_is_refused(settings: Settings) -> None:
    with (
        control.only_desk(settings.data_dir),
        pytest.raises(StoreError, match="另一个平台正在使用"),
        control.only_desk(settings.data_dir),
    ):
        pass


def test_a_folder_is_free_again_when_its_desk_has_ended(settings: Settings) -> None:
    """Also after a kill: the lock is the process's, not a file that stays."""
    for _ in range(2):
        with control.only_desk(settings.data_dir):
            assert (settings.data_dir / "desk.lock").exists()


def test_another_folder_is_another_desk(settings: Settings, tmp_path: Path) -> None:
    with control.only_desk(settings.data_dir), control.only_desk(tmp_path / "other"):
        pass


# ── where no desk runs ──


def test_without_a_desk_the_shell_does_it_itself(settings: Settings) -> None:
    done = control.change(settings, "staff.add", name="王敏", role="officer")

    assert (done["name"], done["role"]) == ("王敏", "officer")
    assert people(settings) == ["王敏"]


def test_a_socket_that_a_killed_desk_left_behind_is_no_desk(settings: Settings) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(settings.data_dir / "desk.sock"))

    control.change(settings, "staff.add", name="王敏", role="officer")

    assert people(settings) == ["王敏"]


# ── while one runs ──


async def test_a_running_desk_does_it_and_sees_it_at_once(settings: Settings, running: Store) -> None:
    done = await changed(settings, "staff.add", name="李消", role="handler", unit="FOOD")

    assert (done["name"], done["unit"]) == ("李消", "FOOD")
    assert await names(running) == ["李消"]


async def test_an_invitation_from_the_shell_lets_somebody_in(settings: Settings, running: Store) -> None:
    await changed(settings, "staff.add", name="王敏", role="officer")
    code = (await changed(settings, "staff.invite", name="王敏"))["code"]

    joined = await running.run(lambda tx: officers.join(tx, code, "1001", datetime.now(UTC)))

    assert (joined.name, joined.role) == ("王敏", Role.OFFICER)


async def test_a_pin_is_reset_through_a_running_desk_written_down_and_told(
    settings: Settings, running: Store
) -> None:
    """Issue 3: a supervisor who locked himself out, and nobody else is there to free him."""
    sun = await running.run(lambda tx: officers.add(tx, "孙主任", Role.DIRECTOR, None, "1004"))
    await running.run(lambda tx: pins.put(tx, sun.id, "2468"))

    done = await changed(settings, "staff.reset_pin", name="孙主任", login="clerk")

    assert done["told"] is True
    assert not await running.read(lambda tx: pins.is_set(tx, sun.id))
    (entry,) = await running.read(lambda tx: list(staff_ledger.read(tx)))
    assert (entry.officer, entry.what, entry.by) == (sun.id, "pin_reset", "shell:clerk")
    (owed,) = await running.read(lambda tx: outbox.heads(tx, "staff", datetime.now(UTC), 5))
    assert (owed.payload["chat"], owed.payload["code"]) == ("1004", "your_pin_reset")


async def test_only_the_owner_opens_the_socket(settings: Settings, running: Store) -> None:
    path = settings.data_dir / "desk.sock"

    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("verb", "given", "error"),
    [
        ("staff.invite", {"name": "没有这个人"}, OfficerUnknown),
        ("staff.suspend", {"name": "没有这个人", "active": False}, OfficerUnknown),
        ("staff.reset_pin", {"name": "没有这个人"}, OfficerUnknown),
        ("staff.add", {"name": "李消", "role": "handler"}, UnitMissing),
        ("staff.add", {"name": "李消", "role": "handler", "unit": "MOON"}, UnitUnknown),
        ("case.reveal", {"number": "TS-19990101-0001", "login": "root"}, CaseError),
        ("staff.dance", {}, control.Refused),
        ("staff.add", {"name": "李消", "role": "king"}, control.Refused),
        ("staff.add", {}, control.Refused),
    ],
)
async def test_what_a_running_desk_refuses_is_the_same_refusal_in_the_shell(
    settings: Settings, running: Store, verb: str, given: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await changed(settings, verb, **given)

    assert await names(running) == []


@pytest.mark.parametrize(
    "line",
    [b"\n", b"hello\n", b"[]\n", b'{"verb": "staff.add"}\n', b"\xff\xfe\n", b"[" * 30_000 + b"\n"],
    ids=["nothing", "no JSON", "a list", "half", "not UTF-8", "very deep"],
)
async def test_nonsense_on_the_socket_is_refused_and_the_desk_goes_on(
    settings: Settings, running: Store, line: bytes
) -> None:
    reader, writer = await asyncio.open_unix_connection(settings.data_dir / "desk.sock")
    writer.write(line)
    answer = json.loads(await reader.readline())
    writer.close()

    assert answer["refused"] == "trouble"
    assert "Traceback" not in str(answer)
    assert (await changed(settings, "staff.add", name="王敏", role="officer"))["name"] == "王敏"


async def test_who_hangs_up_in_the_middle_disturbs_nobody(settings: Settings, running: Store) -> None:
    for half in (b"", b'{"verb"'):
        _, writer = await asyncio.open_unix_connection(settings.data_dir / "desk.sock")
        writer.write(half)
        writer.close()

    assert (await changed(settings, "staff.add", name="王敏", role="officer"))["name"] == "王敏"


async def test_the_socket_is_gone_when_the_desk_has_ended(settings: Settings) -> None:
    store = control.open_store(settings)
    async with control.listening(settings.data_dir, store, Desk(WorkingCalendar(), Units.load())):
        assert (settings.data_dir / "desk.sock").exists()
    store.close()

    assert not (settings.data_dir / "desk.sock").exists()


# ── a desk that is not well ──


class a_sick_desk:
    """Something listens on the socket and does `act` with whoever connects."""

    def __init__(self, folder: Path, act: Callable[[socket.socket], None]) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / "desk.sock"))
        self._listener.listen()
        self._act = act

    def __enter__(self) -> None:
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            self._act(connection)


@pytest.mark.parametrize(
    "act",
    [
        lambda connection: connection.recv(10) and connection.recv(100_000),
        lambda connection: None,
        lambda connection: connection.sendall(b"not JSON\n"),
        lambda connection: connection.sendall(b"[]\n"),
        lambda connection: connection.recv(100_000) and threading.Event().wait(0.5),
    ],
    ids=["hangs up", "hangs up at once", "babbles", "answers oddly", "is silent"],
)
def test_a_desk_that_does_not_answer_is_told_in_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, act: Callable[[socket.socket], None]
) -> None:
    """Never a traceback, and never done twice: nobody knows whether it was done."""
    monkeypatch.setattr(control, "_WAIT_S", 0.2)
    with a_sick_desk(settings.data_dir, act), pytest.raises(StoreError, match="平台"):
        control.change(settings, "staff.add", name="王敏", role="officer")

    assert people(settings) == []


async def test_a_folder_too_deep_for_a_socket_is_told_in_a_sentence(
    settings: Settings, tmp_path: Path
) -> None:
    """The system allows 107 bytes for a socket's path."""
    deep = tmp_path / ("很深的文件夹" * 8)
    deep.mkdir(mode=0o700)
    store = control.open_store(settings)
    with pytest.raises(StoreError, match="路径太长"):
        async with control.listening(deep, store, Desk(WorkingCalendar(), Units.load())):
            pass
    store.close()

    moved = settings.model_copy(update={"data_dir": deep})
    assert (await changed(moved, "staff.add", name="王敏", role="officer"))["name"] == "王敏"
