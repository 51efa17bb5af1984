"""Builders for tests of the store: units of work that succeed, fail, or break the commit, and groups of them."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from casestore import migrations
from casestore.seal import Sealer
from casestore.store import Store, Tx
from casestore.tables import properties

SEALER = Sealer({1: b"k" * 32}, 1)


def a_store(folder: Path) -> Store:
    store = Store(f"sqlite:///{folder / 'desk.db'}", SEALER)
    migrations.migrate(store.engine)
    return store


def writes(key: str, value: str = "x") -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        properties.put(tx, key, value)
        return key

    return work


def fails(key: str) -> Callable[[Tx], None]:
    def work(tx: Tx) -> None:
        properties.put(tx, key, "half")
        raise LookupError(key)

    return work


def breaks_the_commit(key: str) -> Callable[[Tx], None]:
    """Passes its own savepoint and makes COMMIT itself fail: an event without a case, checked late."""

    def work(tx: Tx) -> None:
        properties.put(tx, key, "x")
        tx.execute(text("PRAGMA defer_foreign_keys=ON"))
        tx.execute(
            text(
                "INSERT INTO case_events (case_id, seq, kind, actor, at, facts, mac) "
                "VALUES (404, 1, 'x', 'desk', 0, '{}', x'00')"
            )
        )

    return work


def kept(store: Store) -> dict[str, str]:
    """What another program finds in the file."""
    with closing(sqlite3.connect(f"file:{store.path}?mode=ro", uri=True)) as other, other:
        return dict(other.execute("SELECT key, value FROM properties").fetchall())


class Gate:
    """A unit that keeps the writer busy, so that what is submitted meanwhile becomes one group."""

    def __init__(self, store: Store) -> None:
        self._began, self._open = threading.Event(), threading.Event()
        self.unit = asyncio.ensure_future(store.run(self._work))

    def _work(self, _tx: Tx) -> None:
        self._began.set()
        self._open.wait(10)

    async def closed(self) -> None:
        await asyncio.to_thread(self._began.wait, 10)

    def open(self) -> None:
        self._open.set()


async def in_one_group(store: Store, *works: Callable[[Tx], object]) -> list[object]:
    """The outcomes of units that are committed together."""
    gate = Gate(store)
    await gate.closed()
    waiting = [asyncio.ensure_future(store.run(work)) for work in works]
    await asyncio.sleep(0.01)
    gate.open()
    await gate.unit
    return await asyncio.gather(*waiting, return_exceptions=True)
