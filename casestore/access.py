"""Who may do what: one table of roles, one question for every channel, command and page (S8-1).

Default deny. Recusal beats every role; nobody decides his own request.
"""

from __future__ import annotations

from collections.abc import Collection

from casestore.codes import SUPERVISORS, UNIT_ROLES, Role, Step
from casestore.errors import NotAuthorised, OwnRequest, StaffRecused
from casestore.model import Actor, Approval, Case, OfficerId

_LOOK = {Step.VIEW}
_DESK_WORK = {
    Step.VIEW, Step.REVEAL, Step.REGISTER, Step.ASK_SUPPLEMENT, Step.ACCEPT, Step.DECLINE,
    Step.DISPATCH, Step.ANSWER, Step.ESCALATE, Step.RECUSE,
}  # fmt: skip
_UNIT_WORK = {
    Step.VIEW, Step.REVEAL, Step.TAKE_OVER, Step.RETURN, Step.MEDIATE, Step.FILE, Step.NOT_FILE,
    Step.CLOSE, Step.ESCALATE, Step.RECUSE,
}  # fmt: skip
_CITIZENS = frozenset({Step.SUPPLEMENT, Step.WITHDRAW})

#: S5-2.2: what each post may do. A unit's people only with cases of their own unit.
RIGHTS: dict[Role, frozenset[Step]] = {
    Role.HEAD: frozenset(_DESK_WORK | {Step.APPROVE, Step.REFUSE}),
    Role.DIRECTOR: frozenset(_DESK_WORK | {Step.APPROVE, Step.REFUSE}),
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
    if not officer.active or step not in RIGHTS[officer.role]:
        raise NotAuthorised(step=step)
    if officer.role in UNIT_ROLES and (officer.unit is None or officer.unit != case.unit):
        raise NotAuthorised(step=step)
    if step in (Step.APPROVE, Step.REFUSE) and request is not None and request.requested_by == officer.id:
        raise OwnRequest(case=case.number)


def may(actor: Actor, step: Step, case: Case, *, recused: Collection[OfficerId] = ()) -> bool:
    """As `authorize`, for deciding what to show."""
    try:
        authorize(actor, step, case, recused=recused)
    except NotAuthorised:
        return False
    return True


def is_supervisor(role: Role) -> bool:
    return role in SUPERVISORS
