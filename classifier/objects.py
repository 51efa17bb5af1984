"""商品和服务分类: roots (商品类), classes (食品类) and sub-classes (普通食品)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from casestore.units import INTAKE
from classifier import opinion
from classifier.opinion import Opinion
from classifier.tables import ObjectClass

#: A sub-class is named when it has this part of what speaks for the sub-classes, and weighs this much.
_CLEAR, _ENOUGH = 0.6, 1.0


class ObjectTree:
    """The classes compete with each other; sub-classes only within their class."""

    def __init__(self, rows: Sequence[ObjectClass]) -> None:
        self._rows = {row.code: row for row in rows}
        self._names = {row.code: row.name for row in rows}
        self.own_units = {row.code: self._unit(row) for row in rows}
        self._classes = {row.code: self._class_of(row) for row in rows}

    def opinion(self, evidence: Mapping[str, float]) -> Opinion:
        """Classes by their share, each named by its clearest sub-class."""
        by_class: dict[str, dict[str, float]] = defaultdict(dict)
        for code, weight in evidence.items():
            by_class[self._classes[code]][code] = weight
        total = {code: sum(weights.values()) for code, weights in by_class.items()}
        return tuple(
            replace(guess, code=finest, name=self._rows[finest].name)
            for guess in opinion.of(total, self._names)
            for finest in (_clearest(guess.code, by_class[guess.code]),)
        )

    def ours(self, evidence: Mapping[str, float]) -> float:
        """The weight that speaks for classes with a unit of their own; the centre answers for the others,
        which are mostly another department's (快递, 旅游, 银行)."""
        return sum(weight for code, weight in evidence.items() if self.own_units[code] != INTAKE)

    def names_beside(self, code: str) -> dict[str, str]:
        """The classes whose words led to `code`: its class and all sub-classes of that."""
        of_class = self._classes.get(code)
        return {other: self._names[other] for other, above in self._classes.items() if above == of_class}

    def _class_of(self, row: ObjectClass) -> str:
        """The class right below the root: G01 for G0101 and for G01, G for G."""
        parent = self._rows.get(row.parent)
        return self._class_of(parent) if parent and parent.parent else row.code

    def _unit(self, row: ObjectClass) -> str:
        parent = self._rows.get(row.parent)
        return row.unit or (self._unit(parent) if parent else "")


def _clearest(of_class: str, weights: Mapping[str, float]) -> str:
    """Words of the class itself (发霉) go with any sub-class, so only the sub-classes compete."""
    below = {code: weight for code, weight in weights.items() if code != of_class}
    best = max(sorted(below), key=lambda code: below[code], default=of_class)
    return best if below and below[best] >= max(_ENOUGH, _CLEAR * sum(below.values())) else of_class
