"""The office of these tests is there at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casestore.tables.files import a_quick_office
from tests.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with a_quick_office(tmp_path) as opened:
        yield opened
