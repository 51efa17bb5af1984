"""The house keeps its shape: pure rules in the middle, libraries in the few files that adapt them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, imports, sources

#: Who may import what: the folder or file of each library.
_HOMES = {
    "sqlalchemy": ("casestore/store.py", "casestore/tables/", "casestore/migrations/"),
    "alembic": ("casestore/migrations/",),
    "ruamel": ("dialogs/yaml_file.py", "bots/demo/samples.py"),
    "jieba": ("classifier/segmenter.py", "classifier/dictionary_cache.py"),
    "holidays": ("casestore/workdays.py",),
    "cryptography": ("casestore/seal.py", "bots/sandbox/"),
    "aiogram": ("bots/telegram_citizen/", "bots/house.py"),
    "telegram": ("bots/telegram_staff/",),
    "wechatpy": ("bots/wechat/",),
}
_RULES = ("casestore", "dialogs", "classifier", "admin")


def _at(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("library", _HOMES)
def test_a_library_is_imported_only_where_it_is_adapted(library: str) -> None:
    strays = [
        _at(path)
        for path in sources(*PACKAGES)
        if any(name.split(".")[0] == library for name in imports(path))
        and not _at(path).startswith(_HOMES[library])
    ]
    assert strays == []


def test_no_rule_reads_a_clock() -> None:
    """Time comes in as an argument."""
    reads = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|utcnow\(")
    found = [_at(path) for path in sources(*_RULES) if reads.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_no_module_hides_a_library() -> None:
    """telegram.py would shadow python-telegram-bot."""
    names = {path.stem for path in sources(*PACKAGES, "tests")}
    assert names.isdisjoint(_HOMES)


def test_a_file_is_short_enough_to_be_read() -> None:
    found = {_at(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*PACKAGES)}
    assert {path: lines for path, lines in found.items() if lines > 450} == {}
