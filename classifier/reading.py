"""A text as everything here reads it: cleaned, cut to what tells what a matter is about, folded."""

from __future__ import annotations

from casestore.reading.text import clean, fold

#: What is longer is not read further: the first screen tells what a matter is about (T-24).
LIMIT_CHARS = 2000
#: Zero-width characters are dropped before that is counted; more of them than this are no accident.
_LIMIT_RAW = 2 * LIMIT_CHARS


def plain(text: str) -> str:
    """As the citizen wrote it."""
    return clean(text[:_LIMIT_RAW])[:LIMIT_CHARS]


def folded(text: str) -> str:
    """For finding words in a plain text."""
    return fold(text)[:LIMIT_CHARS]
