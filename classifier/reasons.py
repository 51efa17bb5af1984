"""Why: the words that led to a suggestion, in words an officer understands."""

from __future__ import annotations

from collections.abc import Mapping

from casestore.model import Because
from classifier.vocabulary import Axis, Found

#: What a card has room for.
MOST = 8


def reasons(
    found: Found, speaks_for: Mapping[Axis, Mapping[str, str]], before: tuple[Because, ...] = ()
) -> tuple[Because, ...]:
    """The heaviest words first. `speaks_for`: of each table the classes suggested, with what to call them;
    `before`: what outweighs any word."""
    spoken = {
        Because(word=word.text, weight=word.weight, says=says)
        for axis, classes in speaks_for.items()
        for code, says in classes.items()
        for word in found.of(axis).get(code, ())
    }
    return (*before, *sorted(spoken, key=_by_weight))[:MOST]


def _by_weight(because: Because) -> tuple[float, str, str]:
    return -because.weight, because.word, because.says
