"""Every message taken in, once. A key seen before gets the answer that was given then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from casestore.store import Tx
from casestore.tables.schema import BODY_KEPT, inbox, moment, ms

DONE, QUARANTINED = "done", "quarantined"

_claim = insert(inbox).on_conflict_do_nothing(index_elements=["bot", "key"])
_this = (inbox.c.bot == bindparam("bot_")) & (inbox.c.key == bindparam("key_"))
_reply = select(inbox.c.reply).where(_this)
_answer = update(inbox).where(_this).values(reply=bindparam("reply_"))
_forget = update(inbox).where(_this).values(body=None, reply=None)
_quarantine = update(inbox).where(_this).values(state=QUARANTINED, error=bindparam("error_"))


@dataclass(frozen=True)
class Quarantined:
    """A message that could not be processed; its body is kept for a person to look at."""

    bot: str
    key: str
    received_at: datetime
    error: str


def claim(tx: Tx, bot: str, key: str, body: bytes, at: datetime) -> bool:
    """Take the message in; False if it was taken in before."""
    row = {
        "bot": bot,
        "key": key,
        "received_at": ms(at),
        "state": DONE,
        "body": tx.sealer.seal(body, _place("body", bot, key)),
    }
    return tx.execute(_claim, row).rowcount == 1


def answer(tx: Tx, bot: str, key: str, reply: bytes) -> None:
    """Keep what is answered, for a repetition of the same message."""
    tx.execute(
        _answer, {"bot_": bot, "key_": key, "reply_": tx.sealer.seal(reply, _place("reply", bot, key))}
    )


def answered(tx: Tx, bot: str, key: str) -> bytes | None:
    sealed = tx.execute(_reply, {"bot_": bot, "key_": key}).scalar()
    return tx.sealer.open_bytes(sealed, _place("reply", bot, key)) if sealed is not None else None


def quarantine(tx: Tx, bot: str, key: str, error: str) -> None:
    """Set a claimed message aside; `error` is a class name and place, never the message's words."""
    tx.execute(_quarantine, {"bot_": bot, "key_": key, "error_": error})


def forget_bodies(tx: Tx, before: datetime, most: int = 1000) -> int:
    """What was said in messages taken in before, and answered: the platforms send nothing again after a day.
    Keys stay, so that nothing happens twice; how many were forgotten."""
    old = select(inbox.c.bot, inbox.c.key).where(BODY_KEPT, inbox.c.received_at < ms(before)).limit(most)
    rows = tx.execute(old).all()
    for row in rows:
        tx.execute(_forget, {"bot_": row.bot, "key_": row.key})
    return len(rows)


def quarantined(tx: Tx) -> list[Quarantined]:
    rows = tx.execute(select(inbox).where(inbox.c.state == QUARANTINED).order_by(inbox.c.received_at))
    return [Quarantined(row.bot, row.key, moment(row.received_at), row.error or "") for row in rows]


def count(tx: Tx) -> int:
    return int(tx.execute(select(func.count()).select_from(inbox)).scalar_one())


def _place(column: str, bot: str, key: str) -> str:
    return f"inbox|{column}|{bot}.{key}"
