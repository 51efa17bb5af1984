"""督办阶梯: which rung falls when, counted by hand on the calendar."""

from __future__ import annotations

from datetime import datetime

import pytest

from casestore.ladder import LADDER, RUNGS, Whom, rungs
from casestore.limits import LIMITS, TABLE, DutyHours, Span, due
from casestore.roster import is_open
from casestore.workdays import CHINA, WorkingCalendar

CALENDAR, DUTY = WorkingCalendar(), DutyHours()


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=CHINA)


def falls(code: str, start: str) -> list[str]:
    """ "rung month-day hour:minute", in the order of the table."""
    limit = LIMITS[code]
    ends = due(limit, at(start), CALENDAR, DUTY).at
    return [
        f"{code} {moment.astimezone(CHINA):%m-%d %H:%M}"
        for code, moment in rungs(limit, at(start), ends, CALENDAR, DUTY)
    ]


def test_holder_then_head_of_unit_then_supervisor() -> None:
    """Each rung reaches further up; the citizen hears when a promise slips; at last the case changes hands."""
    assert {rung.code: rung.whom for rung in LADDER} == {
        "opening": (Whom.DUTY,),
        "soon": (Whom.HOLDER,),
        "last_day": (Whom.HOLDER, Whom.UNIT_HEAD),
        "passed": (Whom.HOLDER, Whom.UNIT_HEAD, Whom.SUPERVISORS),
        "slipped": (Whom.CITIZEN,),
        "still": (Whom.UNIT_HEAD, Whom.SUPERVISORS),
        "silent": (Whom.QUEUE,),
    }
    assert len(RUNGS) == len(LADDER)


def test_a_legal_limit_in_working_days() -> None:
    """Seven working days from Monday the 23rd: the last is Wednesday 2 December."""
    assert falls("acceptance", "2026-11-23T10:00") == [
        "soon 12-01 09:00", "last_day 12-02 09:00", "passed 12-03 09:00", "still 12-04 09:00",
    ]  # fmt: skip


def test_an_internal_promise_also_reaches_the_citizen_and_the_queue() -> None:
    """The silent holder's two working days leave the weekend out."""
    assert falls("handling", "2026-11-23T10:00") == [
        "soon 12-01 09:00", "last_day 12-02 09:00", "passed 12-03 09:00", "slipped 12-03 09:00", "still 12-04 09:00",
        "silent 12-07 09:00",
    ]  # fmt: skip


def test_a_target_in_hours_is_reminded_of_four_hours_before_and_when_it_has_passed() -> None:
    """It has no last day: a word at its end that it ends today would be wrong."""
    assert falls("first_review", "2026-11-23T15:00") == [
        "soon 11-24 11:00", "passed 11-24 15:00", "slipped 11-24 15:00", "still 11-25 09:00", "silent 11-26 09:00",
    ]  # fmt: skip


def test_what_begins_at_night_is_handed_to_the_duty_when_the_desk_opens() -> None:
    """S9-1d: the 24 hours end with the night, and the first hour of the desk is still its own."""
    assert falls("first_review", "2026-11-27T20:00") == [  # a Friday
        "opening 11-30 09:00", "soon 11-30 09:00", "passed 11-30 10:00", "slipped 11-30 10:00", "still 12-01 09:00",
        "silent 12-02 09:00",
    ]  # fmt: skip
    assert not any(moment.startswith("opening") for moment in falls("acceptance", "2026-11-27T20:00"))


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-27", "2026-11-28", "2026-09-30"])
def test_no_rung_of_any_limit_falls_while_the_desk_is_closed(day: str, hour: int) -> None:
    start = at(f"{day}T{hour:02}:10")
    for limit in (limit for limit in TABLE if limit.amount):
        ends = due(limit, start, CALENDAR, DUTY).at
        for code, moment in rungs(limit, start, ends, CALENDAR, DUTY):
            assert is_open(moment, CALENDAR, DUTY), (limit.code, code, moment)


def test_what_falls_on_days_off_is_said_before_them_or_after() -> None:
    """A mediation that ends on Sunday: the last day to do something is Friday."""
    assert falls("mediation", "2026-09-23T10:00") == [
        "soon 11-20 09:00", "last_day 11-20 09:00", "passed 11-23 09:00", "still 11-24 09:00",
    ]  # fmt: skip


def test_over_national_day() -> None:
    assert falls("decline_notice", "2026-09-29T10:00") == [
        "soon 10-08 09:00", "last_day 10-09 09:00", "passed 10-10 09:00", "still 10-12 09:00", "silent 10-13 09:00",
    ]  # fmt: skip


def test_nothing_is_said_before_the_limit_began() -> None:
    """An answer promised for this afternoon: no word yesterday."""
    limit = LIMITS["promised_answer"]
    found = list(rungs(limit, at("2026-11-23T10:00"), at("2026-11-23T17:00"), CALENDAR, DUTY))

    assert [code for code, _ in found] == ["passed", "slipped", "still", "silent"]


@pytest.mark.parametrize("limit", TABLE, ids=lambda limit: limit.code)
def test_every_limit_is_reminded_of_before_and_after_its_end(limit: object) -> None:
    for one in (one for one in TABLE if one is limit and one.amount):
        start = at("2026-11-23T15:00")
        ends = due(one, start, CALENDAR, DUTY).at
        moments = dict(rungs(one, start, ends, CALENDAR, DUTY))

        assert start < moments["soon"] < ends <= moments["passed"] < moments["still"]
        assert ("slipped" in moments) is one.promised
        assert ("silent" in moments) is not one.legal
        assert ("last_day" in moments) is (one.span is not Span.HOURS)
