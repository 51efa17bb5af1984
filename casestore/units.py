"""承办单位: the office's own units as a tree, with what each takes: districts, categories, premises."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from casestore import units_table
from casestore.errors import StoreError, UnitUnknown
from casestore.model import Unit, UnitCode
from casestore.problems import Problem
from casestore.reading.text import fold
from casestore.units_table import listed

PACKAGED = Path(__file__).parent / "office" / "units.tsv"
INTAKE = UnitCode(units_table.INTAKE)
#: Beside a place is not in it: 东方商场对面的小店.
_NOT_INSIDE = (
    r"(?!的?[正斜东西南北]{0,2}(?:对面|对过|旁|侧|附近|隔壁|门口|门前|门外|外面|外围|后面|背后|周边|周围))"
)


class Units:
    """All units by code, in the order of the table."""

    def __init__(self, units: Iterable[Unit], outside: Iterable[Unit] = ()) -> None:
        self._units = {unit.code: unit for unit in units}
        self._outside = {unit.code: unit for unit in outside}

    @classmethod
    def load(cls, path: Path = PACKAGED) -> Units:
        """Raises StoreError naming the first faulty line."""
        problems, rows = units_table.read(path)
        if problems:
            raise StoreError(str(problems[0]))
        made = [(row["level"], _unit(row)) for row in rows]
        return cls(
            (unit for level, unit in made if level != units_table.OUTSIDE),
            (unit for level, unit in made if level == units_table.OUTSIDE),
        )

    def __iter__(self) -> Iterator[Unit]:
        """The units a case can be dispatched to: ours, without the intake centre."""
        return (unit for unit in self._units.values() if unit.code != INTAKE)

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def get(self, code: str) -> Unit:
        """Raises UnitUnknown; a unit outside of the bureau is no target of a dispatch (art. 41)."""
        try:
            return self._units[UnitCode(code)]
        except KeyError:
            raise UnitUnknown(unit=code) from None

    def name(self, code: str | None) -> str:
        """The name to show, whatever the code; an unknown code shows itself."""
        unit = self._units.get(UnitCode(code or "")) or self._outside.get(UnitCode(code or ""))
        return unit.name if unit else code or ""

    def of_place(self, text: str) -> tuple[Unit, str] | None:
        """The station whose district a text names, with the place found: the longest name wins."""
        folded = fold(text)
        found = [
            (len(place), unit, place)
            for unit in self._units.values()
            for place in unit.districts
            if fold(place) in folded
        ]
        if not found:
            return None
        _, unit, place = max(found, key=lambda hit: hit[0])
        return unit, place

    def of_premises(self, *told: str) -> tuple[Unit, str] | None:
        """The consumer station in whose premises a merchant or an address lies, with the name found (S6-3a)."""
        found = [
            (len(place), unit, place)
            for unit in self._units.values()
            for place in unit.premises
            if lies_in(place, told)
        ]
        if not found:
            return None
        _, unit, place = max(found, key=lambda hit: hit[0])
        return unit, place


def lint(path: Path, categories: Collection[str] = ()) -> list[Problem]:
    """What is wrong in a units table. `categories`: the codes of the word tables, where they are known."""
    return units_table.read(path, categories)[0]


def lies_in(place: str, told: Iterable[str]) -> bool:
    """Named as a whole (88号 is not 188号), and not as what lies beside it."""
    name = fold(place)
    number = "(?<![0-9])" if name[0].isdigit() else ""
    whole = re.compile(f"{number}{re.escape(name)}{_NOT_INSIDE}")
    return any(whole.search(fold(text)) for text in told)


def _unit(row: units_table.Row) -> Unit:
    return Unit(
        code=UnitCode(row["code"]),
        name=row["name"],
        parent=UnitCode(row["parent"]) if row["parent"] else None,
        handles=row["handles"],
        districts=listed(row["districts"]),
        categories=listed(row["categories"]),
        premises=listed(row["premises"]),
    )
