"""时限: every limit of the law and of the house in one table, and when each ends.

Counting follows art. 45 of 121号令: the first day is not counted; a limit in working days ends on a
working day; one in natural days that would end on a public holiday ends on the first day after it.
A limit in hours counts clock hours and, ending outside duty hours, rolls to the next duty hour.
Days on which a limit stands still (`Pause`) are not counted; an extension adds to the amount.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from casestore.codes import Kind
from casestore.workdays import CHINA, WorkingCalendar, china_day, end_of, last_day

_DAY = timedelta(days=1)
_FIRST_HOUR = timedelta(hours=1)
_STANDS = "暂停计时"
_C, _R, _Q = Kind.COMPLAINT, Kind.REPORT, Kind.CONSULTATION


class Pause(StrEnum):
    """Why a limit stands still."""

    TESTING = "testing"  # 检测、检验、鉴定 (art. 22)
    SUPPLEMENT = "supplement"  # 待补正
    RECUSAL = "recusal"  # 回避申请待决定 (art. 21)


#: The events between which a limit stands still: the one that stops it, those that let it go on.
PAUSES = {
    Pause.TESTING: ("testing_started", ("testing_ended",)),
    Pause.SUPPLEMENT: ("supplement_asked", ("supplemented", "accepted", "dispatched")),
    Pause.RECUSAL: ("recusal_asked", ("recusal_decided",)),
}


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
    starts: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    #: How much a supervisor may add, once (art. 27, 行政处罚程序规定第18条); 0: it cannot be extended.
    extension: int = 0
    #: An internal promise: the citizen hears when it slips.
    promised: bool = False

    def stops_for(self, pause: Pause) -> bool:
        """Legal limits stand still for testing only, internal targets for every cause, a day that was agreed
        upon for none."""
        return self.amount > 0 and (pause is Pause.TESTING or not self.legal)

    @property
    def span_in_words(self) -> str:
        words = {
            Span.WORKING_DAYS: "个工作日",
            Span.NATURAL_DAYS: "日",
            Span.HOURS: "小时",
        }
        return words[self.span]

    @property
    def length(self) -> str:
        return f"{self.amount}{self.span_in_words}"


def _limit(
    code: str,
    what: str,
    amount: int,
    span: Span,
    source: str,
    *,
    legal: bool = False,
    kinds: tuple[Kind, ...] = (),
    starts: tuple[str, ...] = (),
    ends: tuple[str, ...] = (),
    extension: int = 0,
    promised: bool = False,
) -> Limit:
    return Limit(
        code=code, what=what, amount=amount, span=span, legal=legal, source=source,
        kinds=frozenset(kinds), starts=frozenset(starts), ends=frozenset(ends),
        extension=extension, promised=promised,
    )  # fmt: skip


_WD, _ND, _H = Span.WORKING_DAYS, Span.NATURAL_DAYS, Span.HOURS
_DECIDED = ("accepted", "declined", "withdrawn")
_DONE = ("closed", "settled", "withdrawn", "declined", "not_handled")

TABLE: tuple[Limit, ...] = (
    _limit("first_review", "初查", 24, _H, "S4-4.1a", promised=True,
           kinds=(_C, _R, _Q), starts=("registered",),
           ends=(*_DECIDED, "supplement_asked", "dispatched", "answered", "answer_promised", "closed", "not_handled")),
    _limit("acceptance", "决定是否受理并告知", 7, _WD, "121号令第15条", legal=True,
           kinds=(_C,), starts=("registered",), ends=_DECIDED),
    _limit("decline_notice", "不予受理的告知", 3, _WD, "S4-4.1c",
           kinds=(_C,), starts=("registered",), ends=_DECIDED),
    _limit("first_reply", "受理后首次回复", 24, _H, "S1-3.1(2)", promised=True,
           kinds=(_C,), starts=("accepted",), ends=("dispatched", "taken_over", *_DONE)),
    _limit("handling", "作出处理决定", 7, _WD, "S4-4.1b", promised=True,
           kinds=(_C,), starts=("registered",), ends=("taken_over", *_DONE)),
    _limit("mediation", "达成调解协议或终止调解", 60, _ND, "121号令第23条(五)", legal=True,
           kinds=(_C,), starts=("accepted", "reopened"), ends=(*_DONE, "mediation_ended")),
    _limit("mediation_end_notice", "终止调解的告知", 7, _WD, "121号令第23条", legal=True,
           kinds=(_C,), starts=("mediation_ended",), ends=_DONE),
    _limit("violation_check", "调解中发现的违法线索核查", 15, _WD, "121号令第27条", legal=True, extension=15,
           kinds=(_R,), starts=("opened_from_complaint",), ends=("filed", "not_filed", *_DONE)),
    _limit("report_check", "核查并决定是否立案", 15, _WD, "行政处罚程序规定第18条", legal=True, extension=15,
           kinds=(_R,), starts=("registered",), ends=("filed", "not_filed", *_DONE)),
    _limit("investigation", "立案后作出处理决定", 90, _ND, "行政处罚程序规定第64条", legal=True, extension=30,
           kinds=(_R,), starts=("filed",), ends=_DONE),
    _limit("promised_answer", "约定的答复", 0, _WD, "S3-3.1", promised=True,
           kinds=(_Q,), ends=("answered", "closed", "withdrawn")),
    _limit("competence_dispute", "处理权限争议协商", 7, _WD, "121号令第33条", legal=True,
           kinds=(_C, _R), starts=("competence_disputed",), ends=("competence_settled", "dispatched", *_DONE)),
    _limit("odr", "企业在线和解", 10, _WD, "全国12315平台ODR规则",
           kinds=(_C,), starts=("odr_started",), ends=("odr_ended", *_DONE)),
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


@dataclass(frozen=True)
class Interval:
    """A pause: from the moment it began to the moment it ended."""

    begins: datetime
    ends: datetime

    def covers(self, day: date) -> bool:
        """The day it began still counts, the day it ended does not."""
        return china_day(self.begins) < day <= china_day(self.ends)


def due(
    limit: Limit,
    start: datetime,
    calendar: WorkingCalendar,
    duty: DutyHours | None = None,
    *,
    extra: int = 0,
    pauses: Sequence[Interval] = (),
) -> Due:
    """When `limit` ends that starts at `start` (aware). `extra`: what was added, in the limit's own unit."""
    amount = limit.amount + extra
    if limit.span is Span.HOURS:
        ends = start + timedelta(hours=amount)
        for pause in pauses:
            if pause.begins < ends:  # one that began when it had passed gives no hour back
                ends += pause.ends - pause.begins
        at = next_duty_hour(ends, calendar, duty or DutyHours())
        days: tuple[Counted, ...] = ()
        last = china_day(at)
    else:
        count = _working_days if limit.span is Span.WORKING_DAYS else _natural_days
        days = tuple(count(china_day(start), amount, calendar, pauses))
        last = days[-1].day
        at = end_of(last)
    years = {china_day(start).year, last.year}
    provisional = any(calendar.is_provisional(year) for year in years)
    return Due(limit, start, last, at, provisional, days)


def passes_at(limit: Limit, ends: datetime, duty: DutyHours) -> datetime:
    """When a limit has passed: at its end; one in hours that ends with the night, an hour after the desk
    opens, for nobody could keep it before."""
    with_the_night = limit.span is Span.HOURS and ends.astimezone(CHINA).time() == duty.opens
    return ends + _FIRST_HOUR if with_the_night else ends


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
    return (limit for limit in TABLE if event in limit.starts and kind in limit.kinds)


def _counted(
    first: date,
    amount: int,
    calendar: WorkingCalendar,
    pauses: Sequence[Interval],
    counts: Callable[[date], bool],
) -> Iterator[Counted]:
    """The days after the first until so many have counted; none counts while the limit stands still."""
    day, left = first, amount
    while left:
        day += _DAY
        stands = any(pause.covers(day) for pause in pauses)
        counted = counts(day) and not stands
        left -= counted
        yield Counted(day, counted, _STANDS if stands else calendar.note(day))


def _working_days(
    first: date, amount: int, calendar: WorkingCalendar, pauses: Sequence[Interval]
) -> Iterator[Counted]:
    return _counted(first, amount, calendar, pauses, calendar.is_working)


def _natural_days(
    first: date, amount: int, calendar: WorkingCalendar, pauses: Sequence[Interval]
) -> Iterator[Counted]:
    day = first
    for counted in _counted(first, amount, calendar, pauses, lambda _: True):
        yield counted
        day = counted.day
    while calendar.is_public_holiday(day):  # art. 45
        day += _DAY
        yield Counted(day, False, calendar.note(day) if calendar.is_public_holiday(day) else "节假日后第一日")


def next_duty_hour(moment: datetime, calendar: WorkingCalendar, duty: DutyHours) -> datetime:
    local = moment.astimezone(CHINA)
    if not calendar.is_working(local.date()) or local.time() > duty.closes:
        day = local.date() + _DAY
        while not calendar.is_working(day):
            day += _DAY
        return datetime.combine(day, duty.opens, CHINA)
    return max(local, datetime.combine(local.date(), duty.opens, CHINA))
