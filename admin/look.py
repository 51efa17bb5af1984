"""What a viewer may see of a case, gathered from the store. Recusal is checked before anything is read."""

from __future__ import annotations

from admin.card import Seen
from casestore import access
from casestore.codes import Step
from casestore.model import Actor, Case, CaseId, Officer
from casestore.store import Tx
from casestore.tables import approvals, cases, clocks, evidence, officers, outbox


def look(tx: Tx, case_id: CaseId, viewer: Officer | None) -> Seen:
    """Raises NotAuthorised or StaffRecused where this viewer may not see the case."""
    case = cases.get(tx, case_id)
    if viewer is not None:
        access.authorize(Actor(officer=viewer), Step.VIEW, case, recused=officers.recused(tx, case_id))
    requests = approvals.of_case(tx, case_id)
    request = next((one for one in requests if one.decision is None), None)
    decided = next((one for one in reversed(requests) if one.decision is not None), None)
    reads_private = viewer is not None and Step.REVEAL in access.RIGHTS[viewer.role]
    return Seen(
        case=case,
        viewer=viewer,
        holder=_name(tx, case.holder),
        request=request,
        requester=_name(tx, request.requested_by if request else None),
        decided=decided,
        decider=_name(tx, decided.decided_by if decided else None),
        undelivered=_undelivered(tx, case),
        provisional=_is_provisional(tx, case),
        evidence=evidence.count_of_case(tx, case_id) if reads_private else 0,
        particulars=cases.particulars(tx, case_id) if reads_private else None,
    )


def _undelivered(tx: Tx, case: Case) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(owed.payload.get("code", "")), owed.error)
        for owed in outbox.undelivered(tx, case.id)
        if owed.kind is outbox.Kind.NOTICE
    )


def _is_provisional(tx: Tx, case: Case) -> bool:
    return any(
        clock.provisional for clock in clocks.running(tx, case.id) if clock.limit.code == case.due_limit
    )


def _name(tx: Tx, officer: int | None) -> str:
    return officers.name(tx, officer) if officer is not None else ""
