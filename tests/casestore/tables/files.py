"""The desk's file as a stranger sees it: another program, without the desk's code in between."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from casestore import migrations
from casestore.seal import Sealer
from casestore.store import Store, Tx
from tests.office import Office, an_office

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def opened(office: Office) -> Iterator[sqlite3.Connection]:
    """Triggers and constraints of the file hold here too; foreign keys and the desk's pragmas do not."""
    connection = sqlite3.connect(office.store.path)
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def done(office: Office, work: Callable[Concatenate[Tx, P], T], *given: P.args, **more: P.kwargs) -> T:
    """One unit of work; unlike a lambda it may be called in a loop."""
    return office.do(lambda tx: work(tx, *given, **more))


def without_its_guards(office: Office, *statements: str) -> None:
    """What somebody can do who owns the file and takes its triggers away."""
    with opened(office) as file:
        triggers = file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            file.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            file.execute(statement)


def everything(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with opened(office) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: file.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in tables}


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        store = Store(f"sqlite:///{path}", Sealer({1: b"k" * 32}, 1))
        migrations.migrate(store.engine)
        store.close()
        return path.read_bytes()


@contextmanager
def a_quick_office(folder: Path) -> Iterator[Office]:
    """An office whose file need not be migrated first: that is tried in test_migrations."""
    (folder / "desk.db").write_bytes(_migrated())
    with an_office(folder) as office:
        yield office
