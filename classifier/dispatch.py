"""分派: the table that says which unit a matter goes to. The first row that fits counts."""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from casestore.codes import Kind
from casestore.model import UnitCode
from casestore.units import INTAKE, Units
from classifier.opinion import Opinion
from classifier.tables import DispatchRow

ANY = "*"
STATION, PREMISES_STATION, OBJECT, NATURE = "@station", "@premises", "@object", "@nature"
#: What the place column may ask for: the field office is known, is not known, the shop is on the net, or it
#: lies in the premises of a consumer station.
YES, NO, NET, PREMISES = "yes", "no", "net", "premises"
PLACES = (YES, NO, NET, PREMISES, ANY)
NAMED_BY_MATTER = (STATION, PREMISES_STATION, OBJECT, NATURE)
#: These units take a matter for its place, in the categories that are theirs; the place they need.
BY_PLACE = {STATION: YES, PREMISES_STATION: PREMISES}
#: Guesses a unit's share is summed over; what lies behind them weighs nothing.
_LIKELY = 3


class Situation(NamedTuple):
    """Where the merchant is: the field office of his place ("" is unknown), whether his shop is on the net, and
    the consumer station in whose premises he is ("" in none)."""

    station: str = ""
    on_the_net: bool = False
    premises: str = ""


class Dispatch:
    """`own_units` are the units of the object classes and natures themselves, by code."""

    def __init__(self, rows: Iterable[DispatchRow], units: Units, own_units: Mapping[str, str]) -> None:
        self._rows = tuple(rows)
        self._units = units
        self._own_units = own_units
        self.unit = functools.lru_cache(maxsize=8192)(self._first_fitting)

    def shares(
        self, kinds: Opinion, objects: Opinion, natures: Opinion, situation: Situation
    ) -> dict[str, float]:
        """How likely each unit is, when none of the three answers is taken for certain."""
        shares: dict[str, float] = defaultdict(float)
        likely = itertools.product(*map(_with_unknown, (kinds, objects, natures)))
        for (kind, of_kind), (thing, of_thing), (nature, of_nature) in likely:
            shares[self.unit(kind, thing, nature, situation)] += of_kind * of_thing * of_nature
        return dict(shares)

    def _first_fitting(self, kind: str, thing: str, nature: str, situation: Situation) -> UnitCode:
        """A code of "" is unknown. A unit the office does not have is passed over; what no row fits stays
        at the centre."""
        named = {
            STATION: situation.station,
            PREMISES_STATION: situation.premises if kind == Kind.COMPLAINT else "",
            OBJECT: self._own_units.get(thing, ""),
            NATURE: self._own_units.get(nature, ""),
        }
        for row in self._rows:
            unit = named.get(row.unit, row.unit)
            if unit not in self._units or not _fits(row, kind, thing, nature, situation):
                continue
            if row.unit not in BY_PLACE or self._units.get(unit).takes(thing, nature):
                return UnitCode(unit)
        return INTAKE


def covers(earlier: DispatchRow, later: DispatchRow) -> bool:
    """Whether `later` can never count because `earlier` fits all that it fits. A row for a class's own
    unit, or for the one of a place, is passed over where there is none, so it covers nothing."""
    return (
        earlier.kind in (ANY, later.kind)
        and _is_under(later.object, earlier.object)
        and _is_under(later.nature, earlier.nature)
        and earlier.place in (ANY, later.place)
        and earlier.unit not in NAMED_BY_MATTER
    )


def fits_all(row: DispatchRow) -> bool:
    return (row.kind, row.object, row.nature, row.place) == (ANY,) * 4 and row.unit not in NAMED_BY_MATTER


def _fits(row: DispatchRow, kind: str, thing: str, nature: str, situation: Situation) -> bool:
    places = {
        YES: bool(situation.station), NO: not situation.station, NET: situation.on_the_net,
        PREMISES: bool(situation.premises), ANY: True,
    }  # fmt: skip
    return (
        row.kind in (ANY, kind)
        and _is_under(thing, row.object)
        and _is_under(nature, row.nature)
        and places.get(row.place, False)
    )


def _is_under(code: str, wanted: str) -> bool:
    """G01 takes in G0101; what is unknown, or any, is under * only."""
    return wanted == ANY or code.startswith(wanted)


def _with_unknown(opinion: Opinion) -> list[tuple[str, float]]:
    guesses = [(guess.code, guess.score) for guess in opinion[:_LIKELY]]
    return [*guesses, ("", max(0.0, 1 - sum(score for _, score in guesses)))]
