"""放假通知公布了: the office's table takes the days in, and every limit that runs is counted by them."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bots import calendar_file, cli, control, shell_work
from bots.house import House
from bots.settings import load
from casestore import workdays
from casestore.errors import StoreError
from casestore.model import Case
from casestore.tables import cases, clocks, events
from casestore.tables.schema import reminders
from casestore.workdays import CHINA, WorkingCalendar, last_day
from tests.bots.desks import prepared
from tests.office import Office, an_intake

#: The office works on the Tuesday and not on the Wednesday after the Monday of `tests.office`.
FREE_DAYS = "# 本县的假\n2026-11-25\t休\n2026-11-26\t休\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The office's own table, as packaged."""
    path = tmp_path / "own" / "calendar.tsv"
    path.parent.mkdir()
    shutil.copy(workdays.PACKAGED, path)
    return path


@pytest.fixture
def given(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "notice.tsv"
        path.write_text(text, "utf-8")
        return path

    return write


def changed(office: Office, table: Path) -> int:
    work = shell_work.VERBS["calendar.changed"]
    moved: int = office.do(lambda tx: work(tx, office.desk, {"file": str(table)}, office.now))["moved"]
    return moved


def acceptance(office: Office, case: Case) -> date:
    running = office.do(lambda tx: clocks.running(tx, case.id))
    return next(last_day(clock.due_at) for clock in running if clock.limit.code == "acceptance")


# ── the file ──


def test_new_days_win_day_by_day_and_the_rest_stays(own: Path, given: Callable[[str], Path]) -> None:
    own.write_text("# 说明\n2026-11-25\t班\n2026-12-31\t休\n", "utf-8")

    merged = calendar_file.merge(own, given("2026-11-25\t休\n定\t2027\n"))

    assert merged.text == "# 说明\n2026-12-31\t休\n2026-11-25\t休\n定\t2027\n"
    assert (merged.days, merged.years) == (1, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-11-25\t休\n2026-11-31\t休\n", ":2: "),
        ("2026-11-25 休\n", ":1: "),
        ("2026-11-25\t放假\n", ":1: "),
        ("定\t明年\n", ":1: "),
        ("2026-11-25\t休\n\n2026-11-25\t班\n", ":3: 2026-11-25 前面已经写过"),
        ("# 什么也没有\n", ":1: 文件里没有一天"),
    ],
)
def test_a_file_with_a_fault_is_refused_by_its_line(
    own: Path, given: Callable[[str], Path], text: str, says: str
) -> None:
    with pytest.raises(StoreError) as refused:
        calendar_file.merge(own, given(text))

    assert str(refused.value).partition("notice.tsv")[2].startswith(says)


# ── the limits ──


def test_every_running_limit_is_counted_by_the_new_days(office: Office, own: Path) -> None:
    case = office.have()
    before = acceptance(office, case)
    own.write_text(FREE_DAYS, "utf-8")

    moved = changed(office, own)

    assert moved == 1
    assert (before, acceptance(office, case)) == (date(2026, 12, 2), date(2026, 12, 4))
    entries = office.do(lambda tx: clocks.ledger(tx, case.id))
    assert {entry.what for entry in entries if entry.at == office.now} >= {"started", "recomputed"}
    shown = office.do(lambda tx: cases.get(tx, case.id))
    next_to_end = office.do(lambda tx: clocks.running(tx, case.id))[0]
    assert (shown.due_limit, shown.due_at) == (next_to_end.limit.code, next_to_end.due_at)
    assert office.do(lambda tx: events.last(tx, case.id)).kind == "limits_recomputed"


def test_its_reminders_move_with_it(office: Office, own: Path) -> None:
    case = office.have()
    rows = reminders.select().where(reminders.c.case_id == case.id, reminders.c.rung == "last_day")
    before = office.do(lambda tx: sorted(row.fires_at for row in tx.execute(rows)))
    own.write_text(FREE_DAYS, "utf-8")

    changed(office, own)

    after = office.do(lambda tx: sorted(row.fires_at for row in tx.execute(rows)))
    assert len(after) == len(before)
    assert after != before


def test_a_table_is_counted_by_once(office: Office, own: Path) -> None:
    """Asked again, at every start for one, nothing is done and nothing is written."""
    case = office.have()
    own.write_text(FREE_DAYS, "utf-8")
    changed(office, own)
    written = office.do(lambda tx: events.last(tx, case.id)).seq

    assert changed(office, own) == 0
    assert office.do(lambda tx: events.last(tx, case.id)).seq == written


def test_what_has_ended_is_left_alone(office: Office, own: Path) -> None:
    case = office.declined()
    own.write_text(FREE_DAYS, "utf-8")

    assert changed(office, own) == 0
    assert office.do(lambda tx: events.last(tx, case.id)).kind == "declined"


def test_who_has_the_calendar_already_counts_by_the_new_one(office: Office, own: Path) -> None:
    """The cards of a running desk hold the same calendar."""
    calendar = office.desk.clockwork.calendar
    own.write_text(FREE_DAYS, "utf-8")

    changed(office, own)

    assert not calendar.is_working(date(2026, 11, 25))
    assert not WorkingCalendar.load(own).is_working(date(2026, 11, 26))


# ── the command, and the start of a desk ──


@pytest.fixture
def tousu_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = prepared(tmp_path)
    (folder / "tousu.toml").write_text('[office]\ndir = "own"\n', "utf-8")
    monkeypatch.chdir(folder)
    return folder


def register(folder: Path, at: datetime) -> Case:
    settings = load()
    store = control.open_store(settings)
    try:
        desk = House(settings, lambda: at).desk
        return store.run_now(lambda tx: desk.register(tx, an_intake(), at)).case
    finally:
        store.close()


def limit_of(case: Case) -> date:
    store = control.open_store(load())
    try:
        running = store.run_now(lambda tx: clocks.running(tx, case.id))
    finally:
        store.close()
    return next(last_day(clock.due_at) for clock in running if clock.limit.code == "acceptance")


def test_the_command_writes_the_table_and_moves_the_limits(
    tousu_toml: Path,
    given: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = register(tousu_toml, datetime(2026, 11, 23, 10, tzinfo=CHINA))
    monkeypatch.setattr("sys.argv", ["tousu", "calendar", "import", str(given(FREE_DAYS))])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code in (0, None)
    assert "2 天。1 件的时限已重新计算" in capsys.readouterr().out
    assert "2026-11-25\t休" in (tousu_toml / "own" / "calendar.tsv").read_text("utf-8")
    assert limit_of(case) == date(2026, 12, 4)


def test_without_a_folder_of_its_own_the_office_is_told_what_to_write(
    tousu_toml: Path,
    given: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The packaged table is everybody's."""
    (tousu_toml / "tousu.toml").write_text("", "utf-8")
    packaged = workdays.PACKAGED.read_bytes()
    monkeypatch.setattr("sys.argv", ["tousu", "calendar", "import", str(given(FREE_DAYS))])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 1
    assert "[office]" in capsys.readouterr().err
    assert workdays.PACKAGED.read_bytes() == packaged


async def test_a_desk_that_starts_with_another_table_counts_by_it(tousu_toml: Path) -> None:
    """The table was changed by hand, or the library knows a new notice: the start sees it, once."""
    at = datetime(2026, 11, 23, 10, tzinfo=CHINA)
    case = register(tousu_toml, at)
    own = tousu_toml / "own"
    own.mkdir()
    (own / "calendar.tsv").write_text(FREE_DAYS, "utf-8")

    for start in range(2):
        async with House(load(), lambda start=start: at + timedelta(hours=start)).open() as house:  # type: ignore[misc]
            ledger = await house.store.read(lambda tx: clocks.ledger(tx, case.id))

    assert limit_of(case) == date(2026, 12, 4)
    times = Counter(entry.clock for entry in ledger if entry.what == "recomputed")
    assert set(times.values()) == {1}
