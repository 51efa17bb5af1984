"""A model learns an office's history, says why, and travels in one file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from casestore.errors import StoreError
from classifier.learned import taxonomy, training
from classifier.learned.model import Model
from classifier.learned.training import Sample
from classifier.segmenter import Segmenter
from tests.classifier.learned.builders import matters


def test_it_tells_new_matters_apart(model: Model) -> None:
    right = [model.classify(new.text).guesses[0].code == new.label for new in matters(60, seed=9)]
    assert np.mean(right) >= 0.95


def test_it_names_the_words_that_carried_the_guess(model: Model) -> None:
    words = [word for word, _ in model.classify("买的冰箱不制冷").because]
    assert "冰箱" in words


def test_a_text_without_any_known_word_is_asked_about(model: Model) -> None:
    assert model.classify("魑魅魍魉").decision == "ask"


def test_shares_add_up_to_one(model: Model) -> None:
    assert sum(guess.score for guess in model.classify("面包发霉了").guesses) == pytest.approx(1, abs=0.01)


def test_a_model_read_from_its_file_says_the_same(model: Model, segmenter: Segmenter, tmp_path: Path) -> None:
    model.save(tmp_path / "office.model")
    again = Model.load(tmp_path / "office.model", segmenter)
    for sample in matters(20, seed=3):
        one, other = model.classify(sample.text), again.classify(sample.text)
        assert [guess.code for guess in one.guesses] == [guess.code for guess in other.guesses]
        assert [g.score for g in one.guesses] == pytest.approx([g.score for g in other.guesses], abs=0.01)


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x03\x04broken", b"\x80\x04\x95pickle"])
def test_a_file_that_is_no_model_is_refused_in_a_sentence(
    content: bytes, segmenter: Segmenter, tmp_path: Path
) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(StoreError, match="不是 tousu train 生成的模型文件"):
        Model.load(tmp_path / "x", segmenter)


def test_a_pickle_in_the_file_is_never_run(segmenter: Segmenter, tmp_path: Path) -> None:
    evil = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "x.npz", meta=evil)
    with pytest.raises(StoreError):
        Model.load(tmp_path / "x.npz", segmenter)


def test_labels_may_be_names_or_codes_of_the_taxonomy(segmenter: Segmenter, tmp_path: Path) -> None:
    table = "code\tname\tparent\twords\nA\t食品\t\t面包|牛奶\nB\t家电\t\t\nC\t服装\t\t\nD\t书籍\t\t小说\n"
    (tmp_path / "classes.tsv").write_text(table, encoding="utf-8")
    samples = [Sample(one.text, {"食品": "A"}.get(one.label, one.label)) for one in matters(60)]
    model = training.train(samples, taxonomy.load(tmp_path), segmenter)
    assert model.labels == ("A", "B", "C")
    first = model.classify("牛奶发霉").guesses[0]
    assert (first.code, first.name) == ("A", "食品")


def test_the_words_of_a_taxonomy_count_before_anything_is_learned(
    segmenter: Segmenter, tmp_path: Path
) -> None:
    table = "code\tname\tparent\twords\nA\t食品\t\t\nA1\t烘焙\tA\t蛋挞:2\nB\t家电\t\t\n"
    (tmp_path / "classes.tsv").write_text(table, encoding="utf-8")
    samples = [Sample("x", "食品"), Sample("y", "家电")]
    model = training.blank(samples, taxonomy.load(tmp_path), segmenter)
    assert model.classify("蛋挞").guesses[0].code == "A"


def test_too_few_texts_are_refused(segmenter: Segmenter) -> None:
    with pytest.raises(StoreError, match="至少要有 20 行"):
        training.train(matters(19), (), segmenter)


def test_one_label_is_nothing_to_tell_apart(segmenter: Segmenter) -> None:
    with pytest.raises(StoreError, match="两种以上的标签"):
        training.train([Sample("面包", "食品")] * 30, (), segmenter)
