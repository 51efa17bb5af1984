"""证据: copies of what citizens sent. Originals stay with them (S6-5x).

A row is written with the message; the bytes are fetched afterwards and lie sealed in the data folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from casestore.codes import Channel, EvidenceKind, EvidenceState
from casestore.model import CaseId, CitizenId, Evidence, EvidenceId
from casestore.seal import Sealer
from casestore.store import Tx
from casestore.tables.schema import PENDING, evidence, moment, ms

TOPIC = "evidence"

_insert = insert(evidence)
_get = select(evidence).where(evidence.c.id == bindparam("id_"))
_of_case = select(evidence).where(evidence.c.case_id == bindparam("case_")).order_by(evidence.c.id)
_pending = (
    select(evidence)
    .where(PENDING, evidence.c.next_try_at <= bindparam("now"))
    .order_by(evidence.c.next_try_at)
    .limit(bindparam("most"))
)
_set = update(evidence).where(evidence.c.id == bindparam("id_"))
_settle = _set.where(PENDING)  # what was forgotten while its bytes were fetched stays forgotten


def add(tx: Tx, item: Evidence) -> None:
    """Write down what came; with a `file_ref` its bytes are fetched next."""
    place = _places(item.id)
    tx.execute(
        _insert,
        {
            "id": item.id,
            "citizen": item.citizen,
            "case_id": item.case,
            "kind": item.kind,
            "state": item.state,
            "source": item.source,
            "sent_at": ms(item.sent_at),
            "file_ref": tx.sealer.seal(item.file_ref, place["file_ref"]),
            "file_name": tx.sealer.seal(item.file_name, place["file_name"]),
            "words": tx.sealer.seal(item.words, place["words"]),
            "sha256": item.sha256,
            "size": item.size,
            "mime": item.mime,
            "attempts": 0,
            "next_try_at": ms(item.sent_at),
        },
    )
    if item.state is EvidenceState.PENDING:
        tx.wake(TOPIC)


def written(
    tx: Tx, citizen: CitizenId, kind: EvidenceKind, source: Channel, words: str, at: datetime
) -> Evidence:
    """Evidence that is words (a forwarded text, a place): kept at once."""
    item = Evidence(
        id=EvidenceId(tx.ids()), citizen=citizen, case=None, kind=kind, state=EvidenceState.KEPT, sent_at=at,
        source=source, words=words, sha256=hashlib.sha256(words.encode()).hexdigest(), size=len(words.encode()),
        mime="text/plain",
    )  # fmt: skip
    add(tx, item)
    return item


def get(tx: Tx, item: EvidenceId) -> Evidence:
    return _from_row(tx, tx.execute(_get, {"id_": item}).one())


def of_case(tx: Tx, case: CaseId) -> list[Evidence]:
    return [_from_row(tx, row) for row in tx.execute(_of_case, {"case_": case})]


def count_of_case(tx: Tx, case: CaseId) -> int:
    """Without what could not be kept."""
    held = evidence.c.state.in_([EvidenceState.PENDING, EvidenceState.KEPT])
    statement = select(func.count()).select_from(evidence).where(evidence.c.case_id == case, held)
    return int(tx.execute(statement).scalar_one())


def attach(tx: Tx, items: Iterable[EvidenceId], case: CaseId) -> None:
    for item in items:
        tx.execute(_set.values(case_id=case), {"id_": item})


def pending(tx: Tx, at: datetime, most: int) -> list[tuple[Evidence, int]]:
    """What is to be fetched now, with the attempts made so far."""
    rows = tx.execute(_pending, {"now": ms(at), "most": most})
    return [(_from_row(tx, row), row.attempts) for row in rows]


def kept(tx: Tx, item: EvidenceId, sha256: str, size: int, mime: str) -> None:
    tx.execute(
        _settle.values(
            state=EvidenceState.KEPT,
            sha256=bindparam("hash"),
            size=bindparam("bytes"),
            mime=bindparam("type"),
        ),
        {"id_": item, "hash": sha256, "bytes": size, "type": mime},
    )


def retry(tx: Tx, item: EvidenceId, attempts: int, next_try_at: datetime) -> None:
    tx.execute(_set.values(attempts=attempts, next_try_at=ms(next_try_at)), {"id_": item})


def give_up(tx: Tx, item: EvidenceId, state: EvidenceState) -> None:
    """FAILED: could not be fetched. REFUSED: not a kind of file the desk keeps."""
    tx.execute(_settle.values(state=state), {"id_": item})


def forget(tx: Tx, items: Iterable[EvidenceId]) -> None:
    """The draft they were sent for was given up: rows and bytes go with the next round of fetching."""
    for item in items:
        tx.execute(_set.values(state=EvidenceState.FORGOTTEN), {"id_": item})
    tx.wake(TOPIC)


def forgotten(tx: Tx) -> list[EvidenceId]:
    statement = select(evidence.c.id).where(evidence.c.state == EvidenceState.FORGOTTEN)
    return [EvidenceId(row.id) for row in tx.execute(statement)]


def unused(tx: Tx, citizen: CitizenId) -> list[EvidenceId]:
    """What he sent that belongs to no case."""
    statement = select(evidence.c.id).where(evidence.c.citizen == citizen, evidence.c.case_id.is_(None))
    return [EvidenceId(row.id) for row in tx.execute(statement)]


def remove(tx: Tx, item: EvidenceId) -> None:
    tx.execute(evidence.delete().where(evidence.c.id == item))


class Copies:
    """The sealed bytes in the data folder, one file a copy, named by its id alone."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._folder, self._sealer = folder, sealer
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, item: EvidenceId, content: bytes) -> str:
        """Put the bytes on disk; their SHA-256."""
        sealed = self._sealer.seal(content, self._place(item))
        path = self._path(item)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o600)
        part.replace(path)
        return hashlib.sha256(content).hexdigest()

    def open(self, item: EvidenceId) -> bytes:
        return self._sealer.open_bytes(self._path(item).read_bytes(), self._place(item))

    def forget(self, item: EvidenceId) -> None:
        self._path(item).unlink(missing_ok=True)

    def _path(self, item: EvidenceId) -> Path:
        return self._folder / f"{item}.sealed"

    @staticmethod
    def _place(item: EvidenceId) -> str:
        return f"evidence|bytes|{item}"


def _places(item: int) -> dict[str, str]:
    return {name: f"evidence|{name}|{item}" for name in ("file_ref", "file_name", "words")}


def _from_row(tx: Tx, row: Row[Any]) -> Evidence:
    opened = {name: tx.sealer.open(row._mapping[name], place) for name, place in _places(row.id).items()}
    item = Evidence(
        id=EvidenceId(row.id),
        citizen=CitizenId(row.citizen),
        case=CaseId(row.case_id) if row.case_id is not None else None,
        kind=EvidenceKind(row.kind),
        state=EvidenceState(row.state),
        sent_at=moment(row.sent_at),
        source=Channel(row.source),
        sha256=row.sha256,
        size=row.size,
        mime=row.mime,
    )
    return replace(item, **opened)  # type: ignore[arg-type]
