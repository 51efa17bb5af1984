"""工作日表: takes in the days of a new notice on holidays, and sees to it that every limit is counted by them.

The file is written first, the limits follow: by the running desk at once, otherwise at its next start,
which finds that the table is another than the one the limits were counted by.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casestore import reminding, workdays
from casestore.desk import Desk
from casestore.errors import StoreError
from casestore.store import Tx
from casestore.tables import properties
from casestore.workdays import WorkingCalendar

#: By which table the limits were counted last.
_COUNTED_BY = "calendar"


@dataclass(frozen=True)
class Merged:
    """`text` is the whole new file; `days` and `years` are how much of it came in."""

    text: str
    days: int
    years: int


def merge(kept: Path, given: Path) -> Merged:
    """The office's table with the lines of `given`, which win day by day. Raises StoreError naming the first
    line that is none."""
    for path in (kept, given):
        if problems := workdays.lint(path):
            raise StoreError(str(problems[0]))
    new: dict[str, str] = {}
    for number, line in _lines(given):
        key, word = _key(line)
        if key in new and _key(new[key])[1] != word:
            raise StoreError(f"{given}:{number}: {key} 前面已经写过，而且不一样，请只保留正确的一行")
        new[key] = line
    if not new:
        raise StoreError(f"{given}:1: 文件里没有一天，应写「2027-02-06<制表符>休」")
    old = kept.read_text(encoding="utf-8-sig").splitlines()
    stay = [line for line in old if not _is_entry(line) or _key(line)[0] not in new]
    years = sum(key.startswith("定") for key in new)
    text = "\n".join([*stay, *(new[key] for key in sorted(new))]) + "\n"
    return Merged(text, len(new) - years, years)


def write(path: Path, text: str) -> None:
    """As a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def count_anew(tx: Tx, desk: Desk, path: Path, at: datetime) -> int:
    """Let the desk count by the table at `path`; how many cases have another limit now. Nothing is done where
    the limits were counted by this very table."""
    mark = fingerprint(path)
    if properties.get(tx, _COUNTED_BY) == mark:
        return 0
    desk.clockwork.calendar.renew(WorkingCalendar.load(path))
    moved = reminding.recompute(desk, tx, at)
    properties.put(tx, _COUNTED_BY, mark)
    return moved


def fingerprint(path: Path) -> str:
    """Of the office's table, and of the notices that the library knows."""
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}:{workdays.NOTICES}"


def _lines(path: Path) -> list[tuple[int, str]]:
    lines = enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1)
    return [(number, line.rstrip()) for number, line in lines if _is_entry(line)]


def _is_entry(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _key(line: str) -> tuple[str, str]:
    """What a line speaks of, and what it says: a day and its word, or 定 with its year."""
    first, second = (cell.strip() for cell in line.split("\t")[:2])
    return (f"定\t{second}", "") if first == "定" else (first, second)
