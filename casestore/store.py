"""The store: `await store.run(unit_of_work)` is one transaction, on disk before it returns.

SQLite: one writer thread takes all waiting units into one commit (group commit, synchronous=FULL), each
in its own savepoint, so one unit's failure undoes only itself. When a commit fails, its units are run
again one by one: a unit must be re-runnable, do no I/O of its own, and read no clock.
Why synchronous, why Core: docs/decisions/0001-one-writer-thread.md.
"""

from __future__ import annotations

import asyncio
import os
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, CursorResult, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import Executable

from casestore.errors import StoreError
from casestore.ids import Ids
from casestore.seal import Sealer

T = TypeVar("T")

#: What a damaged file, or one that is no database, ends in; `orig` is the driver's own word.
DatabaseFault = DatabaseError

_MOST_IN_A_GROUP = 64
_READERS = 2
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # else INSERT OR REPLACE passes the append-only triggers
    "busy_timeout=5000",
    "temp_store=MEMORY",
    "cache_size=-16000",
)


class Tx:
    """What a unit of work may use: statements, the seal, fresh ids. It cannot commit or roll back."""

    __slots__ = ("_connection", "_topics", "ids", "sealer")

    def __init__(self, connection: Connection, sealer: Sealer, ids: Ids) -> None:
        self._connection = connection
        self._topics: set[str] = set()
        self.sealer = sealer
        self.ids = ids

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)

    def wake(self, topic: str) -> None:
        """Once this unit is committed, wake who waits for `topic`."""
        self._topics.add(topic)


class Signal:
    """Wakes one waiting task of an event loop from the writer thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def ring(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> None:
        """Until rung, or until `seconds` have passed."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return
        finally:
            self._event.clear()


class _Unit:
    """A waiting unit of work and who waits for it."""

    __slots__ = ("future", "outcome", "work")

    def __init__(self, work: Callable[[Tx], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()
        self.outcome: tuple[Any, BaseException | None] = (None, None)


class Reader:
    """Looks at a store's file beside its writer, read-only."""

    def __init__(self, url: str, sealer: Sealer, ids: Ids | None = None) -> None:
        """`url`: sqlite:///path. Raises StoreError for any other."""
        self.path = _path(url)
        self._sealer, self._ids = sealer, ids or Ids()
        read_only = {"mode": "ro", "uri": "true"}
        self.engine = _engine(
            URL.create("sqlite", database=f"file:{quote(str(self.path))}", query=read_only), "BEGIN"
        )

    def read(self, work: Callable[[Tx], T]) -> T:
        """What is committed now."""
        with self.engine.connect() as connection:
            return work(Tx(connection, self._sealer, self._ids))

    def close(self) -> None:
        self.engine.dispose()


class Store:
    """The desk's one store. Open it once a process; `close` finishes what waits."""

    def __init__(self, url: str, sealer: Sealer, ids: Ids | None = None) -> None:
        """`url`: sqlite:///path. Raises StoreError for what cannot be opened."""
        self.path = _path(url)
        self.sealer = sealer
        self.ids = ids or Ids()
        _make_private(self.path)
        self.engine = _engine(URL.create("sqlite", database=str(self.path)), "BEGIN IMMEDIATE")
        self._reader = Reader(url, sealer, self.ids)
        self._readers = ThreadPoolExecutor(_READERS, "store-reader")
        self._queue: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._signals: dict[str, list[Signal]] = {}
        self._closed = False
        self._writer = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._writer.start()

    async def run(self, work: Callable[[Tx], T]) -> T:
        """Do `work` in one transaction; its result is returned once it is on disk.

        A caller that is cancelled does not undo its unit. An error of `work` undoes it and is raised here.
        """
        return await asyncio.wrap_future(self._submit(work))

    def run_now(self, work: Callable[[Tx], T]) -> T:
        """As `run`, for callers without an event loop."""
        return self._submit(work).result()

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Look only, beside the writer, at what is committed."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._reader.read, work)

    def signal(self, topic: str) -> Signal:
        """A signal that rings after every commit that woke `topic`."""
        signal = Signal()
        self._signals.setdefault(topic, []).append(signal)
        return signal

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown()
        self.engine.dispose()
        self._reader.close()

    def _submit(self, work: Callable[[Tx], T]) -> Future[T]:
        if self._closed:
            raise StoreError("数据库已关闭")
        if threading.current_thread() is self._writer:
            raise RuntimeError("a unit of work waits for another one: they are one transaction, use its tx")
        unit = _Unit(work)
        self._queue.put(unit)
        return unit.future

    # ── the writer thread ──

    def _write(self) -> None:
        connection: Connection | None = None
        while True:
            group = self._next_group()
            if not group:
                break
            try:
                connection = connection or self.engine.connect()
                self._commit(connection, group)
            except BaseException as error:  # the thread must outlive every fault of the disk
                for unit in group:
                    _resolve(unit.future, None, error)
                if connection is not None:
                    connection.invalidate()
                    connection.close()
                connection = None
        if connection is not None:
            connection.close()

    def _next_group(self) -> list[_Unit]:
        first = self._queue.get()
        if first is None:
            return []
        group = [first]
        while len(group) < _MOST_IN_A_GROUP and not self._queue.empty():
            unit = self._queue.get()
            if unit is None:
                self._queue.put(None)
                break
            group.append(unit)
        return group

    def _commit(self, connection: Connection, group: list[_Unit]) -> None:
        topics: set[str] = set()
        try:
            with connection.begin():
                for unit in group:
                    topics |= self._attempt(connection, unit)
        except Exception as error:
            connection.connection.rollback()  # SQLite keeps the transaction open when COMMIT itself fails
            if len(group) > 1:
                for unit in group:
                    self._commit(connection, [unit])
                return
            group[0].outcome = (None, error)
            topics.clear()
        for unit in group:
            _resolve(unit.future, *unit.outcome)
        for topic in topics:
            for signal in self._signals.get(topic, ()):
                signal.ring()

    def _attempt(self, connection: Connection, unit: _Unit) -> set[str]:
        tx = Tx(connection, self.sealer, self.ids)
        connection.exec_driver_sql("SAVEPOINT unit")
        try:
            unit.outcome = (unit.work(tx), None)
        except Exception as error:
            connection.exec_driver_sql("ROLLBACK TO unit")
            unit.outcome = (None, error)
            tx._topics.clear()
        connection.exec_driver_sql("RELEASE unit")
        return tx._topics


def _resolve(future: Future[Any], result: Any, error: BaseException | None) -> None:
    if future.cancelled() or future.done() or not future.set_running_or_notify_cancel():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def _path(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise StoreError(f"数据库地址应写成 sqlite:///文件路径，现在是 {parsed.render_as_string()}")
    return Path(parsed.database).resolve()


def _engine(url: URL, begin: str) -> Engine:
    engine = create_engine(
        url, poolclass=NullPool, connect_args={"isolation_level": None, "check_same_thread": False}
    )
    reads_only = begin == "BEGIN"

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in _PRAGMAS:
            if not (reads_only and pragma.startswith("journal_mode")):
                connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _make_private(path: Path) -> None:
    """The file is made readable by its owner only; its WAL takes the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
