"""Text as people send it: made safe to keep, and folded to compare."""

from __future__ import annotations

import unicodedata

#: One answer is kept up to here; what is longer is asked for in parts.
LIMIT_CHARS = 4000

_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEPT_CONTROLS = {"\n", "\t"}
#: The planes of Han characters: newer ones are unassigned to an older Python, and stand in people's names.
_HAN_PLANES = ("\U00020000", "\U0003fffd")
_WORDLIKE = ("L", "N")
#: So many characters are remembered; no text can make the desk remember them all.
_REMEMBERED = 50_000


class _Visible(dict[int, int | None]):
    """Each character as itself, or None where a person cannot see it; filled as characters come."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        seen = (
            character in _KEPT_CONTROLS
            or unicodedata.category(character) not in _DROPPED
            or _HAN_PLANES[0] <= character <= _HAN_PLANES[1]
        )
        if len(self) < _REMEMBERED:
            self[code] = code if seen else None
        return code if seen else None


_VISIBLE = _Visible()


def clean(text: str) -> str:
    """`text` without control, zero-width and unassigned characters and lone surrogates.

    Everything a person can see stays as he wrote it, full-width punctuation too.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text.strip()
    return text.translate(_VISIBLE).strip()


def fold(text: str) -> str:
    """`text` for comparing and parsing: full-width to half-width, lower case, no white space."""
    return "".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())


def has_words(text: str) -> bool:
    """Whether there is a letter, a Han character or a digit: not only emoji and punctuation."""
    return any(unicodedata.category(character).startswith(_WORDLIKE) for character in text)
