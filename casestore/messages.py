"""留言: words between who handles a case and its citizen, carried by the desk; neither sees the other's account.

Open while the case is open, and after the closing as long as the citizen may still ask for the case to be
taken up again (a complaint, 30 days): to know whether to ask, he may ask first. Not after 归档, 撤回 and
不予受理, whose notices name the other ways. Each side has so many messages a day and case.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from casestore import lifecycle
from casestore.codes import Step
from casestore.errors import InformerQuiet, MessagesClosed, NotInChat, ReasonMissing, TooManyMessages
from casestore.lifecycle import Facts, Situation
from casestore.model import Actor, Case, CaseId, Event, EvidenceId, Taken
from casestore.store import Tx
from casestore.tables import events, evidence
from casestore.workdays import china_day

if TYPE_CHECKING:
    from casestore.desk import Desk

#: From the office, and from the citizen.
SENT, RECEIVED = "message_sent", "message_received"
#: In one case, each way.
MOST_A_DAY = 10


class Messages:
    """Part of the desk: every method is part of one unit of work and raises CaseError."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def send(
        self, tx: Tx, case: CaseId, actor: Actor, words: str, at: datetime, seen: int | None = None
    ) -> Taken:
        """An officer's words to the citizen. `seen`: the version of the case he decided on."""
        found = self._desk.opened(tx, case, actor, Step.WRITE, seen)
        self.ensure_may_send(tx, found, at)
        if not words.strip():
            raise ReasonMissing(case=found.number)
        return self._desk.beside(tx, found, Step.WRITE, SENT, actor, at, {}, words)

    def receive(
        self, tx: Tx, case: CaseId, actor: Actor, words: str, items: tuple[EvidenceId, ...], at: datetime
    ) -> Taken:
        """The citizen's words to whoever handles his case; what he sent with them belongs to the matter."""
        found = self._desk.opened(tx, case, actor, Step.WRITE)
        _ensure_open(found, at)
        _ensure_not_too_many(tx, found, RECEIVED, at)
        evidence.attach(tx, items, found.id)
        return self._desk.beside(tx, found, Step.WRITE, RECEIVED, actor, at, {"items": len(items)}, words)

    def ensure_may_send(self, tx: Tx, case: Case, at: datetime) -> None:
        """Raises NotInChat, MessagesClosed, InformerQuiet, TooManyMessages."""
        if case.citizen is None:
            raise NotInChat(case=case.number)
        _ensure_open(case, at)
        if case.quiet and not unanswered(events.kinds(tx, case.id)):
            raise InformerQuiet(case=case.number)
        _ensure_not_too_many(tx, case, SENT, at)


def may_be_open(case: Case, at: datetime | None = None) -> bool:
    """Whether words may pass in a case as it stands; without a moment, but for how long ago it was closed."""
    if case.status not in lifecycle.DONE:
        return True
    reopens = lifecycle.find(case, Step.REOPEN) is not None
    return reopens and lifecycle.inside_the_window(Situation(case, Facts(), at=at)) is None


def unanswered(kinds: list[str]) -> int:
    """How many messages of the citizen came after the office's last, by what happened in order."""
    told = [kind for kind in kinds if kind in (SENT, RECEIVED)]
    return (told[::-1].index(SENT) if SENT in told else len(told)) if told else 0


def of_case(past: list[Event]) -> list[Event]:
    """The messages both ways, in order."""
    return [event for event in past if event.kind in (SENT, RECEIVED)]


def _ensure_open(case: Case, at: datetime) -> None:
    if not may_be_open(case, at):
        raise MessagesClosed(case=case.number)


def _ensure_not_too_many(tx: Tx, case: Case, kind: str, at: datetime) -> None:
    today = [
        event
        for event in events.outline(tx, case.id)
        if event.kind == kind and china_day(event.at) == china_day(at)
    ]
    if len(today) >= MOST_A_DAY:
        raise TooManyMessages(case=case.number, most=MOST_A_DAY)
