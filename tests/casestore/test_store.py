"""The store on a real file: on disk before it answers, one unit's failure its own, nobody's word lost."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from casestore.errors import StoreError
from casestore.store import Store, Tx
from casestore.tables import properties
from tests.casestore.stores import Gate, a_store, breaks_the_commit, fails, in_one_group, kept, writes

# ── one transaction ──


async def test_a_result_is_on_disk_before_it_is_returned(store: Store) -> None:
    """Design 3: nothing is acknowledged before it is on disk."""
    assert await store.run(writes("a", "1")) == "a"
    assert kept(store) == {"a": "1"}


def test_a_result_survives_a_process_that_is_killed_the_moment_it_has_it(tmp_path: Path) -> None:
    """kill -9 right after the answer: the file holds it."""
    program = (
        "import os, sys; from pathlib import Path\n"
        "from tests.casestore.stores import a_store, writes\n"
        "store = a_store(Path(sys.argv[1]))\n"
        "for number in range(20): store.run_now(writes(f'key{number}'))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    died = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=Path.cwd(), check=False, timeout=60
    )

    assert died.returncode == -9
    with closing(sqlite3.connect(tmp_path / "desk.db")) as other, other:
        assert other.execute("SELECT count(*) FROM properties").fetchone() == (20,)
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_the_disk_is_asked_for_full_durability(store: Store) -> None:
    def pragmas(tx: Tx) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        return {name: tx.execute(text(f"PRAGMA {name}")).scalar() for name in names}

    assert await store.run(pragmas) == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1,
    }  # fmt: skip


async def test_an_error_undoes_its_unit_and_reaches_its_caller(store: Store) -> None:
    with pytest.raises(LookupError, match="a"):
        await store.run(fails("a"))

    assert kept(store) == {}
    assert await store.run(writes("b")) == "b"


def test_without_an_event_loop_the_same_holds(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    try:
        assert store.run_now(writes("a")) == "a"
        with pytest.raises(LookupError):
            store.run_now(fails("b"))
        assert kept(store) == {"a": "x"}
    finally:
        store.close()


async def test_a_unit_sees_what_it_wrote_and_cannot_end_the_transaction(store: Store) -> None:
    def work(tx: Tx) -> str | None:
        properties.put(tx, "a", "1")
        assert not hasattr(tx, "commit")
        assert not hasattr(tx, "rollback")
        return properties.get(tx, "a")

    assert await store.run(work) == "1"


# ── groups ──


async def test_one_units_failure_undoes_only_itself_in_a_group(store: Store) -> None:
    outcomes = await in_one_group(store, writes("a"), fails("b"), writes("c"), fails("d"), writes("e"))

    assert [outcome if isinstance(outcome, str) else type(outcome) for outcome in outcomes] == [
        "a", LookupError, "c", LookupError, "e",
    ]  # fmt: skip
    assert kept(store) == {"a": "x", "c": "x", "e": "x"}


async def test_a_statement_the_database_refuses_undoes_only_its_unit(store: Store) -> None:
    def doubles(tx: Tx) -> None:
        properties.put(tx, "b", "x")
        tx.execute(text("INSERT INTO properties (key, value) VALUES ('a', 'again')"))

    outcomes = await in_one_group(store, writes("a"), doubles, writes("c"))

    assert isinstance(outcomes[1], IntegrityError)
    assert kept(store) == {"a": "x", "c": "x"}


async def test_waiting_units_are_committed_together(store: Store) -> None:
    """Group commit: one COMMIT for all that wait, which makes full durability free."""
    commits: list[int] = []
    event.listen(store.engine, "commit", lambda _connection: commits.append(1))

    await in_one_group(store, *(writes(f"k{number}") for number in range(20)))

    assert len(commits) == 2  # the gate's own, and one for the twenty
    assert len(kept(store)) == 20


async def test_when_a_commit_fails_its_units_are_run_again_one_by_one(store: Store) -> None:
    """A unit that spoils COMMIT itself is found out, and the others of its group are kept."""
    outcomes = await in_one_group(store, writes("a"), breaks_the_commit("b"), writes("c"))

    assert outcomes[0] == "a"
    assert isinstance(outcomes[1], IntegrityError)
    assert outcomes[2] == "c"
    assert kept(store) == {"a": "x", "c": "x"}


async def test_a_unit_alone_whose_commit_fails_is_undone_and_told(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.run(breaks_the_commit("a"))

    assert kept(store) == {}
    assert await store.run(writes("b")) == "b"


async def test_a_commit_that_fails_once_costs_no_unit_and_runs_none_twice(store: Store) -> None:
    """The disk was full for a moment: every unit is there once, and its caller has his result."""
    failures = iter([True])

    @event.listens_for(store.engine, "commit")
    def _full(connection: object) -> None:
        if next(failures, False):
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    def counts(tx: Tx) -> int:
        return properties.next_number(tx, "serial")

    gate = Gate(store)
    await gate.closed()
    waiting = [asyncio.ensure_future(store.run(counts)) for _ in range(5)]
    await asyncio.sleep(0.01)
    # The gate's own commit is the one that fails: it is alone in its group and is told.
    gate.open()
    with pytest.raises(DBAPIError):
        await gate.unit
    assert await asyncio.gather(*waiting) == [1, 2, 3, 4, 5]

    failures = iter([True])
    gate = Gate(store)
    await gate.closed()
    later = [asyncio.ensure_future(store.run(counts)) for _ in range(5)]
    await asyncio.sleep(0.01)
    failures = iter([False, True])  # now the group's
    gate.open()
    await gate.unit
    assert await asyncio.gather(*later) == [6, 7, 8, 9, 10]


async def test_a_fault_of_the_disk_reaches_who_waits_and_the_writer_lives_on(store: Store) -> None:
    """BEGIN fails: everybody of the group is told, and the next unit finds a fresh connection."""
    faults = iter([True])

    @event.listens_for(store.engine, "begin")
    def _locked(_connection: object) -> None:
        if next(faults, False):
            raise OperationalError("BEGIN", {}, sqlite3.OperationalError("disk I/O error"))

    with pytest.raises(DBAPIError):
        await store.run(writes("a"))
    assert await store.run(writes("b")) == "b"
    assert kept(store) == {"b": "x"}


# ── many callers ──


async def test_a_cancelled_callers_unit_still_commits(store: Store) -> None:
    """A client that hangs up cannot tear a COMMIT in two."""
    gate = Gate(store)
    await gate.closed()
    caller = asyncio.ensure_future(store.run(writes("a")))
    await asyncio.sleep(0.01)

    caller.cancel()
    gate.open()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await store.run(writes("b"))

    assert kept(store) == {"a": "x", "b": "x"}


async def test_many_callers_are_served_in_the_order_they_came(store: Store) -> None:
    def number(tx: Tx) -> int:
        return properties.next_number(tx, "serial")

    served = await asyncio.gather(*(store.run(number) for _ in range(500)))

    assert served == list(range(1, 501))


async def test_callers_of_many_threads_all_get_their_own_result(store: Store) -> None:
    def caller(name: int) -> list[str]:
        return [store.run_now(writes(f"{name}.{number}")) for number in range(50)]

    answers = await asyncio.gather(*(asyncio.to_thread(caller, name) for name in range(8)))

    assert answers == [[f"{name}.{number}" for number in range(50)] for name in range(8)]
    assert len(kept(store)) == 400


async def test_close_finishes_what_waits_and_then_refuses(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    gate = Gate(store)
    await gate.closed()
    waiting = [asyncio.ensure_future(store.run(writes(f"k{number}"))) for number in range(200)]
    await asyncio.sleep(0.01)

    gate.open()
    await asyncio.to_thread(store.close)

    assert len(await asyncio.gather(*waiting)) == 200
    assert len(kept(store)) == 200
    store.close()  # a second time does nothing
    with pytest.raises(StoreError, match="已关闭"):
        await store.run(writes("late"))


async def test_a_unit_that_waits_for_another_one_is_refused_at_once(store: Store) -> None:
    """It would wait for ever: the writer is busy with itself."""
    with pytest.raises(RuntimeError, match="one transaction"):
        await store.run(lambda _tx: store.run_now(writes("b")))

    assert kept(store) == {}
