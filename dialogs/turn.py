"""One turn of a talk: what came in, what is said back, and what shall happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dialogs.approved_answers import ApprovedAnswer
from dialogs.progress import Item, Progress
from dialogs.tree import Option
from dialogs.words import Word


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a citizen sent: words, a pressed option's value, or evidence that was kept already."""

    text: str = ""
    pressed: str | None = None
    evidence: tuple[Item, ...] = ()
    #: The code of what is said of that evidence where none was asked for.
    note: str = "engine.evidence_early"
    word: Word | None = None


@dataclass(frozen=True, kw_only=True)
class Say:
    """A message to him. How options and words look is the platform's matter."""

    text: str
    options: tuple[Option, ...] = ()
    #: Options picked so far where several may be.
    picked: tuple[str, ...] = ()
    #: Several may be picked.
    several: bool = False
    #: The answer is typed: the options are ways round it, offered by their words and not by number.
    typed: bool = False
    #: The words offered beside the options.
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Filed:
    """He confirmed: `what` is a kind of case or `supplement`; `values` by question name."""

    what: str
    values: Mapping[str, Any]
    evidence: tuple[Item, ...]
    #: The lines of the summary as he confirmed them: (question, label, what was shown).
    lines: tuple[tuple[str, str, str], ...] = ()
    #: The approved answers he was shown, and whether he says that they are the answer.
    approved: tuple[ApprovedAnswer, ...] = ()
    solved: bool = False


@dataclass(frozen=True)
class Consented:
    """A yes or no that is kept with the edition of the text it was given to."""

    what: str
    edition: str
    yes: bool


@dataclass(frozen=True)
class Left:
    """What was sent and is not kept, because he gave the draft up or it was too much: it is forgotten."""

    evidence: tuple[Item, ...]


Effect = Filed | Consented | Left


@dataclass(frozen=True, kw_only=True)
class Turn:
    """`progress` is None when the talk is over."""

    progress: Progress | None
    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a turn may know of the world. `today` is the day in China."""

    today: date
    #: His open cases, for 补充.
    own_cases: tuple[Option, ...] = ()
    #: (consent, edition) he has said yes to before: not asked again.
    agreed: frozenset[tuple[str, str]] = field(default_factory=frozenset)
