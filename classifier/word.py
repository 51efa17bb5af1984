"""关键词: one entry of a words cell, as a clerk writes it.

`发霉` counts 1, `发霉:2.5` counts 2.5, `不给…退` wants 退 soon after 不给, `-手机壳` cancels the class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casestore.reading.text import fold

BETWEEN = "|"
GAP = "…"
HEAVIEST = 10.0
_WEIGHT = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,3})?")
#: What jieba cuts into words; a lone sign such as ? is a token of its own.
_FINDABLE = re.compile(r"[\u4e00-\u9fd5a-z0-9+#&._%]{1,30}|[?!]")
#: Signs a Chinese keyboard puts where the table wants | : - or … .
_LOOKALIKES = re.compile(r"[｜丨：，、；;,－—/]|\.\.|……")


class BadWord(ValueError):
    """An entry that cannot be read; `code` is stable, the message is for the clerk."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Word:
    """`text` is what an officer is shown; `parts` are folded for finding: two where a gap lies between."""

    text: str
    parts: tuple[str, ...]
    weight: float = 1.0
    excludes: bool = False


def parse_all(cell: str) -> Iterator[Word | BadWord]:
    """Every entry of a words cell, or what is wrong with it."""
    for written in cell.split(BETWEEN) if cell else ():
        try:
            yield parse(written)
        except BadWord as bad:
            yield bad


def is_findable(text: str) -> bool:
    """Whether a folded text can be found as a word: no white space, no punctuation."""
    return _FINDABLE.fullmatch(text) is not None


def parse(written: str) -> Word:
    """Raises BadWord: `word-empty`, `word-separator`, `word-weight`, `word-gap`, `word-unfindable`."""
    if not written.strip():
        raise BadWord("word-empty", "有一个空的词，请删去多余的 |")
    if match := _LOOKALIKES.search(written):
        message = f"「{written}」里有「{match[0]}」: 词与词之间请用半角 |，权重前用半角 :，间隔用一个 {GAP}"
        raise BadWord("word-separator", message)
    text, colon, weight = written.strip().removeprefix("-").partition(":")
    if colon and not (_WEIGHT.fullmatch(weight) and 0 < float(weight) <= HEAVIEST):
        raise BadWord(
            "word-weight", f"「{written}」的权重应为大于 0、不超过 {HEAVIEST:g} 的数字，例如 词:2.5"
        )
    parts = tuple(fold(part) for part in text.split(GAP))
    if len(parts) > 2 or not all(parts):
        raise BadWord("word-gap", f"「{written}」里的 {GAP} 前后各要有一个词，而且只能用一次")
    if not all(is_findable(part) for part in parts):
        raise BadWord("word-unfindable", f"「{written}」里有空格或标点，这样的词永远找不到")
    return Word(text, parts, float(weight) if colon else 1.0, written.strip().startswith("-"))
