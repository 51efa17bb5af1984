"""Facts of the desk as a whole, and running numbers."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from casestore.store import Tx
from casestore.tables.schema import counters, properties

#: The duty group's chat id in the staff bot.
DUTY_GROUP = "duty_group"
#: The chat of the 值班室, which is manned while the desk is closed.
NIGHT_ROOM = "night_room"

_get = select(properties.c.value).where(properties.c.key == bindparam("key_"))
_insert = insert(properties)
_put = _insert.on_conflict_do_update(index_elements=["key"], set_={"value": _insert.excluded.value})
_count = insert(counters).values(name=bindparam("name"), value=1)
_next = _count.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1}).returning(
    counters.c.value
)


def get(tx: Tx, key: str) -> str | None:
    return tx.execute(_get, {"key_": key}).scalar()


def put(tx: Tx, key: str, value: str) -> None:
    tx.execute(_put, {"key": key, "value": value})


def beginning(tx: Tx, prefix: str) -> dict[str, str]:
    """All whose key begins so."""
    found = select(properties).where(properties.c.key.startswith(prefix, autoescape=True))
    return {row.key: row.value for row in tx.execute(found)}


def drop(tx: Tx, key: str) -> None:
    tx.execute(delete(properties).where(properties.c.key == key))


def next_number(tx: Tx, counter: str) -> int:
    """1, 2, 3 … without gaps: a number is used up only by a committed transaction."""
    return int(tx.execute(_next, {"name": counter}).scalar_one())
