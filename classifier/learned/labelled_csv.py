"""An office's history as a CSV: one column with the texts, one with the labels people gave them."""

from __future__ import annotations

import csv
from pathlib import Path

from casestore.errors import StoreError
from classifier.learned.training import Sample

#: Excel on a Chinese Windows saves CSV in the last.
_ENCODINGS = ("utf-8-sig", "gb18030")
_LONGEST_CELL = 1_000_000


def read(path: Path, text: str, label: str, key: str = "id") -> tuple[list[Sample], list[str]]:
    """The rows that have both, and an id for each: of the column `key`, else the row's number.

    Raises StoreError for a file that cannot be read or lacks a column.
    """
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.DictReader(_content(path).splitlines(keepends=True), strict=True)
    try:
        columns = rows.fieldnames or []
        missing = [column for column in (text, label) if column not in columns]
        if missing:
            raise StoreError(f"{path} 里没有「{'」「'.join(missing)}」这一列，有的列是: {'、'.join(columns)}")
        full = [
            (Sample(row[text], row[label].strip()), row.get(key) or str(number))
            for number, row in enumerate(rows, 1)
            if (row[text] or "").strip() and (row[label] or "").strip()
        ]
    except csv.Error as error:
        raise StoreError(f"{path} 第 {rows.line_num} 行不是正确的 CSV: {error}") from error
    return [sample for sample, _ in full], [one for _, one in full]


def _content(path: Path) -> str:
    try:
        written = path.read_bytes()
    except OSError as error:
        raise StoreError(f"读不了 {path}: {error.strerror}") from error
    for encoding in _ENCODINGS:
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StoreError(f"{path} 的编码不认识，请另存为「CSV UTF-8」")
