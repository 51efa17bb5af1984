"""What we owe: in a lane one after the other, nothing lost, nothing sent that must wait."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from casestore import migrations
from casestore.seal import Sealer
from casestore.store import Store, Tx
from casestore.tables import outbox, schema
from casestore.tables.outbox import Draft, Owed, State, Urgency
from tests.office import MONDAY, Office

MINUTE = timedelta(minutes=1)
A_TEXT = Draft("staff", "staff:1", outbox.Kind.TEXT, {"text": "您好"}, Urgency.CARD)


class Out:
    """The outbox of an office whose clock stands at `now`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.now = MONDAY
        office.do(lambda tx: tx.execute(schema.outbox.delete()))

    def put(self, **changes: Any) -> None:
        self._office.do(lambda tx: outbox.put(tx, replace(A_TEXT, **changes), self.now))

    def say(self, text: str, lane: str = "staff:1", **changes: Any) -> None:
        self.put(payload={"text": text}, lane=lane, **changes)

    def do(self, work: Any, *arguments: Any) -> Any:
        return self._office.do(lambda tx: work(tx, *arguments))

    def heads(self, bot: str = "staff", most: int = 100) -> list[Owed]:
        return list(self._office.do(lambda tx: outbox.heads(tx, bot, self.now, most)))

    def texts(self, bot: str = "staff", most: int = 100) -> list[str]:
        return [owed.payload["text"] for owed in self.heads(bot, most)]

    def head(self) -> int:
        return self.heads()[0].id

    def sending(self) -> int:
        head = self.head()
        self.do(outbox.sending, head)
        return head

    def count(self) -> dict[str, int]:
        return dict(self.do(outbox.count))

    def next_due(self) -> datetime | None:
        due: datetime | None = self.do(outbox.next_due, "staff")
        return due


@pytest.fixture
def out(office: Office) -> Out:
    return Out(office)


def test_what_is_put_in_comes_out_as_it_was(out: Out) -> None:
    out.put(payload={"text": "“您好”", "facts": {"n": 1, "nothing": None}}, lives=MINUTE)
    (owed,) = out.heads()

    assert owed.payload == {"text": "“您好”", "facts": {"n": 1, "nothing": None}}
    assert (owed.lane, owed.kind, owed.attempts, owed.state) == ("staff:1", outbox.Kind.TEXT, 0, State.READY)
    assert (owed.due_at, owed.expires_at) == (MONDAY, MONDAY + MINUTE)


def test_in_a_lane_only_the_first_may_go(out: Out) -> None:
    for text in ("一", "二", "三"):
        out.say(text)
    out.say("另一个", lane="staff:2")

    assert out.texts() == ["一", "另一个"]


@pytest.mark.parametrize("leaves", ["done", "dead"])
def test_the_next_one_may_go_when_the_first_is_gone(out: Out, leaves: str) -> None:
    out.say("一")
    out.say("二")
    first = out.sending()
    assert out.texts() == []

    out.do(getattr(outbox, leaves), first, out.now if leaves == "done" else "blocked")
    assert out.texts() == ["二"]


def test_a_first_one_that_is_not_due_holds_up_its_lane_and_no_other(out: Out) -> None:
    """Order beats speed: 已受理 never arrives before 已登记."""
    out.say("一", delay=MINUTE)
    out.say("二")
    out.say("别人", lane="staff:2")
    assert out.texts() == ["别人"]

    out.now += MINUTE
    assert out.texts() == ["一", "别人"]


def test_a_failed_one_keeps_its_place_and_counts_its_attempts(out: Out) -> None:
    out.say("一")
    out.say("二")
    out.do(outbox.again, out.sending(), out.now + MINUTE, "timeout")
    assert out.texts() == []

    out.now += MINUTE
    (owed,) = out.heads()
    assert (owed.payload["text"], owed.attempts, owed.error) == ("一", 1, "timeout")


def test_the_most_urgent_lane_goes_first_and_no_more_than_there_is_room_for(out: Out) -> None:
    for lane, urgency in (
        ("a", Urgency.NOTICE),
        ("b", Urgency.CARD),
        ("c", Urgency.TOAST),
        ("d", Urgency.TALK),
    ):
        out.say(lane, lane=lane, urgency=urgency)

    assert out.texts() == ["c", "d", "b", "a"]
    assert out.texts(most=2) == ["c", "d"]


def test_each_bot_sends_its_own(out: Out) -> None:
    out.say("微信", bot="wechat", lane="wechat:1")
    out.say("值班", bot="staff")

    assert (out.texts("wechat"), out.texts("staff"), out.texts("telegram")) == (["微信"], ["值班"], [])


# ── once ──


def test_a_card_that_still_waits_is_not_put_in_twice(out: Out) -> None:
    for _ in range(3):
        out.say("卡片", once="card:7:1")
    out.say("另一张", once="card:8:1", lane="staff:2")

    assert out.texts() == ["卡片", "另一张"]
    assert out.count() == {"ready": 2}


def test_while_a_card_is_being_sent_a_newer_one_may_wait_behind_it(out: Out) -> None:
    """What changed since must not be lost to the refresh that is on its way."""
    out.say("旧", once="card:7:1")
    out.sending()
    out.say("新", once="card:7:1")

    assert out.count() == {"sending": 1, "ready": 1}


@pytest.mark.parametrize("leaves", ["done", "dead"])
def test_a_card_that_left_without_being_sent_does_not_stop_the_next(out: Out, leaves: str) -> None:
    """The relay settles what it need not or cannot render without claiming it first."""
    out.say("无可显示", once="card:7:1")
    out.do(getattr(outbox, leaves), out.head(), out.now if leaves == "done" else "KeyError")
    out.say("新", once="card:7:1")

    assert out.texts() == ["新"]


# ── waiting for the citizen's next word ──


def test_what_waits_for_a_word_holds_its_lane_and_is_given_out_in_order(out: Out) -> None:
    """WeChat: the quota is used up."""
    for text in ("受理", "分派", "接收"):
        out.say(text, lane="wechat:7", bot="wechat")
    first = out.heads("wechat")[0].id
    out.do(outbox.sending, first)
    out.do(outbox.wait, first, "quota")

    assert out.texts("wechat") == []
    assert [owed.payload["text"] for owed in out.do(outbox.waiting, "wechat:7")] == ["受理", "分派", "接收"]
    assert out.do(outbox.waiting, "wechat:8") == []


def test_what_may_go_anyway_does_not_wait_for_a_word(out: Out) -> None:
    out.say("受理", lane="wechat:7", bot="wechat")

    assert out.do(outbox.waiting, "wechat:7") == []


def test_what_was_said_in_the_passive_reply_is_done(out: Out) -> None:
    out.say("受理", lane="wechat:7", bot="wechat")
    head = out.heads("wechat")[0].id
    out.do(outbox.sending, head)
    out.do(outbox.wait, head, "quota")

    out.do(outbox.done, head, out.now)

    assert out.do(outbox.waiting, "wechat:7") == []
    assert out.count() == {"done": 1}


# ── when to look again ──


def test_the_next_look_is_when_the_next_first_one_is_due(out: Out) -> None:
    assert out.next_due() is None
    out.say("一", delay=5 * MINUTE)
    out.say("二", lane="staff:2", delay=3 * MINUTE)

    assert out.next_due() == MONDAY + 3 * MINUTE


@pytest.mark.parametrize("stands", ["waiting", "sending"])
def test_what_stands_behind_another_is_no_reason_to_look(out: Out, stands: str) -> None:
    """Else the relay would look a hundred times a second until the citizen speaks."""
    out.say("一")
    out.say("二")
    first = out.sending()
    if stands == "waiting":
        out.do(outbox.wait, first, "quota")

    assert out.next_due() is None


def test_a_delay_moves_the_next_look(out: Out) -> None:
    out.say("一")
    out.do(outbox.delay, out.head(), out.now + MINUTE)

    assert out.texts() == []
    assert out.next_due() == MONDAY + MINUTE


# ── after a crash ──


def test_what_was_being_sent_at_the_crash_is_neither_lost_nor_sent_blindly(office: Office, out: Out) -> None:
    out.say("一")
    out.say("二")
    sent = out.sending()
    office.store.close()

    office.store = Store(f"sqlite:///{office.store.path}", office.sealer)
    (unsure,) = out.do(outbox.ambiguous, "staff")
    assert (unsure.id, unsure.state, unsure.attempts) == (sent, State.SENDING, 1)
    assert out.texts() == []
    assert out.do(outbox.ambiguous, "wechat") == []


def test_staff_see_what_did_not_arrive_of_a_case(office: Office, out: Out) -> None:
    case = office.have()
    out.do(lambda tx: tx.execute(schema.outbox.delete()))
    for text in ("死", "等", "成"):
        out.say(text, lane=text, case=case.id)
    ids = {owed.payload["text"]: owed.id for owed in out.heads()}
    out.do(outbox.dead, ids["死"], "blocked")
    out.do(outbox.wait, ids["等"], "quota")
    out.do(outbox.done, ids["成"], out.now)

    shown = [(owed.payload["text"], owed.error) for owed in out.do(outbox.undelivered, case.id)]
    assert shown == [("死", "blocked"), ("等", "quota")]
    assert out.count() == {"dead": 1, "waiting": 1, "done": 1}


# ── whatever happens in whatever order ──


class Lanes(RuleBasedStateMachine):
    """Messages of three lanes are put, sent, fail, wait, die: each lane keeps its order, none is lost."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.store = Store(f"sqlite:///{self._folder.name}/desk.db", Sealer({1: b"k" * 32}, 1))
        migrations.migrate(self.store.engine)
        self.now = MONDAY
        self.put_in: dict[str, list[int]] = {"a": [], "b": [], "c": []}
        self.went: dict[str, list[int]] = {"a": [], "b": [], "c": []}
        self.serial = 0

    def heads(self) -> list[Owed]:
        return self.store.run_now(lambda tx: outbox.heads(tx, "staff", self.now, 10))

    @rule(lane=st.sampled_from("abc"), delay=st.integers(0, 2))
    def put(self, lane: str, delay: int) -> None:
        self.serial += 1
        number = self.serial
        draft = replace(A_TEXT, lane=lane, payload={"n": number}, delay=delay * MINUTE)
        self.store.run_now(lambda tx: outbox.put(tx, draft, self.now))
        self.put_in[lane].append(number)

    @rule(outcome=st.sampled_from(["done", "dead", "again", "wait"]), which=st.integers(0, 2))
    def send_one(self, outcome: str, which: int) -> None:
        heads = self.heads()
        if not heads:
            return
        owed = heads[which % len(heads)]

        def settle(tx: Tx) -> None:
            outbox.sending(tx, owed.id)
            if outcome == "done":
                outbox.done(tx, owed.id, self.now)
            elif outcome == "dead":
                outbox.dead(tx, owed.id, "blocked")
            elif outcome == "again":
                outbox.again(tx, owed.id, self.now + MINUTE, "timeout")
            else:
                outbox.wait(tx, owed.id, "quota")

        self.store.run_now(settle)
        if outcome in ("done", "dead"):
            self.went[owed.lane].append(owed.payload["n"])

    def settle_done(self, owed: Owed) -> None:
        self.store.run_now(lambda tx: outbox.done(tx, owed.id, self.now))

    @rule(lane=st.sampled_from("abc"))
    def the_citizen_speaks(self, lane: str) -> None:
        for owed in self.store.run_now(lambda tx: outbox.waiting(tx, lane)):
            self.settle_done(owed)
            self.went[lane].append(owed.payload["n"])

    @rule()
    def time_passes(self) -> None:
        self.now += MINUTE

    @invariant()
    def every_lane_went_in_its_order(self) -> None:
        for lane, went in self.went.items():
            assert went == self.put_in[lane][: len(went)]

    @invariant()
    def no_lane_has_two_heads(self) -> None:
        lanes = [owed.lane for owed in self.heads()]
        assert len(lanes) == len(set(lanes))

    @invariant()
    def none_is_lost(self) -> None:
        assert sum(self.store.run_now(outbox.count).values()) == self.serial

    def teardown(self) -> None:
        self.store.close()
        self._folder.cleanup()


TestLanes = Lanes.TestCase
TestLanes.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, derandomize=True, database=None
)
