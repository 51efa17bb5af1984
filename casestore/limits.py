"""时限: every limit of the law and of the house in one table, and when each ends.

Counting follows art. 45 of 121号令: the first day is not counted; a limit in working days ends on a
working day; one in natural days that would end on a public holiday ends on the first day after it.
A limit in hours counts clock hours and, ending outside duty hours, rolls to the next duty hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from casestore.codes import Kind
from casestore.workdays import CHINA, WorkingCalendar, china_day, end_of, last_day

_DAY = timedelta(days=1)
_C, _R, _Q = Kind.COMPLAINT, Kind.REPORT, Kind.CONSULTATION


class Span(StrEnum):
    WORKING_DAYS = "working_days"
    NATURAL_DAYS = "natural_days"
    HOURS = "hours"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One line of the table. It runs from the event `starts` to the first of `ends`."""

    code: str
    what: str
    amount: int
    span: Span
    #: A legal limit is red when it passes, an internal target amber (C1, C6).
    legal: bool
    source: str
    kinds: frozenset[Kind] = frozenset()
    starts: str = ""
    ends: frozenset[str] = frozenset()

    @property
    def length(self) -> str:
        words = {
            Span.WORKING_DAYS: "个工作日",
            Span.NATURAL_DAYS: "日",
            Span.HOURS: "小时",
        }
        return f"{self.amount}{words[self.span]}"


def _limit(
    code: str,
    what: str,
    amount: int,
    span: Span,
    source: str,
    *,
    legal: bool = False,
    kinds: tuple[Kind, ...] = (),
    starts: str = "",
    ends: tuple[str, ...] = (),
) -> Limit:
    return Limit(
        code=code, what=what, amount=amount, span=span, legal=legal, source=source,
        kinds=frozenset(kinds), starts=starts, ends=frozenset(ends),
    )  # fmt: skip


_WD, _ND, _H = Span.WORKING_DAYS, Span.NATURAL_DAYS, Span.HOURS
_DECIDED = ("accepted", "declined", "withdrawn")
_DONE = ("closed", "withdrawn", "declined")

TABLE: tuple[Limit, ...] = (
    _limit("first_review", "初查", 24, _H, "S4-4.1a",
           kinds=(_C, _R, _Q), starts="registered",
           ends=(*_DECIDED, "supplement_asked", "dispatched", "answered", "closed")),
    _limit("acceptance", "决定是否受理并告知", 7, _WD, "121号令第15条", legal=True,
           kinds=(_C,), starts="registered", ends=_DECIDED),
    _limit("decline_notice", "不予受理的告知", 3, _WD, "S4-4.1c",
           kinds=(_C,), starts="registered", ends=_DECIDED),
    _limit("first_reply", "受理后首次回复", 24, _H, "S1-3.1(2)",
           kinds=(_C,), starts="accepted", ends=("dispatched", "taken_over", *_DONE)),
    _limit("handling", "作出处理决定", 7, _WD, "S4-4.1b",
           kinds=(_C,), starts="registered", ends=("taken_over", *_DONE)),
    _limit("mediation", "达成调解协议或终止调解", 60, _ND, "121号令第23条(五)", legal=True,
           kinds=(_C,), starts="accepted", ends=_DONE),
    _limit("mediation_end_notice", "终止调解的告知", 7, _WD, "121号令第23条", legal=True),
    _limit("report_check", "核查并决定是否立案", 15, _WD, "行政处罚程序规定第18条", legal=True,
           kinds=(_R,), starts="registered", ends=("filed", "not_filed", *_DONE)),
    _limit("competence_dispute", "处理权限争议协商", 7, _WD, "121号令第33条", legal=True),
    _limit("odr", "企业在线和解", 10, _WD, "全国12315平台ODR规则"),
)  # fmt: skip

LIMITS = {limit.code: limit for limit in TABLE}


@dataclass(frozen=True)
class Counted:
    """One day of a count: whether it counts, and why."""

    day: date
    counts: bool
    note: str


@dataclass(frozen=True)
class Due:
    """When a limit ends. `at` is the moment (24:00 of `day` in China, for limits in days)."""

    limit: Limit
    start: datetime
    day: date
    at: datetime
    provisional: bool
    days: tuple[Counted, ...]


@dataclass(frozen=True)
class DutyHours:
    """The desk's hours on a working day, for rolling targets in hours."""

    opens: time = time(9, 0)
    closes: time = time(17, 30)


def due(limit: Limit, start: datetime, calendar: WorkingCalendar, duty: DutyHours | None = None) -> Due:
    """When `limit` ends that starts at `start` (aware)."""
    if limit.span is Span.HOURS:
        at = _next_duty_hour(start + timedelta(hours=limit.amount), calendar, duty or DutyHours())
        days: tuple[Counted, ...] = ()
        last = china_day(at)
    else:
        count = _working_days if limit.span is Span.WORKING_DAYS else _natural_days
        days = tuple(count(china_day(start), limit.amount, calendar))
        last = days[-1].day
        at = end_of(last)
    years = {china_day(start).year, last.year}
    provisional = any(calendar.is_provisional(year) for year in years)
    return Due(limit, start, last, at, provisional, days)


def days_left(code: str, ends: datetime, at: datetime, calendar: WorkingCalendar) -> int:
    """Days from tomorrow to the last day of a limit, counted as the limit counts; negative when it is past."""
    today, last = china_day(at), last_day(ends)
    if LIMITS[code].span is Span.NATURAL_DAYS:
        left = (last - today).days
    else:
        sign, first, until = (1, today, last) if last >= today else (-1, last, today)
        between = (first + number * _DAY for number in range(1, (until - first).days + 1))
        left = sign * sum(calendar.is_working(day) for day in between)
    return left if at <= ends else min(left, -1)


def starting(event: str, kind: Kind) -> Iterator[Limit]:
    """The limits that begin to run with an event."""
    return (limit for limit in TABLE if limit.starts == event and kind in limit.kinds)


def _working_days(first: date, amount: int, calendar: WorkingCalendar) -> Iterator[Counted]:
    day, left = first, amount
    while left:
        day += _DAY
        works = calendar.is_working(day)
        left -= works
        yield Counted(day, works, calendar.note(day))


def _natural_days(first: date, amount: int, calendar: WorkingCalendar) -> Iterator[Counted]:
    for number in range(1, amount + 1):
        day = first + number * _DAY
        yield Counted(day, True, calendar.note(day))
    while calendar.is_public_holiday(day):  # art. 45
        day += _DAY
        yield Counted(day, False, calendar.note(day) if calendar.is_public_holiday(day) else "节假日后第一日")


def _next_duty_hour(moment: datetime, calendar: WorkingCalendar, duty: DutyHours) -> datetime:
    local = moment.astimezone(CHINA)
    if not calendar.is_working(local.date()) or local.time() > duty.closes:
        day = local.date() + _DAY
        while not calendar.is_working(day):
            day += _DAY
        return datetime.combine(day, duty.opens, CHINA)
    return max(local, datetime.combine(local.date(), duty.opens, CHINA))
