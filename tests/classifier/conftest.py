"""One classifier over the packaged tables and units, loaded once: it never changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casestore.units import Units
from classifier import Classifier, tables


@pytest.fixture(scope="session")
def units() -> Units:
    return Units.load()


@pytest.fixture(scope="session")
def classifier(units: Units) -> Classifier:
    return Classifier.load(units)


@pytest.fixture
def office_tables(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the packaged tables with one of them changed: `office_tables("kinds.tsv", old, new)`."""

    def changed(name: str, old: str, new: str) -> Path:
        for file in tables.FILES:
            text = (tables.PACKAGED / file).read_text(encoding="utf-8")
            if file == name:
                assert old in text
                text = text.replace(old, new, 1)
            (tmp_path / file).write_text(text, encoding="utf-8")
        return tmp_path

    return changed
