"""上报与批准: who asked, who decided, why. The database itself refuses a requester who approves."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    tx: Tx,
    case: CaseId,
    kind: ApprovalKind,
    by: OfficerId | None,
    reason: str,
    at: datetime,
    facts: Mapping[str, str] | None = None,
    expires_at: datetime | None = None,
) -> Approval:
    """`by` None: the desk's own rules ask. `facts`: what is carried out once it is approved."""
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
            "facts": json.dumps(facts or {}, ensure_ascii=False),
            "expires_at": ms(expires_at) if expires_at else None,
        },
    )
    return Approval(
        id=row_id, case=case, kind=kind, requested_by=by, requested_at=at, reason=reason, facts=facts or {},
        expires_at=expires_at,
    )  # fmt: skip


def decide(tx: Tx, approval: Approval, decision: Decision, by: OfficerId, reason: str, at: datetime) -> bool:
    """False if somebody else was faster."""
    sealed = tx.sealer.seal(reason, _place("decision_reason", approval.id))
    values = {"decision": decision, "decided_by": by, "decided_at": ms(at), "decision_reason": sealed}
    return tx.execute(_decide.values(**values), {"id_": approval.id}).rowcount == 1


def lapse(tx: Tx, approval: Approval, at: datetime) -> None:
    """Nobody has decided it in time."""
    tx.execute(_decide.values(decision=Decision.LAPSED, decided_at=ms(at)), {"id_": approval.id})


def of_case(tx: Tx, case: CaseId) -> tuple[Approval, ...]:
    return tuple(_from_row(tx, row) for row in tx.execute(_of_case, {"case_": case}))


def overdue(tx: Tx, at: datetime) -> list[CaseId]:
    """Cases with a request that nobody decided in time."""
    late = select(approvals.c.case_id).where(approvals.c.decision.is_(None), approvals.c.expires_at < ms(at))
    return [CaseId(row.case_id) for row in tx.execute(late.distinct())]


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
        facts=json.loads(row.facts),
        expires_at=moment(row.expires_at) if row.expires_at is not None else None,
    )
