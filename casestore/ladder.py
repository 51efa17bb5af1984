"""督办阶梯: who is reminded of a limit, and when. One line a rung; the sentences are `remind.*` in the texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from casestore.limits import DutyHours, Limit, Span, next_duty_hour, passes_at
from casestore.workdays import CHINA, WorkingCalendar, last_day

_DAY = timedelta(days=1)
_SOON_HOURS = timedelta(hours=4)


class Whom(StrEnum):
    HOLDER = "holder"
    UNIT_HEAD = "unit_head"
    SUPERVISORS = "supervisors"
    CITIZEN = "citizen"
    QUEUE = "queue"  # the case goes back to the duty: its holder has been silent
    DUTY = "duty"  # the card once more, to who is on duty then


class When(StrEnum):
    """Counted from the end of the limit; days are working days, each at the opening of the desk. None falls
    outside duty hours: it waits for the desk to open."""

    OPENING = "opening"  # of the desk, where the limit began while it was closed
    DAY_BEFORE = "day_before"
    LAST_DAY = "last_day"
    PASSED = "passed"
    DAY_AFTER = "day_after"
    TWO_DAYS_AFTER = "two_days_after"


@dataclass(frozen=True)
class Rung:
    code: str
    when: When
    whom: tuple[Whom, ...]
    #: Only for internal promises (the citizen hears), only for internal targets of the desk (the queue).
    promised_only: bool = False
    internal_only: bool = False
    #: Of this limit alone.
    limit: str = ""


LADDER: tuple[Rung, ...] = (
    Rung("opening", When.OPENING, (Whom.DUTY,), limit="first_review"),
    Rung("soon", When.DAY_BEFORE, (Whom.HOLDER,)),
    Rung("last_day", When.LAST_DAY, (Whom.HOLDER, Whom.UNIT_HEAD)),
    Rung("passed", When.PASSED, (Whom.HOLDER, Whom.UNIT_HEAD, Whom.SUPERVISORS)),
    Rung("slipped", When.PASSED, (Whom.CITIZEN,), promised_only=True),
    Rung("still", When.DAY_AFTER, (Whom.UNIT_HEAD, Whom.SUPERVISORS)),
    Rung("silent", When.TWO_DAYS_AFTER, (Whom.QUEUE,), internal_only=True),
)
RUNGS = {rung.code: rung for rung in LADDER}


def rungs(
    limit: Limit, started_at: datetime, due_at: datetime, calendar: WorkingCalendar, duty: DutyHours
) -> Iterator[tuple[str, datetime]]:
    """When each rung of a limit's ladder falls; never before the limit began."""
    for rung in LADDER:
        if (rung.promised_only and not limit.promised) or (rung.internal_only and limit.legal):
            continue
        if rung.limit not in ("", limit.code):
            continue
        if rung.when is When.LAST_DAY and limit.span is Span.HOURS:
            continue  # its end is a moment: before it is too early, at it the limit has passed
        fires_at = _moment(rung.when, limit, started_at, due_at, calendar, duty)
        if fires_at > started_at:
            yield rung.code, fires_at


def _moment(
    when: When,
    limit: Limit,
    started_at: datetime,
    due_at: datetime,
    calendar: WorkingCalendar,
    duty: DutyHours,
) -> datetime:
    passed = next_duty_hour(passes_at(limit, due_at, duty), calendar, duty)
    match when:
        case When.OPENING:
            return next_duty_hour(started_at, calendar, duty)
        case When.DAY_BEFORE if limit.span is Span.HOURS:
            return next_duty_hour(due_at - _SOON_HOURS, calendar, duty)
        case When.DAY_BEFORE:
            return _opening(last_day(due_at), -1, calendar, duty)
        case When.LAST_DAY:
            return _opening(last_day(due_at) + _DAY, -1, calendar, duty)
        case When.PASSED:
            return passed
        case When.DAY_AFTER:
            return _opening(passed.astimezone(CHINA).date(), 1, calendar, duty)
        case When.TWO_DAYS_AFTER:
            return _opening(passed.astimezone(CHINA).date(), 2, calendar, duty)


def _opening(day: date, working_days: int, calendar: WorkingCalendar, duty: DutyHours) -> datetime:
    """The opening of the desk so many working days after (or, negative, before) `day`."""
    step = _DAY if working_days > 0 else -_DAY
    left = abs(working_days)
    while left:
        day += step
        left -= calendar.is_working(day)
    return datetime.combine(day, duty.opens, CHINA)
