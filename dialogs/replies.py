"""回复模板: the office's approved words for citizens, by step and class; people edit `replies.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from casestore.codes import Kind, Step
from casestore.model import Case
from casestore.units import Units
from casestore.workdays import in_words, last_day
from dialogs.texts import Texts, placeholders

PACKAGED = Path(__file__).parent / "texts" / "replies.yaml"
_MOST_OFFERED = 8

#: The steps whose words go to the citizen.
STEPS = (
    Step.WRITE, Step.ASK_SUPPLEMENT, Step.DECLINE, Step.END_MEDIATION, Step.NOT_FILE, Step.CLOSE, Step.ANSWER,
    Step.DECIDE_RECUSAL,
)  # fmt: skip
#: What a template may name in braces of its case, beside the office's own facts.
CASE_FACTS = (
    "number", "kind", "class", "nature", "unit", "merchant", "limit_name", "due_day", "ground_name",
    "end_ground_name", "outcome_name", "department", "department_phone",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One template. An empty list of kinds, classes, natures, grounds or outcomes fits all of them; a class also
    fits the classes below it (G01: G0101)."""

    code: str
    title: str
    steps: tuple[Step, ...]
    text: str
    kinds: tuple[Kind, ...] = ()
    classes: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()

    def fits(self, case: Case, step: Step, given: Mapping[str, str]) -> bool:
        ground = given.get("ground") or given.get("end_ground") or ""
        return (
            step in self.steps
            and (not self.kinds or case.kind in self.kinds)
            and (not self.classes or case.object.startswith(self.classes))
            and (not self.natures or case.nature in self.natures)
            and (not self.grounds or ground in self.grounds)
            and (not self.outcomes or given.get("outcome", "") in self.outcomes)
        )

    @property
    def closeness(self) -> int:
        """How much it is for this matter and no other."""
        return sum(map(bool, (self.grounds, self.outcomes, self.classes, self.natures)))


class Replies:
    """All of them, by code. `public`: telephones of others, and texts, that everybody may read."""

    def __init__(self, replies: Iterable[Reply] = (), public: Iterable[str] = ()) -> None:
        self._replies = {reply.code: reply for reply in replies}
        self.public = tuple(public)

    def knowing(self, public: Iterable[str]) -> Replies:
        """With more that everybody may read."""
        return Replies(self, (*self.public, *public))

    def __getitem__(self, code: str) -> Reply:
        return self._replies[code]

    def __contains__(self, code: str) -> bool:
        return code in self._replies

    def __iter__(self) -> Iterator[Reply]:
        return iter(self._replies.values())

    def offered(
        self, case: Case, step: Step, given: Mapping[str, str], facts: Mapping[str, str]
    ) -> list[Reply]:
        """Those that fit and whose placeholders can all be filled, the closest first."""
        fitting = [
            reply
            for reply in self
            if reply.fits(case, step, given) and all(facts.get(name) for name in placeholders(reply.text))
        ]
        return sorted(fitting, key=lambda reply: -reply.closeness)[:_MOST_OFFERED]


def facts_of(case: Case, texts: Texts, units: Units, given: Mapping[str, str]) -> dict[str, str]:
    """What fills the placeholders for a case; "" where the case has nothing to say. `given`: what was chosen."""
    suggested = case.suggestion
    ends = last_day(case.due_at) if case.due_at is not None else None
    return texts.office | {
        "number": case.number,
        "kind": texts.name("kind", case.kind),
        "class": suggested.object.name if suggested is not None and suggested.object.code else "",
        "nature": suggested.nature.name if suggested is not None and suggested.nature.code else "",
        "unit": units.name(case.unit) if case.unit else "",
        "merchant": case.merchant,
        "limit_name": texts.name("limit", case.due_limit),
        "due_day": in_words(ends, ends) if ends is not None else "",
        "ground_name": texts.name("ground", given.get("ground") or case.ground),
        "end_ground_name": texts.name("end_ground", given.get("end_ground") or case.end_ground),
        "outcome_name": texts.name("outcome", given.get("outcome") or case.outcome),
        "department": suggested.department if suggested is not None else "",
        "department_phone": suggested.hotline if suggested is not None else "",
    }
