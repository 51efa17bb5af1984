"""场所范围: a consumer station has the simple disputes of its own premises, and nothing else (S6-3a, C16)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casestore.codes import Kind, Role, Status, Step
from casestore.errors import NotForAStation, OutsidePremises
from casestore.model import Case, Guess, Officer, Particulars, UnitCode
from casestore.premises import suggestion, targets
from casestore.units import Units
from tests.casestore.builders import a_case
from tests.casestore.deeds import decide, escalate
from tests.office import Office, a_suggestion, an_intake

MALL, MARKET = UnitCode("MALL_DONGFANG"), UnitCode("MARKET_HEDONG")
UNITS = Units.load()
AT_THE_MALL = Guess(code=MALL, name="东方商场消费维权服务站", score=0.9)


def told(merchant: str, place: str = "城关镇西街2号") -> Particulars:
    return replace(an_intake().particulars, merchant=merchant, merchant_address=place)


def keeper(office: Office) -> Officer:
    return office.person("曾一", Role.HANDLER, MALL, "1020")


def accepted_at(office: Office, merchant: str, **changes: Any) -> Case:
    return office.accepted(particulars=told(merchant), **changes)


def test_a_station_is_given_and_takes_what_lies_in_its_premises(office: Office) -> None:
    station = keeper(office)
    case = office.take(accepted_at(office, "东方商场二楼鞋店"), Step.DISPATCH, office.wang, unit=MALL).case

    assert office.take(case, Step.TAKE_OVER, station).case.holder == station.id


@pytest.mark.parametrize("merchant", ["甲某某超市", "东方商场对面的小店", "河东农贸市场3号摊"])
def test_a_station_is_not_given_what_lies_elsewhere(office: Office, merchant: str) -> None:
    """The rules know no exception, so there is nothing to overrule: the refusal says what to do instead."""
    case = accepted_at(office, merchant)

    with pytest.raises(OutsidePremises) as refused:
        office.take(case, Step.DISPATCH, office.wang, unit=MALL)

    assert refused.value.facts["above"] == "城关市场监管所"
    assert office.newest(case).status is Status.ACCEPTED


def test_no_report_goes_to_a_station(office: Office) -> None:
    """S6-3b: it settles, it does not investigate."""
    case = office.have(kind=Kind.REPORT, particulars=told("东方商场二楼鞋店"))

    with pytest.raises(NotForAStation):
        office.take(case, Step.DISPATCH, office.wang, unit=MALL)


def test_no_major_case_goes_to_a_station_not_even_when_it_is_approved(office: Office) -> None:
    """S3-3.3: it is handed up."""
    case = accepted_at(office, "东方商场二楼鞋店", amount_fen=9_000_000)
    decide(office, case, Step.APPROVE, office.sun)

    with pytest.raises(NotForAStation):
        office.take(case, Step.DISPATCH, office.wang, unit=MALL)


def test_no_matter_about_the_office_goes_to_a_station(office: Office) -> None:
    head = office.person("周局长", Role.HEAD, None, "1021")
    case = office.have(own_office=True, particulars=told("东方商场消费维权服务站"))
    case = office.take(case, Step.ACCEPT, head).case

    with pytest.raises(NotForAStation):
        office.take(case, Step.DISPATCH, head, unit=MALL)


def test_what_turns_out_to_be_major_goes_from_the_station_back_to_the_centre(office: Office) -> None:
    """S3-3.3: 移交."""
    station = keeper(office)
    case = office.take(accepted_at(office, "东方商场二楼鞋店"), Step.DISPATCH, office.wang, unit=MALL).case
    escalate(office, case, station)
    back = decide(office, case, Step.APPROVE, office.sun).case

    assert (back.status, back.unit) == (Status.ACCEPTED, None)
    assert office.history(case)[-2:] == ["approved", "sent_back"]


def test_of_several_stations_only_the_one_of_the_place_is_a_target() -> None:
    here = {unit.code for unit in targets(UNITS, a_case(), told("东方商场二楼鞋店"))}
    nowhere = {unit.code for unit in targets(UNITS, a_case(), told("甲某某超市"))}

    assert here - nowhere == {MALL}
    assert MARKET not in here


@pytest.mark.parametrize("changes", [{"kind": Kind.REPORT}, {"own_office": True}])
def test_what_is_not_simple_is_suggested_to_the_next_likely_unit(changes: dict[str, Any]) -> None:
    """A report split from a complaint, a case whose sum makes it major: what was read for a complaint falls."""
    quality = Guess(code="QUALITY", name="质量科", score=0.1)
    suggested = a_suggestion(unit=AT_THE_MALL, alternatives={"unit": (quality,)})

    kept = suggestion(UNITS, a_case(suggestion=suggested))
    changed = suggestion(UNITS, a_case(suggestion=suggested, **changes))

    assert kept == suggested
    assert changed is not None
    assert (changed.unit, changed.alternatives["unit"]) == (quality, ())


def test_a_major_case_is_registered_without_the_station(office: Office) -> None:
    case = office.have(amount_fen=9_000_000, suggestion=a_suggestion(unit=AT_THE_MALL))

    assert case.suggestion is not None
    assert case.suggestion.unit.code == ""
