"""One writer: while a desk runs, the shell's changes are handed to it through a socket only its owner opens."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bots.settings import Settings
from bots.shell_work import VERBS
from casestore import migrations
from casestore.desk import Desk
from casestore.errors import CaseError, StoreError
from casestore.limits import DutyHours
from casestore.seal import Sealer
from casestore.store import Store
from casestore.units import Units
from casestore.workdays import WorkingCalendar

_MOST_BYTES = 64 * 1024
_WAIT_S = 10.0
#: What the system takes as the path of a socket, in bytes.
_LONGEST_PATH = 107


class Refused(StoreError):
    """The running desk's answer to what it will not do, as a sentence."""


@contextmanager
def only_desk(folder: Path) -> Iterator[None]:
    """Hold the folder for this process. Raises StoreError if another desk holds it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "desk.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"另一个平台正在使用 {folder}，请先停止它，或换一个文件夹") from None
        yield


@asynccontextmanager
async def listening(folder: Path, store: Store, desk: Desk) -> AsyncIterator[None]:
    """Answer the shell while the desk runs. Raises StoreError where no socket can be."""
    path = folder / "desk.sock"
    if _is_too_long(path):
        raise StoreError(f"数据文件夹 {folder} 的路径太长，请换一个短些的 data_dir")
    path.unlink(missing_ok=True)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await asyncio.wait_for(reader.readline(), _WAIT_S)
            answer = await _answer(store, desk, line)
            writer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
            await writer.drain()
        finally:
            writer.close()

    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(serve, path, limit=_MOST_BYTES)
    finally:
        os.umask(before)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


async def _answer(store: Store, desk: Desk, line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        work = VERBS[asked["verb"]]
        at = datetime.now(UTC)
        return {"done": await store.run(lambda tx: work(tx, desk, asked["given"], at))}
    except CaseError as error:
        return {"refused": error.code, "facts": {name: str(value) for name, value in error.facts.items()}}
    except Exception as error:
        return {"refused": "trouble", "facts": {"error": type(error).__name__}}


def change(settings: Settings, verb: str, **given: Any) -> dict[str, Any]:
    """Have `verb` done by the running desk, or do it here where none runs. Raises CaseError, StoreError."""
    path = settings.data_dir / "desk.sock"
    if _is_too_long(path):
        return _change_here(settings, verb, given)  # nobody can listen there
    asked = json.dumps({"verb": verb, "given": given}, ensure_ascii=False).encode() + b"\n"
    try:
        answer = _answer_of_desk(path, asked)
    except (FileNotFoundError, ConnectionRefusedError):
        return _change_here(settings, verb, given)
    except (OSError, ValueError) as error:
        raise Refused("正在运行的平台没有回答，这项操作可能已经完成，请先核对，再决定是否重做") from error
    if "done" in answer:
        done: dict[str, Any] = answer["done"]
        return done
    raise _refusal(answer)


def _answer_of_desk(path: Path, asked: bytes) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_WAIT_S)
        connection.connect(str(path))
        connection.sendall(asked)
        answer = json.loads(connection.makefile("rb").readline() or b"{}")
    return answer if isinstance(answer, dict) else {}


def _is_too_long(path: Path) -> bool:
    return len(os.fsencode(path)) > _LONGEST_PATH


def _change_here(settings: Settings, verb: str, given: dict[str, Any]) -> dict[str, Any]:
    from bots.office import OfficePaths, rules_of  # noqa: PLC0415
    from casestore.roster import Roster  # noqa: PLC0415

    paths = OfficePaths.of(settings.office_dir)
    with only_desk(settings.data_dir):
        store = open_store(settings)
        try:
            desk = Desk(
                WorkingCalendar.load(paths.calendar),
                Units.load(paths.units),
                DutyHours(settings.office_opens, settings.office_closes),
                rules_of(settings),
                Roster.load(paths.roster),
            )
            at = datetime.now(UTC)
            return store.run_now(lambda tx: VERBS[verb](tx, desk, given, at))
        finally:
            store.close()


def open_store(settings: Settings) -> Store:
    """The store at this version of the code. Raises StoreError."""
    store = Store(settings.database_url, Sealer.from_file(settings.keys_file))
    migrations.migrate(store.engine)
    return store


def _refusal(answer: dict[str, Any]) -> Exception:
    for kind in _all_errors(CaseError):
        if kind.code == answer.get("refused"):
            return kind(**answer.get("facts", {}))
    return Refused("正在运行的平台没有完成这项操作，请查看它的日志")


def _all_errors(kind: type[CaseError]) -> Iterator[type[CaseError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _all_errors(below)
