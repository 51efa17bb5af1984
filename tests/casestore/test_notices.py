"""告知: every event of a case is told to exactly those who should hear of it."""

from __future__ import annotations

import ast
from pathlib import Path

from casestore import desk, lifecycle, notices, records
from casestore.codes import Kind
from casestore.notices import To

#: Every line by hand: S1-3.1(4) tells the citizen of each step, S9-6 the supervisor of a major case.
TOLD = {
    "registered": "duty", "supplement_asked": "citizen", "supplemented": "holder", "evidence_added": "holder",
    "accepted": "citizen", "declined": "citizen", "escalated": "supervisors", "approved": "holder",
    "refused": "holder", "dispatched": "citizen unit", "taken_over": "citizen", "returned": "citizen holder",
    "sent_back": "citizen duty holder", "handed_over": "unit holder", "relieved": "holder",
    "mediation_started": "citizen", "filed": "", "not_filed": "citizen", "not_handled": "citizen", "answered": "citizen", "answer_promised": "citizen",
    "closed": "citizen", "mediation_ended": "citizen", "settled": "citizen holder", "withdrawn": "holder",
    "informer_withdrew": "citizen holder",
    "reopened": "citizen duty", "archived": "",
    # Art. 21: a recusal is the supervisors' to decide, and the party hears of both; the duty or the unit goes on.
    "recused": "duty unit", "recusal_asked": "supervisors citizen", "recusal_decided": "citizen duty unit",
    "extension_asked": "supervisors", "declining_asked": "supervisors", "publication_asked": "supervisors",
    "request_lapsed": "holder", "linked": "holder", "opened_from_complaint": "duty", "released": "duty holder",
    # What is recorded stays in the office (S7-6), but for what moves the citizen's dates.
    "contacted": "", "urged": "", "enquired": "", "onsite_checked": "", "consent_recorded": "", "minutes_recorded": "",
    "testing_started": "citizen", "testing_ended": "citizen", "odr_started": "citizen", "odr_ended": "",
    "basis_recorded": "", "campaign_marked": "", "rectification_demanded": "", "rectification_checked": "", "followed_up": "", "evidence_checked": "",
    "other_office_told": "", "competence_disputed": "", "competence_settled": "", "commented": "holder", "noted": "",
    # 留言: the words go to the one side or the other.
    "message_sent": "citizen", "message_received": "answerer",
    "rated": "holder", "corrected": "holder", "correction_noted": "holder", "followed": "holder", "revealed": "", "limits_recomputed": "",
}  # fmt: skip


def test_each_event_is_told_to_those_who_should_hear_of_it() -> None:
    assert {event: " ".join(tell) for event, tell in notices.TABLE.items()} == TOLD


def test_every_event_that_can_happen_has_its_line() -> None:
    """The lifecycle's own events, and those the desk writes down beside it."""
    written = {row.event for row in lifecycle.TABLE} | {sheet.event for sheet in records.SHEETS}
    folder = Path(desk.__file__).parent
    trees = [
        ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        for name in ("desk", "requests", "matters", "messages", "reminding", "handing")
    ]
    words = {str(node.value) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert written <= set(notices.TABLE)
    assert set(notices.TABLE) - written <= words | {"approved", "refused"}


def test_a_citizen_hears_of_every_step_of_his_complaint_that_the_office_takes() -> None:
    """S1-3.1(4): whatever the office does to a complaint, also that a unit gives it back."""
    office_steps = {row.event for row in lifecycle.TABLE if Kind.COMPLAINT in row.kinds} - {
        "supplemented",
        "withdrawn",
        "archived",  # the file is put away; nothing happens to him
    }

    assert all(To.CITIZEN in notices.TABLE[event] for event in office_steps)


def test_an_informer_is_not_told_that_a_case_was_filed() -> None:
    """Art. 36 of 121号令: the notice of 立案 is owed no longer; whether it is given a person decides."""
    assert notices.TABLE["filed"] == ()
