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
    "mediation_started": (To.CITIZEN,),
    "filed": (),  # art. 36: an informer is told where a law says so; a person decides
    "not_filed": (To.CITIZEN,),
    "answered": (To.CITIZEN,),
    "closed": (To.CITIZEN,),
    "withdrawn": (To.HOLDER,),
    "recused": (),
    "revealed": (),
}
