"""Append-only tables: what the database itself refuses to change or delete."""

from __future__ import annotations

from collections.abc import Iterator


def append_only(dialect: str, table: str, columns: list[str], erasable: str = "") -> Iterator[str]:
    """DDL that refuses DELETE, and UPDATE of anything but emptying the column `erasable` (if there is one)."""
    same = " AND ".join(f"NEW.{c} IS OLD.{c}" for c in columns if c != erasable)
    same = f"{same} AND NEW.{erasable} IS NULL" if erasable else "FALSE"
    refusal = f"{table} is append-only"
    if dialect == "sqlite":
        yield (
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        yield (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"WHEN NOT ({same}) BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        return
    same = same.replace(" IS OLD.", " IS NOT DISTINCT FROM OLD.")
    yield (
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' AND {same} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{refusal}'; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )
