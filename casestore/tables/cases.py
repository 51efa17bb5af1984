"""件: the cases as they stand now (what happened to them is in `case_events`)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, insert, or_, select, update

from casestore.codes import Channel, Demand, EndGround, Grade, Kind, Outcome, Status, any_ground
from casestore.errors import CaseChanged, CaseUnknown
from casestore.model import (
    Because,
    Case,
    CaseId,
    CaseNumber,
    CitizenId,
    Guess,
    OfficerId,
    Particulars,
    Suggestion,
    UnitCode,
)
from casestore.reading.text import fold
from casestore.store import Tx
from casestore.tables.schema import OPEN_CASE, cases, moment, ms

_HIDDEN = ("particulars", "query_index", "merchant_index")
_COLUMNS = [column for column in cases.c if column.name not in _HIDDEN]
_select = select(*_COLUMNS)
_by_id = _select.where(cases.c.id == bindparam("id_"))
_by_number = _select.where(cases.c.number == bindparam("number_"))
_by_query = _select.where(cases.c.query_index == bindparam("query_"))
_of_citizen = (
    _select.where(cases.c.citizen == bindparam("citizen_"))
    .order_by(cases.c.id.desc())
    .limit(bindparam("most"))
)
_against = (
    _select.where(cases.c.merchant_index == bindparam("merchant_"), cases.c.kind == bindparam("kind_"))
    .order_by(cases.c.id.desc())
    .limit(bindparam("most"))
)
_queue = _select.where(OPEN_CASE).order_by(cases.c.due_at.nulls_last(), cases.c.id)
_about_the_office = _queue.where(cases.c.own_office)
_count = select(func.count()).select_from(cases).where(OPEN_CASE)
_particulars = select(cases.c.particulars).where(cases.c.id == bindparam("id_"))
_insert = insert(cases)
_save = update(cases).where(cases.c.id == bindparam("id_"), cases.c.version == bindparam("version_seen"))


def add(tx: Tx, case: Case, particulars: Particulars, query_code: str) -> None:
    """`query_code`: the bare digits; only its keyed fingerprint is kept."""
    sealed = tx.sealer.seal(json.dumps(asdict(particulars), ensure_ascii=False), _place(case.id))
    row = _to_row(case) | {
        "particulars": sealed,
        "query_index": tx.sealer.index("query", query_code),
        "merchant_index": _merchant_index(tx, particulars.merchant),
    }
    tx.execute(_insert, row)


def correct(tx: Tx, case: CaseId, particulars: Particulars) -> None:
    """更正: the sealed part anew (PIPL 46); that it happened is the caller's event."""
    sealed = tx.sealer.seal(json.dumps(asdict(particulars), ensure_ascii=False), _place(case))
    row = {"particulars": sealed, "merchant_index": _merchant_index(tx, particulars.merchant)}
    tx.execute(update(cases).where(cases.c.id == case).values(**row))


def against(tx: Tx, merchant: str, kind: Kind, by: CitizenId | None = None, most: int = 50) -> list[Case]:
    """Cases of a kind against the merchant of this name (brought by this citizen), the newest first."""
    index = _merchant_index(tx, merchant)
    wanted = _against if by is None else _against.where(cases.c.citizen == by)
    return _many(tx, wanted, {"merchant_": index, "kind_": kind, "most": most}) if index else []


def _merchant_index(tx: Tx, merchant: str) -> bytes | None:
    name = fold(merchant)
    return tx.sealer.index("merchant", name) if name else None


def save(tx: Tx, case: Case) -> None:
    """Write a case that was read at `case.version - 1`. Raises CaseChanged if somebody was faster."""
    row = _to_row(case) | {"id_": case.id, "version_seen": case.version - 1}
    if tx.execute(_save, row).rowcount != 1:
        raise CaseChanged(case=case.number)


def get(tx: Tx, case: CaseId) -> Case:
    return _one(tx.execute(_by_id, {"id_": case}).first())


def by_number(tx: Tx, number: CaseNumber) -> Case:
    return _one(tx.execute(_by_number, {"number_": number}).first())


def by_query_code(tx: Tx, code: str) -> Case:
    return _one(tx.execute(_by_query, {"query_": tx.sealer.index("query", code)}).first())


def particulars(tx: Tx, case: CaseId) -> Particulars:
    sealed = tx.execute(_particulars, {"id_": case}).scalar_one()
    return Particulars(**json.loads(tx.sealer.open(sealed, _place(case))))


def of_citizen(tx: Tx, citizen: CitizenId, most: int = 10) -> list[Case]:
    """His newest first."""
    return _many(tx, _of_citizen, {"citizen_": citizen, "most": most})


def queue(
    tx: Tx,
    *,
    unit: UnitCode | None = None,
    below: bool = False,
    holder: OfficerId | None = None,
    statuses: Sequence[Status] = (),
    come_back: bool = False,
    besides: Collection[CaseId] = (),
    due_limit: str = "",
    after: tuple[datetime | None, CaseId] | None = None,
    most: int = 20,
) -> list[Case]:
    """Open cases, the next limit first, those without one last; `after` is the last of the page before,
    `due_limit` the limit that ends next. `below`: also those of the units below `unit`. `come_back`: beside
    those of `statuses` also what has come back to the centre, whatever its state."""
    statement = _queue.where(*_wanted(unit, below, holder, statuses, come_back, besides)).limit(most)
    if due_limit:
        statement = statement.where(cases.c.due_limit == due_limit)
    if after is not None:
        statement = statement.where(_follows(*after))
    return _many(tx, statement, {})


def about_the_office(tx: Tx) -> list[Case]:
    """Open cases about the office itself (S5-2.3(2))."""
    return _many(tx, _about_the_office, {})


def oversee(tx: Tx, unit: UnitCode, above: UnitCode | None) -> None:
    """The tree of the units is this now: whose head oversees the open cases of a unit."""
    other = cases.c.overseen_by.is_distinct_from(above)
    tx.execute(update(cases).where(OPEN_CASE, cases.c.unit == unit, other).values(overseen_by=above))


def count_queue(
    tx: Tx,
    *,
    unit: UnitCode | None = None,
    below: bool = False,
    holder: OfficerId | None = None,
    statuses: Sequence[Status] = (),
    come_back: bool = False,
    besides: Collection[CaseId] = (),
) -> int:
    """How many there are on all pages of that queue."""
    return int(
        tx.execute(_count.where(*_wanted(unit, below, holder, statuses, come_back, besides))).scalar_one()
    )


def all_numbers(tx: Tx) -> list[tuple[CaseId, CaseNumber]]:
    rows = tx.execute(select(cases.c.id, cases.c.number).order_by(cases.c.id))
    return [(CaseId(row.id), CaseNumber(row.number)) for row in rows]


def _wanted(
    unit: UnitCode | None,
    below: bool,
    holder: OfficerId | None,
    statuses: Sequence[Status],
    come_back: bool,
    besides: Collection[CaseId],
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if unit is not None:
        own = cases.c.unit == unit
        found.append(or_(own, cases.c.overseen_by == unit) if below else own)
    if holder is not None:
        found.append(cases.c.holder == holder)
    if statuses:
        stands = cases.c.status.in_([status.value for status in statuses])
        found.append(or_(stands, cases.c.unit.is_(None)) if come_back else stands)
    if besides:
        found.append(cases.c.id.not_in(besides))
    return found


def _follows(due_at: datetime | None, last: CaseId) -> ColumnElement[bool]:
    """What stands behind this place of the queue."""
    due = cases.c.due_at
    if due_at is None:
        return and_(due.is_(None), cases.c.id > last)
    return or_(due > ms(due_at), and_(due == ms(due_at), cases.c.id > last), due.is_(None))


def _place(case: CaseId) -> str:
    return f"cases|particulars|{case}"


def _one(row: Row[Any] | None) -> Case:
    if row is None:
        raise CaseUnknown()
    return _from_row(row)


def _many(tx: Tx, statement: Select[Any], parameters: Mapping[str, Any]) -> list[Case]:
    return [_from_row(row) for row in tx.execute(statement, parameters)]


def _to_row(case: Case) -> dict[str, Any]:
    row = dict(vars(case))
    row["registered_at"] = ms(case.registered_at)
    for name in ("accepted_at", "closed_at", "due_at"):
        row[name] = ms(row[name]) if row[name] is not None else None
    row["happened_on"] = case.happened_on.isoformat() if case.happened_on else None
    row["demands"] = " ".join(case.demands)
    suggested = case.suggestion
    if (
        suggested is not None
    ):  # what was read out of the story, his phone among it, lies sealed with the story
        suggested = replace(suggested, slots={})
    row["suggestion"] = json.dumps(asdict(suggested), ensure_ascii=False) if suggested else None
    return row


def _from_row(row: Row[Any]) -> Case:
    kept = dict(row._mapping)
    kept["kind"], kept["status"] = Kind(row.kind), Status(row.status)
    kept["grade"], kept["channel"] = Grade(row.grade), Channel(row.channel)
    kept["registered_at"] = moment(row.registered_at)
    for name in ("accepted_at", "closed_at", "due_at"):
        kept[name] = moment(kept[name]) if kept[name] is not None else None
    kept["happened_on"] = date.fromisoformat(row.happened_on) if row.happened_on else None
    kept["demands"] = tuple(Demand(code) for code in row.demands.split())
    kept["ground"] = any_ground(row.ground) if row.ground else None
    kept["outcome"] = Outcome(row.outcome) if row.outcome else None
    kept["end_ground"] = EndGround(row.end_ground) if row.end_ground else None
    kept["suggestion"] = _suggestion(row.suggestion) if row.suggestion else None
    return Case(**kept)


def _suggestion(kept: str) -> Suggestion:
    values = json.loads(kept)
    for name in ("kind", "object", "nature", "unit"):
        values[name] = Guess(**values[name])
    values["alternatives"] = {
        what: tuple(Guess(**guess) for guess in guesses) for what, guesses in values["alternatives"].items()
    }
    values["because"] = tuple(Because(**because) for because in values["because"])
    values["urgent"] = tuple(values["urgent"])
    return Suggestion(**values)
