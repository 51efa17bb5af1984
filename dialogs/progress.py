"""进度(填到哪): where a citizen stands in a tree, as a value that lies in the store between two words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from casestore.model import EvidenceId


class Mode(StrEnum):
    """What the next word is for."""

    ASKING = "asking"  # an answer to the question `at`
    PICKING = "picking"  # which line to correct
    LEAVING = "leaving"  # whether he really means 取消


@dataclass(frozen=True)
class Answer:
    """`value` is what the case will hold (text, whole numbers, lists of codes, None: skipped);
    `shown` is how the summary shows it."""

    value: Any
    shown: str


@dataclass(frozen=True)
class Item:
    """One piece of evidence sent so far."""

    id: EvidenceId
    name: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The pinned `version` of the tree tells when it was changed under a person's feet."""

    tree: str
    version: str
    at: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    mode: Mode = Mode.ASKING
    #: Codes picked so far where several may be.
    picked: tuple[str, ...] = ()
    evidence: tuple[Item, ...] = ()
    #: Answers to the lines of trees that led here, by question name.
    brought: Mapping[str, Any] = field(default_factory=dict)
    #: A first word that may already answer a later question, e.g. 我要投诉.
    held: str = ""
    #: Codes of the approved answers he is shown, or was.
    approved: tuple[str, ...] = ()
    #: How often in a row the answer to this question could not be read.
    misses: int = 0

    def with_answer(self, question: str, answer: Answer) -> Progress:
        return replace(self, answers={**self.answers, question: answer}, picked=(), misses=0)

    def without(self, *questions: str) -> Progress:
        return replace(self, answers={name: a for name, a in self.answers.items() if name not in questions})

    def to_json(self) -> str:
        kept = dict(vars(self))
        kept["answers"] = {name: [answer.value, answer.shown] for name, answer in self.answers.items()}
        kept["evidence"] = [[item.id, item.name] for item in self.evidence]
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Progress:
        kept = json.loads(text)
        kept["answers"] = {name: Answer(*pair) for name, pair in kept["answers"].items()}
        kept["evidence"] = tuple(Item(EvidenceId(id_), name) for id_, name in kept["evidence"])
        kept["picked"] = tuple(kept["picked"])
        kept["approved"] = tuple(kept.get("approved", ()))
        kept["mode"] = Mode(kept["mode"])
        return cls(**kept)
