"""体检: what is missing among people, posts, roster and holidays, said plainly before a case waits for it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bots import doctor
from bots.control import open_store
from bots.settings import Settings
from casestore.codes import Role
from casestore.limits import DutyHours
from casestore.model import Officer, OfficerId, Unit, UnitCode
from casestore.roster import Roster
from casestore.tables import officers
from casestore.units import Units
from casestore.workdays import CHINA, WorkingCalendar
from tests.bots.desks import prepared

FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=CHINA)
FOOD, DRUG = Unit(code=UnitCode("FOOD"), name="食品科"), Unit(code=UnitCode("DRUG"), name="药械科")
UNITS = Units([FOOD, DRUG])


def a_person(name: str, role: Role, unit: str | None = None) -> Officer:
    return Officer(id=OfficerId(1), name=name, role=role, unit=UnitCode(unit) if unit else None)


HEAD, WANG = a_person("周局长", Role.HEAD), a_person("王敏", Role.OFFICER)
LI, GUO = a_person("李娜", Role.HANDLER, "FOOD"), a_person("郭药", Role.UNIT_HEAD, "DRUG")


def marks(findings: list[doctor.Finding]) -> list[tuple[str, str]]:
    return [(finding.mark, finding.what) for finding in findings]


def test_without_a_head_nobody_may_see_what_is_about_the_office() -> None:
    """S5-2.3(2)."""
    found = list(doctor.posts_of(UNITS, [WANG, LI, GUO]))

    assert marks(found) == [("✗", "负责人"), ("✓", "承办单位")]
    assert "涉及本单位的件" in found[0].says
    assert "tousu staff add 姓名 --role head" in found[0].says


def test_a_unit_where_nobody_has_joined_is_named() -> None:
    (found,) = doctor.posts_of(UNITS, [HEAD, LI])

    assert (found.mark, found.what) == ("⚠", "承办单位")
    assert found.says.endswith("药械科(DRUG)")


def on_duty(roster: Roster, there: list[Officer]) -> list[doctor.Finding]:
    return list(doctor.roster_of(roster, there, WorkingCalendar(), DutyHours(), FRIDAY))


def test_half_days_of_the_coming_week_without_anybody_on_duty_are_named() -> None:
    """Whom the roster names but who has not joined gets no card either."""
    days: dict[tuple[int | date, str], tuple[str, ...]]
    days = {(day, half): ("王敏",) for day in range(5) for half in ("上午", "下午")}
    assert marks(on_duty(Roster(days), [WANG])) == [("✓", "值班表")]

    (gap,) = on_duty(Roster(days | {(2, "下午"): ()}), [WANG])
    assert (gap.mark, gap.what) == ("⚠", "值班表")
    assert "12-02下午；" in gap.says
    (nobody,) = on_duty(Roster(days), [LI])
    assert nobody.says.count("午") == 10


def test_without_a_roster_somebody_must_be_there_to_get_the_cards() -> None:
    assert on_duty(Roster(), [WANG]) == []
    assert marks(on_duty(Roster(), [LI])) == [("⚠", "值班")]


@pytest.mark.parametrize(("month", "years"), [(9, []), (10, ["2027 年放假安排"]), (12, ["2027 年放假安排"])])
def test_next_years_holidays_are_asked_for_from_october_on(month: int, years: list[str]) -> None:
    found = list(doctor.holidays_of(WorkingCalendar(), date(2026, month, 15)))

    assert [finding.what for finding in found] == years
    assert all("tousu calendar import" in finding.says for finding in found)


def test_the_doctor_looks_at_who_has_joined_and_is_not_suspended(tmp_path: Path) -> None:
    folder = prepared(tmp_path)
    settings = Settings(
        database_url=f"sqlite:///{folder / 'tousu.db'}", data_dir=folder / "data",
        keys_file=folder / "tousu.keys", telegram_staff_token=SecretStr("1:staff"),
    )  # fmt: skip
    assert list(doctor._people(settings)) == [], "nothing is wrong before there is a store"
    store = open_store(settings)
    head = store.run_now(lambda tx: officers.add(tx, "周局长", Role.HEAD, None, "1"))
    store.run_now(lambda tx: officers.add(tx, "王敏", Role.OFFICER))
    whole = marks(list(doctor._people(settings)))
    store.run_now(lambda tx: officers.suspend(tx, head.id))
    store.close()

    assert whole == [("⚠", "承办单位"), ("⚠", "值班")]
    assert marks(list(doctor._people(settings)))[0] == ("✗", "负责人")
