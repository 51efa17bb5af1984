"""Who waits for a commit hears of it once it is on disk, and never of one that failed."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from casestore.store import Store, Tx
from casestore.tables import properties
from tests.casestore.stores import breaks_the_commit, kept, writes


async def rung(signal_wait: object) -> bool:
    """Whether it rang within a moment."""
    assert asyncio.iscoroutine(signal_wait)
    start = asyncio.get_running_loop().time()
    await signal_wait
    return asyncio.get_running_loop().time() - start < 0.15


async def test_a_signal_rings_after_a_commit_that_woke_its_topic(store: Store) -> None:
    signal, other = store.signal("outbox"), store.signal("evidence")

    await store.run(lambda tx: tx.wake("outbox"))

    assert await rung(signal.wait(0.2))
    assert not await rung(other.wait(0.2))
    assert not await rung(signal.wait(0.2))  # once rung it is silent again


async def test_when_the_signal_rings_the_row_is_there_for_everybody(store: Store) -> None:
    signal = store.signal("outbox")

    def work(tx: Tx) -> None:
        tx.wake("outbox")
        properties.put(tx, "a", "1")

    task = asyncio.ensure_future(store.run(work))
    await signal.wait(5)
    assert kept(store) == {"a": "1"}
    await task


async def test_a_unit_that_fails_wakes_nobody(store: Store) -> None:
    signal = store.signal("outbox")

    def work(tx: Tx) -> None:
        tx.wake("outbox")
        raise LookupError

    with pytest.raises(LookupError):
        await store.run(work)

    assert not await rung(signal.wait(0.2))


async def test_a_commit_that_fails_wakes_nobody(store: Store) -> None:
    signal = store.signal("outbox")

    def work(tx: Tx) -> None:
        tx.wake("outbox")
        breaks_the_commit("a")(tx)

    with pytest.raises(IntegrityError):
        await store.run(work)

    assert not await rung(signal.wait(0.2))


async def test_a_signal_of_a_loop_that_has_ended_harms_nobody(store: Store) -> None:
    """A shell command's loop is over while the desk goes on."""

    def listen() -> None:
        async def once() -> None:
            store.signal("outbox")

        asyncio.run(once())

    await asyncio.to_thread(listen)

    await store.run(lambda tx: tx.wake("outbox"))
    assert await store.run(writes("a")) == "a"
