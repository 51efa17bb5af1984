"""docs/rules.md: which work rule holds, and the test that proves it."""

from __future__ import annotations

import re
from collections import Counter

from tests.house.sources import ROOT, names_of_tests

_ROW = re.compile(r"^\| (S\d-\S+) \| (.+) \| `([\w/.]+)` \| `(tests/[\w/]+\.(?:py|talk))(?:::(\w+))?` \|$")
_WITHOUT = re.compile(r"^\| (S\d-\S+) \| (无软件|后续)：(.+) \| — \| — \|$")
_SETS = {"S1": 20, "S2": 17, "S3": 24, "S4": 20, "S5": 15, "S6": 17, "S7": 8, "S8": 8, "S9": 11}
TABLE = (ROOT / "docs/rules.md").read_text(encoding="utf-8").splitlines()
ROWS = [match.groups() for line in TABLE if (match := _ROW.match(line))]
WITHOUT = [match.groups() for line in TABLE if (match := _WITHOUT.match(line))]


def test_every_row_is_read() -> None:
    """All rules of the nine sets, each once."""
    rules = [rule for rule, *_ in (*ROWS, *WITHOUT)]

    assert len(rules) == sum(line.startswith("| S") for line in TABLE)
    assert len(set(rules)) == len(rules)
    assert Counter(rule[:2] for rule in rules) == _SETS


def test_few_rules_have_no_software_and_each_says_why() -> None:
    assert sum(kind == "无软件" for _, kind, _ in WITHOUT) <= 15


def test_every_module_named_is_there() -> None:
    assert [module for _, _, module, _, _ in ROWS if not (ROOT / module).exists()] == []


def test_every_test_named_is_there() -> None:
    missing = [
        f"{file}::{name}"
        for _, _, _, file, name in ROWS
        if not (ROOT / file).exists() or (name and name not in names_of_tests(ROOT / file))
    ]
    assert missing == []


def test_one_test_proves_at_most_three_rules() -> None:
    proofs = Counter((file, name) for *_, file, name in ROWS)
    assert {proof: count for proof, count in proofs.items() if count > 3} == {}
