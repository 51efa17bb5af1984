"""Our own sentences: every class, nature, kind, department and sign of a major matter."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from casestore.codes import Kind
from classifier import Classifier, tables

_FILE = Path(__file__).parent / "sentences.tsv"


@dataclass(frozen=True)
class Sentence:
    """An empty cell is not looked at; `-` is unknown; `|` parts answers that are all right."""

    kind: str
    object: str
    nature: str
    scope: str
    urgent: str
    text: str


def _sentences() -> list[Sentence]:
    lines = [line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        Sentence(**{**row, "text": row["text"].replace("\\u200b", "\u200b")})
        for row in csv.DictReader(lines, delimiter="\t")
    ]


SENTENCES = _sentences()


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.text[:20] or "nothing")
def test_a_sentence_is_understood(classifier: Classifier, sentence: Sentence) -> None:
    seen = classifier.suggest(sentence.text)
    for wanted, guess in (
        (sentence.kind, seen.kind),
        (sentence.object, seen.object),
        (sentence.nature, seen.nature),
    ):
        if wanted == "-":
            assert guess.code == ""
        elif wanted:
            assert guess.code.startswith(tuple(wanted.split("|"))), guess
    if sentence.scope == "inside":
        assert seen.scope == "inside", seen.department
    elif sentence.scope:
        assert sentence.scope in seen.department
    wanted_signs = set(filter(None, sentence.urgent.split("|")))
    assert wanted_signs <= set(seen.urgent) if wanted_signs else not seen.urgent


def test_the_sentences_name_every_class_nature_kind_and_department() -> None:
    lexicon = tables.load()
    objects = {code for sentence in SENTENCES for code in sentence.object.split("|")}
    classes = {row.code for row in lexicon.objects if row.parent in ("G", "S")}
    assert {code for code in classes if not any(seen.startswith(code) for seen in objects)} == set()
    natures = {code for sentence in SENTENCES for code in sentence.nature.split("|")}
    assert {row.code for row in lexicon.natures} <= natures
    assert set(Kind) <= {sentence.kind for sentence in SENTENCES}
    unnamed = {
        row.department
        for row in lexicon.outside
        if row.department and not any(s.scope and s.scope in row.department for s in SENTENCES)
    }
    assert unnamed == set()
