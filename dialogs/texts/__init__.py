"""The sentences the desk says, by code; people edit `zh.yaml`, the linter checks it."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from casestore.errors import CaseError, StoreError
from casestore.reading import Unreadable
from dialogs import yaml_file

PACKAGED = Path(__file__).parent / "zh.yaml"


class Texts:
    """Sentences with `{placeholders}`. `office` fills the office's own facts, e.g. {office}, {hotline}."""

    def __init__(self, sentences: Mapping[str, str], office: Mapping[str, str]) -> None:
        self._sentences = dict(sentences)
        self.office = dict(office)

    @classmethod
    def load(cls, office: Mapping[str, str], path: Path = PACKAGED) -> Texts:
        """Raises StoreError naming the first faulty line."""
        document = yaml_file.read(path)
        if document.problems:
            raise StoreError(str(document.problems[0]))
        return cls(dict(flat(document.value)), office)

    def __contains__(self, code: str) -> bool:
        return code in self._sentences

    def codes(self) -> Iterator[str]:
        return iter(self._sentences)

    def say(self, code: str, /, **facts: object) -> str:
        """The sentence of a code, with the facts in it. What a person typed is never read as a format."""
        return self.fill(self._sentences[code], facts)

    def fill(self, sentence: str, facts: Mapping[str, object] | None = None) -> str:
        return _Formatter().vformat(sentence, (), {**self.office, **(facts or {})})

    def name(self, group: str, code: str | None) -> str:
        """The word for a code of a list, e.g. name("status", "accepted") is 已受理."""
        return self._sentences.get(f"{group}.{code}", code or "")

    def lines(self, code: str) -> list[str]:
        """The entries of a list, e.g. the usual reasons for a step; [] where there is none."""
        return self._sentences.get(code, "").splitlines()

    def refusal(self, error: CaseError) -> str:
        """What a person is told of a step the desk refuses."""
        facts = {name: self._fact(name, value) for name, value in error.facts.items()}
        if {"form", "field"} <= error.facts.keys():  # fields are named form by form
            facts["field"] = self.name("field", f"{error.facts['form']}.{error.facts['field']}")
        return self.say(f"errors.{error.code}", **facts)

    def unreadable(self, error: Unreadable) -> str:
        """What a person is told of an answer that cannot be read."""
        return self.say(f"unreadable.{error.code}", **error.facts)

    def _fact(self, name: str, value: object) -> str:
        return self.name(name, str(value)) if f"{name}.{value}" in self._sentences else str(value)


class _Formatter(string.Formatter):
    """Only plain names in braces: no attributes, no indexes."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        return kwargs.get(field_name, ""), field_name


def flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """("notice.accepted", sentence) for every text of a nested file."""
    for key, value in values.items():
        code = f"{before}{key}"
        if isinstance(value, dict):
            yield from flat(value, f"{code}.")
        else:
            yield code, "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def placeholders(sentence: str) -> set[str]:
    """What stands in braces: names, nothing else fills in. Raises ValueError for braces that do not match."""
    fields = string.Formatter().parse(sentence)
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _, name, form, conversion in fields
        if name is not None
    }
