"""Every limit for every day of receipt of four years, recounted day by day from the notices alone.

Nothing of the code under test counts here: the days off and the worked weekends are listed, the rest is a
walk over all days. 2027 and 2028 have no notice yet: the one below is made up, and given to the calendar.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from casestore.limits import LIMITS, DutyHours, due
from casestore.workdays import CHINA, WorkingCalendar

DAY = timedelta(days=1)
#: First day off and how many; the weekends inside are days off too.
OFF = (
    "2024-01-01/1 2024-02-10/8 2024-04-04/3 2024-05-01/5 2024-06-10/1 2024-09-15/3 2024-10-01/7 "
    "2025-01-01/1 2025-01-28/8 2025-04-04/3 2025-05-01/5 2025-05-31/3 2025-10-01/8 "
    "2026-01-01/3 2026-02-15/9 2026-04-04/3 2026-05-01/5 2026-06-19/3 2026-09-25/3 2026-10-01/7 "
    "2027-01-01/3 2027-02-05/8 2027-04-03/3 2027-05-01/5 2027-06-09/1 2027-09-15/1 2027-10-01/7 "
    "2028-01-01/3 2028-01-25/8 2028-04-04/1 2028-05-01/5 2028-05-27/3"
)
WORKED = (
    "2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12 2025-01-26 2025-02-08 "
    "2025-04-27 2025-09-28 2025-10-11 2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10 "
    "2027-02-14 2027-02-20 2027-05-08 2027-10-09 2028-01-22 2028-02-05 2028-05-06"
)


def _days(written: str) -> set[date]:
    found: set[date] = set()
    for part in written.split():
        first, _, many = part.partition("/")
        found |= {date.fromisoformat(first) + DAY * number for number in range(int(many or 1))}
    return found


HOLIDAYS, WEEKENDS_WORKED = _days(OFF), _days(WORKED)
MADE_UP = {day: False for day in HOLIDAYS if day.year > 2026} | {
    day: True for day in WEEKENDS_WORKED if day.year > 2026
}
CALENDAR = WorkingCalendar(MADE_UP, final_years=[2027, 2028])
RECEIVED = [
    date(2024, 1, 1) + DAY * number for number in range((date(2027, 12, 31) - date(2024, 1, 1)).days + 1)
]


def works(day: date) -> bool:
    return day not in HOLIDAYS and (day.isoweekday() < 6 or day in WEEKENDS_WORKED)


def after_working_days(received: date, many: int) -> date:
    """Art. 45: the day of receipt is not counted, the last day is the last that is counted."""
    day = received
    while many:
        day += DAY
        if works(day):
            many -= 1
    return day


def after_days(received: date, many: int) -> date:
    """Art. 45: where the last day is a public holiday, the first day after it."""
    day = received
    for _ in range(many):
        day += DAY
    while day in HOLIDAYS:
        day += DAY
    return day


#: By hand once more: what law.md 2.2 and S4-4.1 say.
IN_WORKING_DAYS = {
    "acceptance": 7, "decline_notice": 3, "handling": 7, "mediation_end_notice": 7, "violation_check": 15,
    "report_check": 15, "competence_dispute": 7, "odr": 10,
}  # fmt: skip
IN_DAYS = {"mediation": 60, "investigation": 90}
IN_HOURS = {"first_review": 24, "first_reply": 24}
AS_AGREED = {"promised_answer"}
EXTENDED = {"violation_check": 15, "report_check": 15, "investigation": 30}


def test_every_limit_is_recounted() -> None:
    assert set(LIMITS) == {*IN_WORKING_DAYS, *IN_DAYS, *IN_HOURS, *AS_AGREED}
    assert len(RECEIVED) == 1461


def test_the_made_up_notices_are_the_calendars() -> None:
    for year in (2027, 2028):
        assert not CALENDAR.is_provisional(year)
    for number in range((date(2028, 7, 1) - date(2024, 1, 1)).days):
        day = date(2024, 1, 1) + DAY * number
        assert CALENDAR.is_working(day) is works(day), day
        assert CALENDAR.is_public_holiday(day) is (day in HOLIDAYS), day


@pytest.mark.parametrize("code", IN_WORKING_DAYS)
def test_a_limit_in_working_days_ends_where_a_slow_count_ends(code: str) -> None:
    for extra in {0, EXTENDED.get(code, 0)}:
        for received in RECEIVED:
            found = due(LIMITS[code], datetime.combine(received, time(15, 30), CHINA), CALENDAR, extra=extra)
            assert found.day == after_working_days(received, IN_WORKING_DAYS[code] + extra), received


@pytest.mark.parametrize("code", IN_DAYS)
def test_a_limit_in_natural_days_ends_where_a_slow_count_ends(code: str) -> None:
    for extra in {0, EXTENDED.get(code, 0)}:
        for received in RECEIVED:
            found = due(LIMITS[code], datetime.combine(received, time(15, 30), CHINA), CALENDAR, extra=extra)
            assert found.day == after_days(received, IN_DAYS[code] + extra), received


@pytest.mark.parametrize("code", IN_HOURS)
@pytest.mark.parametrize("clock", ["08:00", "10:15", "17:30", "23:45"])
def test_a_target_in_hours_ends_in_the_first_quarter_of_an_hour_of_duty(code: str, clock: str) -> None:
    """C12: clock hours, then on to the next duty hour (9:00 to 17:30)."""
    duty = DutyHours()
    for received in RECEIVED:
        start = datetime.combine(received, time.fromisoformat(clock))
        end = start + timedelta(hours=IN_HOURS[code])
        while not (works(end.date()) and time(9) <= end.time() <= time(17, 30)):
            end += timedelta(minutes=15)
        found = due(LIMITS[code], start.replace(tzinfo=CHINA), CALENDAR, duty)
        assert found.at == end.replace(tzinfo=CHINA), start
