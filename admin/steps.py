"""What somebody did, by the event that was written down; the texts of events speak to citizens."""

from __future__ import annotations

from casestore import lifecycle, records
from casestore.codes import Step

STEP_OF: dict[str, Step] = (
    {row.event: row.step for row in lifecycle.TABLE}
    | {
        "registered": Step.REGISTER,
        "evidence_added": Step.SUPPLEMENT,
        "escalated": Step.ESCALATE,
        "approved": Step.APPROVE,
        "refused": Step.REFUSE,
        "recused": Step.RECUSE,
        "handed_over": Step.HAND_OVER,
        "revealed": Step.REVEAL,
        "linked": Step.LINK,
        "extension_asked": Step.EXTEND,
        "declining_asked": Step.DECLINE,
        "publication_asked": Step.PUBLISH,
        "informer_withdrew": Step.WITHDRAW,
        "recusal_asked": Step.ASK_RECUSAL,
        "recusal_decided": Step.DECIDE_RECUSAL,
        "answer_promised": Step.ANSWER,
        "message_sent": Step.WRITE,
        "message_received": Step.WRITE,
    }
    | {sheet.event: Step.RECORD for sheet in records.SHEETS}
)
