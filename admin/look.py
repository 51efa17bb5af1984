"""What a viewer may see of a case, gathered from the store. Recusal is checked before anything is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from admin.card import Seen
from casestore import access, matters, messages, publication, records
from casestore.codes import ApprovalKind, Role, Step
from casestore.model import Actor, Approval, Case, CaseId, Officer, Particulars
from casestore.store import Tx
from casestore.tables import approvals, cases, clocks, deputies, events, evidence, links, officers, outbox
from casestore.tables.clocks import Clock


def look(tx: Tx, case_id: CaseId, viewer: Officer | None, at: datetime) -> Seen:
    """Raises NotAuthorised or StaffRecused where this viewer may not see the case."""
    case = cases.get(tx, case_id)
    actor = Actor()
    if viewer is not None:
        recused, acting = officers.recused(tx, case_id), deputies.acting(tx, viewer, at)
        actor = replace(acting, stands_in_for=tuple(a for a in acting.stands_in_for if a.id not in recused))
        access.authorize(actor, Step.VIEW, case, recused=recused)
    requests = approvals.of_case(tx, case_id)
    request = _request(actor, case, [one for one in requests if one.decision is None])
    decided = next((one for one in reversed(requests) if one.decision is not None), None)
    running, kinds = clocks.running(tx, case_id), events.kinds(tx, case_id)
    reads_private = viewer is not None and Step.REVEAL in access.RIGHTS[viewer.role]
    told = cases.particulars(tx, case_id) if reads_private else None
    return Seen(
        case=case,
        viewer=viewer,
        stands_in_for=actor.stands_in_for,
        first=_name(tx, case.first_officer),
        holder=_name(tx, case.holder),
        request=request,
        requester=_name(tx, request.requested_by if request else None),
        decided=decided,
        decider=_name(tx, decided.decided_by if decided else None),
        undelivered=_undelivered(tx, case),
        provisional=_is_provisional(tx, case),
        extendable=any(clock.limit.extension and clock.extra == 0 for clock in running),
        recusal_asked=records.recusal_is_open(kinds),
        informer_withdrew="informer_withdrew" in kinds,
        publication=_publication(case, told, requests),
        repeats=_repeats(tx, case, actor) if viewer is not None else (),
        unanswered=messages.unanswered(kinds),
        paused_for=_pause(running),
        links=_links(tx, case_id, viewer),
        evidence=evidence.count_of_case(tx, case_id) if reads_private else 0,
        particulars=told,
    )


def _request(actor: Actor, case: Case, waiting: list[Approval]) -> Approval | None:
    """The oldest that waits; for who decides, the oldest that he may decide."""
    mine = [one for one in waiting if access.may(actor, Step.APPROVE, case, request=one)]
    return next(iter([*mine, *waiting]), None)


def _repeats(tx: Tx, case: Case, actor: Actor) -> tuple[Case, ...]:
    """Without those that do not exist for the viewer."""
    return tuple(
        one
        for one in matters.repeated(tx, case)
        if access.may(actor, Step.VIEW, one, recused=officers.recused(tx, one.id))
    )


def _publication(case: Case, told: Particulars | None, requests: Iterable[Approval]) -> str:
    """What the card says of 公示: `agreed` by the complainant, or `approved` by a supervisor too; "" of nothing."""
    if told is None:
        return ""
    if publication.is_agreed(case, told, requests):
        return "approved"
    waits = any(one.kind is ApprovalKind.PUBLICATION and one.decision is None for one in requests)
    return "" if waits or publication.refusal(case, told) else "agreed"


def _links(tx: Tx, case: CaseId, viewer: Officer | None) -> tuple[tuple[str, str], ...]:
    """Without the numbers of cases that do not exist for the viewer, or for somebody of the group."""
    shown = []
    for other, how in links.of_case(tx, case):
        found, recused = cases.get(tx, other), officers.recused(tx, other)
        hidden = bool(recused) if viewer is None else viewer.id in recused
        if found.own_office and (viewer is None or viewer.role is not Role.HEAD):
            hidden = True
        if not hidden:
            shown.append((found.number, how.value))
    return tuple(shown)


def _undelivered(tx: Tx, case: Case) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(owed.payload.get("code", "")), owed.error)
        for owed in outbox.undelivered(tx, case.id)
        if owed.kind is outbox.Kind.NOTICE
    )


def _is_provisional(tx: Tx, case: Case) -> bool:
    return any(
        clock.provisional for clock in clocks.running(tx, case.id) if clock.limit.code == case.due_limit
    )


def _pause(running: list[Clock]) -> str:
    """Why the limits stand still, where all of them do."""
    if not running or any(clock.paused_at is None for clock in running):
        return ""
    return min(running[0].causes).value


def _name(tx: Tx, officer: int | None) -> str:
    return officers.name(tx, officer) if officer is not None else ""
