"""Who may do what: one table of roles, one question for every channel, command and page (S8-1).

Default deny. Recusal beats every role; nobody decides his own request. A deputy decides what the supervisor
in whose place he stands may decide, and only that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from casestore.codes import UNIT_ROLES, Role, Status, Step
from casestore.errors import NotAuthorised, OwnRequest, StaffRecused
from casestore.model import Actor, Approval, Case, Officer, OfficerId

_AT_THE_DESK = (Status.REGISTERED, Status.SUPPLEMENTING, Status.ACCEPTED, Status.DISPATCHED)
_LOOK = {Step.VIEW}
_DESK_WORK = {
    Step.VIEW, Step.REVEAL, Step.REGISTER, Step.ASK_SUPPLEMENT, Step.SUPPLEMENT, Step.ACCEPT, Step.DECLINE,
    Step.DISPATCH, Step.ANSWER, Step.ESCALATE, Step.RECUSE, Step.RECORD, Step.LINK, Step.REOPEN, Step.WITHDRAW,
    Step.SETTLE, Step.ARCHIVE, Step.ASK_RECUSAL, Step.EXTEND, Step.NOT_HANDLE, Step.PUBLISH, Step.WRITE,
}  # fmt: skip
_UNIT_WORK = {
    Step.VIEW, Step.REVEAL, Step.TAKE_OVER, Step.RETURN, Step.MEDIATE, Step.END_MEDIATION, Step.FILE,
    Step.NOT_FILE, Step.CLOSE, Step.SETTLE, Step.ESCALATE, Step.RECUSE, Step.RECORD, Step.LINK, Step.EXTEND,
    Step.ASK_RECUSAL, Step.HAND_OVER, Step.WRITE,
}  # fmt: skip
_DECIDES = {Step.APPROVE, Step.REFUSE, Step.DECIDE_RECUSAL}
#: S5-2.3(2): a case about the office itself is the head's alone, from the first step to the last.
HEADS_ALONE = frozenset((_DESK_WORK | _UNIT_WORK | _DECIDES) - {Step.ESCALATE, Step.HAND_OVER})
#: S9-5, S3-1.5: what the head of the unit above does in a case of a unit below: he sees it and sees to it, he
#: guides, reports and sends it back to the centre; the handling stays with the unit.
OVERSIGHT = frozenset({Step.VIEW, Step.REVEAL, Step.RECORD, Step.RETURN, Step.ESCALATE, Step.RECUSE})
_CITIZENS = frozenset({
    Step.SUPPLEMENT, Step.WITHDRAW, Step.SETTLE, Step.REOPEN, Step.RATE, Step.ASK_RECUSAL, Step.CORRECT, Step.WRITE,
})  # fmt: skip

#: S5-2.2: what each post may do. A unit's people only with cases of their own unit, its head also what is
#: `OVERSIGHT` in cases of the units below.
RIGHTS: dict[Role, frozenset[Step]] = {
    Role.HEAD: frozenset(_DESK_WORK | _DECIDES),
    Role.DIRECTOR: frozenset(_DESK_WORK | _DECIDES),
    Role.OFFICER: frozenset(_DESK_WORK),
    Role.UNIT_HEAD: frozenset(_UNIT_WORK),
    Role.HANDLER: frozenset(_UNIT_WORK),
    Role.VOLUNTEER: frozenset(_LOOK),
    Role.AUDITOR: frozenset(_LOOK),
}


def authorize(
    actor: Actor,
    step: Step,
    case: Case,
    *,
    recused: Collection[OfficerId] = (),
    request: Approval | None = None,
) -> None:
    """Let `actor` do `step` to `case`, or raise NotAuthorised, StaffRecused, OwnRequest.

    `recused`: who declared an interest in this case (回避). `request`: what APPROVE or REFUSE decides.
    """
    officer = actor.officer
    if officer is None:
        if actor.citizen is None or (actor.citizen == case.citizen and step in _CITIZENS):
            return  # the desk's own rules, or the citizen in his own matter
        raise NotAuthorised(step=step)
    if officer.id in recused:
        raise StaffRecused(case=case.number)
    rights = RIGHTS[officer.role]
    in_place_of = _absent(actor, step, case, recused)
    if case.own_office:
        rights, in_place_of = HEADS_ALONE if officer.role is Role.HEAD else frozenset(), None
    if not officer.active or (step not in rights and in_place_of is None):
        raise NotAuthorised(step=step)
    if officer.role in UNIT_ROLES and not _is_of_his_unit(officer, step, case):
        raise NotAuthorised(step=step)
    of_the_unit = officer.role in UNIT_ROLES
    if step is Step.WRITE and not case.own_office and of_the_unit is not is_at_the_unit(case):
        raise NotAuthorised(step=step)  # one voice speaks to the citizen: whose turn it is
    asked_by = request.requested_by if request is not None and step in (Step.APPROVE, Step.REFUSE) else None
    if asked_by is not None and asked_by in (officer.id, in_place_of):
        raise OwnRequest(case=case.number)


def _is_of_his_unit(officer: Officer, step: Step, case: Case) -> bool:
    if officer.unit is None:
        return False
    oversees = officer.role is Role.UNIT_HEAD and officer.unit == case.overseen_by and step in OVERSIGHT
    return officer.unit == case.unit or oversees


def _absent(actor: Actor, step: Step, case: Case, recused: Collection[OfficerId]) -> OfficerId | None:
    """Who is away and would decide this himself, where the actor has not the right of his own post."""
    officer = actor.officer
    if officer is None or step not in _DECIDES or step in RIGHTS[officer.role]:
        return None
    return next(
        (
            absent.id
            for absent in actor.stands_in_for
            if absent.active and absent.id not in recused and step in RIGHTS[absent.role]
        ),
        None,
    )


def is_at_the_unit(case: Case) -> bool:
    """Whether a unit has confirmed receipt; until then the desk answers for the case (首问责任, S2-4.1)."""
    return case.unit is not None and case.status not in _AT_THE_DESK


def may(
    actor: Actor,
    step: Step,
    case: Case,
    *,
    recused: Collection[OfficerId] = (),
    request: Approval | None = None,
) -> bool:
    """As `authorize`, for deciding what to show."""
    try:
        authorize(actor, step, case, recused=recused, request=request)
    except NotAuthorised:
        return False
    return True


def who_may_see(
    people: Iterable[tuple[Officer, str]], case: Case, recused: Collection[OfficerId]
) -> list[tuple[Officer, str]]:
    """Those of them who may see the case."""
    return [one for one in people if may(Actor(officer=one[0]), Step.VIEW, case, recused=recused)]
