"""发给市民的话: the templates that fit, and the check before anything goes out."""

from __future__ import annotations

from collections.abc import Mapping

from admin.doing import facts_of
from admin.preview import told
from casestore.codes import Step
from casestore.model import Case
from casestore.store import Tx
from casestore.tables import cases, links
from casestore.units import Units
from dialogs import findings, replies
from dialogs.findings import Fault, Outgoing
from dialogs.replies import Replies, Reply
from dialogs.texts import Texts

#: The steps of which somebody's words are told to the citizen.
WITH_WORDS = frozenset({*replies.STEPS, Step.MEDIATE, Step.NOT_HANDLE})


class Checkpoint:
    """Every word for a citizen passes here, typed or from a template."""

    def __init__(self, texts: Texts, units: Units, templates: Replies) -> None:
        self._texts, self._units, self._templates = texts, units, templates

    def offered(self, case: Case, step: Step, given: Mapping[str, str]) -> list[Reply]:
        facts = replies.facts_of(case, self._texts, self._units, given)
        return self._templates.offered(case, step, given, facts)

    def filled(self, case: Case, code: str, given: Mapping[str, str]) -> str:
        """A template for this case; "" where there is none of this code any more."""
        if code not in self._templates:
            return ""
        facts = replies.facts_of(case, self._texts, self._units, given)
        return self._texts.fill(self._templates[code].text, facts)

    def check(self, tx: Tx, case: Case, step: Step, given: Mapping[str, str]) -> list[Fault]:
        """What is only worth a hint. Raises the error of what must not go out; nothing where nobody is told."""
        if step not in WITH_WORDS or case.citizen is None or "days" in given:
            return []
        found = list(findings.check(self._outgoing(tx, case, step, given)))
        for finding in found:
            if finding.refuses:
                words = "、".join(self._texts.name("personal", what) for what in finding.what)
                raise findings.refusal(finding, case.number, words)
        return [finding.fault for finding in found]

    def _outgoing(self, tx: Tx, case: Case, step: Step, given: Mapping[str, str]) -> Outgoing:
        facts = facts_of(step, given)
        whole = told(self._units, case, {**given, **facts.fields, "words": facts.words})
        public = [*self._templates.public, *([case.suggestion.hotline] if case.suggestion else [])]
        return findings.outgoing(self._texts, case.kind, step, whole, _names(tx, case), public)


def _names(tx: Tx, case: Case) -> list[str]:
    """Whom the case knows, and the cases linked with it: an informer, the others of a joint complaint."""
    known = [case.id, *(other for other, _ in links.of_case(tx, case.id))]
    return [name for one in known for name in findings.names_of(cases.particulars(tx, one))]
