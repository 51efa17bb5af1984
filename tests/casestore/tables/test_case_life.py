"""Whoever presses whatever in whatever order: no case leaves its end, nothing is half done."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casestore import lifecycle
from casestore.codes import Decision, Grade, Ground, Kind, Outcome, Status, Step
from casestore.errors import CaseError
from casestore.lifecycle import Facts
from casestore.model import DESK, Actor, Case, CaseId
from casestore.store import Tx
from casestore.tables import approvals, cases, clocks, events, officers
from tests.casestore.tables.files import a_quick_office
from tests.office import FOOD, QUALITY, Office

WORDS = st.sampled_from(["", " ", "请从速办理"])
STEPS = st.sampled_from([step for step in Step if step not in (Step.ESCALATE, Step.RECUSE, Step.REVEAL)])
CASES = st.integers(0, 5)
PEOPLE = st.sampled_from(["wang", "zhao", "li", "sun", "anna", "desk"])

ENDS = (Status.DECLINED, Status.CLOSED, Status.WITHDRAWN)
#: Who may do a step where it is possible at all.
RIGHTFUL = {
    Step.ASK_SUPPLEMENT: "wang", Step.SUPPLEMENT: "anna", Step.ACCEPT: "wang", Step.DECLINE: "wang", Step.DISPATCH: "wang",
    Step.TAKE_OVER: "li", Step.RETURN: "li", Step.MEDIATE: "li", Step.FILE: "li", Step.NOT_FILE: "li", Step.ANSWER: "wang",
    Step.CLOSE: "li", Step.WITHDRAW: "anna",
}  # fmt: skip
ONWARD = (Step.ACCEPT, Step.DISPATCH, Step.TAKE_OVER, Step.FILE, Step.ANSWER, Step.CLOSE)


class CaseLife(RuleBasedStateMachine):
    """Six cases, two of each kind, on one real desk; every press is one transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.office: Office = self.open.enter_context(a_quick_office(folder))
        self.ended: dict[CaseId, Case] = {}
        self.pressed = 0

    @initialize(amount=st.sampled_from([100, 9_000_000]))
    def registered(self, amount: int) -> None:
        self.ids = [self.office.have(kind=kind, amount_fen=amount).id for kind in (*Kind, *Kind)]

    def actor(self, who: str) -> Actor:
        if who == "desk":
            return DESK
        return Actor(citizen=self.office.anna) if who == "anna" else Actor(officer=getattr(self.office, who))

    def case(self, which: int) -> Case:
        return self.office.do(lambda tx: cases.get(tx, self.ids[which]))

    def press(self, which: int, work: object) -> None:
        """Every refusal is a CaseError, and then the case is as it was."""
        assert callable(work)
        before = self.case(which)
        try:
            self.office.do(work)
        except CaseError as error:
            assert error.code
            assert self.case(which) == before
            return
        assert self.case(which).version >= before.version

    @rule(which=CASES, step=STEPS, who=PEOPLE, words=WORDS, unit=st.sampled_from([None, FOOD, QUALITY]),
          ground=st.sampled_from([None, Ground.TOO_OLD]), outcome=st.sampled_from([None, *Outcome]),
          late=st.booleans())  # fmt: skip
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
        id_, actor, at = self.ids[which], self.actor(who), self.office.now
        self.press(which, lambda tx: self.office.desk.take(tx, id_, step, actor, facts, at, seen))

    @rule(which=CASES, step=st.sampled_from(list(RIGHTFUL)))
    def one_who_may_presses(self, which: int, step: Step) -> None:
        """With all that a step can ask for: so that every end is reached, and pressed upon."""
        case, actor = self.case(which), self.actor(RIGHTFUL[step])
        facts = Facts(unit=FOOD, ground=Ground.TOO_OLD, outcome=Outcome.SETTLED, words="好")
        self.press(which, lambda tx: self.office.desk.take(tx, case.id, step, actor, facts, self.office.now))

    @rule(
        which=CASES,
        step=st.sampled_from([Step.WITHDRAW, Step.DECLINE, Step.CLOSE, Step.NOT_FILE]),
    )
    def it_is_ended(self, which: int, step: Step) -> None:
        self.one_who_may_presses(which, step)

    @rule(which=CASES)
    def it_goes_on_as_it_should(self, which: int) -> None:
        for _ in range(3):
            steps = [step for step in lifecycle.possible(self.case(which)) if step in ONWARD]
            if steps:
                self.one_who_may_presses(which, steps[0])

    @rule(which=CASES, who=PEOPLE, words=WORDS)
    def escalates(self, which: int, who: str, words: str) -> None:
        id_, actor = self.ids[which], self.actor(who)
        self.press(which, lambda tx: self.office.desk.escalate(tx, id_, actor, words, self.office.now))

    @rule(which=CASES, who=PEOPLE, step=st.sampled_from([Step.APPROVE, Step.REFUSE]))
    def decides(self, which: int, who: str, step: Step) -> None:
        id_, actor = self.ids[which], self.actor(who)
        self.press(which, lambda tx: self.office.desk.decide(tx, id_, step, actor, "同意", self.office.now))

    @rule(which=CASES, who=st.sampled_from(["zhao", "anna"]))
    def recuses_himself(self, which: int, who: str) -> None:
        id_, actor = self.ids[which], self.actor(who)
        self.press(which, lambda tx: self.office.desk.recuse(tx, id_, actor, self.office.now))

    @rule(which=CASES, who=PEOPLE)
    def brings_material(self, which: int, who: str) -> None:
        id_, actor = self.ids[which], self.actor(who)
        self.press(which, lambda tx: self.office.desk.supplement(tx, id_, actor, (), "小票", self.office.now))

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        self.office.now += timedelta(hours=hours)

    @invariant()
    def nothing_leaves_its_end(self) -> None:
        for which in range(6):
            case = self.case(which)
            if case.id in self.ended:
                end = self.ended[case.id]
                assert (case.status, case.closed_at, case.outcome, case.ground) == (
                    end.status, end.closed_at, end.outcome, end.ground,
                )  # fmt: skip
            elif case.status in ENDS:
                self.ended[case.id] = case

    @invariant()
    def everything_is_written_down(self) -> None:
        def look(tx: Tx) -> None:
            for id_ in self.ids:
                case, told = cases.get(tx, id_), events.of_case(tx, id_)
                assert events.verify(tx, id_) == []
                assert len(told) == case.version
                assert (case.status in ENDS) == (case.closed_at is not None)
                if case.status in ENDS:
                    assert clocks.running(tx, id_) == []
                dispatched = [event for event in told if event.kind == "dispatched"]
                asked = approvals.of_case(tx, id_)
                if dispatched and case.grade is Grade.MAJOR:
                    assert any(one.decision is Decision.APPROVED for one in asked)
                assert all(one.requested_by != one.decided_by or one.decided_by is None for one in asked)
                assert case.holder not in officers.recused(tx, id_)

        self.office.do(look)

    def teardown(self) -> None:
        self.open.close()


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(
    max_examples=18, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
