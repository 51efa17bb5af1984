"""Fixtures that every folder shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.office import Office, an_office

# Properties are tried the same way on every machine; TOUSU_LONG=1 looks for longer.
_QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile(
    "ci", max_examples=60, derandomize=True, deadline=None, database=None, suppress_health_check=_QUIET
)
settings.register_profile(
    "long", max_examples=2_000, derandomize=True, deadline=None, database=None, suppress_health_check=_QUIET
)
settings.load_profile("long" if os.environ.get("TOUSU_LONG") == "1" else "ci")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as opened:
        yield opened
