"""告知: who hears of what. One line an event; the sentences are `notice.*` and `staff.*` in the texts."""

from __future__ import annotations

from enum import StrEnum


class To(StrEnum):
    """Whom an event is told to, and how."""

    CITIZEN = "citizen"  # a sentence, on the platform he came from
    DUTY = "duty"  # the case's card, in the duty group and to the officers on duty
    UNIT = "unit"  # the case's card, to the people of the unit it is dispatched to
    SUPERVISORS = "supervisors"  # the case's card with 批准 and 驳回
    HOLDER = "holder"  # a sentence, to who holds the case, else to the duty group
    ANSWERER = "answerer"  # the citizen's own words, in private, to who may answer them


#: Every event also refreshes the card wherever it stands.
TABLE: dict[str, tuple[To, ...]] = {
    "registered": (To.DUTY,),  # the citizen has his receipt in the talk itself
    "supplement_asked": (To.CITIZEN,),
    "supplemented": (To.HOLDER,),
    "evidence_added": (To.HOLDER,),
    "accepted": (To.CITIZEN,),
    "declined": (To.CITIZEN,),
    "escalated": (To.SUPERVISORS,),
    "approved": (To.HOLDER,),
    "refused": (To.HOLDER,),
    "dispatched": (To.CITIZEN, To.UNIT),
    "taken_over": (To.CITIZEN,),
    "returned": (To.CITIZEN, To.HOLDER),
    "sent_back": (To.CITIZEN, To.DUTY, To.HOLDER),
    "handed_over": (To.UNIT, To.HOLDER),
    "relieved": (To.HOLDER,),
    "mediation_started": (To.CITIZEN,),
    "filed": (),  # art. 36: an informer is told where a law says so; a person decides
    "not_filed": (To.CITIZEN,),
    "not_handled": (To.CITIZEN,),
    "informer_withdrew": (To.CITIZEN, To.HOLDER),
    "answered": (To.CITIZEN,),
    "answer_promised": (To.CITIZEN,),
    "closed": (To.CITIZEN,),
    "mediation_ended": (To.CITIZEN,),
    "settled": (To.CITIZEN, To.HOLDER),
    "withdrawn": (To.HOLDER,),
    "reopened": (To.CITIZEN, To.DUTY),
    "archived": (),
    # ── 请示、回避、关联 ──
    "extension_asked": (To.SUPERVISORS,),
    "declining_asked": (To.SUPERVISORS,),
    "publication_asked": (To.SUPERVISORS,),
    "request_lapsed": (To.HOLDER,),
    "recused": (To.DUTY, To.UNIT),
    "recusal_asked": (To.SUPERVISORS, To.CITIZEN),
    "recusal_decided": (To.CITIZEN, To.DUTY, To.UNIT),
    "linked": (To.HOLDER,),
    "opened_from_complaint": (To.DUTY,),
    "released": (To.DUTY, To.HOLDER),
    # ── 记录 ──
    "contacted": (),
    "urged": (),
    "enquired": (),
    "onsite_checked": (),
    "consent_recorded": (),
    "minutes_recorded": (),
    "testing_started": (To.CITIZEN,),
    "testing_ended": (To.CITIZEN,),
    "basis_recorded": (),
    "rectification_demanded": (),
    "rectification_checked": (),
    "followed_up": (),
    "evidence_checked": (),
    "other_office_told": (),
    "competence_disputed": (),
    "competence_settled": (),
    "odr_started": (To.CITIZEN,),
    "odr_ended": (),
    "campaign_marked": (),
    "commented": (To.HOLDER,),
    "noted": (),
    # ── 留言 ──
    "message_sent": (To.CITIZEN,),
    "message_received": (To.ANSWERER,),
    # ── 市民 ──
    "rated": (To.HOLDER,),
    "corrected": (To.HOLDER,),
    "correction_noted": (To.HOLDER,),
    "followed": (To.HOLDER,),
    "revealed": (),
    "limits_recomputed": (),
}
