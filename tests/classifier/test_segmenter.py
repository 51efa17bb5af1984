"""Cutting text into words, the office's words among them."""

from __future__ import annotations

import logging
import marshal
import tempfile
from pathlib import Path

import pytest

from classifier.segmenter import Segmenter

SENTENCE = "我要投诉市场监管所"


def words(segmenter: Segmenter, text: str = SENTENCE) -> list[str]:
    return [token for token, _, _ in segmenter.cut(text)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data") / "jieba"


@pytest.fixture(scope="module")
def segmenter(folder: Path) -> Segmenter:
    return Segmenter.load(["市场监管所"], folder)


def test_every_word_of_the_lexicon_is_a_word(segmenter: Segmenter) -> None:
    assert "市场监管所" in words(segmenter)


def test_shorter_words_inside_of_long_ones_are_seen_too(segmenter: Segmenter) -> None:
    assert {"市场", "监管"} <= set(words(segmenter))


def test_a_token_knows_its_place(segmenter: Segmenter) -> None:
    text = "退款，投诉！iphone15 退货"
    assert all(text[start:end] == token for token, start, end in segmenter.cut(text))


def test_the_next_start_reads_the_cache_and_cuts_the_same_words(folder: Path, segmenter: Segmenter) -> None:
    """The words of the lexicon are not in the cache: they may have changed."""
    (cache,) = folder.iterdir()
    frequencies, _ = marshal.loads(cache.read_bytes())
    assert "市场监管所" not in frequencies
    assert words(Segmenter.load(["市场监管所"], folder)) == words(segmenter)


def test_without_a_folder_no_cache_is_written_nor_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where jieba itself would look, somebody has planted a cache (T-24)."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(marshal.dumps(({"planted": 1}, 1)))
    with caplog.at_level(logging.DEBUG):
        assert "投诉" in words(Segmenter.load([]))
    assert list(tmp_path.iterdir()) == [planted]
    assert caplog.records == []
