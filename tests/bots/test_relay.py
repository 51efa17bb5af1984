"""From the outbox to a platform: order in a chat, patience, and one spoilt message that holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bots import relay as relay_module
from bots.notices import notice_text
from bots.pacing import TELEGRAM
from bots.sending import (
    AwaitsWord,
    Prepared,
    Refused,
    TryLater,
    Unreachable,
    Unsure,
)
from casestore.model import Case
from casestore.store import Store, Tx
from casestore.tables import citizens, outbox
from casestore.tables.outbox import Kind, Owed, State
from casestore.tables.schema import moment
from dialogs.texts import Texts
from tests.bots.desks import eventually
from tests.bots.relays import Desk, Platform, at_work
from tests.office import Office

T = TypeVar("T")
BACKOFF = (1, 2, 5, 15, 60, 300, 900, 1800, 3600, 3600)


@pytest.fixture
def desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(office, Platform(), office.now)
    monkeypatch.setattr(relay_module, "_IDLE_S", 0.1)
    monkeypatch.setattr(relay_module, "time", SimpleNamespace(monotonic=lambda: made.seconds))
    return made


@pytest_asyncio.fixture
async def running(desk: Desk) -> AsyncIterator[Desk]:
    """With its relay at work, at no pace but its own."""
    async with at_work(desk, desk.relay()):
        yield desk


# ── order ──


async def test_messages_of_a_chat_go_out_in_their_order(running: Desk) -> None:
    texts = [f"第{number}条" for number in range(20)]

    running.owe(*texts)

    await running.takes(*texts)


async def test_a_message_that_must_wait_holds_back_its_chat_and_no_other(running: Desk) -> None:
    """Else a citizen would read 已办结 before 已受理."""
    running.platform.refusals = {"已受理": [TryLater("network")]}
    running.owe("已受理", "已分派")
    running.owe("别人的", lane="telegram:2")
    await running.becomes("已受理", State.READY, "network")
    assert running.platform.took == ["别人的"]

    await running.later(1)

    await running.takes("别人的", "已受理", "已分派")


async def test_thirty_two_are_under_way_at_once_and_no_more(running: Desk) -> None:
    running.platform.closed = asyncio.Event()
    for number in range(40):
        running.owe(f"m{number}", lane=f"telegram:{number}")

    async def full() -> bool:
        return len(running.platform.tried) >= 32

    await eventually(full)
    await asyncio.sleep(0.05)
    assert len(running.platform.tried) == 32

    running.platform.closed.set()

    async def all_out() -> bool:
        return len(running.platform.took) == 40

    await eventually(all_out)


async def test_what_is_under_way_when_the_desk_stops_is_finished(desk: Desk) -> None:
    desk.platform.closed = asyncio.Event()
    desk.owe("最后一句")
    async with at_work(desk, desk.relay()):
        await desk.becomes("最后一句", State.SENDING)
        asyncio.get_running_loop().call_later(0.05, desk.platform.closed.set)

    assert desk.row("最后一句").state == State.DONE


# ── patience ──


async def test_a_platform_that_does_not_answer_is_asked_ever_more_seldom(running: Desk) -> None:
    """1 s to 1 h, ten times; then the message is a dead letter."""
    running.platform.refusals = {"好": [TryLater("network") for _ in range(20)]}
    running.owe("好")
    waited = []
    for attempt, pause in enumerate(BACKOFF, 1):

        async def failed(attempt: int = attempt) -> Any:
            row = running.row("好")
            return row if row.attempts == attempt and row.state == State.READY else None

        row = await eventually(failed)
        waited.append(round((moment(row.due_at) - running.now).total_seconds()))
        await running.later(pause)

    assert tuple(waited) == BACKOFF
    await running.becomes("好", State.DEAD, "network")
    assert len(running.platform.tried) == len(BACKOFF) + 1


async def test_the_platforms_own_wish_is_honoured_to_the_second(running: Desk) -> None:
    """429 with retry_after: not one request earlier."""
    running.platform.refusals = {"好": [TryLater("flood", timedelta(seconds=37))]}
    running.owe("好")
    await running.becomes("好", State.READY, "flood")

    await running.later(36.9)
    assert running.platform.tried == ["好"]
    await running.later(0.2)

    await running.takes("好")


async def test_an_answer_to_a_press_is_never_tried_again(running: Desk) -> None:
    """The button has stopped waiting by then."""
    running.platform.refusals = {"好": [TryLater("network")]}

    running.owe("好", kind=Kind.TOAST)

    await running.becomes("好", State.DEAD, "network")


async def test_what_is_no_longer_true_is_not_sent(desk: Desk) -> None:
    """A reminder of a draft that was deleted in the meantime, after a night without network."""
    desk.owe("快填完", "好", lives=timedelta(hours=1))
    desk.now += timedelta(hours=1)
    async with at_work(desk, desk.relay()):
        await desk.becomes("快填完", State.DEAD, "expired")
        await desk.becomes("好", State.DEAD, "expired")

    assert desk.platform.tried == []


# ── refusals ──


async def test_what_the_platform_will_never_take_does_not_hold_up_the_chat(running: Desk) -> None:
    running.platform.refusals = {"坏": [Refused("bad-request")]}

    running.owe("坏", "好")

    await running.takes("好")
    assert (running.row("坏").state, running.row("坏").error) == (State.DEAD, "bad-request")


async def test_who_cannot_be_reached_is_remembered(running: Desk) -> None:
    running.platform.refusals = {"好": [Unreachable("blocked")]}

    running.owe("好")

    await running.becomes("好", State.DEAD, "blocked")
    assert not running.office.do(lambda tx: citizens.get(tx, running.office.anna)).reachable


async def test_what_waits_for_his_word_keeps_what_follows_in_order(running: Desk) -> None:
    running.platform.refusals = {"一": [AwaitsWord("quota")]}
    running.owe("一", "二")
    running.owe("别人的", lane="telegram:2")

    await running.becomes("一", State.WAITING, "quota")
    await running.later(7200)

    assert running.platform.took == ["别人的"]
    waiting = running.office.do(lambda tx: outbox.waiting(tx, "telegram:1"))
    assert [owed.payload["text"] for owed in waiting] == ["一", "二"]


@pytest.mark.parametrize(
    "error", [KeyError("facts"), ValueError("x"), TypeError(), AttributeError(), OSError("copy is gone")]
)
async def test_one_message_that_cannot_be_rendered_holds_up_no_other(running: Desk, error: Exception) -> None:
    running.platform.unrenderable = {"坏": error}
    running.owe("坏", "同一个人的")
    running.owe("别人的", lane="telegram:2")

    await running.becomes("坏", State.DEAD, type(error).__name__)

    await running.becomes("同一个人的", State.DONE)
    await running.becomes("别人的", State.DONE)


async def test_what_has_become_needless_is_done(running: Desk) -> None:
    """Rendered when it goes out: a card that was taken away leaves nothing to send."""
    running.owe("", "好")

    await running.takes("好")
    assert running.row("").state == State.DONE


# ── doubt ──


async def test_a_librarys_surprise_loses_nothing(running: Desk) -> None:
    """It may have gone out: it goes out again, and says so."""
    running.platform.refusals = {"好": [RuntimeError("canary-5f1d")]}
    with capture_logs() as logged:
        running.owe("好")
        await running.becomes("好", State.READY, "unsure")

    assert "canary-5f1d" not in str(logged)
    await running.later(1)
    await running.takes("好")


@pytest.mark.parametrize("how", ["unsure", "restart"])
async def test_a_notice_that_may_have_arrived_says_that_it_comes_again(desk: Desk, how: str) -> None:
    """重发: a broken connection, or a desk that was killed while sending."""
    case = desk.office.accepted()
    found: list[Owed] = []
    real = desk.platform.prepare

    def prepare(tx: Tx, owed: Owed, at: datetime) -> Prepared:
        found.append(owed)
        return real(tx, owed, at)

    desk.platform.prepare = prepare  # type: ignore[method-assign]
    if how == "restart":
        head = desk.office.do(lambda tx: outbox.heads(tx, "telegram", desk.now, 1))[0]
        desk.office.do(lambda tx: outbox.sending(tx, head.id))
    else:
        desk.platform.refusals = {"accepted": [Unsure("network")]}
    async with at_work(desk, desk.relay()):
        await desk.becomes("accepted", State.READY, "unsure")
        await desk.later(2)
        await desk.takes("accepted")

    assert notice_text(Texts.load({}), found[-1]).startswith(f"（重发）您的投诉 {case.number} 已受理")


async def test_a_toast_that_was_under_way_at_the_end_is_forgotten(desk: Desk) -> None:
    desk.owe("好", kind=Kind.TOAST)
    head = desk.office.do(lambda tx: outbox.heads(tx, "telegram", desk.now, 1))[0]
    desk.office.do(lambda tx: outbox.sending(tx, head.id))

    async with at_work(desk, desk.relay()):
        await desk.becomes("好", State.DEAD, "restart")

    assert desk.platform.tried == []


async def test_a_full_disk_does_not_lose_what_was_sent(desk: Desk) -> None:
    """That it went out is written down as soon as the disk takes it; it is not sent again."""

    class Full:
        """A store that takes nothing while it is full."""

        def __init__(self, store: Store) -> None:
            self._store, self.refuses = store, 0

        def __getattr__(self, name: str) -> Any:
            return getattr(self._store, name)

        async def run(self, work: Callable[[Tx], T]) -> T:
            if self.refuses:
                self.refuses -= 1
                raise OSError("No space left on device")
            return await self._store.run(work)

    store = Full(desk.office.store)
    desk.platform.closed = asyncio.Event()
    desk.owe("好")
    async with at_work(desk, desk.relay(store=store)):
        await desk.becomes("好", State.SENDING)
        store.refuses = 1
        desk.platform.closed.set()
        await desk.becomes("好", State.DONE)

    assert desk.platform.tried == ["好"]


# ── what staff see ──


async def test_a_dead_letter_is_shown_on_the_case(running: Desk) -> None:
    """The card is drawn anew in every chat where it stands."""
    office = running.office
    running.platform.refusals = {"accepted": [Refused("bad-request")]}

    def cards(tx: Tx) -> list[Owed]:
        return [owed for owed in outbox.heads(tx, "staff", running.now, 50) if owed.kind is Kind.CARD]

    case: Case = office.accepted()
    for owed in office.do(cards):  # those of the steps before
        office.do(partial(outbox.sending, message=owed.id))
        office.do(partial(outbox.done, message=owed.id, at=running.now))
    await running.later(0)
    await running.becomes("accepted", State.DEAD)

    assert {owed.case for owed in office.do(cards)} == {case.id}
    (undelivered,) = office.do(lambda tx: outbox.undelivered(tx, case.id))
    assert (undelivered.payload["code"], undelivered.error) == ("accepted", "bad-request")


# ── pace ──


async def test_a_chat_gets_one_message_a_second(desk: Desk) -> None:
    desk.owe("一", "二")
    desk.owe("别人的", lane="telegram:2")
    async with at_work(desk, desk.relay(TELEGRAM)):
        await desk.becomes("别人的", State.DONE)
        await desk.becomes("一", State.DONE)
        await desk.later(0.9)
        assert "二" not in desk.platform.tried
        await desk.later(0.2)
        await desk.becomes("二", State.DONE)


async def test_an_answer_to_a_press_does_not_wait_its_turn(desk: Desk) -> None:
    desk.owe("一", "二")
    async with at_work(desk, desk.relay(TELEGRAM)):
        await desk.becomes("一", State.DONE)
        desk.owe("好", lane="press:1", kind=Kind.TOAST)
        await desk.becomes("好", State.DONE)

    assert desk.platform.took == ["一", "好"]


async def test_a_bot_sends_thirty_a_second_to_all_chats_together(desk: Desk) -> None:
    for number in range(35):
        desk.owe(f"m{number}", lane=f"telegram:{number}")
    async with at_work(desk, desk.relay(TELEGRAM)):

        async def thirty() -> bool:
            return len(desk.platform.took) >= 30

        await eventually(thirty)
        await desk.later(0.5)
        assert len(desk.platform.took) == 30
        await desk.later(0.6)

        async def all_out() -> bool:
            return len(desk.platform.took) == 35

        await eventually(all_out)
