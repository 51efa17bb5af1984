from __future__ import annotations

import pytest

from classifier.learned import training
from classifier.learned.model import Model
from classifier.segmenter import Segmenter
from tests.classifier.learned.builders import matters


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return Segmenter.load([])


@pytest.fixture(scope="session")
def model(segmenter: Segmenter) -> Model:
    """What 120 matters teach."""
    return training.train(matters(120), (), segmenter)
