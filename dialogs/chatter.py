"""闲话: words beside the matter, that are kept as material only if somebody meant them so."""

from __future__ import annotations

from casestore.reading.text import fold, has_words

_LONGEST = 4
_QUESTION_BEGINS = ("怎么", "怎样", "如何")
_QUESTION_ENDS = ("?", "吗", "怎么办")


def is_chatter(text: str) -> bool:
    """Whether this is a question or too little to tell anything: 在吗, 怎么发, 视频可以吗？"""
    folded = fold(text).rstrip("。.!~")
    return (
        len(folded) <= _LONGEST
        or not has_words(folded)
        or folded.startswith(_QUESTION_BEGINS)
        or folded.endswith(_QUESTION_ENDS)
    )
