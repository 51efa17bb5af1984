"""Which days the office works: the notices of the State Council, and the office's own table over them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casestore import workdays
from casestore.errors import StoreError
from casestore.workdays import CHINA, WorkingCalendar, china_day, end_of, in_words, last_day

#: 国务院办公厅关于部分节假日安排的通知, word for word: (days off, working weekends).
NOTICES = {
    2024: (
        "01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10 09-15..09-17 10-01..10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    2025: (
        "01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}


def days(year: int, written: str) -> set[date]:
    found: set[date] = set()
    for part in written.split():
        first, _, last = part.partition("..")
        day, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last or first}")
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return found


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return WorkingCalendar()


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_a_year_is_worked_or_not_as_the_notice_says(
    calendar: WorkingCalendar, year: int
) -> None:
    """调休: weekends that are worked, weekdays that are not."""
    off, worked = (days(year, written) for written in NOTICES[year])

    for number in range(365):
        day = date(year, 1, 1) + timedelta(days=number)
        expected = (day.weekday() < 5 or day in worked) and day not in off
        assert calendar.is_working(day) == expected, day


@pytest.mark.parametrize("year", NOTICES)
def test_a_working_weekend_is_no_holiday_and_no_weekday_off_is_an_ordinary_day(
    calendar: WorkingCalendar, year: int
) -> None:
    off, worked = (days(year, written) for written in NOTICES[year])

    assert not [day for day in worked if calendar.is_public_holiday(day)]
    assert not [day for day in off if day.weekday() < 5 and not calendar.is_public_holiday(day)]


@pytest.mark.parametrize(
    "day",
    [
        "2026-10-03", "2026-10-04", "2026-02-21", "2026-02-22", "2025-06-01", "2025-10-04", "2025-02-01",
        "2026-05-02", "2026-04-05", "2024-04-06", "2026-06-21", "2026-02-15", "2026-04-04", "2024-02-17",
    ],
)  # fmt: skip
def test_a_weekend_inside_a_public_holiday_belongs_to_it(calendar: WorkingCalendar, day: str) -> None:
    """National Day goes on over its Saturday; 端午 2025 (Saturday to Monday) over its Sunday; 清明 2024 ends with
    the Saturday after it, as the notice says (4月4日至6日)."""
    assert calendar.is_public_holiday(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day",
    [
        "2026-11-21",
        "2026-11-22",
        "2026-01-10",
        "2026-09-19",
        "2026-01-04",
        "2026-10-10",
        "2024-06-08",
        "2024-06-09",
    ],
)
def test_an_ordinary_weekend_and_a_worked_one_are_no_public_holiday(
    calendar: WorkingCalendar, day: str
) -> None:
    """Nor the weekend before 端午 2024, a Monday: it joins the holiday (与周末连休), it is none."""
    assert not calendar.is_public_holiday(date.fromisoformat(day))


def test_a_year_without_a_notice_is_provisional(calendar: WorkingCalendar) -> None:
    assert [year for year in (2024, 2025, 2026) if calendar.is_provisional(year)] == []
    assert calendar.is_provisional(2035)


def test_a_year_is_final_once_the_office_says_so() -> None:
    assert not WorkingCalendar(final_years=[2035]).is_provisional(2035)


@pytest.mark.parametrize(
    ("day", "note"),
    [
        ("2026-11-23", "工作日"), ("2026-11-22", "周末"), ("2026-10-01", "节假日"), ("2026-10-03", "节假日"),
        ("2026-10-10", "调休上班"),
    ],
)  # fmt: skip
def test_why_a_day_counts_is_said_in_two_words(calendar: WorkingCalendar, day: str, note: str) -> None:
    assert calendar.note(date.fromisoformat(day)) == note


# ── 本局工作日表 ──


def a_table(folder: Path, text: str) -> Path:
    path = folder / "calendar.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_offices_own_table_overrides_the_notice(tmp_path: Path) -> None:
    """A snow day off, a Sunday worked: the table says so day by day."""
    path = a_table(tmp_path, "# 本局\n\n2026-11-24\t休\n2026-11-22\t班\n定\t2031\n")

    calendar = WorkingCalendar.load(path)

    assert not calendar.is_working(date(2026, 11, 24))
    assert calendar.is_public_holiday(date(2026, 11, 24))
    assert calendar.is_working(date(2026, 11, 22))
    assert not calendar.is_public_holiday(date(2026, 11, 22))
    assert calendar.is_working(date(2026, 11, 25))
    assert not calendar.is_provisional(2031)


def test_the_packaged_table_has_no_mistake() -> None:
    assert workdays.lint(workdays.PACKAGED) == []
    assert WorkingCalendar.load().is_working(date(2026, 11, 23))


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-30\t休",
        "2027-02-06",
        "2027-02-06 休",
        "2027-02-06\t放假",
        "定\t明年",
        "定",
        "二月六日\t休",
        '"2027-02-06\t休',
    ],
)
def test_a_faulty_line_is_named_with_what_to_write(tmp_path: Path, line: str) -> None:
    path = a_table(tmp_path, f"# 表\n2027-02-07\t休\n{line}\n2027-02-08\t休\n")

    (problem,) = workdays.lint(path)

    assert (problem.line, problem.code) == (3, "calendar-line")
    assert str(problem).startswith(f"{path}:3: 应写「2027-02-06<制表符>休」")
    with pytest.raises(StoreError, match=r"calendar.tsv:3: 应写"):
        WorkingCalendar.load(path)


def test_a_table_from_a_spreadsheet_is_read_or_refused_in_words(tmp_path: Path) -> None:
    """A byte order mark is no mistake; the old code page is one, and is named."""
    path = tmp_path / "calendar.tsv"
    path.write_text("2027-02-06\t休\n", encoding="utf-8-sig")
    assert workdays.lint(path) == []

    path.write_bytes("2027-02-06\t休\n".encode("gbk"))
    (problem,) = workdays.lint(path)
    assert "UTF-8" in problem.message


# ── days in China ──


def test_a_day_is_a_day_in_china() -> None:
    """16:00 UTC is midnight in China: the next day has begun."""
    assert china_day(datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert china_day(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)


def test_a_limit_in_days_ends_with_its_last_day() -> None:
    """24:00 of the last day is 0:00 of the next; the day named to people is the last one."""
    end = end_of(date(2026, 12, 2))

    assert end == datetime(2026, 12, 3, tzinfo=CHINA)
    assert last_day(end) == date(2026, 12, 2)
    assert last_day(datetime(2026, 12, 3, 9, 0, tzinfo=CHINA)) == date(2026, 12, 3)


def test_a_day_of_another_year_is_named_with_its_year() -> None:
    assert in_words(date(2026, 12, 2), date(2026, 11, 23)) == "12月2日"
    assert in_words(date(2027, 1, 7), date(2026, 11, 23)) == "2027年1月7日"
