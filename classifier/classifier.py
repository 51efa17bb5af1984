"""From a citizen's words to a suggestion: kind, object, nature, unit, scope, signs of a major matter.

A person decides (PIPL art. 24): a suggestion changes nothing, whatever a text asks for (T-38).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from casestore.codes import Kind
from casestore.model import Because, Guess, Suggestion, Unit
from casestore.units import INTAKE, Units
from classifier import opinion, reading, scoring, slots, tables, urgency
from classifier.dispatch import Dispatch, Situation
from classifier.objects import ObjectTree
from classifier.opinion import Opinion
from classifier.reasons import reasons
from classifier.segmenter import Segmenter
from classifier.tables import Lexicon, Outside
from classifier.vocabulary import Axis, Found, Vocabulary
from classifier.word import HEAVIEST

#: Another department is named only if it is likelier than everything else together.
_OUTSIDE_FROM = 0.5
#: Who tells of a fault and does not say what he wants mostly complains (投诉 are three of four such
#: matters); the bare name of a thing is not enough, it is worth a question.
_A_FAULT_TOLD, _A_THING_NAMED = 0.6, 0.35
#: How much a class that has a unit of ours speaks for keeping the matter inside.
_OURS = 0.4
#: The class whose own words tell of a shop on the net, and what they have to weigh.
_NET_SHOPS, _NET_FROM = "S07", 0.5

_ASKED_OF_THE_TABLE = (Axis.KIND, Axis.OBJECT, Axis.NATURE)
_ALTERNATIVES = 3


class Classifier:
    """Rules over the office's word tables. Needs no labels; `suggest` is pure and may run in any thread."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary, segmenter: Segmenter, units: Units) -> None:
        self._vocabulary = vocabulary
        self._segmenter = segmenter
        self._units = units
        self._objects = ObjectTree(lexicon.objects)
        self._natures = {row.code: row.name for row in lexicon.natures}
        self._kinds = {row.code: row.name for row in lexicon.kinds}
        self._outside = {row.code: row for row in lexicon.outside}
        self._areas = {row.code: row.name for row in lexicon.outside}
        self._signs = lexicon.signs
        own_units = self._objects.own_units | {row.code: row.unit for row in lexicon.natures}
        self._dispatch = Dispatch(lexicon.dispatch, units, own_units)

    @classmethod
    def load(cls, units: Units, lexicon: Path = tables.PACKAGED, cache_dir: Path | None = None) -> Classifier:
        """Takes about 1 s: call it off the event loop. Raises StoreError for a table that cannot be read.

        `cache_dir` keeps jieba's dictionary for the next start; it has to be ours alone (0700).
        """
        loaded = tables.load(lexicon)
        vocabulary = Vocabulary.of(loaded)
        return cls(loaded, vocabulary, Segmenter.load(vocabulary.words, cache_dir), units)

    def suggest(
        self,
        text: str,
        *,
        kind: Kind | None = None,
        merchant: str = "",
        place: str = "",
        own_office: bool = False,
        amount_fen: int | None = None,
        today: date | None = None,
    ) -> Suggestion:
        """`kind`: what the citizen chose, which stays. `merchant` and `place`: the merchant's name and address;
        without them places are sought in the text. `own_office`: about the office itself. `today` (China) gives
        昨天 a meaning; without it no day is read."""
        plain = reading.plain(text)
        folded = reading.folded(plain)
        found = self._vocabulary.find(folded, self._segmenter.cut(folded))
        read = slots.read(plain, today)
        if amount_fen is None:
            amount_fen = int(read.get("amount_fen", 0))

        own = self._opinions(found)
        opinions = own | ({Axis.KIND: (self._certain(kind),)} if kind else {})
        best = {axis: opinion.best(opinions[axis]) for axis in opinions}
        outside = self._department(best[Axis.SCOPE])
        urgent = urgency.signs(self._signs, folded, found.of(Axis.URGENCY), amount_fen)
        told = (merchant, place) if merchant or place else (folded,)
        premises = None if urgent or own_office else self._units.of_premises(*told)
        situation = self._situation(found, place or folded, premises[0].code if premises else "")
        units = self._unit_opinion(opinions, outside, situation)
        confidence = _confidence(best, outside)
        return Suggestion(
            kind=best[Axis.KIND],
            object=best[Axis.OBJECT],
            nature=best[Axis.NATURE],
            unit=units[0],
            alternatives={
                "kind": own[Axis.KIND] if kind else own[Axis.KIND][1:],
                "object": own[Axis.OBJECT][1 : 1 + _ALTERNATIVES],
                "nature": own[Axis.NATURE][1 : 1 + _ALTERNATIVES],
                "unit": units[1 : 1 + _ALTERNATIVES],
            },
            confidence=confidence,
            decision="suggest" if min(best[Axis.KIND].score, confidence) >= scoring.ASK_BELOW else "ask",
            because=reasons(found, self._speaks_for(own, outside, urgent), _lies_in(premises, units[0])),
            scope="outside" if outside else "inside",
            department=outside.department if outside else "",
            hotline=outside.hotline if outside else "",
            urgent=urgent,
            slots=read,
        )

    def _certain(self, kind: Kind) -> Guess:
        return Guess(code=kind.value, name=self._kinds[kind], score=1.0)

    def _opinions(self, found: Found) -> dict[Axis, Opinion]:
        """What the tables say to each question, by the words found."""
        evidence = {axis: found.evidence(axis) for axis in Axis}
        if evidence[Axis.NATURE] or evidence[Axis.SCOPE].keys() - {tables.INSIDE}:
            _add(evidence[Axis.KIND], Kind.COMPLAINT.value, _A_FAULT_TOLD)
        elif evidence[Axis.OBJECT]:
            _add(evidence[Axis.KIND], Kind.COMPLAINT.value, _A_THING_NAMED)
        _add(evidence[Axis.SCOPE], tables.INSIDE, _OURS * self._objects.ours(evidence[Axis.OBJECT]))
        return {
            Axis.KIND: opinion.of(evidence[Axis.KIND], self._kinds),
            Axis.OBJECT: self._objects.opinion(evidence[Axis.OBJECT]),
            Axis.NATURE: opinion.of(evidence[Axis.NATURE], self._natures),
            Axis.SCOPE: opinion.of(evidence[Axis.SCOPE], self._areas),
        }

    def _department(self, scope: Guess) -> Outside | None:
        """The department to name to the citizen; None keeps the matter inside."""
        likely = scope.code not in ("", tables.INSIDE) and scope.score >= _OUTSIDE_FROM
        return self._outside[scope.code] if likely else None

    def _situation(self, found: Found, place: str, premises: str) -> Situation:
        station = self._units.of_place(place)
        on_the_net = found.evidence(Axis.OBJECT).get(_NET_SHOPS, 0) >= _NET_FROM
        return Situation(station[0].code if station else "", on_the_net, "" if on_the_net else premises)

    def _unit_opinion(
        self, opinions: Mapping[Axis, Opinion], outside: Outside | None, situation: Situation
    ) -> Opinion:
        """The unit the table names for what is suggested, then the others it would name otherwise.

        A matter of another department stays at the centre, which answers it: nothing is refused here.
        """
        kinds, objects, natures = (opinions[axis] for axis in _ASKED_OF_THE_TABLE)
        shares = self._dispatch.shares(kinds, objects, natures, situation)
        if outside:
            first, share = INTAKE, opinion.best(opinions[Axis.SCOPE]).score
            shares = {unit: of_unit * (1 - share) for unit, of_unit in shares.items()}
            shares[INTAKE] = shares.get(INTAKE, 0) + share
        else:
            codes = (opinion.best(answer).code for answer in (kinds, objects, natures))
            first = self._dispatch.unit(*codes, situation)
        ranked = opinion.by_share(shares, {code: self._units.name(code) for code in shares})
        return tuple(sorted(ranked, key=lambda guess: guess.code != first))

    def _speaks_for(
        self, own: Mapping[Axis, Opinion], outside: Outside | None, urgent: tuple[str, ...]
    ) -> dict[Axis, dict[str, str]]:
        """Of each table the classes suggested, with what an officer calls them."""
        kind, thing, nature = (opinion.best(own[axis]) for axis in _ASKED_OF_THE_TABLE)
        return {
            Axis.KIND: {kind.code: kind.name},
            Axis.OBJECT: self._objects.names_beside(thing.code),
            Axis.NATURE: {nature.code: nature.name},
            Axis.SCOPE: {outside.code: f"归{outside.department}"} if outside else {},
            Axis.URGENCY: {sign: f"重大线索:{sign}" for sign in urgent},
        }


def _lies_in(premises: tuple[Unit, str] | None, suggested: Guess) -> tuple[Because, ...]:
    """Why a consumer station is suggested: no word of the story, but where the merchant is (S6-3a)."""
    if premises is None or premises[0].code != suggested.code:
        return ()
    return (Because(word=f"在{premises[1]}范围内", weight=HEAVIEST, says=suggested.name),)


def _add(evidence: dict[str, float], code: str, weight: float) -> None:
    evidence[code] = evidence.get(code, 0) + weight


def _confidence(best: Mapping[Axis, Guess], outside: Outside | None) -> float:
    """How sure the part is on which the next step hangs: a question goes to the centre whatever it is
    about, an outside matter to its department, everything else by its object class."""
    if outside:
        return best[Axis.SCOPE].score
    if best[Axis.KIND].code == Kind.CONSULTATION:
        return best[Axis.KIND].score
    return best[Axis.OBJECT].score
