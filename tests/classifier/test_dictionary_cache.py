"""A cache that others could have written is not read (T-24)."""

from __future__ import annotations

import marshal
from pathlib import Path

import pytest

from classifier.dictionary_cache import DictionaryCache

FREQUENCIES = ({"投诉": 3, "投": 0}, 3)


@pytest.fixture
def cache(tmp_path: Path) -> DictionaryCache:
    return DictionaryCache(tmp_path / "cache", "1")


def test_what_was_kept_is_read(cache: DictionaryCache) -> None:
    assert cache.read() is None
    cache.keep(FREQUENCIES)
    assert cache.read() == FREQUENCIES


def test_nobody_else_can_read_or_write_it(cache: DictionaryCache) -> None:
    cache.keep(FREQUENCIES)
    assert cache.path.stat().st_mode & 0o777 == 0o600
    assert cache.path.parent.stat().st_mode & 0o777 == 0o700
    assert list(cache.path.parent.iterdir()) == [cache.path]


def test_a_file_others_could_have_written_is_not_read(cache: DictionaryCache) -> None:
    cache.keep(FREQUENCIES)
    cache.path.chmod(0o666)
    assert cache.read() is None


def test_a_folder_others_could_write_to_is_not_used(cache: DictionaryCache, tmp_path: Path) -> None:
    cache.keep(FREQUENCIES)
    cache.path.parent.chmod(0o777)
    assert cache.read() is None
    cache.path.unlink()
    cache.keep(FREQUENCIES)
    assert list(cache.path.parent.iterdir()) == []


def test_a_link_to_elsewhere_is_not_followed(cache: DictionaryCache, tmp_path: Path) -> None:
    cache.keep(FREQUENCIES)
    cache.path.symlink_to(cache.path.rename(tmp_path / "elsewhere"))
    assert cache.read() is None


@pytest.mark.parametrize("spoiled", [b"", b"?", marshal.dumps(1), marshal.dumps((1, 2, 3))])
def test_a_spoiled_file_is_made_anew(cache: DictionaryCache, spoiled: bytes) -> None:
    cache.keep(FREQUENCIES)
    cache.path.write_bytes(spoiled)
    assert cache.read() is None
    cache.keep(FREQUENCIES)
    assert cache.read() == FREQUENCIES


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    cache = DictionaryCache(tmp_path / "file", "1")
    cache.keep(FREQUENCIES)
    assert cache.read() is None
