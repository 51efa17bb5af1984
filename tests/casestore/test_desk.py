"""The desk: what it does to a case it does wholly, and what it refuses leaves no trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from casestore import numbers
from casestore.codes import (
    Channel,
    Decision,
    EvidenceKind,
    Grade,
    Ground,
    Outcome,
    Role,
    Status,
    Step,
)
from casestore.errors import (
    AlreadyEscalated,
    AwaitsApproval,
    CaseChanged,
    CaseError,
    CaseUnknown,
    GroundMissing,
    NotAuthorised,
    NothingToDecide,
    OutcomeMissing,
    OwnRequest,
    ReasonMissing,
    StaffRecused,
    StepNotAllowed,
    UnitMissing,
    UnitUnknown,
)
from casestore.lifecycle import Facts
from casestore.model import Actor, Case, CaseId, CitizenId, EvidenceId, Officer, UnitCode
from casestore.store import Tx
from casestore.tables import approvals, cases, citizens, events, evidence, officers, outbox, posts, schema
from tests.casestore.tables.files import done, everything
from tests.office import DUTY_GROUP, FOOD, MONDAY, QUOTA, Office, a_suggestion, an_intake

GOOD_REASON = "案情重大"


def by(officer: Officer) -> Actor:
    return Actor(officer=officer)


def history(office: Office, case: Case) -> list[str]:
    return [event.kind for event in office.do(lambda tx: events.of_case(tx, case.id))]


def now(office: Office, case: Case) -> Case:
    return office.do(lambda tx: cases.get(tx, case.id))


def escalate(office: Office, case: Case, actor: Actor, reason: str = GOOD_REASON) -> Case:
    return office.do(lambda tx: office.desk.requests.escalate(tx, case.id, actor, reason, office.now)).case


def decide(office: Office, case: Case, step: Step, officer: Officer) -> Case:
    return office.do(
        lambda tx: office.desk.requests.decide(tx, case.id, step, by(officer), "同意", office.now)
    ).case


def a_note(office: Office) -> EvidenceId:
    return office.do(
        lambda tx: evidence.written(tx, office.anna, EvidenceKind.TEXT, Channel.TELEGRAM, "小票", MONDAY)
    ).id


def owed(office: Office) -> list[tuple[str, str]]:
    """(bot, code or kind) of all that waits to be sent."""
    found = [one for bot in ("telegram", "staff") for one in done(office, outbox.heads, bot, office.now, 99)]
    return [(one.bot, one.payload.get("code", one.kind)) for one in found]


# ── 登记 ──


def test_a_registered_case_has_a_number_a_record_and_a_card_for_the_duty(office: Office) -> None:
    registered = office.register()
    case = registered.case

    assert (case.number, case.status, case.version) == ("TS-20261123-0001", Status.REGISTERED, 1)
    assert numbers.read_query_code(registered.query_code)
    assert history(office, case) == ["registered"]
    chats = {post.chat for post in office.do(lambda tx: posts.of_case(tx, case.id))}
    assert chats == {DUTY_GROUP, "1001", "1002"}
    assert owed(office) == [("staff", "card")] * 3


def test_the_record_of_registration_names_no_citizen(office: Office) -> None:
    case = office.have()
    (event,) = office.do(lambda tx: events.of_case(tx, case.id))

    assert (event.actor, event.facts) == ("citizen", {"channel": "telegram", "grade": "ordinary"})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"suggestion": a_suggestion(urgent=("食物中毒", "人数≥10"))}, "食物中毒、人数≥10"),
        ({"amount_fen": 5_000_000}, "金额≥5万元"),
        ({"amount_fen": 5_000_000, "suggestion": a_suggestion(urgent=("死亡",))}, "死亡、金额≥5万元"),
    ],
)
def test_a_major_matter_goes_to_the_supervisors_by_itself(
    office: Office, changes: dict[str, Any], reason: str
) -> None:
    """S9-2: the desk asks, nobody has to remember."""
    case = office.have(**changes)
    (request,) = office.do(lambda tx: approvals.of_case(tx, case.id))

    assert now(office, case).grade is Grade.MAJOR
    assert history(office, case) == ["registered", "escalated"]
    assert (request.requested_by, request.reason, request.decision) == (None, reason, None)
    assert "1004" in {post.chat for post in office.do(lambda tx: posts.of_case(tx, case.id))}


def test_just_under_the_sum_is_an_ordinary_matter(office: Office) -> None:
    assert office.have(amount_fen=4_999_999).grade is Grade.ORDINARY


# ── steps ──


def test_a_complaint_goes_from_the_first_word_to_its_end(office: Office) -> None:
    case = now(office, office.closed())

    assert history(office, case) == [
        "registered", "accepted", "dispatched", "taken_over", "minutes_recorded", "closed",
    ]  # fmt: skip
    assert (case.status, case.outcome, case.closed_at, case.version) == (
        Status.CLOSED,
        Outcome.AGREEMENT,
        MONDAY,
        6,
    )
    assert (case.first_officer, case.holder, case.unit) == (office.wang.id, office.li.id, FOOD)


def test_a_case_a_unit_sends_back_is_the_first_officers_again(office: Office) -> None:
    case = office.take(office.taken_over(), Step.RETURN, office.li, words="不在本辖区").case

    assert (case.status, case.unit, case.holder) == (Status.ACCEPTED, None, office.wang.id)
    with pytest.raises(NotAuthorised):
        office.take(case, Step.TAKE_OVER, office.li)


def test_a_ground_belongs_to_a_refusal_alone(office: Office) -> None:
    """Only what a step asks for is used."""
    accepted = office.take(office.have(), Step.ACCEPT, office.wang, ground=Ground.TOO_OLD).case

    assert accepted.ground is None
    assert office.declined().ground is Ground.TOO_OLD


def test_what_the_citizen_should_hear_is_owed_in_the_order_it_happened(office: Office) -> None:
    case = office.taken_over()
    waiting = office.do(
        lambda tx: tx.execute(schema.outbox.select().where(schema.outbox.c.bot == "telegram")).all()
    )

    assert len({row.lane for row in waiting}) == 1
    first = office.do(lambda tx: outbox.heads(tx, "telegram", office.now, 9))
    assert [one.payload["code"] for one in first] == ["accepted"]
    assert first[0].case == case.id
    assert len(waiting) == 3


# ── two at once ──


async def test_of_two_officers_at_once_one_wins_and_the_other_learns_who_was_faster(office: Office) -> None:
    case = office.have()

    def accepts(officer: Officer) -> Callable[[Tx], Any]:
        return lambda tx: office.desk.take(
            tx, case.id, Step.ACCEPT, by(officer), Facts(), MONDAY, seen=case.version
        )

    outcomes = await asyncio.gather(
        *(office.store.run(accepts(one)) for one in (office.wang, office.zhao)), return_exceptions=True
    )

    (refused,) = [one for one in outcomes if isinstance(one, CaseError)]
    winner = now(office, case).holder
    assert isinstance(refused, CaseChanged)
    assert refused.facts == {
        "case": case.number,
        "by": f"officer:{winner}",
        "event": "accepted",
        "at": MONDAY,
    }
    assert history(office, case) == ["registered", "accepted"]


async def test_twenty_presses_of_all_kinds_at_once_do_one_step(office: Office) -> None:
    case = office.have()
    steps = [
        (Step.ACCEPT, Facts()),
        (Step.DECLINE, Facts(ground=Ground.TOO_OLD)),
        (Step.ASK_SUPPLEMENT, Facts(words="请补")),
    ]

    def presses(number: int) -> Callable[[Tx], Any]:
        step, facts = steps[number % 3]
        officer = (office.wang, office.zhao)[number % 2]
        return lambda tx: office.desk.take(tx, case.id, step, by(officer), facts, MONDAY, seen=1)

    outcomes = await asyncio.gather(
        *(office.store.run(presses(n)) for n in range(20)), return_exceptions=True
    )

    assert sum(isinstance(one, CaseChanged) for one in outcomes) == 19
    assert len(history(office, case)) == 2


# ── 上报 ──


@pytest.mark.parametrize("decided", [Step.APPROVE, Step.REFUSE])
def test_an_escalated_case_is_not_dispatched_before_it_is_decided(office: Office, decided: Step) -> None:
    case = escalate(office, office.accepted(), by(office.wang))
    with pytest.raises(AwaitsApproval):
        office.take(case, Step.DISPATCH, office.wang, unit=FOOD)

    after = decide(office, case, decided, office.sun)
    assert after.grade is (Grade.MAJOR if decided is Step.APPROVE else Grade.ORDINARY)
    assert office.take(after, Step.DISPATCH, office.wang, unit=FOOD).case.status is Status.DISPATCHED


def test_a_major_case_waits_for_its_approval_however_far_it_is(office: Office) -> None:
    case = office.accepted(amount_fen=9_000_000)
    with pytest.raises(AwaitsApproval):
        office.take(case, Step.DISPATCH, office.wang, unit=FOOD)

    decide(office, case, Step.APPROVE, office.sun)
    assert office.take(case, Step.DISPATCH, office.wang, unit=FOOD).case.grade is Grade.MAJOR


def test_whoever_asks_does_not_decide(office: Office) -> None:
    """The director who escalates needs the head."""
    head = office.do(lambda tx: officers.add(tx, "钱局长", Role.HEAD, None, "1009"))
    case = escalate(office, office.accepted(), by(office.sun))
    with pytest.raises(OwnRequest):
        decide(office, case, Step.APPROVE, office.sun)

    assert decide(office, case, Step.APPROVE, head).grade is Grade.MAJOR
    (request,) = office.do(lambda tx: approvals.of_case(tx, case.id))
    assert (request.requested_by, request.decided_by, request.decision) == (
        office.sun.id,
        head.id,
        Decision.APPROVED,
    )


# ── 回避 ──


def test_for_whoever_recused_himself_the_case_is_no_longer_there(office: Office) -> None:
    accepted = office.accepted()
    case = office.do(lambda tx: office.desk.recuse(tx, accepted.id, by(office.wang), MONDAY)).case
    assert (case.holder, case.first_officer) == (None, None)

    for step in Step:
        with pytest.raises(NotAuthorised):
            office.take(case, step, office.wang, unit=FOOD, ground=Ground.TOO_OLD, words="x")
    with pytest.raises(StaffRecused):
        office.do(lambda tx: office.desk.reveal(tx, case.id, by(office.wang), MONDAY))
    assert office.take(case, Step.DISPATCH, office.zhao, unit=FOOD).case.unit == FOOD


def test_a_recused_supervisor_gets_no_card_of_the_escalation(office: Office) -> None:
    case = office.accepted()
    office.do(lambda tx: office.desk.recuse(tx, case.id, by(office.sun), MONDAY))
    escalate(office, case, by(office.wang))

    assert "1004" not in {post.chat for post in office.do(lambda tx: posts.of_case(tx, case.id))}


def test_that_a_person_looked_is_written_down(office: Office) -> None:
    case = office.have()
    _, told = office.do(lambda tx: office.desk.reveal(tx, case.id, by(office.zhao), MONDAY))
    assert told == an_intake().particulars
    newest = office.do(lambda tx: events.last(tx, case.id))
    assert (newest.kind, newest.actor) == ("revealed", f"officer:{office.zhao.id}")


# ── 补充 ──


def test_what_was_asked_for_brings_the_case_back_to_review(office: Office) -> None:
    case = office.take(office.have(), Step.ASK_SUPPLEMENT, office.wang, words="请补充小票").case
    item = a_note(office)
    taken = office.do(
        lambda tx: office.desk.supplement(tx, case.id, Actor(citizen=office.anna), (item,), "", MONDAY)
    )

    assert (taken.case.status, taken.event.kind) == (Status.REGISTERED, "supplemented")
    assert [one.id for one in office.do(lambda tx: evidence.of_case(tx, case.id))] == [item]


def test_what_he_brings_of_himself_changes_no_status(office: Office) -> None:
    case = office.dispatched()
    item = a_note(office)
    taken = office.do(
        lambda tx: office.desk.supplement(tx, case.id, Actor(citizen=office.anna), (item,), "", MONDAY)
    )

    assert (taken.case.status, taken.event.kind, taken.event.facts) == (
        Status.DISPATCHED,
        "evidence_added",
        {"items": 1},
    )


# ── refusals ──


def a_stranger(office: Office) -> CitizenId:
    return office.do(lambda tx: citizens.meet(tx, Channel.TELEGRAM, "999", MONDAY, QUOTA)).id


def step(
    what: Step, who: str, case: str = "have", **facts: Any
) -> Callable[[Office], Callable[[Tx], object]]:
    def prepare(office: Office) -> Callable[[Tx], object]:
        made: Case = getattr(office, case)()
        actor = (
            Actor(citizen=a_stranger(office))
            if who == "stranger"
            else Actor(citizen=office.anna)
            if who == "anna"
            else by(getattr(office, who))
        )
        return lambda tx: office.desk.take(tx, made.id, what, actor, Facts(**facts), MONDAY)

    return prepare


def escalating(
    who: str, case: str, reason: str = GOOD_REASON, twice: bool = False
) -> Callable[[Office], Callable[[Tx], object]]:
    def prepare(office: Office) -> Callable[[Tx], object]:
        made: Case = getattr(office, case)()
        if twice:
            escalate(office, made, by(office.wang))
        return lambda tx: office.desk.requests.escalate(tx, made.id, by(getattr(office, who)), reason, MONDAY)

    return prepare


def deciding(who: str, asked_by: str = "") -> Callable[[Office], Callable[[Tx], object]]:
    def prepare(office: Office) -> Callable[[Tx], object]:
        made = office.accepted()
        if asked_by:
            escalate(office, made, by(getattr(office, asked_by)))
        return lambda tx: office.desk.requests.decide(
            tx, made.id, Step.APPROVE, by(getattr(office, who)), "", MONDAY
        )

    return prepare


def supplementing(case: str, who: str = "anna") -> Callable[[Office], Callable[[Tx], object]]:
    def prepare(office: Office) -> Callable[[Tx], object]:
        made: Case = getattr(office, case)()
        item, citizen = a_note(office), office.anna if who == "anna" else a_stranger(office)
        return lambda tx: office.desk.supplement(tx, made.id, Actor(citizen=citizen), (item,), "", MONDAY)

    return prepare


def old(office: Office) -> Callable[[Tx], object]:
    made = office.accepted()
    return lambda tx: office.desk.take(
        tx, made.id, Step.DISPATCH, by(office.wang), Facts(unit=FOOD), MONDAY, seen=1
    )


REFUSALS: list[tuple[str, Callable[[Office], Callable[[Tx], object]], type[CaseError]]] = [
    ("accept twice", step(Step.ACCEPT, "wang", "accepted"), StepNotAllowed),
    ("accept what is closed", step(Step.ACCEPT, "wang", "closed"), StepNotAllowed),
    ("close before it is taken over", step(Step.CLOSE, "li", "dispatched", outcome=Outcome.SETTLED, recovered_fen=0), StepNotAllowed),
    ("decline without a ground", step(Step.DECLINE, "wang"), GroundMissing),
    ("ask for material without saying what", step(Step.ASK_SUPPLEMENT, "wang", words="  "), ReasonMissing),
    ("dispatch to nobody", step(Step.DISPATCH, "wang", "accepted"), UnitMissing),
    ("dispatch to a unit there is not", step(Step.DISPATCH, "wang", "accepted", unit=UnitCode("NOWHERE")), UnitUnknown),
    ("close without an outcome", step(Step.CLOSE, "li", "taken_over"), OutcomeMissing),
    ("a handler at the desk", step(Step.ACCEPT, "li"), NotAuthorised),
    ("an officer in the unit", step(Step.TAKE_OVER, "wang", "dispatched"), NotAuthorised),
    ("a citizen accepts", step(Step.ACCEPT, "anna"), NotAuthorised),
    ("a stranger withdraws", step(Step.WITHDRAW, "stranger"), NotAuthorised),
    ("a citizen withdraws what is closed", step(Step.WITHDRAW, "anna", "closed"), StepNotAllowed),
    ("an old card", old, CaseChanged),
    ("escalate without a reason", escalating("wang", "have", " "), ReasonMissing),
    ("escalate twice", escalating("zhao", "have", twice=True), AlreadyEscalated),
    ("escalate what is closed", escalating("wang", "closed"), StepNotAllowed),
    ("decide what nobody asked", deciding("sun"), NothingToDecide),
    ("an officer decides", deciding("zhao", "wang"), NotAuthorised),
    ("decide one's own", deciding("sun", "sun"), OwnRequest),
    ("material for what is closed", supplementing("closed"), StepNotAllowed),
    ("material for somebody else's", supplementing("have", "stranger"), NotAuthorised),
    ("no such case", lambda office: lambda tx: office.desk.reveal(tx, CaseId(404), by(office.wang), MONDAY), CaseUnknown),
]  # fmt: skip


@pytest.mark.parametrize(
    ("prepare", "refusal"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_what_is_refused_leaves_no_trace(
    office: Office, prepare: Callable[[Office], Callable[[Tx], object]], refusal: type[CaseError]
) -> None:
    """Also where the counter catches the refusal and the transaction goes on."""
    work = prepare(office)
    before = everything(office)

    def caught(tx: Tx) -> CaseError:
        with pytest.raises(CaseError) as refused:
            work(tx)
        return refused.value

    error = office.do(caught)

    assert type(error) is refusal
    assert error.code == refusal.code
    assert everything(office) == before
