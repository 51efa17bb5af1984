"""The office of these tests is there at once; and a store that is closed after them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from casestore.store import Store
from tests.casestore.stores import a_store
from tests.casestore.tables.files import a_quick_office
from tests.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with a_quick_office(tmp_path) as opened:
        yield opened


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = a_store(tmp_path)
    yield opened
    opened.close()
