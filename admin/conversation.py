"""留言往来: what citizen and office wrote to one another, as the staff's chat may show it."""

from __future__ import annotations

from collections.abc import Iterable

from admin.quotation import one_line, quoted
from casestore import messages
from casestore.model import Case, Event, Particulars
from casestore.reading.names import mask_name, mask_text
from casestore.workdays import CHINA
from dialogs import findings
from dialogs.texts import Texts

_SHOWN = 6
_CHARS = 200


def shown(case: Case, words: str, told: Particulars, *, whole: bool) -> str:
    """`whole`: the settings let personal data travel (PIPL art. 36). Else names, homes and numbers are hidden;
    of who gave no name they always are (S7-6)."""
    if whole and not case.anonymous:
        return words
    for name in sorted(findings.names_of(told), key=len, reverse=True):
        words = words.replace(name, mask_name(name))
    return mask_text(words)


def recent(texts: Texts, case: Case, past: Iterable[Event], told: Particulars, *, whole: bool) -> list[str]:
    """The last messages both ways, a line each; one's own office's are shown as they went out."""
    lines = []
    for event in messages.of_case(list(past))[-_SHOWN:]:
        from_office = event.kind == messages.SENT
        words = one_line(event.words if from_office else shown(case, event.words, told, whole=whole))
        lines.append(_line(texts, event, f"{words[:_CHARS]}…" if len(words) > _CHARS else words))
    return lines


def entire(texts: Texts, past: Iterable[Event]) -> str:
    """Every message word for word, for who looks at the sealed part of the case."""
    return "\n".join(
        _line(texts, event, f"\n{quoted(event.words)}") for event in messages.of_case(list(past))
    )


def _line(texts: Texts, event: Event, words: str) -> str:
    when = f"{event.at.astimezone(CHINA):%m-%d %H:%M}"
    return texts.say("staff.said", when=when, who=texts.name("event", event.kind), words=words)
