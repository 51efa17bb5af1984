"""场所范围: what a consumer station may have (S6-3a, C16).

It settles simple disputes between a consumer and a merchant of its own premises: no report, no major case,
nothing about the office. The rules know no exception, so the centre has none to make: where a text does not
tell that a shop lies in the mall, its name is added to the station's line in the units table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from casestore.codes import Grade, Kind
from casestore.errors import CaseError, NotForAStation, OutsidePremises
from casestore.model import Case, Guess, Particulars, Suggestion, Unit
from casestore.units import Units, lies_in


def is_simple(case: Case) -> bool:
    """一般投诉: what both sides may settle between themselves (S3-3.2, S6-3b)."""
    return case.kind is Kind.COMPLAINT and case.grade is Grade.ORDINARY and not case.own_office


def refusal(units: Units, unit: Unit, case: Case, told: Particulars) -> CaseError | None:
    """Why this unit may not have the case; None where it may."""
    if not unit.is_station:
        return None
    above = units.name(unit.parent)
    if not is_simple(case):
        return NotForAStation(case=case.number, name=unit.name, above=above)
    if not any(lies_in(place, (told.merchant, told.merchant_address)) for place in unit.premises):
        return OutsidePremises(case=case.number, name=unit.name, above=above, places="、".join(unit.premises))
    return None


def suggestion(units: Units, case: Case) -> Suggestion | None:
    """What is suggested, for a case that turned out not to be simple: no station, but the next likely unit."""
    suggested = case.suggestion
    if suggested is None or is_simple(case):
        return suggested
    others = suggested.alternatives.get("unit", ())
    left = [guess for guess in (suggested.unit, *others) if not _is_station(units, guess)]
    if len(left) > len(others):
        return suggested
    return replace(
        suggested,
        unit=left[0] if left else Guess(code="", name="", score=0.0),
        alternatives={**suggested.alternatives, "unit": tuple(left[1:])},
        because=tuple(one for one in suggested.because if one.says != suggested.unit.name),
    )


def _is_station(units: Units, guess: Guess) -> bool:
    return guess.code in units and units.get(guess.code).is_station


def targets(units: Units, case: Case, told: Particulars) -> Iterator[Unit]:
    """The units a case may be dispatched to, in the order of the table."""
    return (unit for unit in units if refusal(units, unit, case, told) is None)
