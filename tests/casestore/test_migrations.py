"""What the migrations make is what the code expects; a newer file is not touched."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.pool import NullPool

from casestore import migrations
from casestore.errors import StoreError
from casestore.migrations.triggers import append_only
from casestore.seal import Sealer
from casestore.store import Store
from casestore.tables.schema import APPEND_ONLY, metadata


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The desk's own: with another, SQLite would commit each table by itself."""
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}", Sealer({1: b"k" * 32}, 1))
    yield store.engine
    store.close()


def schema(path: Path) -> dict[str, str]:
    """Every table, index and trigger with the words it was made by, blanks aside."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: "".join(sql.replace('"', "").split()) for name, sql in rows}


def test_an_empty_file_is_brought_to_the_newest_revision_once(engine: Engine) -> None:
    assert migrations.revision(engine) is None
    assert migrations.migrate(engine)
    assert migrations.revision(engine) == migrations.REVISION
    assert not migrations.migrate(engine)


def test_the_migrations_make_what_the_code_expects(engine: Engine) -> None:
    migrations.migrate(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_word_for_word_constraints_and_partial_indexes_too(engine: Engine, tmp_path: Path) -> None:
    """What Alembic does not compare: checks, WHERE of an index."""
    migrations.migrate(engine)
    direct = create_engine(f"sqlite:///{tmp_path / 'direct.db'}", poolclass=NullPool)
    metadata.create_all(direct)
    made, expected = schema(tmp_path / "desk.db"), schema(tmp_path / "direct.db")

    assert {name for name in made if name not in expected} == {
        "alembic_version", "case_events_no_delete", "case_events_no_update", "clock_ledger_no_delete",
        "clock_ledger_no_update", "staff_ledger_no_delete", "staff_ledger_no_update",
    }  # fmt: skip
    for name, sql in expected.items():
        # Columns and constraints may stand in another order.
        assert sorted(re.split(r"[,()]", made[name])) == sorted(re.split(r"[,()]", sql)), name


def test_the_newest_revision_is_the_one_the_code_names() -> None:
    versions = Path(migrations.__file__).parent / "versions"
    numbers = sorted(path.name.split("_")[0] for path in versions.glob("[0-9]*.py"))

    assert numbers[-1] == migrations.REVISION
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_a_file_of_a_newer_desk_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    migrations.migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = schema(tmp_path / "desk.db")

    with pytest.raises(StoreError, match=r"更新的版本建立\(9999\)，请升级程序"):
        migrations.migrate(engine)
    assert schema(tmp_path / "desk.db") == before


def test_a_migration_that_would_break_a_relation_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as file, file:
        file.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        file.execute("CREATE TABLE child (id INTEGER REFERENCES parent (id))")
        file.execute("INSERT INTO child VALUES (1)")
    file.close()

    with pytest.raises(StoreError, match="表 child 的关联不完整，未作任何改动"):
        migrations.migrate(engine)
    assert set(schema(tmp_path / "desk.db")) == {"parent", "child"}


@pytest.mark.parametrize(("table", "erasable"), APPEND_ONLY)
def test_append_only_guards_every_column_of_its_table(
    engine: Engine, table: str, erasable: str, tmp_path: Path
) -> None:
    """A column added later must not be forgotten by the trigger."""
    migrations.migrate(engine)
    trigger = schema(tmp_path / "desk.db")[f"{table}_no_update"]

    if not erasable:
        assert "WHENNOT(FALSE)" in trigger  # no column of it may ever change
        return
    for column in metadata.tables[table].columns:
        guard = "NEW.words ISNULL" if column.name == erasable else f"NEW.{column.name} IS OLD.{column.name}"
        assert guard.replace("ISNULL", "IS NULL").replace(" ", "") in trigger


def test_postgresql_is_told_the_same() -> None:
    (function, trigger) = append_only(
        postgresql.dialect.name, "case_events", ["seq", "mac", "words"], "words"
    )

    assert (
        "NEW.seq IS NOT DISTINCT FROM OLD.seq AND NEW.mac IS NOT DISTINCT FROM OLD.mac AND NEW.words IS NULL"
        in function
    )
    assert "BEFORE UPDATE OR DELETE ON case_events FOR EACH ROW" in trigger
