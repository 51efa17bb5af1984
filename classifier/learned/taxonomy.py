"""An office's own classes: `classes.tsv` with code, name, parent and words that speak for each class.

Words are written as in the packaged tables (词|词:权重|甲…乙|-排除词) and may be missing: the names of the
classes are words too, as far as no more than two classes share them.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from casestore.errors import StoreError
from casestore.problems import Problem
from casestore.reading.text import fold
from classifier import tsv, word
from classifier.segmenter import Segmenter
from classifier.tables import ObjectClass, unknown_parents
from classifier.word import Word

FILE = "classes.tsv"
COLUMNS = ("code", "name", "parent", "words")
Taxonomy = tuple[ObjectClass, ...]
#: What a word of a class's name weighs; a word that a clerk wrote weighs 1 or what he says.
_NAME_WEIGHT = 1.5
_SHARED_BY = 2
_SHORTEST = 2


def load(folder: Path) -> Taxonomy:
    """Raises StoreError naming the first line that cannot be read."""
    classes, problems = read(folder / FILE)
    if problems:
        raise StoreError(str(problems[0]))
    return classes


def read(path: Path) -> tuple[Taxonomy, list[Problem]]:
    """What can be read of the table, and every line or word that cannot."""
    rows, problems = tsv.read(path, COLUMNS)
    classes: list[ObjectClass] = []
    for row in rows:
        words = list(word.parse_all(row["words"]))
        bad = [one for one in words if isinstance(one, word.BadWord)]
        problems += [Problem(str(path), row.line, str(one), one.code) for one in bad]
        if not row["code"] or row["code"] in {one.code for one in classes}:
            problems.append(
                Problem(str(path), row.line, f"代码「{row['code']}」没有填写或重复", "code-duplicate")
            )
        good = tuple(one for one in words if isinstance(one, Word))
        classes.append(_class(row.line, row["code"], row["name"], row["parent"], good))
    problems += unknown_parents(classes, path)
    return tuple(classes), problems


def parse(table: str) -> Taxonomy:
    """What `as_table` wrote."""
    lines = [line.split("\t") for line in table.splitlines()[1:]]
    return tuple(
        _class(at, code, name, parent, tuple(one for one in word.parse_all(words) if isinstance(one, Word)))
        for at, (code, name, parent, words) in enumerate(lines, 2)
    )


def of_labels(labels: Iterable[str]) -> Taxonomy:
    """Classes without a table: each label is its own code and name."""
    return tuple(_class(line, label, label, "", ()) for line, label in enumerate(sorted(set(labels)), 1))


def with_names(classes: Taxonomy, segmenter: Segmenter) -> Taxonomy:
    """The classes with the words of their names beside the written ones."""
    of_name = [_name_words(one, segmenter) for one in classes]
    shared = Counter(text for words in of_name for text in words)
    return tuple(
        replace(one, words=one.words + tuple(_named(text) for text in words if shared[text] <= _SHARED_BY))
        for one, words in zip(classes, of_name, strict=True)
    )


def as_table(classes: Sequence[ObjectClass]) -> str:
    """The table as a clerk would write it; a model keeps it."""
    out = io.StringIO()
    out.write("\t".join(COLUMNS) + "\n")
    for one in classes:
        words = word.BETWEEN.join(f"{'-' * w.excludes}{w.text}:{w.weight:g}" for w in one.words)
        out.write("\t".join((one.code, one.name, one.parent, words)) + "\n")
    return out.getvalue()


def _class(line: int, code: str, name: str, parent: str, words: tuple[Word, ...]) -> ObjectClass:
    return ObjectClass(line=line, code=code, name=name or code, parent=parent, unit="", words=words)


def _name_words(one: ObjectClass, segmenter: Segmenter) -> list[str]:
    written = {part for entry in one.words for part in entry.parts}
    cut = {text for text, _, _ in segmenter.cut(fold(one.name))}
    return sorted(text for text in cut - written if len(text) >= _SHORTEST and word.is_findable(text))


def _named(text: str) -> Word:
    return Word(text, (text,), _NAME_WEIGHT)
