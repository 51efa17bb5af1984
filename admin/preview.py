"""预览: the notice a step would send to the citizen, read before it is taken."""

from __future__ import annotations

from collections.abc import Mapping

from casestore.codes import Step
from casestore.model import Case
from casestore.units import Units
from dialogs.notice import EVENT_OF, notice
from dialogs.texts import Texts

#: The steps that are final and told at once: they are confirmed with the notice in sight.
CONFIRMED = frozenset(
    {Step.DECLINE, Step.CLOSE, Step.SETTLE, Step.END_MEDIATION, Step.NOT_FILE, Step.NOT_HANDLE}
)
_TOLD = (
    "ground", "outcome", "end_ground", "granted", "when", "place", "mediators", "recovered_fen", "words", "first",
)  # fmt: skip


def preview(texts: Texts, units: Units, case: Case, step: Step, given: Mapping[str, str]) -> str:
    """`given`: the step's ground, outcome and words, as the counter is given them; the `first` report of a repeat."""
    return notice(texts, case.kind, EVENT_OF[step], told(units, case, given))


def told(units: Units, case: Case, given: Mapping[str, str]) -> dict[str, str]:
    """The facts of the notice."""
    return {
        "number": case.number,
        "unit": units.name(case.unit) if case.unit else "",
        **{name: given.get(name, "") for name in _TOLD},
    }
