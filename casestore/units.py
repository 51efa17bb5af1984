"""承办单位: the office's own units and stations, read from a table that a clerk can edit."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from casestore.errors import StoreError, UnitUnknown
from casestore.model import Unit, UnitCode
from casestore.problems import Problem
from casestore.reading.text import fold

PACKAGED = Path(__file__).parent / "office" / "units.tsv"
INTAKE = UnitCode("INTAKE")
_OUTSIDE = "局外"
_LEVELS = ("局内", "派出", _OUTSIDE)
_COLUMNS = ["code", "name", "level", "handles", "districts"]


class Units:
    """All units by code, in the order of the table."""

    def __init__(self, units: Iterable[Unit], outside: Iterable[Unit] = ()) -> None:
        self._units = {unit.code: unit for unit in units}
        self._outside = {unit.code: unit for unit in outside}

    @classmethod
    def load(cls, path: Path = PACKAGED) -> Units:
        """Raises StoreError naming the first faulty line."""
        problems, rows = _read(path)
        if problems:
            raise StoreError(str(problems[0]))
        made = [
            (
                row["level"],
                Unit(
                    code=UnitCode(row["code"]),
                    name=row["name"],
                    handles=row["handles"],
                    districts=tuple(filter(None, row["districts"].split("|"))),
                ),
            )
            for _, row in rows
        ]
        return cls(
            (unit for level, unit in made if level != _OUTSIDE),
            (unit for level, unit in made if level == _OUTSIDE),
        )

    def __iter__(self) -> Iterator[Unit]:
        """The units a case can be dispatched to: ours, without the intake centre."""
        return (unit for unit in self._units.values() if unit.code != INTAKE)

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def get(self, code: str) -> Unit:
        """Raises UnitUnknown; a unit outside of the bureau is no target of a dispatch (art. 41)."""
        try:
            return self._units[UnitCode(code)]
        except KeyError:
            raise UnitUnknown(unit=code) from None

    def name(self, code: str | None) -> str:
        """The name to show, whatever the code; an unknown code shows itself."""
        unit = self._units.get(UnitCode(code or "")) or self._outside.get(UnitCode(code or ""))
        return unit.name if unit else code or ""

    def of_place(self, text: str) -> tuple[Unit, str] | None:
        """The station whose district a text names, with the place found: the longest name wins."""
        folded = fold(text)
        found = [
            (len(place), unit, place)
            for unit in self._units.values()
            for place in unit.districts
            if fold(place) in folded
        ]
        if not found:
            return None
        _, unit, place = max(found, key=lambda hit: hit[0])
        return unit, place


def lint(path: Path) -> list[Problem]:
    """What is wrong in a units table."""
    return _read(path)[0]


def _read(path: Path) -> tuple[list[Problem], list[tuple[int, dict[str, str]]]]:
    problems: list[Problem] = []
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return [Problem(str(path), 1, "文件不是 UTF-8 编码，请另存为 UTF-8", "units-encoding")], []
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not numbered:
        return [Problem(str(path), 1, "文件是空的，请至少写一个单位", "units-empty")], []
    header_line, header = numbered[0]
    if header.split("\t") != _COLUMNS:
        wanted = "、".join(_COLUMNS)
        return [
            Problem(str(path), header_line, f"第一行应为表头(用制表符分开): {wanted}", "units-header")
        ], []
    seen: dict[str, int] = {}
    for number, line in numbered[1:]:
        cells = next(csv.reader([line], delimiter="\t"))
        if len(cells) != len(_COLUMNS):
            message = f"应有 {len(_COLUMNS)} 列(用制表符分开)，这里有 {len(cells)} 列"
            problems.append(Problem(str(path), number, message, "units-columns"))
            continue
        row = {name: cell.strip() for name, cell in zip(_COLUMNS, cells, strict=True)}
        rows.append((number, row))
        for message, code in _row_problems(row, seen):
            problems.append(Problem(str(path), number, message, code))
        seen.setdefault(row["code"], number)
    if "INTAKE" not in seen:
        problems.append(Problem(str(path), 1, "缺少 INTAKE(投诉举报中心)这一行", "units-intake"))
    return problems, rows


def _row_problems(row: dict[str, str], seen: dict[str, int]) -> Iterator[tuple[str, str]]:
    if not row["code"].replace("_", "").isalnum() or not row["code"].isascii():
        yield f"单位代码「{row['code']}」只能用英文字母、数字和下划线", "units-code"
    if row["code"] in seen:
        yield f"单位代码「{row['code']}」与第 {seen[row['code']]} 行重复", "units-duplicate"
    if not row["name"]:
        yield "单位名称没有填写", "units-name"
    if row["level"] not in _LEVELS:
        yield f"level 应为 {' / '.join(_LEVELS)} 之一，现在是「{row['level']}」", "units-level"
    if row["level"] == "派出" and not row["districts"]:
        yield f"派出机构「{row['name']}」没有填写辖区地名(districts)", "units-districts"
