"""Row ids: known before the row is written, never twice the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import time_machine

from casestore.ids import Ids


def test_ids_rise_and_fit_a_signed_64_bit_column() -> None:
    ids = Ids()

    made = [ids() for _ in range(20_000)]

    assert made == sorted(set(made))
    assert 0 < made[-1] < 2**63


def test_ids_made_by_many_threads_are_all_different() -> None:
    ids = Ids()

    with ThreadPoolExecutor(8) as pool:
        made = [one for many in pool.map(lambda _: [ids() for _ in range(2_000)], range(8)) for one in many]

    assert len(set(made)) == len(made)


def test_ids_never_go_back_with_the_clock() -> None:
    """A clock set back an hour gives no id a second time and none out of order."""
    ids = Ids()
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    with time_machine.travel(noon, tick=False):
        before = [ids() for _ in range(10)]
    with time_machine.travel(noon - timedelta(hours=1), tick=False):
        after = [ids() for _ in range(10_000)]

    assert before + after == sorted(set(before + after))


def test_two_processes_never_make_the_same_id() -> None:
    with time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC), tick=False):
        one, other = Ids(worker=1), Ids(worker=2)
        made = [one() for _ in range(10_000)] + [other() for _ in range(10_000)]

    assert len(set(made)) == len(made)


def test_ids_last_beyond_the_century_of_the_cases() -> None:
    with time_machine.travel(datetime(2090, 1, 1, tzinfo=UTC), tick=False):
        assert Ids(worker=1023)() < 2**63
