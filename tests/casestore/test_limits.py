"""When a limit ends: art. 45 of 121号令, counted here once more by hand and by a slow recount."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.codes import Kind
from casestore.limits import LIMITS, TABLE, DutyHours, Interval, Limit, Pause, Span, days_left, due, starting
from casestore.workdays import CHINA, WorkingCalendar, end_of

CALENDAR = WorkingCalendar()
_FROM, _TO = datetime.fromisoformat("2024-01-02"), datetime.fromisoformat("2026-09-30")
MOMENTS = st.datetimes(_FROM, _TO, timezones=st.just(CHINA))
WORKING = [limit for limit in TABLE if limit.span is Span.WORKING_DAYS and limit.amount]
NATURAL = [limit for limit in TABLE if limit.span is Span.NATURAL_DAYS]
HOURS = [limit for limit in TABLE if limit.span is Span.HOURS]


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=CHINA)


def ends(code: str, start: str, calendar: WorkingCalendar = CALENDAR) -> str:
    return due(LIMITS[code], at(start), calendar).day.isoformat()


# ── the table ──


def test_the_table_says_what_the_law_and_the_rules_say() -> None:
    """law.md 2.2, S4-4.1, S1-3.1(2): every limit with its length, its source, and whether it is law."""
    assert {code: (limit.length, limit.legal, limit.source) for code, limit in LIMITS.items()} == {
        "first_review": ("24小时", False, "S4-4.1a"),
        "acceptance": ("7个工作日", True, "121号令第15条"),
        "decline_notice": ("3个工作日", False, "S4-4.1c"),
        "first_reply": ("24小时", False, "S1-3.1(2)"),
        "handling": ("7个工作日", False, "S4-4.1b"),
        "mediation": ("60日", True, "121号令第23条(五)"),
        "mediation_end_notice": ("7个工作日", True, "121号令第23条"),
        "violation_check": ("15个工作日", True, "121号令第27条"),
        "report_check": ("15个工作日", True, "行政处罚程序规定第18条"),
        "investigation": ("90日", True, "行政处罚程序规定第64条"),
        "promised_answer": ("0个工作日", False, "S3-3.1"),
        "competence_dispute": ("7个工作日", True, "121号令第33条"),
        "odr": ("10个工作日", False, "全国12315平台ODR规则"),
    }


def test_what_may_be_extended_and_by_how_much() -> None:
    """Art. 27: 15 + 15 working days; 行政处罚程序规定第18、64条: 15 + 15, 90 + 30. Nothing else."""
    assert {code: limit.extension for code, limit in LIMITS.items() if limit.extension} == {
        "violation_check": 15,
        "report_check": 15,
        "investigation": 30,
    }


def test_what_the_desk_has_promised_the_citizen_is_its_own_target_and_no_law() -> None:
    """C1, C6: he hears when one of these slips; a legal limit is the supervisor's concern."""
    promised = {code for code, limit in LIMITS.items() if limit.promised}

    assert promised == {"first_review", "first_reply", "handling", "promised_answer"}
    assert not any(LIMITS[code].legal for code in promised)


@pytest.mark.parametrize("limit", TABLE, ids=lambda limit: limit.code)
def test_the_law_stands_still_for_testing_alone_and_a_target_for_every_cause(limit: Limit) -> None:
    """Art. 22, design 8; a day that was agreed upon stands still for nothing."""
    stops = {pause for pause in Pause if limit.stops_for(pause)}

    if limit.code == "promised_answer":
        assert stops == set()
    else:
        assert stops == ({Pause.TESTING} if limit.legal else set(Pause))


@pytest.mark.parametrize(
    ("event", "kind", "codes"),
    [
        ("registered", Kind.COMPLAINT, ["first_review", "acceptance", "decline_notice", "handling"]),
        ("registered", Kind.REPORT, ["first_review", "report_check"]),
        ("registered", Kind.CONSULTATION, ["first_review"]),
        ("accepted", Kind.COMPLAINT, ["first_reply", "mediation"]),
        ("dispatched", Kind.COMPLAINT, []),
        ("reopened", Kind.COMPLAINT, ["mediation"]),
        ("mediation_ended", Kind.COMPLAINT, ["mediation_end_notice"]),
        ("opened_from_complaint", Kind.REPORT, ["violation_check"]),
        ("filed", Kind.REPORT, ["investigation"]),
        ("competence_disputed", Kind.COMPLAINT, ["competence_dispute"]),
        ("competence_disputed", Kind.REPORT, ["competence_dispute"]),
        ("odr_started", Kind.COMPLAINT, ["odr"]),
        ("accepted", Kind.REPORT, []),
    ],
)
def test_an_event_starts_the_limits_of_its_kind(event: str, kind: Kind, codes: list[str]) -> None:
    assert [limit.code for limit in starting(event, kind)] == codes


# ── working days ──


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-23T10:00", "2026-12-02"),  # Monday: the weekend is left out
        ("2026-11-23T23:59:59", "2026-12-02"),  # the first day is not counted, whatever its hour
        ("2026-11-22T12:00", "2026-12-01"),  # received on a Sunday: Monday is the first
        ("2026-09-30T10:00", "2026-10-15"),  # 1–7 October off, Saturday the 10th worked
        ("2026-02-13T10:00", "2026-03-02"),  # 春节: 14 and 28 February are worked Saturdays
        ("2026-12-28T10:00", "2027-01-07"),
    ],
)
def test_seven_working_days(start: str, end: str) -> None:
    """Art. 15: seven working days from receipt."""
    assert ends("acceptance", start) == end


def test_a_limit_into_a_year_without_notice_is_provisional() -> None:
    """2026-12-28 + 7 working days is 2027-01-07, and said to be provisional while no notice is out."""
    found = due(LIMITS["acceptance"], at("2026-12-28T10:00"), CALENDAR)

    assert (found.day, found.provisional) == (date(2027, 1, 7), CALENDAR.is_provisional(2027))
    assert not due(LIMITS["acceptance"], at("2026-11-23T10:00"), CALENDAR).provisional
    known = WorkingCalendar(final_years=[2027])
    assert not due(LIMITS["acceptance"], at("2026-12-28T10:00"), known).provisional


def test_a_limit_in_days_ends_at_24_oclock_in_china() -> None:
    found = due(LIMITS["acceptance"], at("2026-11-23T10:00"), CALENDAR)

    assert found.at == datetime(2026, 12, 3, tzinfo=CHINA)
    assert found.at.astimezone(UTC) == datetime(2026, 12, 2, 16, tzinfo=UTC)


def test_the_day_of_receipt_is_a_day_in_china() -> None:
    """16:30 UTC on Monday is Tuesday in China: the count begins on Wednesday."""
    found = due(LIMITS["decline_notice"], datetime(2026, 11, 23, 16, 30, tzinfo=UTC), CALENDAR)

    assert [counted.day for counted in found.days] == [
        date(2026, 11, 25),
        date(2026, 11, 26),
        date(2026, 11, 27),
    ]


def test_the_offices_own_day_off_moves_the_limit() -> None:
    snowed_in = WorkingCalendar({date(2026, 11, 24): False, date(2026, 11, 28): True})

    assert ends("decline_notice", "2026-11-23T10:00", snowed_in) == "2026-11-27"
    assert ends("decline_notice", "2026-11-25T10:00", snowed_in) == "2026-11-28"


@given(MOMENTS, st.sampled_from(WORKING))
def test_a_working_day_limit_never_ends_on_a_day_off_and_counts_exactly_its_days(
    start: datetime, limit: object
) -> None:
    assert limit in WORKING
    for code in (one.code for one in WORKING if one is limit):
        found = due(LIMITS[code], start, CALENDAR)
        counted = [day.day for day in found.days if day.counts]

        assert CALENDAR.is_working(found.day)
        assert len(counted) == LIMITS[code].amount
        assert counted[-1] == found.day
        assert all(CALENDAR.is_working(day) for day in counted)
        assert [day.day for day in found.days] == [
            start.date() + timedelta(days=n) for n in range(1, len(found.days) + 1)
        ]


#: The working days of the three years, listed once from the notices and not by the code under test.
_OFF = (
    "2024-01-01 2024-02-10/8 2024-04-04/3 2024-05-01/5 2024-06-10 2024-09-15/3 2024-10-01/7 "
    "2025-01-01 2025-01-28/8 2025-04-04/3 2025-05-01/5 2025-05-31/3 2025-10-01/8 "
    "2026-01-01/3 2026-02-15/9 2026-04-04/3 2026-05-01/5 2026-06-19/3 2026-09-25/3 2026-10-01/7"
)
_WORKED = (
    "2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12 2025-01-26 2025-02-08 "
    "2025-04-27 2025-09-28 2025-10-11 2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10"
)


def _listed() -> list[date]:
    off: set[date] = set()
    for part in _OFF.split():
        first, _, many = part.partition("/")
        off |= {date.fromisoformat(first) + timedelta(days=n) for n in range(int(many or 1))}
    worked = {date.fromisoformat(day) for day in _WORKED.split()}
    every = [date(2024, 1, 1) + timedelta(days=n) for n in range(3 * 365 + 1)]
    return [day for day in every if (day.isoweekday() <= 5 or day in worked) and day not in off]


LISTED = _listed()


@given(MOMENTS, st.sampled_from(range(len(WORKING))))
def test_a_working_day_limit_equals_a_recount_on_the_list_of_working_days(
    start: datetime, which: int
) -> None:
    """The n-th day of the list after the day of receipt: nothing else is art. 45."""
    limit = WORKING[which]

    after = [day for day in LISTED if day > start.date()]

    assert due(limit, start, CALENDAR).day == after[limit.amount - 1]


# ── natural days ──


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-08-05T10:00", "2026-10-08"),  # the 60th day is Sunday 4 October, inside National Day
        ("2026-08-02T10:00", "2026-10-08"),  # … is 1 October itself
        ("2026-08-09T10:00", "2026-10-08"),  # … is 8 October, a day after it
        ("2026-09-23T10:00", "2026-11-22"),  # … is an ordinary Sunday: art. 45 knows only public holidays
        ("2026-09-22T10:00", "2026-11-21"),
        ("2025-04-02T10:00", "2025-06-03"),  # … is Sunday 1 June, inside 端午 (31 May to 2 June)
    ],
)
def test_sixty_days_roll_over_a_public_holiday_and_over_no_ordinary_weekend(start: str, end: str) -> None:
    """Art. 23(5) and 45: the day after the holiday, not the Monday after a weekend."""
    assert ends("mediation", start) == end


@given(MOMENTS, st.sampled_from(range(len(NATURAL))))
def test_a_natural_day_limit_never_ends_on_a_public_holiday_and_is_never_cut_short(
    start: datetime, which: int
) -> None:
    limit = NATURAL[which]
    found = due(limit, start, CALENDAR)
    last = start.date() + timedelta(days=limit.amount)

    assert found.day >= last
    assert not CALENDAR.is_public_holiday(found.day)
    assert all(CALENDAR.is_public_holiday(last + timedelta(days=n)) for n in range((found.day - last).days))
    assert sum(day.counts for day in found.days) == limit.amount


# ── longer, and standing still ──


def interval(begins: str, ends_at: str) -> Interval:
    return Interval(at(begins), at(ends_at))


@pytest.mark.parametrize(
    ("code", "extra", "start", "end"),
    [
        ("report_check", 0, "2026-11-02T10:00", "2026-11-23"),
        ("report_check", 15, "2026-11-02T10:00", "2026-12-14"),  # thirty working days in all
        ("investigation", 30, "2026-11-02T10:00", "2027-03-02"),  # 120 days
    ],
)
def test_an_extension_adds_to_the_amount(code: str, extra: int, start: str, end: str) -> None:
    assert due(LIMITS[code], at(start), CALENDAR, extra=extra).day.isoformat() == end


@pytest.mark.parametrize(
    ("code", "start", "pauses", "end"),
    [
        # The day a test began still counts, the day it ended does not (art. 45).
        ("mediation", "2026-11-02T10:00", [("2026-11-10T09:00", "2026-11-20T16:00")], "2027-01-11"),
        ("mediation", "2026-11-02T10:00", [("2026-11-10T09:00", "2026-11-10T16:00")], "2027-01-04"),  # over New Year
        ("mediation", "2026-11-02T10:00", [("2026-11-10T09:00", "2026-11-12T09:00"), ("2026-11-12T15:00", "2026-11-15T09:00")],
         "2027-01-06"),
        ("decline_notice", "2026-11-23T10:00", [("2026-11-24T09:00", "2026-12-01T09:00")], "2026-12-03"),
        ("handling", "2026-11-23T10:00", [("2026-11-27T09:00", "2026-11-29T09:00")], "2026-12-02"),  # over a weekend
    ],
)  # fmt: skip
def test_the_days_it_stood_still_are_not_counted(
    code: str, start: str, pauses: list[tuple[str, str]], end: str
) -> None:
    stood = [interval(*pause) for pause in pauses]
    found = due(LIMITS[code], at(start), CALENDAR, pauses=stood)

    assert found.day.isoformat() == end
    skipped = [counted for counted in found.days if counted.note == "暂停计时"]
    assert not any(counted.counts for counted in skipped)


def test_the_hours_a_target_stood_still_are_given_back_unless_it_had_passed() -> None:
    stood = [interval("2026-11-23T15:00", "2026-11-23T17:00")]
    assert due(LIMITS["first_reply"], at("2026-11-23T10:00"), CALENDAR, pauses=stood).at == at(
        "2026-11-24T12:00"
    )

    too_late = [interval("2026-11-24T11:00", "2026-11-26T11:00")]
    assert due(LIMITS["first_reply"], at("2026-11-23T10:00"), CALENDAR, pauses=too_late).at == at(
        "2026-11-24T10:00"
    )


# ── hours ──


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-23T10:00", "2026-11-24T10:00"),
        ("2026-11-23T20:00", "2026-11-25T09:00"),  # would end in the evening: the next morning
        ("2026-11-23T07:00", "2026-11-24T09:00"),  # would end before the desk opens
        ("2026-11-23T17:30", "2026-11-24T17:30"),  # the last minute of duty still counts
        ("2026-11-23T17:30:01", "2026-11-25T09:00"),
        ("2026-11-20T10:00", "2026-11-23T09:00"),  # Friday: Saturday is off, Monday morning
        ("2026-11-20T20:00", "2026-11-23T09:00"),
        ("2026-09-30T10:00", "2026-10-08T09:00"),  # National Day
        ("2026-10-09T10:00", "2026-10-10T10:00"),  # a worked Saturday
    ],
)
def test_a_24_hour_target_counts_clock_hours_and_rolls_to_the_next_duty_hour(start: str, end: str) -> None:
    """S4-4.1a, C12."""
    assert due(LIMITS["first_review"], at(start), CALENDAR).at == at(end)


def test_the_offices_own_duty_hours_are_used() -> None:
    duty = DutyHours(time(8, 0), time(12, 0))

    assert due(LIMITS["first_review"], at("2026-11-23T13:00"), CALENDAR, duty).at == at("2026-11-25T08:00")


@given(MOMENTS)
def test_a_24_hour_target_ends_in_duty_hours_and_never_early(start: datetime) -> None:
    duty = DutyHours()
    for limit in HOURS:
        end = due(limit, start, CALENDAR, duty).at.astimezone(CHINA)

        assert end >= start + timedelta(hours=24)
        assert CALENDAR.is_working(end.date())
        assert duty.opens <= end.time() <= duty.closes


# ── what is left ──


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-23T12:00", 7), ("2026-11-27T12:00", 3), ("2026-11-28T12:00", 3), ("2026-11-30T12:00", 2),
        ("2026-12-02T23:59", 0), ("2026-12-03T00:01", -1), ("2026-12-04T09:00", -2), ("2026-12-05T09:00", -2),
    ],
)  # fmt: skip
def test_the_working_days_left_are_counted_as_the_limit_counts(now: str, left: int) -> None:
    """Seven on the day of receipt, none on the last day, below nought when it is past."""
    end = due(LIMITS["acceptance"], at("2026-11-23T10:00"), CALENDAR).at

    assert days_left("acceptance", end, at(now), CALENDAR) == left


@pytest.mark.parametrize(
    ("now", "left"), [("2026-11-23T12:00", 2), ("2026-11-25T23:00", 0), ("2026-11-26T00:01", -1)]
)
def test_the_natural_days_left_are_days(now: str, left: int) -> None:
    assert days_left("mediation", end_of(date(2026, 11, 25)), at(now), CALENDAR) == left


def test_a_target_in_hours_that_passed_today_is_late() -> None:
    """It is still its day, but the hour is gone."""
    assert days_left("first_review", at("2026-11-24T10:00"), at("2026-11-24T10:01"), CALENDAR) == -1
    assert days_left("first_review", at("2026-11-24T10:00"), at("2026-11-24T09:59"), CALENDAR) == 0
