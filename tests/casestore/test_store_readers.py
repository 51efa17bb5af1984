"""Readers beside the writer, and the file that both open."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy.exc import OperationalError

from casestore import migrations
from casestore.errors import StoreError
from casestore.store import Reader, Store, Tx
from casestore.tables import properties
from tests.casestore.stores import SEALER, a_store, kept, writes

# ── readers ──


async def test_a_reader_beside_the_writer_sees_only_what_is_committed(store: Store) -> None:
    """进度 is answered while a transaction is open, and never from half of one."""
    await store.run(writes("a", "old"))
    began, go_on = threading.Event(), threading.Event()

    def slowly(tx: Tx) -> None:
        properties.put(tx, "a", "new")
        began.set()
        go_on.wait(10)

    writing = asyncio.ensure_future(store.run(slowly))
    await asyncio.to_thread(began.wait, 10)

    assert await store.read(lambda tx: properties.get(tx, "a")) == "old"
    go_on.set()
    await writing
    assert await store.read(lambda tx: properties.get(tx, "a")) == "new"


async def test_a_reader_sees_one_moment_from_its_first_look_to_its_last(store: Store) -> None:
    await store.run(writes("a", "1"))

    def twice(tx: Tx) -> tuple[str | None, str | None]:
        first = properties.get(tx, "a")
        store.run_now(writes("a", "2"))
        return first, properties.get(tx, "a")

    assert await store.read(twice) == ("1", "1")


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        await store.read(writes("a"))

    reader = Reader(f"sqlite:///{store.path}", SEALER)
    with pytest.raises(OperationalError, match="readonly"):
        reader.read(writes("a"))
    reader.close()
    assert kept(store) == {}


async def test_a_reader_makes_no_file_where_there_is_none(tmp_path: Path) -> None:
    reader = Reader(f"sqlite:///{tmp_path / 'none.db'}", SEALER)

    with pytest.raises(OperationalError):
        reader.read(lambda tx: properties.get(tx, "a"))

    reader.close()
    assert list(tmp_path.iterdir()) == []


# ── the file ──


async def test_the_file_and_its_log_are_for_the_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        store = a_store(tmp_path / "data" / "desk")
        await store.run(writes("a"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in store.path.parent.iterdir()}
        folder = store.path.parent.stat().st_mode & 0o777
        store.close()
    finally:
        os.umask(old)

    assert modes == {"desk.db": 0o600, "desk.db-wal": 0o600, "desk.db-shm": 0o600}
    assert folder == 0o700


@pytest.mark.parametrize(
    "url", ["postgresql://u:secret@host/desk", "mysql://host/desk", "sqlite://", "sqlite:///:memory:"]
)
def test_what_is_no_file_of_sqlite_is_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:///文件路径") as refused:
        Store(url, SEALER)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("folder", ["投诉 台", "a#b", "50%25", "what?now", "plus+and&more"])
async def test_a_store_lies_in_any_folder_and_is_read_there(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "desk.db"
    store = Store(f"sqlite:///{quote(str(path))}", SEALER)
    try:
        migrations.migrate(store.engine)
        await store.run(writes("a", "1"))

        assert await store.read(lambda tx: properties.get(tx, "a")) == "1"
        assert store.path == path
        assert path.exists()
    finally:
        store.close()
