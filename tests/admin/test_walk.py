"""Anybody presses anything, in any order: no surprise, every button answered, every card true."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from admin.card import Cards
from admin.look import look
from casestore import lifecycle
from casestore.codes import Decision, Kind, Role, Step
from casestore.errors import CaseError
from casestore.model import Case, Officer
from casestore.store import Tx
from casestore.tables import approvals, buttons, cases, events, officers, posts
from casestore.workdays import WorkingCalendar
from tests.admin.staff_room import TEXTS, Message, StaffRoom, a_person, is_said
from tests.office import DUTY_GROUP, FOOD, QUALITY, Office, a_suggestion

#: Every sentence a press may be answered with. "" ends a press whose answer is the card itself.
REFUSALS = [code for code in TEXTS.codes() if code.startswith("errors.")]
ANSWERS = [*REFUSALS, "staff.done", "staff.by_other", "staff.changed", "staff.expired", "staff.in_private",
           "staff.reveal_off", "staff.unknown_person"]  # fmt: skip
STRANGE = ["errors.officer-unknown", "errors.unit-unknown", "errors.case-unknown", "errors.too-many-queries"]
WORDS = [
    "同意",
    "请补充小票",
    "<b>甲</b>",
    "\u200b",
    "字" * 1001,
    "取消",
    "/queue",
    "/mine",
    "/x",
    "待办",
    "/duty on",
]
DAYS, PRESSES = 3, 110
#: How readily a button is pressed; the others have 1.
EAGER = {
    "do:recuse": 0.4, "step:recuse": 0.3, "do:return": 0.5, "do:decline": 1.0, "card": 0.5, "step:reveal": 0.2,
    "step:escalate": 0.3, "do:dispatch": 8.0, "do:close": 4.0, "step:take_over": 6.0, "step:accept": 3.0,
    "step:file": 3.0, "step:approve": 2.0, "step:refuse": 2.0, "step:not_file": 2.0, "step:mediate": 4.0, "do:mediate": 4.0,
}  # fmt: skip


class Walk:
    """An office at work; `chance` decides who does what."""

    def __init__(self, folder: Path, empty: Path) -> None:
        shutil.copy(empty, folder)
        self.office = Office(folder)
        self.room = StaffRoom(self.office, folder, pii=True)
        office = self.office
        self.people = [
            office.wang, office.zhao, office.li, office.sun,
            a_person(office, "周局长", Role.HEAD, "1005"),
            a_person(office, "钱进", Role.HANDLER, "1006", QUALITY),
            a_person(office, "吴科长", Role.UNIT_HEAD, "1012", FOOD),
            a_person(office, "小林", Role.VOLUNTEER, "1008"),
        ]  # fmt: skip
        self.cases = [
            office.have(),
            office.have(amount_fen=9_000_000, suggestion=a_suggestion(urgent=("食物中毒",))),
            office.have(kind=Kind.REPORT),
            office.have(kind=Kind.REPORT),
            office.have(kind=Kind.CONSULTATION),
        ]
        self.cards = Cards(TEXTS, office.units, WorkingCalendar())
        #: Which steps were done by pressing.
        self.done: Counter[str] = Counter()
        self.room.deliver()

    def close(self) -> None:
        self.office.store.close()

    def visible(self, who: Officer) -> list[tuple[Message, str]]:
        """Every button he can put his finger on: in his own chat, and in the group."""
        mine = {DUTY_GROUP, self.room.chat_of(who)}
        return [
            (shown, token)
            for shown in self.room.messages.values()
            if shown.chat in mine
            for row in shown.keyboard
            for _, token in row
        ]

    def press(self, who: Officer, shown: Message, token: str) -> None:
        button = self.office.do(lambda tx: buttons.find(tx, token))
        answer = self.room.redeem(who, token, shown.chat)
        assert answer == "" or any(is_said(code, answer) for code in ANSWERS), answer
        assert not any(is_said(code, answer) for code in STRANGE), answer
        if button is not None and is_said("staff.done", answer) and answer != TEXTS.say("staff.in_private"):
            self.done[button.does.partition(":")[2]] += 1

    def choose(self, who: Officer, chance: Random) -> tuple[Message, str] | None:
        """One of what he sees; most people want to get on with their work, in their own chat."""
        seen = self.visible(who)
        found = self.office.do(lambda tx: [buttons.find(tx, token) for _, token in seen])
        weights = [
            EAGER.get(button.does, 1.0) * (1.0 if shown.chat == DUTY_GROUP else 4.0)
            if button is not None and button.facts.get("unit", FOOD) in (FOOD, QUALITY)
            else 0.1
            for (shown, _), button in zip(seen, found, strict=True)
        ]
        return chance.choices(seen, weights)[0] if seen else None

    def write(self, who: Officer, text: str) -> None:
        self.room.write(who, text)

    # ── what must always hold ──

    def check(self) -> None:
        self.room.deliver()
        for case in self.cases:
            self.office.do(lambda tx, case=case: self._check(tx, case))  # type: ignore[misc]

    def _check(self, tx: Tx, case: Case) -> None:
        now, away = cases.get(tx, case.id), officers.recused(tx, case.id)
        assert events.verify(tx, case.id) == []
        assert now.version == sum(event.kind != "revealed" for event in events.of_case(tx, case.id))
        assert now.holder not in away
        for request in approvals.of_case(tx, case.id):
            assert request.requested_by is None or request.requested_by != request.decided_by
        for post in posts.of_case(tx, case.id):
            self._check_card(tx, now, post.chat)
        for who in self.people:
            account = officers.account(tx, who.id)
            assert who.id not in away or posts.at(tx, case.id, account or "") is None

    def _check_card(self, tx: Tx, now: Case, chat: str) -> None:
        post = posts.at(tx, now.id, chat)
        assert post is not None
        assert post.message is not None
        shown = self.room.messages[post.message]
        for row in shown.keyboard:
            for _, token in row:
                button = buttons.find(tx, token)
                assert button is not None
                assert (button.case, button.case_version, button.chat) == (now.id, now.version, chat)
        if "返回" in shown.labels:
            assert now.number in shown.text  # a menu: its buttons are of the newest version all the same
            return
        viewer = officers.get(tx, post.officer) if post.officer is not None else None
        card = self.cards.draw(look(tx, now.id, viewer, self.office.now), self.office.now)
        assert shown.text == card.text
        assert shown.labels == [button.label for row in card.rows for button in row]


def dispatch_of_a_major_case_was_decided(walk: Walk) -> None:
    """S9-6, over the whole walk: nothing escalated was dispatched while a request was open."""
    for case in walk.cases:
        open_request = False
        for event in walk.office.do(lambda tx, case=case: events.of_case(tx, case.id)):  # type: ignore[misc]
            open_request = {"escalated": True, Decision.APPROVED: False, Decision.REFUSED: False}.get(
                event.kind, open_request
            )
            assert not (event.kind == "dispatched" and open_request)


def test_long_days_at_random(tmp_path: Path, empty_desk: Path) -> None:
    """Presses and words of everybody, and the cases get on by them."""
    done: Counter[str] = Counter()
    for seed in range(DAYS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        walk = Walk(folder, empty_desk)
        try:
            a_day(walk, Random(seed))
            dispatch_of_a_major_case_was_decided(walk)
        finally:
            walk.close()
        done += walk.done
    assert len(done) >= 8, done
    assert done.keys() >= {Step.ACCEPT, Step.ESCALATE, Step.DISPATCH, Step.TAKE_OVER}


def a_day(walk: Walk, chance: Random) -> None:
    old: list[tuple[Message, str]] = []
    for turn in range(PRESSES):
        who = chance.choice(walk.people)
        chosen = walk.choose(who, chance)
        if chance.random() < 0.1 or chosen is None:
            walk.write(who, chance.choice([*WORDS, f"/case {chance.choice(walk.cases).number}"]))
        elif chance.random() < 0.15 and old:
            walk.press(who, *chance.choice(old))  # what was there before, also somebody else's
        else:
            old.append(chosen)
            walk.press(who, *chosen)
        if turn % 10 == 0:
            walk.check()
    walk.check()


class AnybodyPressesAnything(RuleBasedStateMachine):
    """The same, looked for by Hypothesis, which shortens what it finds."""

    empty: Path

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.walk = Walk(Path(self.folder.name), self.empty)
        self.old: list[tuple[Message, str]] = []

    @rule(who=st.integers(0, 7), which=st.integers(0, 200))
    def press(self, who: int, which: int) -> None:
        seen = self.walk.visible(self.walk.people[who])
        if seen:
            self.old.append(seen[which % len(seen)])
            self.walk.press(self.walk.people[who], *self.old[-1])

    @rule(who=st.integers(0, 7), which=st.integers(0, 200))
    def press_what_was_there_before(self, who: int, which: int) -> None:
        """Also what was somebody else's, from his chat."""
        if self.old:
            self.walk.press(self.walk.people[who], *self.old[which % len(self.old)])

    @rule(who=st.integers(0, 7), text=st.sampled_from(WORDS))
    def write(self, who: int, text: str) -> None:
        self.walk.write(self.walk.people[who], text)

    @rule(who=st.integers(0, 7), which=st.integers(0, 4))
    def ask_for_a_case(self, who: int, which: int) -> None:
        self.walk.write(self.walk.people[who], f"/case {self.walk.cases[which].number}")

    @rule(which=st.integers(0, 4), step=st.sampled_from([Step.WITHDRAW, Step.SUPPLEMENT]))
    def the_citizen_acts(self, which: int, step: Step) -> None:
        case = self.walk.room.now(self.walk.cases[which])
        if lifecycle.find(case, step) is not None:
            self.walk.office.take(case, step, self.walk.office.anna)

    @rule(who=st.integers(0, 7))
    def suspend_and_let_back(self, who: int) -> None:
        officer = self.walk.people[who].id
        active = self.walk.office.do(lambda tx: officers.get(tx, officer)).active
        self.walk.office.do(lambda tx: officers.suspend(tx, officer, active=not active))
        self.walk.office.do(self._refresh)

    def _refresh(self, tx: Tx) -> None:
        for case in self.walk.cases:
            self.walk.office.desk.telling.refresh_cards(tx, cases.get(tx, case.id), self.walk.office.now)

    @invariant()
    def cards_are_true(self) -> None:
        self.walk.check()

    def teardown(self) -> None:
        dispatch_of_a_major_case_was_decided(self.walk)
        self.walk.close()
        self.folder.cleanup()


def test_anybody_may_press_anything_and_nothing_breaks(empty_desk: Path) -> None:
    assert settings.default is not None
    machine: Any = type("Machine", (AnybodyPressesAnything,), {"empty": empty_desk})

    run_state_machine_as_test(
        machine, settings=settings(max_examples=settings.default.max_examples // 15, stateful_step_count=20)
    )


def test_every_refusal_has_its_sentence() -> None:
    """Each error the desk can raise is in the texts, or a press of it would end in silence."""

    def all_of(error: type[CaseError]) -> set[str]:
        return {error.code} | {code for below in error.__subclasses__() for code in all_of(below)}

    assert {f"errors.{code}" for code in all_of(CaseError)} - {"errors.case-error"} == set(REFUSALS)
