"""上报与批准: who asked, who decided, why. The database itself refuses a requester who approves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from casestore.codes import ApprovalKind, Decision
from casestore.model import Approval, CaseId, OfficerId
from casestore.store import Tx
from casestore.tables.schema import approvals, moment, ms

_insert = insert(approvals)
_of_case = select(approvals).where(approvals.c.case_id == bindparam("case_")).order_by(approvals.c.id)
_open = select(approvals).where(approvals.c.decision.is_(None)).order_by(approvals.c.id)
_decide = update(approvals).where(approvals.c.id == bindparam("id_"), approvals.c.decision.is_(None))


def request(
    tx: Tx, case: CaseId, kind: ApprovalKind, by: OfficerId | None, reason: str, at: datetime
) -> Approval:
    """`by` None: the desk's own rules ask."""
    row_id = tx.ids()
    tx.execute(
        _insert,
        {
            "id": row_id,
            "case_id": case,
            "kind": kind,
            "requested_by": by,
            "requested_at": ms(at),
            "reason": tx.sealer.seal(reason, _place("reason", row_id)),
            "decision_reason": tx.sealer.seal("", _place("decision_reason", row_id)),
        },
    )
    return Approval(id=row_id, case=case, kind=kind, requested_by=by, requested_at=at, reason=reason)


def decide(tx: Tx, approval: Approval, decision: Decision, by: OfficerId, reason: str, at: datetime) -> bool:
    """False if somebody else was faster."""
    sealed = tx.sealer.seal(reason, _place("decision_reason", approval.id))
    values = {"decision": decision, "decided_by": by, "decided_at": ms(at), "decision_reason": sealed}
    return tx.execute(_decide.values(**values), {"id_": approval.id}).rowcount == 1


def of_case(tx: Tx, case: CaseId) -> tuple[Approval, ...]:
    return tuple(_from_row(tx, row) for row in tx.execute(_of_case, {"case_": case}))


def waiting(tx: Tx) -> list[Approval]:
    """All that no supervisor has decided yet."""
    return [_from_row(tx, row) for row in tx.execute(_open)]


def _place(column: str, row: int) -> str:
    return f"approvals|{column}|{row}"


def _from_row(tx: Tx, row: Row[Any]) -> Approval:
    return Approval(
        id=row.id,
        case=CaseId(row.case_id),
        kind=ApprovalKind(row.kind),
        requested_by=OfficerId(row.requested_by) if row.requested_by is not None else None,
        requested_at=moment(row.requested_at),
        reason=tx.sealer.open(row.reason, _place("reason", row.id)),
        decision=Decision(row.decision) if row.decision else None,
        decided_by=OfficerId(row.decided_by) if row.decided_by is not None else None,
        decided_at=moment(row.decided_at) if row.decided_at is not None else None,
        decision_reason=tx.sealer.open(row.decision_reason, _place("decision_reason", row.id)),
    )
