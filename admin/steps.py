"""What somebody did, by the event that was written down; the texts of events speak to citizens."""

from __future__ import annotations

from casestore import lifecycle
from casestore.codes import Step

STEP_OF: dict[str, Step] = {row.event: row.step for row in lifecycle.TABLE} | {
    "registered": Step.REGISTER,
    "evidence_added": Step.SUPPLEMENT,
    "escalated": Step.ESCALATE,
    "approved": Step.APPROVE,
    "refused": Step.REFUSE,
    "recused": Step.RECUSE,
    "revealed": Step.REVEAL,
}
