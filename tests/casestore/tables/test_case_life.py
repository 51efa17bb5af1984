"""Whoever presses whatever in whatever order: no case leaves its end, nothing is half done.

The long storm, 2,000 runs of 30 presses (17 minutes on one core):
    TOUSU_LONG=1 python -m pytest -q tests/casestore/tables/test_case_life.py -p no:cacheprovider
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casestore import lifecycle, publication
from casestore.codes import (
    NEED_WORDS,
    EndGround,
    Ground,
    Kind,
    LinkKind,
    Outcome,
    ReportGround,
    Role,
    Status,
    Step,
    any_ground,
)
from casestore.errors import CaseError
from casestore.lifecycle import Facts
from casestore.model import DESK, Actor, Case, CaseId, Event
from casestore.records import Form
from casestore.store import Tx
from casestore.tables import approvals, cases, clocks, events, officers
from tests.casestore.tables.files import a_quick_office
from tests.office import FOOD, QUALITY, Office

LONG = os.environ.get("TOUSU_LONG") == "1"
WORDS = st.sampled_from(["", " ", "请从速办理", "《某条例》第三条"])
STEPS = st.sampled_from([step for step in Step if step not in (Step.ESCALATE, Step.RECUSE, Step.REVEAL)])
CASES = st.integers(0, 5)
PEOPLE = st.sampled_from(["wang", "zhao", "li", "sun", "qian", "anna", "desk"])
FILLED = {
    "party": "citizen", "answer": "yes", "way": "phone", "reached": "yes", "mediators": "two", "names": "李娜、周平",
    "agreed": "both", "advances": "merchant", "agency": "县检测所", "accreditation": "CMA1", "bears": "both", "share": "50",
    "done": "yes", "satisfied": "yes", "verdict": "genuine", "basis": "law", "office": "城管局", "ours": "yes", "solved": "no",
    "investigator": "李娜", "words": "已记录",
}  # fmt: skip

OVER = (Status.DECLINED, Status.CLOSED, Status.WITHDRAWN, Status.ARCHIVED)
#: Who may do a step where it is possible at all.
RIGHTFUL = {
    Step.ASK_SUPPLEMENT: "wang", Step.SUPPLEMENT: "anna", Step.ACCEPT: "wang", Step.DECLINE: "wang", Step.DISPATCH: "wang",
    Step.TAKE_OVER: "li", Step.RETURN: "li", Step.MEDIATE: "li", Step.END_MEDIATION: "li", Step.FILE: "li",
    Step.NOT_FILE: "li", Step.ANSWER: "wang", Step.CLOSE: "li", Step.SETTLE: "anna", Step.WITHDRAW: "anna",
    Step.REOPEN: "anna", Step.ARCHIVE: "wang", Step.NOT_HANDLE: "wang",
}  # fmt: skip
ONWARD = (Step.ACCEPT, Step.DISPATCH, Step.TAKE_OVER, Step.MEDIATE, Step.FILE, Step.ANSWER, Step.CLOSE)


class CaseLife(RuleBasedStateMachine):
    """Six cases, two of each kind, on one real desk; every press is one transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.office: Office = self.open.enter_context(a_quick_office(folder))
        self.people = {who: Actor(officer=getattr(self.office, who)) for who in ("wang", "zhao", "li", "sun")}
        self.people["qian"] = Actor(officer=self.office.person("钱局长", Role.HEAD, None, "1009"))
        self.people |= {"anna": Actor(citizen=self.office.anna), "desk": DESK}
        self.ended: dict[CaseId, Case] = {}

    @initialize(amount=st.sampled_from([100, 9_000_000]))
    def registered(self, amount: int) -> None:
        self.ids = [self.office.have(kind=kind, amount_fen=amount).id for kind in (*Kind, *Kind)]

    def case(self, which: int) -> Case:
        return self.office.do(lambda tx: cases.get(tx, self.ids[which]))

    def press(self, which: int, work: Callable[[Tx], object]) -> None:
        """Every refusal is a CaseError, and then the case is as it was."""
        before = self.case(which)
        try:
            self.office.do(work)
        except CaseError as error:
            assert error.code
            assert self.case(which) == before
            return
        assert self.case(which).version >= before.version

    # ── steps of the lifecycle ──

    @rule(which=CASES, step=STEPS, who=PEOPLE, words=WORDS, unit=st.sampled_from([None, FOOD, QUALITY]),
          ground=st.sampled_from([None, Ground.TOO_OLD, Ground.OTHER_LAW, *ReportGround]),
          outcome=st.sampled_from([None, *Outcome]), late=st.booleans())  # fmt: skip
    def takes(
        self,
        which: int,
        step: Step,
        who: str,
        words: str,
        unit: object,
        ground: object,
        outcome: object,
        late: bool,
    ) -> None:
        facts = Facts(unit=unit, ground=ground, outcome=outcome, words=words)  # type: ignore[arg-type]
        seen = max(1, self.case(which).version - late)
        id_, actor, at = self.ids[which], self.people[who], self.office.now
        self.press(which, lambda tx: self.office.desk.take(tx, id_, step, actor, facts, at, seen))

    @rule(which=CASES, step=st.sampled_from(list(RIGHTFUL)))
    def one_who_may_presses(self, which: int, step: Step) -> None:
        """With all that a step can ask for: so that every end is reached, and pressed upon."""
        case, actor = self.case(which), self.people[RIGHTFUL[step]]
        ground = ReportGround.NOT_A_REPORT if case.kind is Kind.REPORT else Ground.TOO_OLD
        facts = Facts(
            unit=FOOD, ground=ground, outcome=Outcome.SETTLED, recovered_fen=0, end_ground=EndGround.NO_AGREEMENT, words="好",
            fields={"when": "周三", "place": "消保科", "mediators": "李娜"},
        )  # fmt: skip
        self.press(which, lambda tx: self.office.desk.take(tx, case.id, step, actor, facts, self.office.now))

    @rule(
        which=CASES,
        step=st.sampled_from(
            [
                Step.WITHDRAW,
                Step.DECLINE,
                Step.CLOSE,
                Step.NOT_FILE,
                Step.NOT_HANDLE,
                Step.SETTLE,
                Step.ARCHIVE,
            ]
        ),
    )
    def it_is_ended(self, which: int, step: Step) -> None:
        self.one_who_may_presses(which, step)

    @rule(which=CASES)
    def it_goes_on_as_it_should(self, which: int) -> None:
        for _ in range(3):
            steps = [step for step in lifecycle.possible(self.case(which)) if step in ONWARD]
            if steps:
                self.one_who_may_presses(which, steps[0])

    # ── beside it ──

    @rule(which=CASES, form=st.sampled_from(Form), who=PEOPLE, party=st.sampled_from(["citizen", "merchant"]))
    def records(self, which: int, form: Form, who: str, party: str) -> None:
        id_, given = self.ids[which], FILLED | {"party": party}
        self.press(
            which,
            lambda tx: self.office.desk.record(tx, id_, form, self.people[who], given, self.office.now),
        )

    @rule(which=CASES)
    def both_sides_consent(self, which: int) -> None:
        for party in ("citizen", "merchant"):
            self.records(which, Form.CONSENT, "li", party)

    @rule(
        which=CASES,
        who=PEOPLE,
        words=WORDS,
        what=st.sampled_from(["escalate", "extend", "ask_recusal", "publish"]),
    )
    def asks(self, which: int, who: str, words: str, what: str) -> None:
        id_, asks = self.ids[which], getattr(self.office.desk.requests, what)
        self.press(which, lambda tx: asks(tx, id_, self.people[who], words, self.office.now))

    @rule(which=CASES, who=PEOPLE, step=st.sampled_from([Step.APPROVE, Step.REFUSE]))
    def decides(self, which: int, who: str, step: Step) -> None:
        id_, requests = self.ids[which], self.office.desk.requests
        self.press(
            which, lambda tx: requests.decide(tx, id_, step, self.people[who], "同意", self.office.now)
        )

    @rule(which=CASES, who=PEOPLE, granted=st.booleans())
    def decides_a_recusal(self, which: int, who: str, granted: bool) -> None:
        id_, requests = self.ids[which], self.office.desk.requests
        self.press(
            which,
            lambda tx: requests.decide_recusal(tx, id_, self.people[who], granted, "", self.office.now),
        )

    @rule(which=CASES, who=st.sampled_from(["zhao", "li", "anna"]))
    def recuses_himself(self, which: int, who: str) -> None:
        id_ = self.ids[which]
        self.press(which, lambda tx: self.office.desk.recuse(tx, id_, self.people[who], self.office.now))

    @rule(which=CASES, who=PEOPLE, quiet=st.booleans())
    def withdraws(self, which: int, who: str, quiet: bool) -> None:
        """Of a report only its informer does: it stays where it stands, with its limits."""
        id_, actor, before = self.ids[which], self.people[who], self.case(which)
        desk, at = self.office.desk, self.office.now
        self.press(which, lambda tx: desk.withdraw(tx, id_, actor, "", at, quiet=quiet))
        now = self.case(which)
        if now.kind is Kind.REPORT:
            assert (now.status, now.due_at, now.closed_at) == (before.status, before.due_at, before.closed_at)

    @rule(which=CASES, yes=st.booleans())
    def agrees_to_be_published(self, which: int, yes: bool) -> None:
        id_, desk, anna = self.ids[which], self.office.desk, self.people["anna"]
        self.press(which, lambda tx: desk.correct(tx, id_, anna, {"publish": yes}, self.office.now))

    @rule(which=CASES, other=CASES, who=PEOPLE, kind=st.sampled_from(LinkKind))
    def links(self, which: int, other: int, who: str, kind: LinkKind) -> None:
        id_, number, matters = self.ids[which], self.case(other).number, self.office.desk.matters
        self.press(which, lambda tx: matters.link(tx, id_, number, kind, self.people[who], self.office.now))

    @rule(which=CASES, who=PEOPLE)
    def opens_a_report(self, which: int, who: str) -> None:
        id_, matters = self.ids[which], self.office.desk.matters
        self.press(
            which, lambda tx: matters.open_report(tx, id_, self.people[who], "售卖过期食品", self.office.now)
        )

    @rule(which=CASES, who=PEOPLE, hours=st.integers(-1, 90))
    def promises_an_answer(self, which: int, who: str, hours: int) -> None:
        id_, at = self.ids[which], self.office.now
        ends = at + timedelta(hours=hours)
        self.press(which, lambda tx: self.office.desk.promise_answer(tx, id_, self.people[who], ends, at))

    @rule(which=CASES, who=PEOPLE)
    def brings_material(self, which: int, who: str) -> None:
        id_, actor = self.ids[which], self.people[who]
        self.press(which, lambda tx: self.office.desk.supplement(tx, id_, actor, (), "小票", self.office.now))

    @rule(which=CASES, who=PEOPLE, stars=st.integers(-1, 7))
    def rates(self, which: int, who: str, stars: int) -> None:
        id_, actor = self.ids[which], self.people[who]
        self.press(which, lambda tx: self.office.desk.rate(tx, id_, actor, stars, "", self.office.now))

    @rule(hours=st.integers(-30, 300))
    def time_passes_and_the_desk_looks_what_is_due(self, hours: int) -> None:
        """Also back: a clock was set."""
        self.office.now += timedelta(hours=hours)

        def upkeep(tx: Tx) -> None:
            self.office.desk.reminding.fire(tx, self.office.now)
            for case in approvals.overdue(tx, self.office.now):
                self.office.desk.requests.expire(tx, case, self.office.now)

        self.office.do(upkeep)

    # ── what holds at any time ──

    @invariant()
    def nothing_leaves_its_end(self) -> None:
        """Archived, declined or withdrawn for good; what is closed may be taken up again."""
        for which in range(6):
            case = self.case(which)
            if case.id in self.ended:
                end = self.ended[case.id]
                assert (case.closed_at, case.outcome, case.ground) == (end.closed_at, end.outcome, end.ground)
                assert case.status in (end.status, Status.ARCHIVED)
                assert end.status is not Status.ARCHIVED or case.status is Status.ARCHIVED
            if case.status in OVER and case.status is not Status.CLOSED:
                self.ended[case.id] = case

    @invariant()
    def everything_is_written_down(self) -> None:
        def look(tx: Tx) -> None:
            for id_ in self.ids:
                case, told = cases.get(tx, id_), events.of_case(tx, id_)
                assert events.verify(tx, id_) == []
                assert len(told) == case.version
                assert (case.status in OVER) == (case.closed_at is not None)
                _every_change_of_state_has_its_one_event(case, told)
                _no_major_case_went_out_undecided(told)
                _nobody_comes_back_who_stays_away(told)
                gone = officers.recused(tx, id_)
                assert case.holder not in gone
                assert case.first_officer not in gone
                asked = approvals.of_case(tx, id_)
                assert all(one.requested_by != one.decided_by or one.decided_by is None for one in asked)
                _the_ledger_is_whole(tx, case)
                _what_was_ended_has_its_ground(case, told)
                agreed = publication.is_agreed(case, cases.particulars(tx, id_), asked)
                assert not agreed or case.kind is Kind.COMPLAINT

        self.office.do(look)

    def teardown(self) -> None:
        self.open.close()


def _every_change_of_state_has_its_one_event(case: Case, told: list[Event]) -> None:
    """The events with a from and a to, one after the other, are the whole way of the case."""
    stands = Status.REGISTERED
    for event in told:
        if "to" in event.facts:
            assert event.facts["from"] == stands
            stands = Status(str(event.facts["to"]))
    assert stands is case.status


def _what_was_ended_has_its_ground(case: Case, told: list[Event]) -> None:
    """Art. 16(7), 34, 35, 44: whoever pressed, in whatever order."""
    for event in told:
        if event.kind in ("declined", "not_handled"):
            ground = any_ground(str(event.facts["ground"]))
            assert isinstance(ground, Ground if case.kind is Kind.COMPLAINT else ReportGround)
            assert ground not in NEED_WORDS or event.words.strip()
            assert ground is not Ground.OTHER_LAW or "条" in event.words
    assert case.kind is not Kind.REPORT or case.status not in (Status.WITHDRAWN, Status.DECLINED)


def _no_major_case_went_out_undecided(told: list[Event]) -> None:
    """S9-6, by the history alone."""
    major, approved, waiting = told[0].facts["grade"] == "major", False, 0
    for event in told:
        decided = event.kind in ("approved", "refused") and event.facts["kind"] == "escalation"
        waiting += (event.kind == "escalated") - decided
        if decided:
            major = event.kind == "approved"
            approved = approved or major
        if event.kind == "dispatched":
            assert waiting == 0
            assert approved or not major


def _nobody_comes_back_who_stays_away(told: list[Event]) -> None:
    """S7-5b: from his recusal on he is in no event, neither as who did it nor as who it is about."""
    gone: set[object] = set()
    for event in told:
        assert not any(event.actor == f"officer:{officer}" for officer in gone), event
        if event.kind not in ("recused", "recusal_decided"):
            assert event.facts.get("officer") not in gone, event
        if event.kind == "recused" or (event.kind == "recusal_decided" and event.facts["granted"]):
            gone.add(event.facts["officer"])


def _the_ledger_is_whole(tx: Tx, case: Case) -> None:
    """Each limit begins once and ends at most once; none runs for a case that is over."""
    running = {clock.id for clock in clocks.running(tx, case.id)}
    assert not (running and case.status in OVER)
    lines: dict[int, list[str]] = {}
    for entry in clocks.ledger(tx, case.id):
        lines.setdefault(entry.clock, []).append(entry.what)
    assert set(lines) == {clock.id for clock in clocks.of_case(tx, case.id)}
    for clock, told in lines.items():
        assert told[0] == "started"
        assert told.count("started") == 1
        assert ("ended" in told) is (clock not in running)
        assert "ended" not in told[:-1]


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(
    max_examples=2_000 if LONG else 8, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
TestCaseLife.pytestmark = [pytest.mark.timeout(7_200 if LONG else 120)]  # type: ignore[attr-defined]
