"""工作日: which days the office works, 调休 included, and which days are public holidays.

The library `holidays` knows the notices of the State Council that are out; the office's own table
(casestore/office/calendar.tsv) overrides it day by day. A year whose notice is not out is provisional.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

from casestore.errors import StoreError
from casestore.problems import Problem

CHINA = ZoneInfo("Asia/Shanghai")
PACKAGED = Path(__file__).parent / "office" / "calendar.tsv"
#: Changes when the library learns of another notice of the State Council.
NOTICES = f"holidays {version('holidays')}"
_WORDS = {"班": True, "休": False}
_DAY = timedelta(days=1)


class WorkingCalendar:
    """Days in China. `overrides` say of a day whether it is worked; `final_years` need no mark."""

    def __init__(self, overrides: Mapping[date, bool] | None = None, final_years: Iterable[int] = ()) -> None:
        self._overrides = dict(overrides or {})
        self._final_years = frozenset(final_years)
        self._national = holidays.country_holidays("CN")

    @classmethod
    def load(cls, path: Path = PACKAGED) -> WorkingCalendar:
        """Raises StoreError naming the first faulty line."""
        problems, overrides, final_years = _read(path)
        if problems:
            raise StoreError(str(problems[0]))
        return cls(overrides, final_years)

    def renew(self, newer: WorkingCalendar) -> None:
        """Be `newer` for everybody who counts by this calendar: a notice has come out while the desk runs."""
        self._overrides, self._final_years = newer._overrides, newer._final_years
        self._national = newer._national

    def is_working(self, day: date) -> bool:
        if day in self._overrides:
            return self._overrides[day]
        return bool(self._national.is_working_day(day))

    def is_public_holiday(self, day: date) -> bool:
        """A day of a public holiday (法定节假日) with its 调休 days off, weekends of it included."""
        if day in self._overrides:
            return not self._overrides[day]
        if day in self._national:
            return True
        return day.weekday() >= 5 and not self.is_working(day) and self._lies_in_a_holiday(day)

    def _lies_in_a_holiday(self, weekend_day: date) -> bool:
        """Whether a notice counts it to a holiday: it follows one, or stands alone before one.

        Two plain days before a holiday are a weekend that joins it (与周末连休), and no part of it.
        """
        before, after = weekend_day - _DAY, weekend_day + _DAY
        while self._is_plain_weekend(before):
            before -= _DAY
        while self._is_plain_weekend(after):
            after += _DAY
        is_alone = after - before == 2 * _DAY
        return before in self._national or (is_alone and after in self._national)

    def _is_plain_weekend(self, day: date) -> bool:
        return day.weekday() >= 5 and day not in self._national and not self.is_working(day)

    def is_provisional(self, year: int) -> bool:
        """Whether the notice on the holidays of `year` is not out yet."""
        if year in self._final_years:
            return False
        _ = date(year, 1, 1) in self._national  # fills the year
        return not any(day.year == year for day in self._national.weekend_workdays)

    def note(self, day: date) -> str:
        """Why a day counts or not, in two words."""
        if self.is_working(day):
            return "工作日" if day.weekday() < 5 else "调休上班"
        return "节假日" if self.is_public_holiday(day) else "周末"


def china_day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def end_of(day: date) -> datetime:
    """24:00 of a day in China."""
    return datetime.combine(day + _DAY, time(), CHINA)


def last_day(end: datetime) -> date:
    """The last day before a limit's end: the end of a limit in days is 24:00, the next day's 0:00."""
    return china_day(end - timedelta(milliseconds=1))


def in_words(day: date, today: date) -> str:
    """12月2日; of another year 2027年1月7日."""
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{year}{day.month}月{day.day}日"


def lint(path: Path) -> list[Problem]:
    return _read(path)[0]


def _read(path: Path) -> tuple[list[Problem], dict[date, bool], set[int]]:
    problems: list[Problem] = []
    overrides: dict[date, bool] = {}
    final_years: set[int] = set()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = "文件不是 UTF-8 编码，请另存为 UTF-8"
        return [Problem(str(path), 1, message, "calendar-encoding")], {}, set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = next(csv.reader([line], delimiter="\t"))
        try:
            if cells[0] == "定":
                final_years.add(int(cells[1]))
            else:
                overrides[date.fromisoformat(cells[0].strip())] = _WORDS[cells[1].strip()]
        except (ValueError, KeyError, IndexError):
            message = "应写「2027-02-06<制表符>休」、「2027-02-14<制表符>班」或「定<制表符>2027」"
            problems.append(Problem(str(path), number, message, "calendar-line"))
    return problems, overrides, final_years
