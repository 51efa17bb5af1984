"""预览: the notice a step would send to the citizen, read before it is taken."""

from __future__ import annotations

from collections.abc import Mapping

from casestore import lifecycle
from casestore.codes import Step
from casestore.model import Case
from casestore.units import Units
from dialogs.notice import notice
from dialogs.texts import Texts

#: The steps that are final and told at once: they are confirmed with the notice in sight.
CONFIRMED = frozenset({Step.DECLINE, Step.CLOSE, Step.END_MEDIATION})
_EVENTS = {row.step: row.event for row in lifecycle.TABLE}


def preview(texts: Texts, units: Units, case: Case, step: Step, given: Mapping[str, str]) -> str:
    """`given`: the step's ground, outcome and words, as the counter is given them."""
    facts = {
        "number": case.number,
        "unit": units.name(case.unit) if case.unit else "",
        **{name: given.get(name, "") for name in ("ground", "outcome", "end_ground", "words")},
    }
    return notice(texts, case.kind, _EVENTS[step], facts)
