"""公示消费投诉信息 (第三十八条): which complaint may be published, and when that is agreed.

Nothing is published here. Who publishes asks `is_agreed` at that moment: the complainant may have taken his
consent back since (PIPL 15), and the case may have been taken up again.
"""

from __future__ import annotations

from collections.abc import Iterable

from casestore.codes import ApprovalKind, Decision, Kind, Status, Step
from casestore.errors import CaseError, PublicationApproved, PublicationNotAgreed, StepNotAllowed
from casestore.model import Approval, Case, Particulars


def refusal(case: Case, told: Particulars, asked: Iterable[Approval] = ()) -> CaseError | None:
    """Why a supervisor is not asked, or does not agree. C7: never a report, only with the complainant's consent,
    only once it is closed, and once as it was closed."""
    if case.kind is not Kind.COMPLAINT or not told.publish:
        return PublicationNotAgreed(case=case.number)
    if case.status is not Status.CLOSED:
        return StepNotAllowed(case=case.number, step=Step.PUBLISH, status=case.status)
    return PublicationApproved(case=case.number) if is_approved(case, asked) else None


def is_approved(case: Case, asked: Iterable[Approval]) -> bool:
    """Whether a supervisor has agreed to it as it was closed last."""
    closed_at = case.closed_at
    return closed_at is not None and any(
        one.kind is ApprovalKind.PUBLICATION
        and one.decision is Decision.APPROVED
        and one.decided_at is not None
        and one.decided_at >= closed_at
        for one in asked
    )


def is_agreed(case: Case, told: Particulars, asked: Iterable[Approval]) -> bool:
    """Whether the complaint may be published now: its complainant and a supervisor agree."""
    over = case.kind is Kind.COMPLAINT and case.status in (Status.CLOSED, Status.ARCHIVED)
    return over and told.publish and is_approved(case, asked)
