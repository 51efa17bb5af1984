"""进度: the truth about a citizen's cases, in words."""

from __future__ import annotations

from datetime import datetime

from casestore.desk import Desk, own_case
from casestore.errors import CaseUnknown
from casestore.lifecycle import DONE
from casestore.limits import LIMITS, passes_at
from casestore.model import Case, CaseNumber, Event
from casestore.reading.amounts import yuan
from casestore.store import Tx
from casestore.tables import cases, citizens, events
from casestore.tables.citizens import Citizen
from casestore.workdays import china_day, in_words, last_day
from dialogs.texts import Texts

_QUERIES_AN_HOUR = 10
_SHOWN = 5
#: What is told a citizen of the history; reveals, records and the like are the office's own.
_TOLD = frozenset(
    {
        "registered", "supplement_asked", "supplemented", "evidence_added", "accepted", "declined",
        "dispatched", "taken_over", "returned", "sent_back", "mediation_started", "mediation_ended",
        "testing_started", "testing_ended", "odr_started", "odr_ended", "filed", "not_filed", "not_handled",
        "informer_withdrew", "answer_promised",
        "answered", "closed", "settled", "withdrawn", "reopened", "archived", "recusal_asked", "recusal_decided",
        "rated", "corrected", "correction_noted", "opened_from_complaint", "followed",
    }
)  # fmt: skip


class StatusDesk:
    """Answers 进度, a number or a query code."""

    def __init__(self, desk: Desk, texts: Texts) -> None:
        self._desk, self._texts, self._units = desk, texts, desk.units

    def mine(self, tx: Tx, citizen: Citizen, at: datetime) -> str:
        """His own cases, newest first."""
        own = cases.of_citizen(tx, citizen.id, most=_SHOWN)
        if not own:
            return self._texts.say("progress.none")
        shown = [self._line(tx, case, at) for case in own]
        return "\n\n".join([self._texts.say("progress.title"), *shown])

    def by_number(self, tx: Tx, citizen: Citizen, number: CaseNumber, at: datetime) -> str:
        """One of his own. A stranger's number and no number at all get the same answer."""
        if not citizens.count_query(tx, citizen, at, _QUERIES_AN_HOUR):
            return self._texts.say("progress.too_many")
        try:
            return self._one(tx, own_case(tx, citizen.id, number), at)
        except CaseUnknown:
            return self._texts.say("progress.unknown")

    def by_code(self, tx: Tx, citizen: Citizen, code: str, at: datetime) -> str:
        """Whoever has the query code may look, from any platform; a caller is known by it and hears of every
        step from then on."""
        if not citizens.count_query(tx, citizen, at, _QUERIES_AN_HOUR):
            return self._texts.say("progress.too_many")
        try:
            found = cases.by_query_code(tx, code)
        except CaseUnknown:
            return self._texts.say("progress.unknown")
        case = self._desk.follow(tx, found, citizen.id, at)
        shown = self._one(tx, case, at)
        return shown if case is found else f"{shown}\n{self._texts.say('progress.followed')}"

    def _line(self, tx: Tx, case: Case, at: datetime) -> str:
        told = [event for event in events.outline(tx, case.id) if event.kind in _TOLD]
        newest = told[-1]
        return self._texts.say(
            "progress.line",
            number=case.number,
            kind=self._texts.name("kind", case.kind),
            status=self._texts.name("status", case.status),
            last=self._texts.say(
                "progress.last",
                when=in_words(china_day(newest.at), china_day(at)),
                event=self._texts.name("event", newest.kind),
            ),
            due=self._due(case, at),
        )

    def _one(self, tx: Tx, case: Case, at: datetime) -> str:
        history = [
            self._texts.say(
                "progress.history",
                when=in_words(china_day(event.at), china_day(at)),
                event=f"{self._texts.name('event', event.kind)}{self._recovered(event)}",
            )
            for event in events.outline(tx, case.id)
            if event.kind in _TOLD
        ]
        unit = self._texts.say("progress.unit", unit=self._units.name(case.unit)) if case.unit else ""
        return self._texts.say(
            "progress.one",
            number=case.number,
            kind=self._texts.name("kind", case.kind),
            status=self._texts.name("status", case.status),
            history="\n".join(history),
            unit=unit,
            due=self._due(case, at),
        )

    def _recovered(self, event: Event) -> str:
        """挽回损失: what he got back, where it was closed with that."""
        fen = event.facts.get("recovered_fen")
        return self._texts.say("progress.recovered", amount=yuan(fen)) if isinstance(fen, int) and fen else ""

    def _due(self, case: Case, at: datetime) -> str:
        if case.due_at is None or case.status in DONE:
            return ""
        passed = passes_at(LIMITS[case.due_limit], case.due_at, self._desk.clockwork.duty)
        late = self._texts.say("progress.late") if at > passed else ""
        day = in_words(last_day(case.due_at), china_day(at))
        limit = self._texts.name("limit", case.due_limit)
        return self._texts.say("progress.due", day=day, limit=limit, late=late)
