"""承办单位: the table a clerk edits, looked up and linted."""

from __future__ import annotations

from pathlib import Path

import pytest

from casestore import units
from casestore.errors import StoreError, UnitUnknown
from casestore.units import INTAKE, Units

HEADER = "code\tname\tlevel\thandles\tdistricts"
CENTRE = "INTAKE\t12315投诉举报中心\t局内\t统一接收\t"
FOOD = "FOOD\t食品科\t局内\t食品\t"
EAST = "EAST\t河东所\t派出\t一般投诉\t河东|河东新区|开发区"
COURT = "COURT\t法院\t局外\t第三十九条途径\t"


def a_table(folder: Path, *lines: str) -> Path:
    path = folder / "units.tsv"
    path.write_text("\n".join(["# 承办单位表", HEADER, *lines, ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def office_units() -> Units:
    return Units.load()


def test_the_packaged_table_has_no_mistake(office_units: Units) -> None:
    assert units.lint(units.PACKAGED) == []
    assert {"CONSUMER", "FOOD", "ENFORCE", "STATION_CHENGGUAN"} <= {unit.code for unit in office_units}


def test_a_case_is_dispatched_to_our_own_units_only(office_units: Units) -> None:
    """Art. 41: neither the centre itself nor another authority is a target of a dispatch."""
    offered = [unit.code for unit in office_units]

    assert INTAKE not in offered
    assert not {"EXTERNAL", "COURT"} & set(offered)
    with pytest.raises(UnitUnknown):
        office_units.get("COURT")
    assert "COURT" not in office_units


def test_a_unit_that_is_not_in_the_table_is_unknown(office_units: Units) -> None:
    with pytest.raises(UnitUnknown) as refused:
        office_units.get("FOODS")

    assert refused.value.facts == {"unit": "FOODS"}


def test_every_code_has_a_name_to_show(office_units: Units) -> None:
    """Those outside too; a code of an older table shows itself."""
    assert office_units.name("FOOD") == "食品生产流通安全监督管理科"
    assert office_units.name("COURT") == "消协、调解委员会、仲裁、法院"
    assert office_units.name("OLD") == "OLD"
    assert office_units.name(None) == ""


@pytest.mark.parametrize(
    ("place", "station", "found"),
    [
        ("城关镇西街18号", "STATION_CHENGGUAN", "城关镇"), ("全州县 河东镇 汽车站对面", "STATION_HEDONG", "河东镇"),
        ("开发区３号楼", "STATION_HEDONG", "开发区"), ("柳林乡政府旁", "STATION_HEXI", "柳林乡"),
    ],
)  # fmt: skip
def test_the_station_of_a_place_is_found_by_its_district(
    office_units: Units, place: str, station: str, found: str
) -> None:
    """classes.md: the respondent's address decides first."""
    hit = office_units.of_place(place)

    assert hit is not None
    assert (hit[0].code, hit[1]) == (station, found)


def test_the_longest_district_wins_and_no_place_is_no_station(tmp_path: Path) -> None:
    west = "WEST\t新区所\t派出\t\t新区"
    loaded = Units.load(a_table(tmp_path, CENTRE, west, EAST))

    hit = loaded.of_place("河东新区大道1号")

    assert hit is not None
    assert (hit[0].code, hit[1]) == ("EAST", "河东新区")
    assert loaded.of_place("上海市南京路") is None
    assert loaded.of_place("") is None


@pytest.mark.parametrize(
    ("lines", "line", "code", "message"),
    [
        ([CENTRE, FOOD.replace("FOOD", "食品")], 4, "units-code", "单位代码「食品」只能用英文字母、数字和下划线"),
        ([CENTRE, FOOD.replace("FOOD", "")], 4, "units-code", "单位代码「」"),
        ([CENTRE, FOOD, FOOD], 5, "units-duplicate", "单位代码「FOOD」与第 4 行重复"),
        ([CENTRE, "FOOD\t\t局内\t食品\t"], 4, "units-name", "单位名称没有填写"),
        ([CENTRE, "FOOD\t食品科\t局里\t食品\t"], 4, "units-level", "level 应为 局内 / 派出 / 局外 之一，现在是「局里」"),
        ([CENTRE, "EAST\t河东所\t派出\t\t"], 4, "units-districts", "派出机构「河东所」没有填写辖区地名"),
        ([CENTRE, "FOOD\t食品科\t局内\t食品"], 4, "units-columns", "应有 5 列(用制表符分开)，这里有 4 列"),
        ([CENTRE, "FOOD 食品科 局内 食品"], 4, "units-columns", "这里有 1 列"),
        ([FOOD], 1, "units-intake", "缺少 INTAKE"),
        ([CENTRE, 'FOOD\t食品科\t局内\t"食品\t', EAST], 4, "units-columns", "应有 5 列"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_line(
    tmp_path: Path, lines: list[str], line: int, code: str, message: str
) -> None:
    path = a_table(tmp_path, *lines)

    (problem,) = units.lint(path)

    assert (problem.file, problem.line, problem.code) == (str(path), line, code)
    assert message in problem.message
    with pytest.raises(StoreError, match=f"units.tsv:{line}: "):
        Units.load(path)


def test_a_table_without_its_heading_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.tsv"
    path.write_text(f"{CENTRE}\n{FOOD}\n", encoding="utf-8")
    assert [problem.code for problem in units.lint(path)] == ["units-header"]

    path.write_text("# nothing\n\n", encoding="utf-8")
    assert [problem.code for problem in units.lint(path)] == ["units-empty"]


def test_a_table_from_a_spreadsheet_is_read_or_refused_in_words(tmp_path: Path) -> None:
    """A byte order mark and quoted cells are what spreadsheets write; the old code page is named."""
    path = a_table(tmp_path, CENTRE, 'FOOD\t"食品科"\t局内\t"食品 ""生产"""\t', COURT)
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert units.lint(path) == []
    assert Units.load(path).get("FOOD").handles == '食品 "生产"'

    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("gbk"))
    (problem,) = units.lint(path)
    assert "UTF-8" in problem.message
