"""值班表: who is on duty at a moment, whom the night calls, what a clerk is told of his table (S9-1)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from casestore import roster
from casestore.codes import Role
from casestore.desk import Desk
from casestore.errors import StoreError
from casestore.limits import DutyHours
from casestore.roster import Roster, is_open
from casestore.tables import officers
from casestore.workdays import CHINA, WorkingCalendar
from tests.casestore.deeds import chats_with_a_card
from tests.office import DUTY_GROUP, Office

CALENDAR, DUTY = WorkingCalendar(), DutyHours()
TABLE = """\
# 本局值班表
when\thalf\tnames
周一\t上午\t王敏
周一\t下午\t赵强
周二\t全天\t王敏|赵强
2026-12-01\t上午\t孙主任
值班室\t\t老周|小吴
"""


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=CHINA)


def written(folder: Path, text: str) -> Path:
    path = folder / "roster.tsv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("moment", "names"),
    [
        ("2026-11-23T09:00", ("王敏",)),  # Monday morning
        ("2026-11-23T12:29", ("王敏",)),
        ("2026-11-23T12:30", ("赵强",)),
        ("2026-11-23T17:30", ("赵强",)),
        ("2026-11-24T10:00", ("王敏", "赵强")),
        ("2026-12-01T10:00", ("孙主任",)),  # a Tuesday with a line of its own for the morning
        ("2026-12-01T14:00", ("王敏", "赵强")),
        ("2026-11-25T10:00", ()),  # Wednesday: nobody is written down
        ("2026-11-23T08:59", ("老周", "小吴")),
        ("2026-11-23T17:31", ("老周", "小吴")),
        ("2026-11-22T10:00", ("老周", "小吴")),  # Sunday
        ("2026-10-05T10:00", ("老周", "小吴")),  # a Monday of National Day
        ("2026-10-10T10:00", ()),  # a worked Saturday: no line, but the desk is open
    ],
)
def test_who_is_on_duty_by_day_and_half_day(tmp_path: Path, moment: str, names: tuple[str, ...]) -> None:
    """S9-1a: by working day and half-day; S9-1d: the 值班室 while the desk is closed."""
    assert Roster.load(written(tmp_path, TABLE)).on_duty(at(moment), CALENDAR, DUTY) == names


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T09:00", True), ("2026-11-23T17:30", True), ("2026-11-23T08:59:59", False),
        ("2026-11-23T17:30:01", False), ("2026-11-22T10:00", False), ("2026-10-10T10:00", True), ("2026-10-01T10:00", False),
    ],
)  # fmt: skip
def test_the_desk_is_open_in_its_hours_of_working_days(moment: str, opens: bool) -> None:
    """C12: 调休 counts."""
    assert is_open(at(moment), CALENDAR, DUTY) is opens


@pytest.mark.parametrize(
    ("moment", "begins", "names"),
    [
        ("2026-11-22T20:00", "2026-11-23T09:00", ("王敏",)),
        ("2026-11-23T09:00", "2026-11-23T12:30", ("赵强",)),
        ("2026-11-23T18:00", "2026-11-24T09:00", ("王敏", "赵强")),
        ("2026-11-24T18:00", "2026-11-30T09:00", ("王敏",)),  # Wednesday to Friday nobody is written down
        ("2026-09-30T18:00", "2026-10-12T09:00", ("王敏",)),  # after National Day
    ],
)
def test_the_next_shift_is_whose_the_night_s_cases_are(
    tmp_path: Path, moment: str, begins: str, names: tuple[str, ...]
) -> None:
    found = Roster.load(written(tmp_path, TABLE)).next_shift(at(moment), CALENDAR, DUTY)

    assert found == (at(begins), names)


def test_an_empty_roster_leaves_it_to_who_signs_in(tmp_path: Path) -> None:
    empty = Roster.load(written(tmp_path, "when\thalf\tnames\n"))

    assert empty == Roster()
    assert empty.on_duty(at("2026-11-23T10:00"), CALENDAR, DUTY) == ()
    assert empty.next_shift(at("2026-11-23T10:00"), CALENDAR, DUTY) is None


def test_the_packaged_roster_has_no_mistake() -> None:
    assert roster.lint(roster.PACKAGED) == []


@pytest.mark.parametrize(
    ("line", "says", "code"),
    [
        ("周一\t上午", "应有 3 列", "roster-line"),
        (
            "周一 上午 王敏",
            "应有 3 列(用制表符分开): 星期或日期、上午/下午/全天、姓名，这里有 1 列",
            "roster-line",
        ),
        ("星期一\t上午\t王敏", "「星期一」应写 周一 … 周五", "roster-line"),
        ("2026-02-30\t上午\t王敏", "「2026-02-30」应写", "roster-line"),
        ("周三\t晚上\t王敏", "「晚上」应写 上午、下午 或 全天", "roster-line"),
        ("周三\t上午\t", "请写值班人员的姓名", "roster-line"),
        ("周三\t上午\t | ", "请写值班人员的姓名", "roster-line"),
        ("周一\t上午\t孙主任", "周一上午已经写过一次", "roster-twice"),
        ("周二\t下午\t孙主任", "周二下午已经写过一次", "roster-twice"),
    ],
)
def test_a_faulty_line_is_named_with_what_to_write(tmp_path: Path, line: str, says: str, code: str) -> None:
    path = written(tmp_path, f"{TABLE}{line}\n")
    (problem,) = roster.lint(path)

    assert (problem.line, problem.code) == (8, code)
    assert says in problem.message
    with pytest.raises(StoreError, match=r"roster\.tsv:8: "):
        Roster.load(path)


def test_a_table_from_a_spreadsheet_is_read_or_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "roster.tsv"
    path.write_text(TABLE, encoding="utf-8-sig")
    assert roster.lint(path) == []
    path.write_bytes(TABLE.encode("gbk"))
    assert [problem.code for problem in roster.lint(path)] == ["roster-encoding"]


# ── at the desk ──


def rostered(office: Office, text: str, folder: Path) -> Office:
    office.desk = Desk(CALENDAR, office.units, roster=Roster.load(written(folder, text)))
    return office


def test_a_new_case_goes_to_whom_the_roster_names(office: Office, tmp_path: Path) -> None:
    """S9-1a: also where others have signed in."""
    office.do(lambda tx: officers.sign_duty(tx, office.zhao.id, True))
    case = rostered(office, "周一\t上午\t王敏\n", tmp_path).have()

    assert chats_with_a_card(office, case) == {DUTY_GROUP, "1001"}


def test_at_night_a_new_case_goes_to_the_night_s_people(office: Office, tmp_path: Path) -> None:
    """S9-1d: recorded at once, shown to the 值班室."""
    office.person("老周", Role.OFFICER, None, "1007")
    office.now = at("2026-11-23T22:00")
    case = rostered(office, TABLE, tmp_path).have()

    assert chats_with_a_card(office, case) == {DUTY_GROUP, "1007"}


def test_a_name_nobody_has_leaves_it_to_who_has_signed_in(office: Office, tmp_path: Path) -> None:
    """A roster with a slip of the pen must not leave a case lying."""
    office.do(lambda tx: officers.sign_duty(tx, office.zhao.id, True))
    case = rostered(office, "周一\t上午\t王明\n", tmp_path).have()

    assert chats_with_a_card(office, case) == {DUTY_GROUP, "1002"}
