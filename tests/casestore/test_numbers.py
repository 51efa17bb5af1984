"""编号 and 查询码: what is told to the citizen is what he can write back."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.codes import Kind
from casestore.numbers import case_number, new_query_code, read_case_number, read_query_code


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (Kind.COMPLAINT, "TS-20261123-0007"), (Kind.REPORT, "JB-20261123-0007"),
        (Kind.CONSULTATION, "ZX-20261123-0007"),
    ],
)  # fmt: skip
def test_a_number_tells_kind_day_and_serial(kind: Kind, number: str) -> None:
    assert case_number(kind, date(2026, 11, 23), 7) == number


@given(st.sampled_from(Kind), st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 9_999_999))
def test_every_number_reads_back(kind: Kind, day: date, serial: int) -> None:
    number = case_number(kind, day, serial)

    assert read_case_number(number) == number


@pytest.mark.parametrize(
    "written",
    [
        "TS-20261123-0007", "ts-20261123-0007", "TS202611230007", "ＴＳ－２０２６１１２３－０００７", "TS—20261123—0007",
        " TS 20261123 0007 ", "TS-20261123-0007。", "ts_20261123_0007", "TS-20261123-0007！",
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_was_typed(written: str) -> None:
    assert read_case_number(written) == "TS-20261123-0007"


@pytest.mark.parametrize(
    "written",
    ["", "TS", "XX-20261123-0007", "TS-2026112-0007", "TS-20261123-007", "编号TS-20261123-0007是吗", "TS-٢٠٢٦١١٢٣-0007",
     "TS-20261123-00070000"],
)  # fmt: skip
def test_what_is_no_whole_number_is_none(written: str) -> None:
    assert read_case_number(written) is None


def test_a_query_code_has_66_bits_and_is_read_aloud_in_fours() -> None:
    """Issue 2: at least 64 bits, easy to read aloud."""
    codes = {new_query_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(re.fullmatch(r"[0-9]{4}(-[0-9]{4}){4}", code) for code in codes)
    assert {digit for code in codes for digit in code} == set("0123456789-")


@pytest.mark.parametrize(
    "written",
    [
        "4829-1035-7741-2296-0058", "48291035774122960058", "4829 1035 7741 2296 0058", "查询码：4829-1035-7741-2296-0058",
        "４８２９－１０３５－７７４１－２２９６－００５８", "4829，1035，7741，2296，0058。",
    ],
)  # fmt: skip
def test_a_query_code_is_read_however_it_was_typed(written: str) -> None:
    assert read_query_code(written) == "48291035774122960058"


@pytest.mark.parametrize(
    "written", ["", "4829-1035-7741-2296-005", "4829-1035-7741-2296-00588", "查询码", "٤" * 20, "1380013800"]
)
def test_what_is_no_query_code_is_none(written: str) -> None:
    assert read_query_code(written) is None
