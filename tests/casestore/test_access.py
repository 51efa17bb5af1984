"""Who may do what. The matrix is written by hand, post by post (S5-2.2, S8-1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casestore.access import RIGHTS, authorize, may
from casestore.codes import SUPERVISORS, UNIT_ROLES, Role, Status, Step
from casestore.errors import NotAuthorised, OwnRequest, StaffRecused
from casestore.model import DESK, Actor, CitizenId, OfficerId, UnitCode
from tests.casestore.builders import CITIZEN, FOOD, QUALITY, a_case, a_request, an_officer, of

#          head director officer unit_head handler volunteer auditor
MATRIX = """
register        x x x . . . .
ask_supplement  x x x . . . .
supplement      x x x . . . .
accept          x x x . . . .
decline         x x x . . . .
dispatch        x x x . . . .
take_over       . . . x x . .
return          . . . x x . .
send_back       . . . . . . .
hand_over       . . . x x . .
mediate         . . . x x . .
file            . . . x x . .
not_file        . . . x x . .
answer          x x x . . . .
close           . . . x x . .
end_mediation   . . . x x . .
not_handle      x x x . . . .
publish         x x x . . . .
settle          x x x x x . .
withdraw        x x x . . . .
reopen          x x x . . . .
archive         x x x . . . .
record          x x x x x . .
link            x x x x x . .
write           x x x x x . .
extend          x x x x x . .
ask_recusal     x x x x x . .
decide_recusal  x x . . . . .
rate            . . . . . . .
correct         . . . . . . .
escalate        x x x x x . .
approve         x x . . . . .
refuse          x x . . . . .
recuse          x x x x x . .
view            x x x x x x x
reveal          x x x x x . .
"""
POSTS = (Role.HEAD, Role.DIRECTOR, Role.OFFICER, Role.UNIT_HEAD, Role.HANDLER, Role.VOLUNTEER, Role.AUDITOR)
MAY = {
    (role, Step(step)): mark == "x"
    for step, *marks in (line.split() for line in MATRIX.strip().splitlines())
    for role, mark in zip(POSTS, marks, strict=True)
}


def test_the_matrix_speaks_of_every_post_and_every_step() -> None:
    assert set(MAY) == {(role, step) for role in Role for step in Step}
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", Step)
def test_a_post_may_do_what_its_line_says_and_nothing_else(role: Role, step: Step) -> None:
    """Default deny: what is not marked is refused."""
    case = a_case(Status.TAKEN_OVER)
    if step is Step.WRITE and role not in UNIT_ROLES:
        case = a_case(Status.DISPATCHED)  # while it is the desk's turn: see below

    assert may(of(role), step, case) is MAY[role, step]
    if not MAY[role, step]:
        with pytest.raises(NotAuthorised):
            authorize(of(role), step, case)


@pytest.mark.parametrize(
    ("status", "unit", "desk", "of_unit"),
    [
        (Status.REGISTERED, None, True, False),
        (Status.SUPPLEMENTING, None, True, False),
        (Status.ACCEPTED, None, True, False),
        (Status.DISPATCHED, FOOD, True, False),  # not confirmed: the desk answers for it still (S2-4.1)
        (Status.TAKEN_OVER, FOOD, False, True),
        (Status.MEDIATING, FOOD, False, True),
        (Status.MEDIATION_ENDED, FOOD, False, True),
        (Status.FILED, FOOD, False, True),
        (Status.CLOSED, FOOD, False, True),
        (Status.CLOSED, None, True, False),  # a consultation that the desk answered
    ],
)
def test_one_voice_writes_to_the_citizen(
    status: Status, unit: UnitCode | None, desk: bool, of_unit: bool
) -> None:
    """留言: the desk while the case is there, the unit from its receipt on; another unit never."""
    case = a_case(status, unit=unit)

    for role in (Role.HEAD, Role.DIRECTOR, Role.OFFICER):
        assert may(of(role), Step.WRITE, case) is desk
    for role in (Role.UNIT_HEAD, Role.HANDLER):
        assert may(of(role), Step.WRITE, case) is of_unit
        assert not may(of(role, QUALITY), Step.WRITE, case)
    for role in (Role.VOLUNTEER, Role.AUDITOR):
        assert not may(of(role), Step.WRITE, case)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", Step)
def test_recusal_beats_every_post(role: Role, step: Step) -> None:
    """S7-5b, art. 21: whoever declared an interest may not touch the case, nor look at it."""
    actor = of(role)

    with pytest.raises(StaffRecused):
        authorize(actor, step, a_case(), recused={OfficerId(1)})
    assert not may(actor, step, a_case(), recused={OfficerId(1)})


def test_another_persons_recusal_binds_nobody_else() -> None:
    authorize(of(Role.OFFICER), Step.ACCEPT, a_case(), recused={OfficerId(2)})


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.HANDLER])
@pytest.mark.parametrize("step", Step)
def test_a_units_people_touch_only_their_own_units_cases(role: Role, step: Step) -> None:
    """Art. 41, S7-6: not another unit's, not one at the centre; without a unit none at all."""
    assert not may(of(role, QUALITY), step, a_case(Status.TAKEN_OVER, unit=FOOD))
    assert not may(of(role, FOOD), step, a_case(Status.ACCEPTED, unit=None))
    nowhere = Actor(officer=an_officer(role, None))
    assert not may(nowhere, step, a_case(Status.TAKEN_OVER, unit=FOOD))
    assert not may(nowhere, step, a_case(Status.ACCEPTED, unit=None))


@pytest.mark.parametrize("step", Step)
def test_the_head_of_the_unit_above_sees_to_a_case_and_does_not_handle_it(step: Step) -> None:
    """S9-5, S3-1.5: he sees it, guides, reports, sends it back; nobody else of his unit does, nor who is above
    of another unit, nor a unit below of what is above."""
    case = a_case(Status.TAKEN_OVER, unit=FOOD, overseen_by=QUALITY)
    oversees = step.value in {"view", "reveal", "record", "return", "escalate", "recuse"}

    assert may(of(Role.UNIT_HEAD, QUALITY), step, case) is oversees
    assert not may(of(Role.HANDLER, QUALITY), step, case)
    assert not may(of(Role.UNIT_HEAD, FOOD), step, a_case(Status.TAKEN_OVER, unit=QUALITY))
    assert not may(of(Role.UNIT_HEAD, QUALITY), step, replace(case, own_office=True))
    with pytest.raises(StaffRecused):
        authorize(of(Role.UNIT_HEAD, QUALITY), step, case, recused={OfficerId(1)})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", Step)
def test_a_suspended_person_may_do_nothing(role: Role, step: Step) -> None:
    officer = replace(an_officer(role, FOOD), active=False)

    assert not may(Actor(officer=officer), step, a_case())


@pytest.mark.parametrize("role", [Role.HEAD, Role.DIRECTOR])
@pytest.mark.parametrize("step", [Step.APPROVE, Step.REFUSE])
def test_nobody_decides_his_own_request(role: Role, step: Step) -> None:
    """Issue 2: requester ≠ approver; another's and the desk's own request may be decided."""
    with pytest.raises(OwnRequest):
        authorize(of(role), step, a_case(), request=a_request(by=OfficerId(1)))
    authorize(of(role), step, a_case(), request=a_request(by=OfficerId(2)))
    authorize(of(role), step, a_case(), request=a_request(by=None))


@pytest.mark.parametrize("step", Step)
def test_a_citizen_does_his_own_part_in_his_own_case_and_nothing_else(step: Step) -> None:
    """补充、撤回、和解、重新办理、评价、申请回避、更正、留言."""
    own = step in (
        Step.SUPPLEMENT, Step.WITHDRAW, Step.SETTLE, Step.REOPEN, Step.RATE, Step.ASK_RECUSAL, Step.CORRECT,
        Step.WRITE,
    )  # fmt: skip

    assert may(Actor(citizen=CITIZEN), step, a_case()) is own
    assert not may(Actor(citizen=CitizenId(71)), step, a_case())
    assert not may(Actor(citizen=CITIZEN), step, a_case(citizen=None))


@pytest.mark.parametrize("step", Step)
def test_a_case_about_the_office_itself_is_the_heads_alone(step: Step) -> None:
    """S5-2.3(2): nobody else sees it; the head handles it to its end, with nobody above to ask."""
    case = a_case(Status.TAKEN_OVER, own_office=True)
    nobodys = step in (Step.RATE, Step.CORRECT, Step.SEND_BACK, Step.HAND_OVER, Step.ESCALATE)

    assert may(of(Role.HEAD), step, case) is not nobodys
    for role in set(Role) - {Role.HEAD}:
        assert not may(of(role), step, case)


@pytest.mark.parametrize("step", Step)
def test_a_deputy_decides_what_the_absent_supervisor_may_and_does_nothing_else_of_his(step: Step) -> None:
    """代行审批: he keeps the rights of his own post and has the decisions besides."""
    director = an_officer(Role.DIRECTOR, id=OfficerId(9))
    deputy = replace(of(Role.OFFICER), stands_in_for=(director,))
    decides = step in (Step.APPROVE, Step.REFUSE, Step.DECIDE_RECUSAL)

    assert may(deputy, step, a_case()) is (MAY[Role.OFFICER, step] or decides)
    if decides:
        assert not may(deputy, step, a_case(), recused={OfficerId(1)})
        assert not may(deputy, step, a_case(), recused={OfficerId(9)})
        assert not may(deputy, step, a_case(own_office=True))


def test_a_deputy_decides_neither_his_own_request_nor_that_of_whom_he_stands_in_for() -> None:
    director = an_officer(Role.DIRECTOR, id=OfficerId(9))
    deputy = replace(of(Role.OFFICER), stands_in_for=(director,))

    for asked_by in (OfficerId(1), OfficerId(9)):
        with pytest.raises(OwnRequest):
            authorize(deputy, Step.APPROVE, a_case(), request=a_request(by=asked_by))
    authorize(deputy, Step.APPROVE, a_case(), request=a_request(by=OfficerId(2)))


@pytest.mark.parametrize("step", Step)
def test_the_desks_own_rules_are_not_asked_for_a_post(step: Step) -> None:
    authorize(DESK, step, a_case())


def test_an_officer_who_is_also_the_citizen_acts_by_his_post() -> None:
    """An officer's account gives him no citizen's rights in the staff chat."""
    both = Actor(officer=an_officer(Role.OFFICER), citizen=CITIZEN)

    assert not may(both, Step.RATE, a_case())
    assert not may(both, Step.CORRECT, a_case())


def test_supervisor_means_head_or_director() -> None:
    assert {Role.HEAD, Role.DIRECTOR} == SUPERVISORS
