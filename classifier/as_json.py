"""A suggestion as `tousu classify --json` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casestore.model import Guess, Suggestion

if TYPE_CHECKING:
    from classifier.learned.model import Verdict


def as_json(suggestion: Suggestion) -> dict[str, Any]:
    """One line of the output; the keys are promised to other programs."""
    return {
        "kind": _guess(suggestion.kind),
        "object": _guess(suggestion.object),
        "nature": _guess(suggestion.nature),
        "unit": _guess(suggestion.unit),
        "alternatives": {
            axis: [_guess(guess) for guess in guesses] for axis, guesses in suggestion.alternatives.items()
        },
        "confidence": suggestion.confidence,
        "decision": suggestion.decision,
        "because": [
            {"word": because.word, "weight": because.weight, "says": because.says}
            for because in suggestion.because
        ],
        "slots": {
            slot: int(value) if slot == "amount_fen" else value for slot, value in suggestion.slots.items()
        },
        "scope": suggestion.scope,
        "department": suggestion.department,
        "hotline": suggestion.hotline,
        "urgency": list(suggestion.urgent),
    }


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    """One line of `tousu classify --model --json`; the keys are promised to other programs."""
    first, *others = verdict.guesses
    return {
        "label": _guess(first),
        "alternatives": [{"code": guess.code, "score": guess.score} for guess in others],
        "confidence": first.score,
        "decision": verdict.decision,
        "because": [{"word": word, "weight": weight} for word, weight in verdict.because],
    }


def _guess(guess: Guess) -> dict[str, Any]:
    return {"code": guess.code, "name": guess.name, "score": guess.score}
