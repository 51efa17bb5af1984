"""An office with its staff chats."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from casestore import migrations
from casestore.seal import Sealer
from casestore.store import Store
from tests.admin.staff_room import StaffRoom
from tests.office import Office, an_office


@pytest.fixture(scope="session")
def empty_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is migrated already: most of the time an office takes to open."""
    path = tmp_path_factory.mktemp("empty") / "desk.db"
    store = Store(f"sqlite:///{path}", Sealer({1: b"k" * 32}, 1))
    migrations.migrate(store.engine)
    store.close()
    return path


@pytest.fixture
def office(empty_desk: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copy(empty_desk, tmp_path)
    with an_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def room(office: Office, tmp_path: Path) -> StaffRoom:
    return StaffRoom(office, tmp_path)


@pytest.fixture
def open_room(office: Office, tmp_path: Path) -> StaffRoom:
    """Where personal data may travel over Telegram (PIPL art. 36)."""
    return StaffRoom(office, tmp_path, pii=True)
