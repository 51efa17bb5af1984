"""请示与批准: who asks, who decides, when a request falls, and what is carried out when it is agreed to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from casestore import publication
from casestore.codes import ApprovalKind, Decision, Grade, Ground, Kind, ReportGround, Role, Status, Step
from casestore.desk import Desk
from casestore.errors import (
    AlreadyEscalated,
    AwaitsApproval,
    CaseError,
    GroundMissing,
    NotAuthorised,
    NotExtendable,
    NothingToDecide,
    OwnRequest,
    PublicationApproved,
    PublicationNotAgreed,
    ReasonMissing,
    RequestExpired,
    StaffRecused,
    StepNotAllowed,
)
from casestore.house_rules import HouseRules
from casestore.lifecycle import Facts
from casestore.model import Case, Taken
from casestore.tables import cases
from tests.casestore.deeds import (
    asked,
    chats_with_a_card,
    decide,
    due,
    escalate,
    extend,
    heard_by_citizens,
    heard_by_staff,
    lines,
    past,
    recuse,
)
from tests.casestore.tables.files import opened
from tests.office import FOOD, Office, acting

THREE_DAYS = timedelta(days=3)


def strict(office: Office) -> Office:
    """An office where 不予受理 needs a supervisor's agreement."""
    office.desk = Desk(
        office.desk.clockwork.calendar, office.units, rules=HouseRules(declining_needs_approval=True)
    )
    return office


def decline(office: Office, case: Case, ground: Ground | None = Ground.TOO_OLD) -> Taken:
    facts = Facts(ground=ground, words="超过三年")
    return office.do(
        lambda tx: office.desk.requests.decline(tx, case.id, acting(office.wang), facts, office.now)
    )


def publish(office: Office, case: Case) -> Taken:
    return office.do(
        lambda tx: office.desk.requests.publish(tx, case.id, acting(office.wang), "典型", office.now)
    )


def agreeing(office: Office, case: Case, publish: bool = True) -> Case:
    """The complainant has agreed to the publication, or thinks better of it."""
    citizen = acting(office.anna)
    return office.do(
        lambda tx: office.desk.correct(tx, case.id, citizen, {"publish": publish}, office.now)
    ).case


def expire(office: Office, case: Case) -> int:
    return office.do(lambda tx: office.desk.requests.expire(tx, case.id, office.now))


def a_report(office: Office) -> Case:
    return office.have(kind=Kind.REPORT)


# ── escalation (S3-3.3, S9-6) ──


def test_whoever_works_on_a_case_asks_the_supervisors_with_a_reason(office: Office) -> None:
    """S1-3.2(3), S3-4.5, S7-3: the desk and the unit; they see it with its buttons."""
    case = office.taken_over()
    with pytest.raises(ReasonMissing):
        escalate(office, case, office.li, "  ")
    taken = escalate(office, case, office.li)

    assert (taken.event.kind, taken.event.words) == ("escalated", "案情重大")
    assert "1004" in chats_with_a_card(office, case)
    (request,) = asked(office, case)
    assert (request.kind, request.requested_by, request.expires_at) == (
        ApprovalKind.ESCALATION,
        office.li.id,
        None,
    )


@pytest.mark.parametrize(("step", "grade"), [(Step.APPROVE, Grade.MAJOR), (Step.REFUSE, Grade.ORDINARY)])
@pytest.mark.parametrize("by_itself", [True, False])
def test_once_a_supervisor_has_decided_the_case_is_graded_and_goes_its_way(
    office: Office, step: Step, grade: Grade, by_itself: bool
) -> None:
    """C9, S9-6: whoever asked, an officer or the desk's own rule."""
    case = office.accepted(amount_fen=9_000_000 if by_itself else 100)
    if not by_itself:
        escalate(office, case, office.wang)
    with pytest.raises(AwaitsApproval):
        office.take(case, Step.DISPATCH, office.wang, unit=FOOD)

    assert decide(office, case, step, office.sun).case.grade is grade
    assert office.take(case, Step.DISPATCH, office.wang, unit=FOOD).case.status is Status.DISPATCHED


def test_an_escalation_waits_until_somebody_decides(office: Office) -> None:
    case = escalate(office, office.accepted(), office.wang).case
    office.now += timedelta(days=300)

    assert expire(office, case) == 0
    assert decide(office, case, Step.APPROVE, office.sun).case.grade is Grade.MAJOR


# ── requester and approver ──


ASKING: list[tuple[str, Callable[[Office, Case], Taken], Callable[[Office], Case]]] = [
    ("escalation", lambda o, case: escalate(o, case, o.sun), Office.accepted),
    ("extension", lambda o, case: extend(o, case, o.sun), a_report),
]


@pytest.mark.parametrize(("ask", "prepare"), [row[1:] for row in ASKING], ids=[row[0] for row in ASKING])
def test_whoever_asks_is_not_who_decides(
    office: Office, ask: Callable[[Office, Case], Taken], prepare: Callable[[Office], Case]
) -> None:
    """Not even a director: another supervisor does."""
    case = prepare(office)
    ask(office, case)
    for step in (Step.APPROVE, Step.REFUSE):
        with pytest.raises(OwnRequest):
            decide(office, case, step, office.sun)

    head = office.person("钱局长", Role.HEAD, None, "1009")
    decide(office, case, Step.APPROVE, head)
    (request,) = asked(office, case)
    assert (request.requested_by, request.decided_by, request.decision) == (
        office.sun.id, head.id, Decision.APPROVED,
    )  # fmt: skip


def test_the_file_itself_refuses_one_person_as_both(office: Office) -> None:
    """Whoever writes into the database past the desk cannot either."""
    case = extend(office, a_report(office), office.wang).case
    with opened(office) as file, pytest.raises(sqlite3.IntegrityError, match="two_people"):
        file.execute(
            "UPDATE approvals SET decision='approved', decided_by=requested_by, decided_at=1 WHERE case_id=?",
            (case.id,),
        )


@pytest.mark.parametrize("role", [Role.OFFICER, Role.UNIT_HEAD, Role.HANDLER, Role.VOLUNTEER, Role.AUDITOR])
def test_only_a_supervisor_decides(office: Office, role: Role) -> None:
    case = extend(office, a_report(office), office.wang).case
    somebody = office.person("周新", role, FOOD, "2001")

    with pytest.raises(NotAuthorised):
        decide(office, case, Step.APPROVE, somebody)


def test_a_recused_supervisor_does_not_decide(office: Office) -> None:
    case = escalate(office, office.accepted(), office.wang).case
    recuse(office, case, office.sun)

    with pytest.raises(StaffRecused):
        decide(office, case, Step.APPROVE, office.sun)


def test_of_several_requests_the_one_meant_is_decided(office: Office) -> None:
    case = extend(office, escalate(office, a_report(office), office.wang).case, office.zhao).case
    second = asked(office, case)[1]
    decide(office, case, Step.APPROVE, office.sun, request=second.id)

    first, second = asked(office, case)
    assert (first.decision, second.decision) == (None, Decision.APPROVED)
    with pytest.raises(NothingToDecide):
        decide(office, case, Step.APPROVE, office.sun, request=second.id)


# ── extension (art. 27, 行政处罚程序规定第18、64条) ──


def filed(office: Office) -> Case:
    case = office.take(a_report(office), Step.DISPATCH, office.wang, unit=FOOD).case
    return office.take(office.take(case, Step.TAKE_OVER, office.li).case, Step.FILE, office.li).case


def clue(office: Office) -> Case:
    case = office.taken_over()
    matters = office.desk.matters
    return office.do(
        lambda tx: matters.open_report(tx, case.id, acting(office.li), "售卖过期食品", office.now)
    ).case


@pytest.mark.parametrize(
    ("prepare", "code", "before", "after"),
    [
        # Monday 2026-11-23; 15 working days, 30 in all; 90 days, 120 in all.
        (a_report, "report_check", "2026-12-14", "2027-01-05"),
        (clue, "violation_check", "2026-12-14", "2027-01-05"),
        (filed, "investigation", "2027-02-21", "2027-03-23"),
    ],
    ids=["report", "clue", "filed"],
)
def test_a_limit_is_extended_once_by_what_the_law_allows(
    office: Office, prepare: Callable[[Office], Case], code: str, before: str, after: str
) -> None:
    """15 + 15 working days, 90 + 30 days; the request changes nothing, the approval does."""

    def last() -> str:
        return (due(office, case, code) - timedelta(seconds=1)).date().isoformat()

    case = prepare(office)
    extend(office, case, office.zhao)
    assert last() == before
    decide(office, case, Step.APPROVE, office.sun)

    assert last() == after
    assert lines(office, case, code) == ["started", "extended"]
    with pytest.raises(NotExtendable):
        extend(office, case, office.zhao)


def test_a_refused_extension_leaves_the_limit_and_may_be_asked_for_again(office: Office) -> None:
    case = a_report(office)
    before = due(office, case, "report_check")
    extend(office, case, office.wang)
    decide(office, case, Step.REFUSE, office.sun)

    assert due(office, case, "report_check") == before
    assert extend(office, case, office.wang).event.kind == "extension_asked"


def test_a_complaints_limits_are_nobodys_to_extend(office: Office) -> None:
    """Art. 15 and 23 know no extension."""
    for case in (office.have(), office.accepted(), office.taken_over()):
        with pytest.raises(NotExtendable):
            extend(office, case, office.wang)


def test_whoever_stays_away_learns_nothing_of_the_limits(office: Office) -> None:
    case = recuse(office, office.accepted(), office.wang)

    with pytest.raises(StaffRecused):
        extend(office, case, office.wang)


# ── declining ──


def test_where_the_office_says_so_a_complaint_is_declined_by_approval_only(office: Office) -> None:
    """The desk refuses the short way too, whatever page or command it comes from."""
    case = strict(office).have()
    with pytest.raises(AwaitsApproval):
        office.take(case, Step.DECLINE, office.wang, ground=Ground.TOO_OLD)
    with pytest.raises(GroundMissing):
        decline(office, case, None)
    decline(office, case)
    assert office.newest(case).status is Status.REGISTERED
    assert heard_by_citizens(office) == []

    decide(office, case, Step.APPROVE, office.sun)
    after = office.newest(case)
    assert (after.status, after.ground) == (Status.DECLINED, Ground.TOO_OLD)
    assert heard_by_citizens(office) == ["declined"]
    assert {event.kind for event in past(office, case)} >= {"declining_asked", "declined", "approved"}


def test_a_declining_that_is_not_agreed_to_leaves_the_case_to_be_accepted(office: Office) -> None:
    case = strict(office).have()
    decline(office, case)
    decide(office, case, Step.REFUSE, office.sun)

    assert office.take(case, Step.ACCEPT, office.wang).case.status is Status.ACCEPTED


def test_a_declining_is_not_carried_out_once_the_case_was_accepted(office: Office) -> None:
    case = strict(office).have()
    decline(office, case)
    office.take(case, Step.ACCEPT, office.zhao)
    with pytest.raises(StepNotAllowed):
        decide(office, case, Step.APPROVE, office.sun)

    assert office.newest(case).status is Status.ACCEPTED
    assert asked(office, case)[0].decision is None


def test_what_was_asked_for_is_carried_out_though_the_asker_has_stepped_back(office: Office) -> None:
    """His name is in no later event (S7-5b)."""
    case = strict(office).have()
    decline(office, case)
    recuse(office, case, office.wang)
    decide(office, case, Step.APPROVE, office.sun)

    assert office.newest(case).status is Status.DECLINED
    recused_at = office.history(case).index("recused")
    actors = {event.actor for event in past(office, case)[recused_at + 1 :]}
    assert actors == {f"officer:{office.sun.id}"}


def test_by_the_usual_rules_an_officer_declines_by_himself(office: Office) -> None:
    assert office.declined().status is Status.DECLINED


# ── publication (C7) ──


def test_a_complaint_is_published_with_both_the_citizens_and_a_supervisors_agreement(office: Office) -> None:
    case = office.closed()
    with pytest.raises(PublicationNotAgreed):
        publish(office, case)
    agreeing(office, case)
    publish(office, case)
    decide(office, case, Step.APPROVE, office.sun)

    (request,) = asked(office, case)
    assert (request.kind, request.decision) == (ApprovalKind.PUBLICATION, Decision.APPROVED)
    agreeing(office, case, publish=False)
    with pytest.raises(PublicationNotAgreed):
        publish(office, case)


def test_it_is_asked_for_once_and_agreed_to_only_while_the_citizen_agrees(office: Office) -> None:
    """PIPL 15: a consent taken back while the supervisor thinks; and no second request for what is approved."""
    case = agreeing(office, office.closed())
    publish(office, case)
    with pytest.raises(AlreadyEscalated):
        publish(office, case)
    agreeing(office, case, publish=False)
    with pytest.raises(PublicationNotAgreed):
        decide(office, case, Step.APPROVE, office.sun)
    assert asked(office, case)[0].decision is None

    agreeing(office, case)
    decide(office, case, Step.APPROVE, office.sun)
    with pytest.raises(PublicationApproved):
        publish(office, case)


def test_what_was_taken_up_again_is_agreed_to_anew(office: Office) -> None:
    """Nothing unfinished is published, and no approval outlives what it was of."""
    case = agreeing(office, office.closed())
    publish(office, case)
    office.take(case, Step.REOPEN, office.anna, words="没有兑现")
    with pytest.raises(StepNotAllowed):
        decide(office, case, Step.APPROVE, office.sun)
    decide(office, case, Step.REFUSE, office.sun)
    assert not agreed(office, case)

    office.now += timedelta(days=1)
    office.take(case, Step.SETTLE, office.anna)
    publish(office, case)
    decide(office, case, Step.APPROVE, office.sun)
    assert agreed(office, case)
    office.take(case, Step.ARCHIVE, office.wang)
    assert agreed(office, case)
    office.do(lambda tx: cases.correct(tx, case.id, replace(cases.particulars(tx, case.id), publish=False)))
    assert not agreed(office, case)


def agreed(office: Office, case: Case) -> bool:
    """Whether it may be published now."""
    told = office.do(lambda tx: cases.particulars(tx, case.id))
    return publication.is_agreed(office.newest(case), told, asked(office, case))


def test_a_unit_asks_for_no_publication(office: Office) -> None:
    case = agreeing(office, office.closed())
    with pytest.raises(NotAuthorised):
        office.do(lambda tx: office.desk.requests.publish(tx, case.id, acting(office.li), "典型", office.now))


def test_a_report_is_never_published_and_an_open_complaint_not_yet(office: Office) -> None:
    """C7: 举报 never."""
    report = a_report(office)
    agreeing(office, report)
    with pytest.raises(PublicationNotAgreed):
        publish(office, report)

    complaint = agreeing(office, office.taken_over())
    with pytest.raises(StepNotAllowed):
        publish(office, complaint)


# ── falling ──


def test_a_request_nobody_decided_falls_and_its_asker_hears(office: Office) -> None:
    case = extend(office, a_report(office), office.wang).case
    office.now += THREE_DAYS
    assert expire(office, case) == 0
    office.now += timedelta(seconds=1)
    with pytest.raises(RequestExpired):
        decide(office, case, Step.APPROVE, office.sun)

    assert (expire(office, case), expire(office, case)) == (1, 0)
    (request,) = asked(office, case)
    assert (request.decision, request.decided_by) == (Decision.LAPSED, None)
    assert office.history(case)[-1] == "request_lapsed"
    assert heard_by_staff(office)[-1][0] == "1001"
    assert extend(office, case, office.wang).event.kind == "extension_asked"


def test_one_open_request_of_a_kind_and_none_about_a_case_that_is_over(office: Office) -> None:
    case = extend(office, a_report(office), office.wang).case
    with pytest.raises(AlreadyEscalated):
        extend(office, case, office.zhao)
    facts = {"ground": ReportGround.NOT_A_REPORT, "words": "请向政务公开机构提出"}
    over = office.take(case, Step.NOT_HANDLE, office.wang, **facts).case
    with pytest.raises(NothingToDecide):
        decide(office, over, Step.APPROVE, office.sun)
    with pytest.raises(StepNotAllowed):
        escalate(office, over, office.wang)


def test_what_is_refused_writes_nothing(office: Office) -> None:
    """Also where the transaction goes on, as the counter's does."""
    case = escalate(office, office.accepted(), office.sun).case
    before = (office.history(case), asked(office, case))

    def caught(tx: object) -> str:
        with pytest.raises(CaseError) as refused:
            office.desk.requests.decide(tx, case.id, Step.APPROVE, acting(office.sun), "", office.now)  # type: ignore[arg-type]
        return refused.value.code

    assert office.do(caught) == "own-request"
    assert (office.history(case), asked(office, case)) == before
    assert office.do(lambda tx: cases.get(tx, case.id)) == case
