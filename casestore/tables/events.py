"""What happened: appended with every change, chained by HMAC, refused for update and delete.

The MAC of an event covers the one before it, so a changed, missing or moved event is found. Words that
people wrote are sealed apart and enter the MAC as a keyed digest: erasing them does not break the chain.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select

from casestore.errors import StoreError
from casestore.model import CaseId, Event
from casestore.store import Tx
from casestore.tables.schema import case_events, moment, ms

_insert = insert(case_events)
_of_case = select(case_events).where(case_events.c.case_id == bindparam("case_")).order_by(case_events.c.seq)
_outline = (
    select(*(column for column in case_events.c if column.name not in ("words", "words_mac", "mac")))
    .where(case_events.c.case_id == bindparam("case_"))
    .order_by(case_events.c.seq)
)
_last = (
    select(case_events.c.seq, case_events.c.mac)
    .where(case_events.c.case_id == bindparam("case_"))
    .order_by(case_events.c.seq.desc())
    .limit(1)
)
_START = b"tousu"


def append(
    tx: Tx,
    case: CaseId,
    kind: str,
    actor: str,
    at: datetime,
    facts: Mapping[str, object] | None = None,
    words: str = "",
) -> Event:
    """Write down what happened to a case, in the transaction that makes it happen."""
    words = words.encode("utf-8", "replace").decode()  # half a surrogate pair, as the seal does
    last = tx.execute(_last, {"case_": case}).first()
    seq, before = (last.seq + 1, last.mac) if last else (1, _START)
    event = Event(
        case=case, seq=seq, kind=kind, actor=actor, at=moment(ms(at)), facts=dict(facts or {}), words=words
    )
    digest = tx.sealer.audit_mac(words.encode()) if words else None
    row = {
        "case_id": case,
        "seq": seq,
        "kind": kind,
        "actor": actor,
        "at": ms(at),
        "facts": json.dumps(event.facts, ensure_ascii=False, sort_keys=True),
        "words": tx.sealer.seal(words, _place(case, seq)) if words else None,
        "words_mac": digest,
    }
    row["mac"] = tx.sealer.audit_mac(_message(before, row))
    tx.execute(_insert, row)
    return event


def of_case(tx: Tx, case: CaseId) -> list[Event]:
    return [_from_row(tx, row) for row in tx.execute(_of_case, {"case_": case})]


def outline(tx: Tx, case: CaseId) -> list[Event]:
    """What happened, without opening a word that somebody wrote: all that rules look at."""
    return [_bare(row) for row in tx.execute(_outline, {"case_": case})]


def kinds(tx: Tx, case: CaseId) -> list[str]:
    """What happened, in order, without opening a word of it."""
    statement = select(case_events.c.kind).where(case_events.c.case_id == case).order_by(case_events.c.seq)
    return [row.kind for row in tx.execute(statement)]


def last(tx: Tx, case: CaseId) -> Event:
    """The newest event, without its words."""
    statement = (
        select(case_events).where(case_events.c.case_id == case).order_by(case_events.c.seq.desc()).limit(1)
    )
    return _bare(tx.execute(statement).one())


def verify(tx: Tx, case: CaseId) -> list[str]:
    """What is wrong in the chain of a case, in Chinese; nothing if it is whole."""
    faults: list[str] = []
    before, expected = _START, 1
    for row in tx.execute(_of_case, {"case_": case}):
        kept = dict(row._mapping)
        if row.seq != expected:
            faults.append(f"第 {expected} 条记录缺失")
            expected = row.seq
        if tx.sealer.audit_mac(_message(before, kept)) != row.mac:
            faults.append(f"第 {row.seq} 条记录与校验值不符")
        if row.words is not None and not _words_hold(tx, row, case):
            faults.append(f"第 {row.seq} 条记录的文字与校验值不符")
        before, expected = row.mac, expected + 1
    if expected == 1:
        faults.append("没有任何记录")
    return faults


def _words_hold(tx: Tx, row: Row[Any], case: CaseId) -> bool:
    try:
        words = tx.sealer.open(row.words, _place(case, row.seq))
    except StoreError:
        return False
    return bool(tx.sealer.audit_mac(words.encode()) == row.words_mac)


def _message(before: bytes, row: Mapping[str, Any]) -> bytes:
    covered = [row[name] for name in ("case_id", "seq", "kind", "actor", "at", "facts")]
    return before + (row["words_mac"] or b"") + json.dumps(covered, ensure_ascii=False).encode()


def _place(case: CaseId, seq: int) -> str:
    return f"case_events|words|{case}.{seq}"


def _from_row(tx: Tx, row: Row[Any]) -> Event:
    event = _bare(row)
    words = tx.sealer.open(row.words, _place(event.case, event.seq)) if row.words else ""
    return replace(event, words=words)


def _bare(row: Row[Any]) -> Event:
    return Event(
        case=CaseId(row.case_id),
        seq=row.seq,
        kind=row.kind,
        actor=row.actor,
        at=moment(row.at),
        facts=json.loads(row.facts),
    )
