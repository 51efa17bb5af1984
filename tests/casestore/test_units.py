"""承办单位: the table a clerk edits, looked up and linted."""

from __future__ import annotations

from pathlib import Path

import pytest

from casestore import units
from casestore.errors import StoreError, UnitUnknown
from casestore.units import INTAKE, Units

HEADER = "code\tname\tlevel\tparent\thandles\tdistricts\tcategories\tpremises"


def a_line(code: str, name: str, level: str = "局内", **cells: str) -> str:
    """A line of the table; what is not named is empty."""
    return "\t".join(
        {"code": code, "name": name, "level": level}.get(column, cells.get(column, ""))
        for column in HEADER.split("\t")
    )


def a_station(code: str = "MALL", **cells: str) -> str:
    told = {"parent": "EAST", "categories": "N01|N03", "premises": "河东百货|河东百货大楼"}
    return a_line(code, "河东百货服务站", "服务站", **told | cells)


CENTRE = a_line("INTAKE", "12315投诉举报中心", handles="统一接收")
FOOD = a_line("FOOD", "食品科", handles="食品")
EAST = a_line("EAST", "河东所", "派出", handles="一般投诉", districts="河东|河东新区|开发区")
COURT = a_line("COURT", "法院", "局外", handles="第三十九条途径")


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
    west = a_line("WEST", "新区所", "派出", districts="新区")
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
        ([CENTRE, a_line("FOOD", "")], 4, "units-name", "单位名称没有填写"),
        ([CENTRE, a_line("FOOD", "食品科", "局里")], 4, "units-level", "level 应为 局内 / 派出 / 服务站 / 局外 之一，现在是「局里」"),
        ([CENTRE, a_line("EAST", "河东所", "派出")], 4, "units-districts", "派出机构「河东所」没有填写辖区地名"),
        ([CENTRE, "FOOD\t食品科\t局内\t食品"], 4, "units-columns", "应有 8 列(用制表符分开)，这里有 4 列"),
        ([CENTRE, "FOOD 食品科 局内 食品"], 4, "units-columns", "这里有 1 列"),
        ([FOOD], 1, "units-intake", "缺少 INTAKE"),
        ([CENTRE, FOOD.replace("食品科", '"食品科'), EAST], 4, "units-columns", "应有 8 列"),
        ([CENTRE, a_line("FOOD", "食品科", parent="MOON")], 4, "units-parent", "上级单位「MOON」不在表里"),
        ([CENTRE, a_line("FOOD", "食品科", parent="INTAKE")], 4, "units-parent", "「INTAKE」不能作上级单位"),
        ([CENTRE, COURT, a_line("FOOD", "食品科", parent="COURT")], 5, "units-parent", "「COURT」不能作上级单位"),
        ([CENTRE, EAST, a_station(premises="")], 5, "units-premises", "没有填写场所(premises)"),
        ([CENTRE, a_station(parent="")], 4, "units-station-parent", "没有填写上级单位(parent)"),
        ([CENTRE, EAST, a_station(categories="")], 5, "units-station-categories", "没有填写可以和解的类别"),
        ([CENTRE, EAST, a_station(premises="河东百货|商场")], 5, "units-premises-short", "场所「商场」太短"),
        ([CENTRE, a_line("FOOD", "食品科", premises="河东百货")], 4, "units-premises-level", "「食品科」不是服务站"),
        ([CENTRE, EAST, a_station(), a_station("SHOP", premises="河东　百货")], 6, "units-premises-twice", "已经写在第 5 行"),
        ([CENTRE, a_line("FOOD", "食品科", categories="食品")], 4, "units-category", "categories 里的「食品」"),
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
    quoted = a_line("FOOD", '"食品科"', handles='"食品 ""生产"""')
    path = a_table(tmp_path, CENTRE, quoted, COURT)
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert units.lint(path) == []
    assert Units.load(path).get("FOOD").handles == '食品 "生产"'

    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("gbk"))
    (problem,) = units.lint(path)
    assert "UTF-8" in problem.message


# ── the tree ──


def test_a_circle_of_parents_is_shown_as_a_way(tmp_path: Path) -> None:
    one, two = a_line("ONE", "一科", parent="TWO"), a_line("TWO", "二科", parent="ONE")

    problems = units.lint(a_table(tmp_path, CENTRE, one, two))

    assert [(problem.line, problem.code) for problem in problems] == [(4, "units-cycle"), (5, "units-cycle")]
    assert "ONE → TWO → ONE" in problems[0].message


def test_a_category_must_be_one_of_the_word_tables(tmp_path: Path) -> None:
    path = a_table(tmp_path, CENTRE, EAST, a_station(categories="N01|N99"))

    assert units.lint(path) == []
    assert [problem.code for problem in units.lint(path, {"N01", "G01"})] == ["units-category"]


def test_units_form_a_tree_with_districts_categories_and_premises(tmp_path: Path) -> None:
    """S8-2a: who stands below whom, and what each takes."""
    loaded = Units.load(a_table(tmp_path, CENTRE, EAST, a_station(categories="G03|N01|N03")))
    station = loaded.get("MALL")

    assert (station.parent, station.is_station) == ("EAST", True)
    assert (loaded.get("EAST").parent, loaded.get("EAST").is_station) == (None, False)
    assert station.takes("G0302", "N01")
    assert not station.takes("G0101", "N01")
    assert not station.takes("G0302", "N05")
    assert not station.takes("G0302", "")
    assert loaded.get("EAST").takes("", "")


def test_the_packaged_stations_are_service_stations_below_the_bureau(office_units: Units) -> None:
    """S1-1."""
    stations = {unit.code: unit.parent for unit in office_units if unit.is_station}

    assert stations == {"MALL_DONGFANG": "STATION_CHENGGUAN", "MARKET_HEDONG": "STATION_HEDONG"}


# ── premises ──


@pytest.mark.parametrize(
    ("told", "station"),
    [
        (("东方商场二楼百丽鞋店", ""), "MALL_DONGFANG"), (("某鞋店", "某县东方 购物中心B1"), "MALL_DONGFANG"),
        (("某鞋店", "城关镇东街８８号一楼"), "MALL_DONGFANG"), (("河东菜市场12号摊", ""), "MARKET_HEDONG"),
        (("东方商场对面的小店", ""), ""), (("某店", "东方商场正对面"), ""), (("某店", "河东农贸市场北侧"), ""),
        (("某店", "东方商场门口"), ""), (("某店", "城关镇东街188号"), ""), (("", ""), ""),
    ],
)  # fmt: skip
def test_what_lies_in_a_stations_premises_is_told_by_name_alias_or_address(
    office_units: Units, told: tuple[str, str], station: str
) -> None:
    """S6-3a; beside the mall is not in it."""
    hit = office_units.of_premises(*told)

    assert (hit[0].code if hit else "") == station


def test_the_longest_name_of_premises_wins_and_a_door_number_is_whole(tmp_path: Path) -> None:
    other = a_station("TOWER", premises="河东百货大楼B座|88号院")
    loaded = Units.load(a_table(tmp_path, CENTRE, EAST, a_station(), other))

    inside, door = loaded.of_premises("河东百货大楼B座三楼"), loaded.of_premises("人民路88号院")
    assert inside is not None
    assert inside[0].code == "TOWER"
    assert door is not None
    assert door[0].code == "TOWER"
    assert loaded.of_premises("人民路188号院") is None
