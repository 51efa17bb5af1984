"""告知: every event of a case is told to exactly those who should hear of it."""

from __future__ import annotations

import ast
from pathlib import Path

from casestore import desk, lifecycle, notices
from casestore.codes import Kind
from casestore.notices import To

#: Every line by hand: S1-3.1(4) tells the citizen of each step, S9-6 the supervisor of a major case.
TOLD = {
    "registered": "duty", "supplement_asked": "citizen", "supplemented": "holder", "evidence_added": "holder",
    "accepted": "citizen", "declined": "citizen", "escalated": "supervisors", "approved": "holder",
    "refused": "holder", "dispatched": "citizen unit", "taken_over": "citizen", "returned": "citizen holder",
    "mediation_started": "citizen", "filed": "", "not_filed": "citizen", "answered": "citizen",
    "closed": "citizen", "withdrawn": "holder", "recused": "", "revealed": "",
}  # fmt: skip


def test_each_event_is_told_to_those_who_should_hear_of_it() -> None:
    assert {event: " ".join(tell) for event, tell in notices.TABLE.items()} == TOLD


def test_every_event_that_can_happen_has_its_line() -> None:
    """The lifecycle's own events, and those the desk writes down beside it."""
    written = {row.event for row in lifecycle.TABLE}
    tree = ast.parse(Path(desk.__file__).read_text(encoding="utf-8"))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert written <= set(notices.TABLE)
    assert set(notices.TABLE) - written <= {str(word) for word in words} | {"approved", "refused"}


def test_a_citizen_hears_of_every_step_of_his_complaint_that_the_office_takes() -> None:
    """S1-3.1(4): whatever the office does to a complaint, also that a unit gives it back."""
    office_steps = {row.event for row in lifecycle.TABLE if Kind.COMPLAINT in row.kinds} - {
        "supplemented",
        "withdrawn",
    }

    assert all(To.CITIZEN in notices.TABLE[event] for event in office_steps)


def test_an_informer_is_not_told_that_a_case_was_filed() -> None:
    """Art. 36 of 121号令: the notice of 立案 is owed no longer; whether it is given a person decides."""
    assert notices.TABLE["filed"] == ()
