"""承办单位表: the file a clerk edits, read line by line, and what is wrong in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from casestore.problems import Problem
from casestore.reading.text import fold

OUTSIDE, FIELD_OFFICE, STATION, INTAKE = "局外", "派出", "服务站", "INTAKE"
LEVELS = ("局内", FIELD_OFFICE, STATION, OUTSIDE)
COLUMNS = ["code", "name", "level", "parent", "handles", "districts", "categories", "premises"]
_CATEGORY = re.compile(r"[A-Z][0-9]{0,4}")
#: 「商场」 alone would be every mall of the county.
_LEAST_NAME = 3

Row = Mapping[str, str]
#: The line, what to tell the clerk, the stable code.
_Fault = tuple[int, str, str]


def read(path: Path, categories: Collection[str] = ()) -> tuple[list[Problem], list[Row]]:
    """What is wrong, and the rows. `categories`: the codes of the word tables, where they are known."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return [Problem(str(path), 1, "文件不是 UTF-8 编码，请另存为 UTF-8", "units-encoding")], []
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not numbered:
        return [Problem(str(path), 1, "文件是空的，请至少写一个单位", "units-empty")], []
    header_line, header = numbered[0]
    if header.split("\t") != COLUMNS:
        wanted = f"第一行应为表头(用制表符分开): {'、'.join(COLUMNS)}"
        return [Problem(str(path), header_line, wanted, "units-header")], []
    faults, rows = _rows(numbered[1:])
    for number, row in rows:
        faults += [(number, message, code) for message, code in _of_row(row, categories)]
    faults += [*_twice(rows), *_tree(rows), *_same_premises(rows)]
    return sorted(Problem(str(path), *fault) for fault in faults), [row for _, row in rows]


def listed(cell: str) -> tuple[str, ...]:
    """The entries of a cell, parted by |."""
    return tuple(entry.strip() for entry in cell.split("|") if entry.strip())


def _rows(numbered: list[tuple[int, str]]) -> tuple[list[_Fault], list[tuple[int, Row]]]:
    faults: list[_Fault] = []
    rows: list[tuple[int, Row]] = []
    for number, line in numbered:
        cells = next(csv.reader([line], delimiter="\t"))
        if len(cells) != len(COLUMNS):
            message = f"应有 {len(COLUMNS)} 列(用制表符分开)，这里有 {len(cells)} 列"
            faults.append((number, message, "units-columns"))
            continue
        rows.append((number, {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=True)}))
    return faults, rows


def _of_row(row: Row, known: Collection[str]) -> Iterator[tuple[str, str]]:
    if not row["code"].replace("_", "").isalnum() or not row["code"].isascii():
        yield f"单位代码「{row['code']}」只能用英文字母、数字和下划线", "units-code"
    if not row["name"]:
        yield "单位名称没有填写", "units-name"
    if row["level"] not in LEVELS:
        yield f"level 应为 {' / '.join(LEVELS)} 之一，现在是「{row['level']}」", "units-level"
    if row["level"] == FIELD_OFFICE and not row["districts"]:
        yield f"派出机构「{row['name']}」没有填写辖区地名(districts)", "units-districts"
    yield from _of_station(row) if row["level"] == STATION else _of_others(row)
    for category in listed(row["categories"]):
        if not _CATEGORY.fullmatch(category) or (known and category not in known):
            message = f"categories 里的「{category}」不是分类表(objects.tsv、natures.tsv)里的代码"
            yield message, "units-category"


def _of_station(row: Row) -> Iterator[tuple[str, str]]:
    """S6-3a, C16: a station serves its own premises, under a unit that guides it, in what can be settled."""
    name = row["name"]
    if not row["parent"]:
        yield f"服务站「{name}」没有填写上级单位(parent): 由哪个所指导和督办", "units-station-parent"
    if not row["categories"]:
        yield (
            f"服务站「{name}」没有填写可以和解的类别(categories)，例如 N01|N02|N03",
            "units-station-categories",
        )
    if not row["premises"]:
        message = f"服务站「{name}」没有填写场所(premises): 商场、市场、景区的名称、别名、门牌，用 | 分开"
        yield message, "units-premises"
    for place in listed(row["premises"]):
        if len(fold(place)) < _LEAST_NAME:
            yield (
                f"场所「{place}」太短，至少写 {_LEAST_NAME} 个字，否则别处的商家也会算进来",
                "units-premises-short",
            )


def _of_others(row: Row) -> Iterator[tuple[str, str]]:
    if row["premises"]:
        yield f"「{row['name']}」不是服务站，不填场所(premises)；辖区写在 districts", "units-premises-level"


def _twice(rows: list[tuple[int, Row]]) -> Iterator[_Fault]:
    seen: dict[str, int] = {}
    for number, row in rows:
        if row["code"] in seen:
            yield number, f"单位代码「{row['code']}」与第 {seen[row['code']]} 行重复", "units-duplicate"
        seen.setdefault(row["code"], number)
    if INTAKE not in seen:
        yield 1, f"缺少 {INTAKE}(投诉举报中心)这一行", "units-intake"


def _tree(rows: list[tuple[int, Row]]) -> Iterator[_Fault]:
    """A unit stands below one of ours; the centre is above all of them already."""
    levels = {row["code"]: row["level"] for _, row in rows}
    parents = {row["code"]: row["parent"] for _, row in rows}
    for number, row in rows:
        parent = row["parent"]
        if not parent:
            continue
        if parent not in levels:
            yield number, f"上级单位「{parent}」不在表里，请写表里的单位代码", "units-parent"
        elif parent == INTAKE or levels[parent] in (OUTSIDE, STATION):
            yield number, f"「{parent}」不能作上级单位: 请写局内的单位或派出机构，或留空", "units-parent"
        elif way := _cycle(row["code"], parents):
            yield number, f"上级关系绕成了圈: {' → '.join(way)}", "units-cycle"


def _cycle(code: str, parents: Mapping[str, str]) -> list[str]:
    """The way from a unit up and back to itself; [] where there is none."""
    way = [code]
    while (above := parents.get(way[-1], "")) and above not in way:
        way.append(above)
    return [*way, code] if above == code else []


def _same_premises(rows: list[tuple[int, Row]]) -> Iterator[_Fault]:
    """One place, one station: else nobody knows whose a matter is."""
    seen: dict[str, int] = {}
    for number, row in rows:
        for place in listed(row["premises"]):
            if fold(place) in seen:
                message = f"场所「{place}」已经写在第 {seen[fold(place)]} 行，一个场所只归一个服务站"
                yield number, message, "units-premises-twice"
            seen.setdefault(fold(place), number)
