"""A table that a clerk edits: a comment line, a header, then one row a line, cells parted by tabs."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casestore.problems import Problem


@dataclass(frozen=True)
class Row:
    """The cells of one line by column, with the line's number for a linter to name."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read(path: Path, columns: Sequence[str]) -> tuple[list[Row], list[Problem]]:
    """All rows that have the right number of columns, and what is wrong with the others."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return [], [Problem(str(path), 1, "缺少这个文件", "table-missing")]
    except UnicodeDecodeError:
        message = "文件不是 UTF-8 编码，请在表格软件里另存为「UTF-8 制表符分隔」"
        return [], [Problem(str(path), 1, message, "table-encoding")]
    numbered = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    wanted = f"{'、'.join(columns)}(用制表符分开)"
    if not numbered:
        return [], [Problem(str(path), 1, f"文件是空的，请先写表头: {wanted}", "table-empty")]
    header_line, header = numbered[0]
    if _cells(header) != list(columns):
        return [], [Problem(str(path), header_line, f"第一行应为表头: {wanted}", "table-header")]
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line in numbered[1:]:
        cells = _cells(line)
        if len(cells) == len(columns):
            rows.append(Row(number, dict(zip(columns, cells, strict=True))))
        else:
            message = f"应有 {len(columns)} 列(用制表符分开)，这里有 {len(cells)} 列"
            problems.append(Problem(str(path), number, message, "table-columns"))
    return rows, problems


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter="\t"))]
