"""The platforms' record, their clock and their place for faults."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bots.sandbox import Direction, Fault, Faults, Kind, Platform, Transcript
from bots.sandbox.clock import Clock
from bots.sandbox.faults import ANY, FaultKind


def test_entries_are_numbered_heard_and_on_disk_at_once(tmp_path: Path) -> None:
    file = tmp_path / "transcript.jsonl"
    heard: list[int] = []
    with Transcript(Clock(datetime(2026, 11, 23, tzinfo=UTC)), file) as transcript:
        stop = transcript.listen(lambda entry: heard.append(len(file.read_text().splitlines())))
        transcript.write(Platform.WECHAT, Kind.MESSAGE, Direction.IN, chat="wechat:o1", who="o1", text="你好")
        transcript.write(Platform.WECHAT, Kind.PUSH, Direction.IN, key="24600", detail="try 1")
        stop()
        transcript.write(Platform.TELEGRAM, Kind.TOAST, Direction.OUT)
        assert [entry.seq for entry in transcript.after(1)] == [2, 3]
    assert heard == [1, 2]
    first = json.loads(file.read_text().splitlines()[0])
    assert (first["seq"], first["text"], first["kind"]) == (1, "你好", "message")
    assert first["at"].startswith("2026-11-23T00:00:0")


async def test_one_can_wait_for_the_record_to_grow() -> None:
    transcript = Transcript(Clock())
    assert not await transcript.grows(0, 0.01)
    transcript.write(Platform.WECHAT, Kind.EVENT, Direction.IN)
    assert await transcript.grows(0, 0)


def test_the_clock_runs_from_where_it_is_set_and_can_be_moved() -> None:
    clock = Clock(datetime(2026, 11, 23, tzinfo=UTC))
    clock.move(timedelta(hours=48))
    assert timedelta(0) <= clock.now() - datetime(2026, 11, 25, tzinfo=UTC) < timedelta(seconds=1)


def test_faults_strike_by_method_in_the_order_asked() -> None:
    faults = Faults()
    faults.ask("sendMessage", Fault.flood(2), times=2)
    faults.ask(ANY, Fault.bad_gateway())
    assert faults.take("sendmessage") == Fault.flood(2)
    assert faults.take("getMe") == Fault.bad_gateway()
    assert faults.take("SENDMESSAGE") == Fault.flood(2)
    assert faults.take("sendMessage") is None


def test_a_fault_may_be_for_one_bot_only() -> None:
    faults = Faults()
    faults.ask("tousu_bot/sendMessage", Fault.flood(1))
    assert faults.take("sendMessage", "tousu_staff_bot") is None
    assert faults.take("sendMessage", "tousu_bot") == Fault.flood(1)


def test_a_profile_chooses_where_nothing_was_asked_for() -> None:
    class Sour:
        def choose(self, method: str) -> Fault | None:
            return Fault(kind=FaultKind.EMPTY) if method == "getMe" else None

    faults = Faults(Sour())
    assert faults.take("getMe") == Fault(kind=FaultKind.EMPTY)
    assert faults.take("sendMessage") is None
