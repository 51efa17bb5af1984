"""分派表: the first row that fits counts."""

from __future__ import annotations

import pytest

from casestore.units import INTAKE, Units
from classifier.dispatch import Dispatch, Situation, covers
from classifier.opinion import Opinion, by_share
from classifier.tables import DispatchRow

NOWHERE = Situation()
AT_HEXI = Situation(station="STATION_HEXI")
ON_THE_NET = Situation(on_the_net=True)


def row(written: str, line: int = 1) -> DispatchRow:
    kind, thing, nature, place, unit = written.split()
    return DispatchRow(line=line, kind=kind, object=thing, nature=nature, place=place, unit=unit)


def table(units: Units, *rows: str) -> Dispatch:
    return Dispatch([row(written) for written in rows], units, {"G0101": "FOOD", "N04": "ADV", "Z": ""})


def test_the_first_row_that_fits_counts(units: Units) -> None:
    dispatch = table(units, "complaint * N06 * PRICE", "complaint G01 * * FOOD")
    assert dispatch.unit("complaint", "G01", "N06", NOWHERE) == "PRICE"
    assert dispatch.unit("complaint", "G01", "N03", NOWHERE) == "FOOD"


def test_a_class_takes_in_its_sub_classes(units: Units) -> None:
    dispatch = table(units, "* G01 * * FOOD")
    assert dispatch.unit("report", "G0101", "", NOWHERE) == "FOOD"
    assert dispatch.unit("report", "G02", "", NOWHERE) == INTAKE


def test_what_is_unknown_fits_only_any(units: Units) -> None:
    assert table(units, "complaint G * * QUALITY").unit("complaint", "", "", NOWHERE) == INTAKE
    assert table(units, "complaint * * * QUALITY").unit("complaint", "", "", NOWHERE) == "QUALITY"
    assert table(units, "complaint * * * QUALITY").unit("", "G01", "", NOWHERE) == INTAKE


@pytest.mark.parametrize(
    ("place", "fitting"),
    [("yes", [AT_HEXI]), ("no", [NOWHERE, ON_THE_NET]), ("net", [ON_THE_NET])],
)
def test_the_place_column_asks_where_the_merchant_is(
    units: Units, place: str, fitting: list[Situation]
) -> None:
    dispatch = table(units, f"* * * {place} CONSUMER")
    for situation in (NOWHERE, AT_HEXI, ON_THE_NET):
        wanted = "CONSUMER" if situation in fitting else INTAKE
        assert dispatch.unit("complaint", "", "", situation) == wanted


def test_a_row_may_name_the_station_or_the_own_unit_of_a_class(units: Units) -> None:
    dispatch = table(units, "* * * yes @station", "* * N * @nature", "* * * * @object")
    assert dispatch.unit("complaint", "G0101", "N04", AT_HEXI) == "STATION_HEXI"
    assert dispatch.unit("complaint", "G0101", "N04", NOWHERE) == "ADV"
    assert dispatch.unit("complaint", "G0101", "", NOWHERE) == "FOOD"


def test_a_class_without_a_unit_falls_to_the_next_row(units: Units) -> None:
    dispatch = table(units, "* * * * @object", "* * * * CONSUMER")
    assert dispatch.unit("complaint", "Z", "", NOWHERE) == "CONSUMER"


def test_a_unit_the_office_does_not_have_is_passed_over(units: Units) -> None:
    dispatch = table(units, "* * * * LIFTS", "* * * * SPECIAL")
    assert dispatch.unit("report", "", "", NOWHERE) == "SPECIAL"


def test_a_units_share_is_summed_over_the_likely_answers(units: Units) -> None:
    dispatch = table(units, "complaint G * * QUALITY", "complaint S * * CONSUMER")
    kinds = opinion(complaint=0.8)
    objects = opinion(G04=0.5, G03=0.25, S01=0.2)
    shares = dispatch.shares(kinds, objects, (), NOWHERE)
    assert shares == pytest.approx({"QUALITY": 0.6, "CONSUMER": 0.16, INTAKE: 0.24})


@pytest.mark.parametrize(
    ("earlier", "later", "covered"),
    [
        ("* * * * INTAKE", "report G01 N05 yes FOOD", True),
        ("report G * * FOOD", "report G01 * * FOOD", True),
        ("report G01 * * FOOD", "report G * * ENFORCE", False),
        ("report G01 * * FOOD", "* G01 * * ENFORCE", False),
        ("report G01 * net ONLINE", "report G01 * * FOOD", False),
        ("report G * * @object", "report G01 * * FOOD", False),
    ],
)
def test_a_row_that_can_never_count_is_seen(earlier: str, later: str, covered: bool) -> None:
    assert covers(row(earlier), row(later)) is covered


def opinion(**shares: float) -> Opinion:
    return by_share(shares, {code: code for code in shares})


# ── consumer stations (S6-3a) ──

IN_THE_MALL = Situation(station="STATION_CHENGGUAN", premises="MALL_DONGFANG")


def test_a_station_has_the_complaints_of_its_premises_in_its_own_categories(units: Units) -> None:
    dispatch = table(units, "* * * premises @premises", "* * * yes @station")
    assert dispatch.unit("complaint", "G0302", "N03", IN_THE_MALL) == "MALL_DONGFANG"
    assert dispatch.unit("complaint", "G0302", "N05", IN_THE_MALL) == "STATION_CHENGGUAN"
    assert dispatch.unit("complaint", "G0302", "N03", AT_HEXI) == "STATION_HEXI"


def test_a_report_never_goes_to_a_station_whatever_the_table_says(units: Units) -> None:
    dispatch = table(units, "* * * premises @premises", "* * * * ENFORCE")
    assert dispatch.unit("report", "G0302", "N03", IN_THE_MALL) == "ENFORCE"
