"""The office's word tables: classes with the words that speak for them, and the dispatch table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from casestore.codes import Grade, Kind
from casestore.errors import StoreError
from casestore.problems import Problem
from classifier import tsv, word
from classifier.word import Word

PACKAGED = Path(__file__).parent / "lexicon"
#: The row of outscope.tsv whose words keep a matter inside: price, advertising, metrology … of any trade.
INSIDE = "INSIDE"
_THRESHOLD = re.compile(r"(人数|金额)(?:>=|≥)([0-9]{1,9})")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A class of one of the tables with the words that speak for it."""

    line: int
    code: str
    name: str
    words: tuple[Word, ...]


@dataclass(frozen=True, kw_only=True)
class ObjectClass(Entry):
    """商品和服务分类. A root (商品类) has no parent; a class without a unit has its parent's."""

    parent: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Nature(Entry):
    unit: str


@dataclass(frozen=True, kw_only=True)
class Outside(Entry):
    """A matter of another authority; `name` is the matter, `department` answers for it."""

    department: str
    hotline: str


@dataclass(frozen=True, kw_only=True)
class Sign(Entry):
    """A sign of a major matter: its words, or as many people, or as much money."""

    grade: str
    people: int | None
    yuan: int | None


@dataclass(frozen=True, kw_only=True)
class DispatchRow:
    line: int
    kind: str
    object: str
    nature: str
    place: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    objects: tuple[ObjectClass, ...]
    natures: tuple[Nature, ...]
    kinds: tuple[Entry, ...]
    outside: tuple[Outside, ...]
    signs: tuple[Sign, ...]
    dispatch: tuple[DispatchRow, ...]


FILES = {
    "objects.tsv": ("code", "name", "parent", "unit", "words"),
    "natures.tsv": ("code", "name", "unit", "words"),
    "kinds.tsv": ("code", "name", "words"),
    "outscope.tsv": ("code", "area", "department", "hotline", "words"),
    "urgency.tsv": ("sign", "grade", "words"),
    "dispatch.tsv": ("kind", "object", "nature", "place", "unit"),
}


def load(folder: Path = PACKAGED) -> Lexicon:
    """Raises StoreError naming the first line that cannot be read."""
    lexicon, problems = read(folder)
    if problems:
        raise StoreError(str(problems[0]))
    return lexicon


def read(folder: Path) -> tuple[Lexicon, list[Problem]]:
    """What can be read of the tables, and every line or word that cannot."""
    problems: list[Problem] = []
    lexicon = Lexicon(
        objects=_rows(folder, "objects.tsv", _object, problems),
        natures=_rows(folder, "natures.tsv", _nature, problems),
        kinds=_rows(folder, "kinds.tsv", _kind, problems),
        outside=_rows(folder, "outscope.tsv", _outside, problems),
        signs=_rows(folder, "urgency.tsv", _sign, problems),
        dispatch=_rows(folder, "dispatch.tsv", _dispatch, problems),
    )
    problems += unknown_parents(lexicon.objects, folder / "objects.tsv")
    problems += _wrong_kinds(lexicon.kinds, folder / "kinds.tsv")
    return lexicon, problems


def unknown_parents(objects: Iterable[ObjectClass], path: Path) -> Iterator[Problem]:
    """A class stands under its parent, so no class can be its own grandparent."""
    above: set[str] = set()
    for row in objects:
        if row.parent and row.parent not in above:
            message = f"上级代码「{row.parent}」在上面的行里没有，请先写上级，再写「{row.code}」"
            yield Problem(str(path), row.line, message, "object-parent")
        above.add(row.code)


def _wrong_kinds(kinds: tuple[Entry, ...], path: Path) -> Iterator[Problem]:
    for row in kinds:
        if row.code not in list(Kind):
            message = f"类别只能是 {' / '.join(Kind)}，现在是「{row.code}」"
            yield Problem(str(path), row.line, message, "kind-unknown")
    for kind in Kind:
        if kind not in {row.code for row in kinds}:
            yield Problem(str(path), 1, f"缺少「{kind}」这一行", "kind-missing")


_T = TypeVar("_T")
_Complain = Callable[[str, str], None]


def _rows(
    folder: Path, name: str, make: Callable[[tsv.Row, _Complain], _T], problems: list[Problem]
) -> tuple[_T, ...]:
    path = folder / name
    rows, found = tsv.read(path, FILES[name])
    problems += found

    def made(row: tsv.Row) -> _T:
        return make(row, lambda code, message: problems.append(Problem(str(path), row.line, message, code)))

    return tuple(made(row) for row in rows)


def _words(cell: str, complain: _Complain) -> tuple[Word, ...]:
    words: list[Word] = []
    for parsed in word.parse_all(cell):
        if isinstance(parsed, word.BadWord):
            complain(parsed.code, str(parsed))
        else:
            words.append(parsed)
    return tuple(words)


def _object(row: tsv.Row, complain: _Complain) -> ObjectClass:
    return ObjectClass(
        line=row.line,
        code=row["code"],
        name=row["name"],
        parent=row["parent"],
        unit=row["unit"],
        words=_words(row["words"], complain),
    )


def _nature(row: tsv.Row, complain: _Complain) -> Nature:
    return Nature(
        line=row.line,
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        words=_words(row["words"], complain),
    )


def _kind(row: tsv.Row, complain: _Complain) -> Entry:
    return Entry(line=row.line, code=row["code"], name=row["name"], words=_words(row["words"], complain))


def _outside(row: tsv.Row, complain: _Complain) -> Outside:
    return Outside(
        line=row.line,
        code=row["code"],
        name=row["area"],
        department=row["department"],
        hotline=row["hotline"],
        words=_words(row["words"], complain),
    )


def _sign(row: tsv.Row, complain: _Complain) -> Sign:
    """Thresholds stand among the words: 人数>=10, 金额>=50000 (yuan)."""
    written = row["words"].split(word.BETWEEN)
    thresholds = {
        match[1]: int(match[2]) for entry in written if (match := _THRESHOLD.fullmatch(entry.strip()))
    }
    plain = word.BETWEEN.join(entry for entry in written if not _THRESHOLD.fullmatch(entry.strip()))
    if row["grade"] not in list(Grade):
        complain("sign-grade", f"grade 应为 {' / '.join(Grade)} 之一，现在是「{row['grade']}」")
    return Sign(
        line=row.line,
        code=row["sign"],
        name=row["sign"],
        grade=row["grade"],
        words=_words(plain, complain),
        people=thresholds.get("人数"),
        yuan=thresholds.get("金额"),
    )


def _dispatch(row: tsv.Row, complain: _Complain) -> DispatchRow:
    return DispatchRow(
        line=row.line,
        kind=row["kind"],
        object=row["object"],
        nature=row["nature"],
        place=row["place"],
        unit=row["unit"],
    )
