"""Telegram's sending limits, when a test asks for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bots.sandbox.bot_flood import Flood, FloodLimit
from bots.sandbox.bot_refusal import Refusal
from bots.sandbox.clock import Clock


def test_a_chat_takes_one_message_a_second() -> None:
    clock = Clock(datetime(2026, 11, 23, tzinfo=UTC))
    flood = Flood(FloodLimit(), clock)
    flood.ensure_room(1, "7")
    flood.ensure_room(1, "8")
    flood.ensure_room(2, "7")
    with pytest.raises(Refusal) as refused:
        flood.ensure_room(1, "7")
    assert (refused.value.code, refused.value.parameters) == (429, {"retry_after": 1})
    clock.move(timedelta(seconds=1))
    flood.ensure_room(1, "7")


def test_a_group_takes_twenty_a_minute_and_a_bot_sends_thirty_a_second() -> None:
    clock = Clock(datetime(2026, 11, 23, tzinfo=UTC))
    flood = Flood(FloodLimit(), clock)
    for _ in range(20):
        flood.ensure_room(1, "-5")
    with pytest.raises(Refusal) as refused:
        flood.ensure_room(1, "-5")
    assert 59 <= refused.value.parameters["retry_after"] <= 60
    for chat in range(10):
        flood.ensure_room(1, f"{chat}")
    with pytest.raises(Refusal):
        flood.ensure_room(1, "11")
