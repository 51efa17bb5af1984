"""How fast a platform takes messages: 30 a second for the bot, 1 a second for a chat, 20 a minute for a group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.pacing import TELEGRAM, Pacer, Rate, Rates
from bots.sending import Pace

ANNA, BEN, GROUP = Pace("1"), Pace("2"), Pace("-5", is_group=True)


def let_through(pacer: Pacer, pace: Pace, at: float) -> bool:
    """As the relay asks: first for the bot, then for the chat."""
    return pacer.bot_wait(at) == 0 and pacer.take(pace, at) == 0


def test_the_platforms_published_rates_are_kept() -> None:
    """platforms.md 2.3."""
    assert Rates(bot=Rate(30, 1.0), chat=Rate(1, 1.0), group=Rate(20, 60.0)) == TELEGRAM


def test_a_chat_gets_one_message_a_second() -> None:
    pacer = Pacer(TELEGRAM)

    assert pacer.take(ANNA, 100.0) == 0
    assert pacer.take(ANNA, 100.25) == pytest.approx(0.75)
    assert pacer.take(ANNA, 101.0) == 0


def test_other_chats_are_not_held_up() -> None:
    pacer = Pacer(TELEGRAM)

    assert pacer.take(ANNA, 100.0) == 0
    assert pacer.take(BEN, 100.0) == 0


def test_what_was_not_let_through_is_not_counted() -> None:
    """Else a chat that asks often would never get anything."""
    pacer = Pacer(TELEGRAM)
    pacer.take(ANNA, 100.0)
    for tenth in range(1, 10):
        assert pacer.take(ANNA, 100 + tenth / 10) > 0

    assert pacer.take(ANNA, 101.0) == 0


def test_a_group_gets_twenty_messages_a_minute() -> None:
    pacer = Pacer(TELEGRAM)
    for second in range(20):
        assert pacer.take(GROUP, 100.0 + second) == 0

    assert pacer.take(GROUP, 120.0) == pytest.approx(40.0)
    assert pacer.take(GROUP, 159.9) > 0
    assert pacer.take(GROUP, 160.0) == 0


def test_a_group_too_gets_one_message_a_second() -> None:
    pacer = Pacer(TELEGRAM)
    pacer.take(GROUP, 100.0)

    assert pacer.take(GROUP, 100.5) == pytest.approx(0.5)


def test_a_private_chat_knows_no_minute() -> None:
    pacer = Pacer(TELEGRAM)

    assert all(pacer.take(ANNA, 100.0 + second) == 0 for second in range(120))


def test_a_bot_sends_thirty_messages_a_second() -> None:
    pacer = Pacer(TELEGRAM)
    for number in range(30):
        assert pacer.bot_wait(100.0) == 0
        pacer.take(Pace(str(number)), 100.0)

    assert pacer.bot_wait(100.0) == pytest.approx(1.0)
    assert pacer.bot_wait(100.4) == pytest.approx(0.6)
    assert pacer.bot_wait(101.0) == 0


def test_each_bot_has_a_pace_of_its_own() -> None:
    citizens, staff = Pacer(TELEGRAM), Pacer(TELEGRAM)
    citizens.take(ANNA, 100.0)

    assert staff.take(ANNA, 100.0) == 0


def test_without_rates_nothing_waits() -> None:
    """WeChat names none: its own errcodes say when it is busy."""
    pacer = Pacer(None)

    assert all(let_through(pacer, GROUP, 100.0) for _ in range(1000))


def test_chats_that_are_quiet_are_forgotten() -> None:
    """A desk runs for years: what it knows of paces must not grow with every citizen."""
    pacer = Pacer(TELEGRAM)
    for number in range(25_000):
        pacer.take(Pace(str(number)), float(number))

    assert len(pacer._chats) <= 10_001
    assert pacer.take(Pace("24999"), 24_999.5) > 0, "who was written to just now is remembered"


def test_a_busy_group_is_not_forgotten_among_thousands_of_chats() -> None:
    pacer = Pacer(TELEGRAM)
    for number in range(20):
        pacer.take(GROUP, 100.0 + number)
    for number in range(10_050):
        pacer.take(Pace(str(number)), 120.0)

    assert pacer.take(GROUP, 121.0) == pytest.approx(39.0)


@given(
    st.lists(
        st.tuples(st.sampled_from([ANNA, BEN, GROUP, *(Pace(str(n)) for n in range(3, 45))]),
                  st.floats(min_value=0, max_value=0.2)),
        max_size=250,
    )
)  # fmt: skip
def test_no_window_ever_holds_more_than_its_rate(asked: list[tuple[Pace, float]]) -> None:
    """Wherever a second or a minute begins: exact sliding windows, not buckets."""
    pacer, now, sent = Pacer(TELEGRAM), 100.0, []
    for pace, pause in asked:
        now += pause
        if let_through(pacer, pace, now):
            sent.append((now, pace))

    for at, pace in sent:
        second = [other for when, other in sent if at <= when < at + 1 - 1e-9]
        minute = [other for when, other in sent if at <= when < at + 60 - 1e-9]
        assert len(second) <= 30
        assert second.count(pace) <= 1
        assert minute.count(GROUP) <= 20


@given(st.lists(st.floats(min_value=0, max_value=3), min_size=1, max_size=40))
def test_who_waits_as_long_as_he_is_told_is_let_through(pauses: list[float]) -> None:
    pacer, now = Pacer(TELEGRAM), 100.0
    for pause in pauses:
        now += pause
        if (wait := pacer.take(GROUP, now)) > 0:
            now += wait + 1e-6
            assert pacer.take(GROUP, now) == 0
