"""What we owe somebody. In a lane (one chat) messages go out one after the other, in order.

`ready` → `sending` (committed before the call) → `done`, or back to `ready` with a later `due_at`,
or `waiting` (WeChat: for the citizen's next word), or `dead` (staff see it on the card).
A row found in `sending` at start is ambiguous: the platform may have taken it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, func, insert, select, text, update

from casestore.model import CaseId
from casestore.store import Tx
from casestore.tables.schema import SENT, moment, ms, outbox

TOPIC = "outbox"


class Kind(StrEnum):
    """What is sent. What it looks like is decided when it goes out, by the platform's own renderer."""

    SAY = "say"  # a turn of the talk: text with choices
    NOTICE = "notice"  # 告知: a step of the case, by the code of its text
    CARD = "card"  # a case's card in a staff chat, posted once and edited afterwards
    TEXT = "text"  # a plain message to a staff chat
    TOAST = "toast"  # the answer to a pressed button
    FILE = "file"  # a copy of evidence, to a staff chat


class State(StrEnum):
    READY = "ready"
    SENDING = "sending"
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Urgency:
    """Smaller goes first when the platform's rate is the bound."""

    TOAST, TALK, CARD, NOTICE = 0, 1, 2, 3


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One message owed. `payload` is what the renderer of `kind` needs."""

    id: int
    bot: str
    lane: str
    kind: Kind
    payload: Mapping[str, Any]
    attempts: int
    due_at: datetime
    case: CaseId | None = None
    expires_at: datetime | None = None
    error: str = ""
    state: State = State.READY


@dataclass(frozen=True)
class Draft:
    """A message to put in; `once`: a row with the same key that still waits makes this one needless."""

    bot: str
    lane: str
    kind: Kind
    payload: Mapping[str, Any]
    urgency: int
    case: CaseId | None = None
    once: str | None = None
    lives: timedelta | None = None
    delay: timedelta = field(default=timedelta(0))


_insert = insert(outbox)
_has_once = select(outbox.c.id).where(outbox.c.once == bindparam("once_"))
_earlier = outbox.alias("earlier")
_first_of_its_lane = and_(
    outbox.c.bot == bindparam("bot_"),
    text("outbox.state = 'ready'"),
    ~exists().where(
        and_(
            _earlier.c.lane == outbox.c.lane,
            _earlier.c.id < outbox.c.id,
            text("earlier.state IN ('ready', 'sending', 'waiting')"),
        )
    ),
)
_heads = (
    select(outbox)
    .where(_first_of_its_lane, outbox.c.due_at <= bindparam("now"))
    .order_by(outbox.c.urgency, outbox.c.id)
    .limit(bindparam("most"))
)
_next_due = select(outbox.c.due_at).where(_first_of_its_lane).order_by(outbox.c.due_at).limit(1)
_set = update(outbox).where(outbox.c.id == bindparam("id_"))
_claim = _set.values(state=State.SENDING, attempts=outbox.c.attempts + 1, once=None)
_waiting = (
    select(outbox)
    .where(outbox.c.lane == bindparam("lane_"), outbox.c.state.in_([State.WAITING, State.READY]))
    .order_by(outbox.c.id)
)
_undelivered = (
    select(outbox)
    .where(outbox.c.case_id == bindparam("case_"), outbox.c.state.in_([State.WAITING, State.DEAD]))
    .order_by(outbox.c.id)
)


def put(tx: Tx, draft: Draft, at: datetime) -> None:
    if draft.once is not None and tx.execute(_has_once, {"once_": draft.once}).first() is not None:
        return
    row_id = tx.ids()
    payload = json.dumps(draft.payload, ensure_ascii=False).encode()
    tx.execute(
        _insert,
        {
            "id": row_id,
            "bot": draft.bot,
            "lane": draft.lane,
            "kind": draft.kind,
            "case_id": draft.case,
            "payload": tx.sealer.seal(payload, _place(row_id)),
            "once": draft.once,
            "urgency": draft.urgency,
            "state": State.READY,
            "due_at": ms(at + draft.delay),
            "expires_at": ms(at + draft.lives) if draft.lives else None,
            "attempts": 0,
        },
    )
    tx.wake(TOPIC)


def heads(tx: Tx, bot: str, at: datetime, most: int) -> list[Owed]:
    """The first of each lane that is due, the most urgent first."""
    return [_from_row(tx, row) for row in tx.execute(_heads, {"bot_": bot, "now": ms(at), "most": most})]


def sending(tx: Tx, message: int) -> None:
    """Claim it: once this is committed, a crash leaves it ambiguous, never lost and never unseen."""
    tx.execute(_claim, {"id_": message})


def delay(tx: Tx, message: int, due_at: datetime) -> None:
    """Not yet: the pace of its chat does not allow it."""
    tx.execute(_set.values(due_at=ms(due_at)), {"id_": message})


def next_due(tx: Tx, bot: str) -> datetime | None:
    """When a first of its lane is due next; what stands behind another is due when that one is gone."""
    earliest = tx.execute(_next_due, {"bot_": bot}).scalar()
    return moment(earliest) if earliest is not None else None


def done(tx: Tx, message: int, at: datetime) -> None:
    tx.execute(_set.values(state=State.DONE, sent_at=ms(at), error=None, once=None), {"id_": message})
    tx.wake(TOPIC)  # the next one of its lane may go


def again(tx: Tx, message: int, due_at: datetime, error: str) -> None:
    tx.execute(_set.values(state=State.READY, due_at=ms(due_at), error=error), {"id_": message})
    tx.wake(TOPIC)


def dead(tx: Tx, message: int, error: str) -> None:
    """It will not be sent; staff see it."""
    tx.execute(_set.values(state=State.DEAD, error=error, once=None), {"id_": message})
    tx.wake(TOPIC)


def wait(tx: Tx, message: int, reason: str) -> None:
    """Keep it until the citizen writes: his platform takes no more pushes."""
    tx.execute(_set.values(state=State.WAITING, error=reason), {"id_": message})


def waiting(tx: Tx, lane: str) -> list[Owed]:
    """What waits for this citizen's next word, oldest first, with what queues behind it."""
    owed = [_from_row(tx, row) for row in tx.execute(_waiting, {"lane_": lane})]
    return owed if owed and owed[0].state is State.WAITING else []


def undelivered(tx: Tx, case: CaseId) -> list[Owed]:
    """What staff should know did not arrive."""
    return [_from_row(tx, row) for row in tx.execute(_undelivered, {"case_": case})]


def ambiguous(tx: Tx, bot: str) -> list[Owed]:
    """What was being sent when the process ended."""
    statement = select(outbox).where(outbox.c.bot == bot, outbox.c.state == State.SENDING)
    return [_from_row(tx, row) for row in tx.execute(statement)]


def forget_sent(tx: Tx, before: datetime, most: int = 1000) -> int:
    """Messages that went out before; how many were forgotten."""
    old = select(outbox.c.id).where(SENT, outbox.c.sent_at < ms(before)).limit(most)
    found = [row.id for row in tx.execute(old)]
    tx.execute(outbox.delete().where(outbox.c.id.in_(found)))
    return len(found)


def forget_lane(tx: Tx, lane: str) -> None:
    """Whatever is owed to somebody of whom nothing is kept."""
    tx.execute(outbox.delete().where(outbox.c.lane == lane))


def count(tx: Tx) -> dict[str, int]:
    rows = tx.execute(select(outbox.c.state, func.count().label("rows")).group_by(outbox.c.state))
    return {row.state: row.rows for row in rows}


def _place(message: int) -> str:
    return f"outbox|payload|{message}"


def _from_row(tx: Tx, row: Row[Any]) -> Owed:
    return Owed(
        id=row.id,
        bot=row.bot,
        lane=row.lane,
        kind=Kind(row.kind),
        payload=json.loads(tx.sealer.open(row.payload, _place(row.id))),
        attempts=row.attempts,
        due_at=moment(row.due_at),
        case=CaseId(row.case_id) if row.case_id is not None else None,
        expires_at=moment(row.expires_at) if row.expires_at is not None else None,
        error=row.error or "",
        state=State(row.state),
    )
