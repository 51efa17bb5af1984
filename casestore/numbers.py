"""编号 and 查询码: what the citizen is told, and how the desk reads it back."""

from __future__ import annotations

import re
import secrets
from datetime import date

from casestore.codes import Kind
from casestore.model import CaseNumber
from casestore.reading.text import fold

_LETTERS = {Kind.COMPLAINT: "TS", Kind.REPORT: "JB", Kind.CONSULTATION: "ZX"}
_NUMBER = re.compile(r"(ts|jb|zx)[-—–_]?([0-9]{8})[-—–_]?([0-9]{4,7})")
_CODE_DIGITS = 20  # 66 bits: 10,000 accounts guessing for a year find nothing
_CODE = re.compile(r"[0-9]{20}")
_CODE_JOINTS = re.compile(r"[-—–_·.、,]")


def case_number(kind: Kind, day: date, serial: int) -> CaseNumber:
    """TS-20261123-0007: the kind, the day of registration in China, the day's serial number."""
    return CaseNumber(f"{_LETTERS[kind]}-{day:%Y%m%d}-{serial:04d}")


def read_case_number(text: str) -> CaseNumber | None:
    """The number that a whole message names, with or without hyphens, full-width too."""
    match = _NUMBER.fullmatch(fold(text).rstrip("。.!"))
    return CaseNumber(f"{match[1].upper()}-{match[2]}-{match[3]}") if match else None


def new_query_code() -> str:
    """Twenty random digits in fours, 4829-1035-7741-2296-0058: digits are what is read aloud best."""
    digits = "".join(secrets.choice("0123456789") for _ in range(_CODE_DIGITS))
    return "-".join(digits[start : start + 4] for start in range(0, _CODE_DIGITS, 4))


def read_query_code(text: str) -> str | None:
    """The bare twenty digits of a message that is a query code, else None."""
    bare = _CODE_JOINTS.sub("", fold(text).removeprefix("查询码").lstrip(":：").rstrip("。"))
    return bare if _CODE.fullmatch(bare) else None
