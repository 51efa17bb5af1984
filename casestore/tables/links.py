"""关联: which cases belong together, and how. A link is seen from both sides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.dialects.sqlite import insert

from casestore.codes import LinkKind
from casestore.model import CaseId
from casestore.store import Tx
from casestore.tables.schema import case_links, ms

_put = insert(case_links).on_conflict_do_nothing()
_of_case = (
    select(case_links)
    .where(or_(case_links.c.case_id == bindparam("case_"), case_links.c.other == bindparam("case_")))
    .order_by(case_links.c.at)
)


def put(tx: Tx, case: CaseId, other: CaseId, kind: LinkKind, at: datetime) -> None:
    """`case` is the one that is linked to `other`: the later one, or the one opened from it."""
    tx.execute(_put, {"case_id": case, "other": other, "kind": kind, "at": ms(at)})


def of_case(tx: Tx, case: CaseId) -> list[tuple[CaseId, LinkKind]]:
    """The cases on the other side of each link."""
    return [
        (CaseId(row.other if row.case_id == case else row.case_id), LinkKind(row.kind))
        for row in tx.execute(_of_case, {"case_": case})
    ]
