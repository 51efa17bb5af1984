"""值班表: who is on duty now, by working day and half-day (S9-1a), and who is called at night (S9-1d).

A TSV of `when`, `half`, `names`: `when` is 周一 … 周五, a date (which beats the weekday), or 值班室 for the
hours the desk is closed; `half` is 上午, 下午 or 全天; names are parted by |.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from casestore.errors import StoreError
from casestore.limits import DutyHours
from casestore.problems import Problem
from casestore.workdays import CHINA, WorkingCalendar

PACKAGED = Path(__file__).parent / "office" / "roster.tsv"
_COLUMNS = ("when", "half", "names")
_WEEKDAYS = {
    name: number for number, name in enumerate(("周一", "周二", "周三", "周四", "周五", "周六", "周日"))
}
_HALVES = {"上午": ("上午",), "下午": ("下午",), "全天": ("上午", "下午")}
_NIGHT = "值班室"
_NOON = time(12, 30)
_MOST_DAYS_AHEAD = 30

_Shift = tuple[int | date, str]


@dataclass(frozen=True)
class Roster:
    """Empty where the office has written none: then whoever signed in with /duty is on duty."""

    shifts: Mapping[_Shift, tuple[str, ...]] = field(default_factory=dict)
    night: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path = PACKAGED) -> Roster:
        """Raises StoreError naming the first faulty line."""
        problems, roster = _read(path)
        if problems:
            raise StoreError(str(problems[0]))
        return roster

    def on_duty(self, at: datetime, calendar: WorkingCalendar, duty: DutyHours) -> tuple[str, ...]:
        """The names on duty at a moment; at night and on days off those of the 值班室."""
        local = at.astimezone(CHINA)
        if not is_open(at, calendar, duty):
            return self.night
        half = "上午" if local.time() < _NOON else "下午"
        return self.shifts.get((local.date(), half), self.shifts.get((local.weekday(), half), ()))

    def next_shift(
        self, at: datetime, calendar: WorkingCalendar, duty: DutyHours
    ) -> tuple[datetime, tuple[str, ...]] | None:
        """When the next half-day of somebody begins, and whose it is; None where nobody is written down."""
        today = at.astimezone(CHINA).date()
        for ahead in range(_MOST_DAYS_AHEAD):
            day = today + timedelta(days=ahead)
            for opens in (duty.opens, _NOON):
                begins = datetime.combine(day, opens, CHINA)
                names = self.on_duty(begins, calendar, duty) if is_open(begins, calendar, duty) else ()
                if begins > at and names:
                    return begins, names
        return None

    def coming(
        self, at: datetime, days: int, calendar: WorkingCalendar, duty: DutyHours
    ) -> Iterator[tuple[datetime, str, tuple[str, ...]]]:
        """Each half-day of the next so many working days: when it begins, 上午 or 下午, and whose it is."""
        day = at.astimezone(CHINA).date()
        while days:
            day += timedelta(days=1)
            if calendar.is_working(day):
                days -= 1
                for half, begins in zip(_HALVES["全天"], (duty.opens, _NOON), strict=True):
                    moment = datetime.combine(day, begins, CHINA)
                    yield moment, half, self.on_duty(moment, calendar, duty)


def is_open(at: datetime, calendar: WorkingCalendar, duty: DutyHours) -> bool:
    """Whether the desk is staffed at a moment."""
    local = at.astimezone(CHINA)
    return calendar.is_working(local.date()) and duty.opens <= local.time() <= duty.closes


def lint(path: Path) -> list[Problem]:
    return _read(path)[0]


def _read(path: Path) -> tuple[list[Problem], Roster]:
    problems: list[Problem] = []
    shifts: dict[_Shift, tuple[str, ...]] = {}
    night: tuple[str, ...] = ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return [Problem(str(path), 1, "文件不是 UTF-8 编码，请另存为 UTF-8", "roster-encoding")], Roster()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter="\t"))]
        if tuple(cells) == _COLUMNS:
            continue
        fault = _fault(cells)
        if fault:
            problems.append(Problem(str(path), number, fault, "roster-line"))
            continue
        names = tuple(name for name in (one.strip() for one in cells[2].split("|")) if name)
        if cells[0] == _NIGHT:
            night = names
            continue
        day = _WEEKDAYS[cells[0]] if cells[0] in _WEEKDAYS else date.fromisoformat(cells[0])
        for half in _HALVES[cells[1]]:
            if (day, half) in shifts:
                message = f"{cells[0]}{half}已经写过一次，请合并成一行"
                problems.append(Problem(str(path), number, message, "roster-twice"))
            shifts[day, half] = names
    return problems, Roster(shifts, night)


def _fault(cells: list[str]) -> str:
    if len(cells) != len(_COLUMNS):
        return f"应有 3 列(用制表符分开): 星期或日期、上午/下午/全天、姓名，这里有 {len(cells)} 列"
    when, half, names = cells
    if when != _NIGHT and when not in _WEEKDAYS and not _is_date(when):
        return f"「{when}」应写 周一 … 周五、日期 2027-02-06，或 值班室"
    if when != _NIGHT and half not in _HALVES:
        return f"「{half}」应写 上午、下午 或 全天"
    return "" if names.replace("|", "").strip() else "请写值班人员的姓名，几个人用 | 分开"


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
