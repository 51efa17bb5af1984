"""What the desk thinks of one question about a text: guesses, the best first."""

from __future__ import annotations

from collections.abc import Mapping

from casestore.model import Guess
from classifier import scoring

Opinion = tuple[Guess, ...]

UNKNOWN = Guess(code="", name="未识别", score=0.0)
_DIGITS = 3


def of(evidence: Mapping[str, float], names: Mapping[str, str]) -> Opinion:
    """From the weight of words; empty where nothing speaks for any class."""
    return by_share(scoring.shares(scoring.logits(evidence)), names)


def by_share(shares: Mapping[str, float], names: Mapping[str, str]) -> Opinion:
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Guess(code=code, name=names[code], score=round(share, _DIGITS)) for code, share in ranked)


def best(opinion: Opinion) -> Guess:
    """The first guess; unknown is an answer."""
    return opinion[0] if opinion else UNKNOWN
