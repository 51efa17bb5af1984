"""Running numbers without gaps, and facts of the desk."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from casestore.codes import Kind
from casestore.intake import Registered
from casestore.store import Tx
from casestore.tables import properties
from tests.office import Office, an_intake


def test_a_fact_is_put_changed_and_dropped(office: Office) -> None:
    def fact() -> str | None:
        return office.do(lambda tx: properties.get(tx, "a"))

    assert fact() is None
    office.do(lambda tx: properties.put(tx, "a", "1"))
    office.do(lambda tx: properties.put(tx, "a", "2"))
    assert fact() == "2"
    office.do(lambda tx: properties.drop(tx, "a"))
    assert fact() is None


async def test_twenty_citizens_at_once_get_numbers_in_a_row(office: Office) -> None:
    """No number twice, none left out, as the register of an office must be."""

    def register(tx: Tx) -> Registered:
        return office.desk.register(tx, an_intake(office.anna), office.now)

    registered = await asyncio.gather(*(office.store.run(register) for _ in range(20)))

    numbers = [one.case.number for one in registered]
    assert sorted(numbers) == [f"TS-20261123-{serial:04d}" for serial in range(1, 21)]
    assert len({one.query_code for one in registered}) == 20


async def test_a_registration_that_fails_uses_up_no_number(office: Office) -> None:
    def fails(tx: Tx) -> None:
        office.desk.register(tx, an_intake(office.anna), office.now)
        raise LookupError

    def register(tx: Tx) -> Registered:
        return office.desk.register(tx, an_intake(office.anna), office.now)

    works = [fails if number % 3 == 0 else register for number in range(20)]
    outcomes = await asyncio.gather(*(office.store.run(work) for work in works), return_exceptions=True)

    numbers = [one.case.number for one in outcomes if isinstance(one, Registered)]
    assert sorted(numbers) == [f"TS-20261123-{serial:04d}" for serial in range(1, 14)]


def test_each_kind_and_each_day_counts_from_one(office: Office) -> None:
    assert [office.have().number for _ in range(2)] == ["TS-20261123-0001", "TS-20261123-0002"]
    assert office.have(kind=Kind.REPORT).number == "JB-20261123-0001"
    office.now += timedelta(days=1)
    assert office.have().number == "TS-20261124-0001"


@pytest.mark.parametrize(("hours", "day"), [(13.99, "20261123"), (14, "20261124")])
def test_the_day_is_the_day_in_china(office: Office, hours: float, day: str) -> None:
    """10:00 in Beijing and 14 hours more is midnight, wherever the server stands."""
    office.now += timedelta(hours=hours)

    assert office.have().number == f"TS-{day}-0001"
