"""请示与批准: what a supervisor decides, and what is carried out when he has.

One open request of each kind for a case. The requester never decides (the database refuses it too);
while a supervisor is away his deputy may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from casestore import access, lifecycle, publication, records
from casestore.codes import ApprovalKind, Decision, Grade, Ground, Step
from casestore.errors import (
    AlreadyEscalated,
    AwaitsApproval,
    NotExtendable,
    NothingToDecide,
    OwnRequest,
    ReasonMissing,
    RequestExpired,
    StepNotAllowed,
)
from casestore.house_rules import HouseRules
from casestore.lifecycle import Facts
from casestore.limits import Limit
from casestore.model import Actor, Approval, Case, CaseId, OfficerId, Taken
from casestore.reading.text import has_words
from casestore.store import Tx
from casestore.tables import approvals, cases, clocks, events, officers, pins

if TYPE_CHECKING:
    from casestore.desk import Desk

_ASKED = {
    ApprovalKind.ESCALATION: (Step.ESCALATE, "escalated"),
    ApprovalKind.EXTENSION: (Step.EXTEND, "extension_asked"),
    ApprovalKind.DECLINING: (Step.DECLINE, "declining_asked"),
    ApprovalKind.PUBLICATION: (Step.PUBLISH, "publication_asked"),
}


class Requests:
    """Part of the desk: every method is part of one unit of work and raises CaseError."""

    def __init__(self, desk: Desk, rules: HouseRules) -> None:
        self._desk, self.rules = desk, rules

    # ── asking ──

    def escalate(self, tx: Tx, case: CaseId, actor: Actor, reason: str, at: datetime) -> Taken:
        """升级: a supervisor is asked to decide; until then the case is not dispatched."""
        return self._ask(tx, case, ApprovalKind.ESCALATION, actor, reason, {}, at)

    def extend(self, tx: Tx, case: CaseId, actor: Actor, reason: str, at: datetime) -> Taken:
        """延长时限: the limit that runs and may be extended (15 + 15 working days, 90 + 30 days)."""
        self._desk.opened(
            tx, case, actor, Step.EXTEND
        )  # whom it is no business of learns nothing of its limits
        facts = {"limit": self.extendable(tx, case).code}
        return self._ask(tx, case, ApprovalKind.EXTENSION, actor, reason, facts, at)

    def extendable(self, tx: Tx, case: CaseId) -> Limit:
        """The limit that an extension would be of. Raises NotExtendable."""
        for clock in clocks.running(tx, case):
            if clock.limit.extension and clock.extra == 0:
                return clock.limit
        raise NotExtendable(case=cases.get(tx, case).number)

    def decline(self, tx: Tx, case: CaseId, actor: Actor, facts: Facts, at: datetime) -> Taken:
        """不予受理, where the office wants a supervisor to agree first. Raises what the step would."""
        self._desk.rehearse(tx, case, Step.DECLINE, actor, facts, at)
        wanted = {"ground": facts.ground or ""}
        words = facts.words or str(facts.ground)
        return self._ask(tx, case, ApprovalKind.DECLINING, actor, words, wanted, at)

    def publish(self, tx: Tx, case: CaseId, actor: Actor, reason: str, at: datetime) -> Taken:
        """公示: asked of a supervisor; the publication itself is the figures' work (see `publication`)."""
        found = self._desk.opened(tx, case, actor, Step.PUBLISH)
        told, asked = cases.particulars(tx, case), approvals.of_case(tx, case)
        if refusal := publication.refusal(found, told, asked):
            raise refusal
        return self._ask(tx, case, ApprovalKind.PUBLICATION, actor, reason, {}, at, of_a_done_case=True)

    def _ask(
        self,
        tx: Tx,
        case: CaseId,
        kind: ApprovalKind,
        actor: Actor,
        reason: str,
        facts: Mapping[str, str],
        at: datetime,
        *,
        of_a_done_case: bool = False,
    ) -> Taken:
        step, event = _ASKED[kind]
        found = self._desk.opened(tx, case, actor, step)
        if (found.status in lifecycle.DONE) is not of_a_done_case:
            raise StepNotAllowed(case=found.number, step=step, status=found.status)
        if not has_words(reason):
            raise ReasonMissing(case=found.number)
        if any(request.kind is kind and request.decision is None for request in approvals.of_case(tx, case)):
            raise AlreadyEscalated(case=found.number)
        by = actor.officer.id if actor.officer else None
        expires_at = None if kind is ApprovalKind.ESCALATION else at + self.rules.request_lasts
        approvals.request(tx, found.id, kind, by, reason, at, facts, expires_at)
        return self._desk.beside(tx, found, step, event, actor, at, dict(facts), reason)

    # ── deciding ──

    def decide(
        self,
        tx: Tx,
        case: CaseId,
        step: Step,
        actor: Actor,
        reason: str,
        at: datetime,
        request: int | None = None,
        pin: str = "",
    ) -> Taken:
        """批准 or 驳回 of the request `request`, or of the oldest open one; an approved one is carried out.

        `pin`: asked for by 批准 where the office says so. Raises PinMissing, PinWrong, PinLocked too.
        """
        found = cases.get(tx, case)
        waiting = [one for one in approvals.of_case(tx, case) if one.decision is None]
        wanted = next((one for one in waiting if request in (None, one.id)), None)
        access.authorize(actor, step, found, recused=officers.recused(tx, case), request=wanted)
        done = (
            wanted is not None
            and wanted.kind is not ApprovalKind.PUBLICATION
            and found.status in lifecycle.DONE
        )
        if wanted is None or actor.officer is None or done:
            raise NothingToDecide(case=found.number)
        if wanted.expires_at is not None and wanted.expires_at < at:
            raise RequestExpired(case=found.number)
        if step is Step.APPROVE and self.rules.pin_for_approvals:
            pins.check(tx, actor.officer.id, pin)
        if step is Step.APPROVE and wanted.kind is ApprovalKind.DECLINING:
            self._desk.rehearse(tx, case, Step.DECLINE, actor, _as_asked(wanted), at)
        if step is Step.APPROVE and wanted.kind is ApprovalKind.PUBLICATION:
            told = cases.particulars(tx, case)  # he may have taken his consent back meanwhile
            if refusal := publication.refusal(found, told):
                raise refusal
        decision = Decision.APPROVED if step is Step.APPROVE else Decision.REFUSED
        if not approvals.decide(tx, wanted, decision, actor.officer.id, reason, at):
            raise NothingToDecide(case=found.number)
        if wanted.kind is ApprovalKind.ESCALATION:
            found = replace(found, grade=Grade.MAJOR if decision is Decision.APPROVED else Grade.ORDINARY)
        elif decision is Decision.APPROVED:
            found = self._carry_out(tx, found, wanted, actor, at)
        facts = {"request": wanted.id, "kind": wanted.kind}
        taken = self._desk.beside(tx, found, step, decision.value, actor, at, facts, reason)
        return replace(taken, case=self._desk.handing.rehome(tx, taken.case, at))

    def _carry_out(self, tx: Tx, case: Case, wanted: Approval, by: Actor, at: datetime) -> Case:
        """In the name of who decided: the requester may be suspended or recused by now."""
        if wanted.kind is ApprovalKind.EXTENSION:
            return self._desk.clockwork.extend(tx, case, wanted.facts["limit"], by.name, at, wanted.id)
        if wanted.kind is ApprovalKind.DECLINING:
            return self._desk.take(tx, case.id, Step.DECLINE, by, _as_asked(wanted), at).case
        return case

    def ensure_agreed(self, case: Case, step: Step, asked: Iterable[Approval]) -> None:
        """不予受理 is a supervisor's to agree to, where the office says so. Raises AwaitsApproval."""
        agreed = any(
            one.kind is ApprovalKind.DECLINING and one.decision is Decision.APPROVED for one in asked
        )
        if step is Step.DECLINE and self.rules.declining_needs_approval and not agreed:
            raise AwaitsApproval(case=case.number)

    def expire(self, tx: Tx, case: CaseId, at: datetime) -> int:
        """Requests nobody decided in time fall as refused by nobody; how many."""
        fallen = [
            one
            for one in approvals.of_case(tx, case)
            if one.decision is None and one.expires_at is not None and one.expires_at < at
        ]
        for one in fallen:
            approvals.lapse(tx, one, at)
            self._desk.beside(
                tx, cases.get(tx, case), Step.VIEW, "request_lapsed", Actor(), at, {"kind": one.kind}, ""
            )
        return len(fallen)

    # ── 回避申请 (art. 21) ──

    def ask_recusal(self, tx: Tx, case: CaseId, actor: Actor, reason: str, at: datetime) -> Taken:
        """A party asks that an officer stay away; mediation is suspended until it is decided."""
        found = self._desk.opened(tx, case, actor, Step.ASK_RECUSAL)
        if found.status in lifecycle.DONE or found.holder is None:
            raise StepNotAllowed(case=found.number, step=Step.ASK_RECUSAL, status=found.status)
        if not has_words(reason):
            raise ReasonMissing(case=found.number)
        if records.recusal_is_open(events.kinds(tx, case)):
            raise AlreadyEscalated(case=found.number)
        facts = {"officer": found.holder}
        return self._desk.beside(tx, found, Step.ASK_RECUSAL, "recusal_asked", actor, at, facts, reason)

    def decide_recusal(
        self, tx: Tx, case: CaseId, actor: Actor, granted: bool, reason: str, at: datetime
    ) -> Taken:
        """A supervisor decides; granted, the case does not exist any more for whom it was about."""
        found = self._desk.opened(tx, case, actor, Step.DECIDE_RECUSAL)
        asked = records.of_event(events.outline(tx, case), "recusal_asked")
        if not records.recusal_is_open(events.kinds(tx, case)):
            raise NothingToDecide(case=found.number)
        officer = OfficerId(int(str(asked[-1].facts["officer"])))
        if actor.officer is not None and actor.officer.id == officer:
            raise OwnRequest(case=found.number)  # nobody decides about himself
        if granted:
            found = self._desk.without(tx, found, officer, at)
        facts = {"officer": officer, "granted": granted}
        taken = self._desk.beside(tx, found, Step.DECIDE_RECUSAL, "recusal_decided", actor, at, facts, reason)
        return replace(taken, case=self._desk.handing.rehome(tx, taken.case, at))


def _as_asked(wanted: Approval) -> Facts:
    """What is declined, as the requester put it; his words are told to the citizen where he wrote any."""
    ground = Ground(wanted.facts["ground"])
    return Facts(ground=ground, words="" if wanted.reason == ground else wanted.reason)
