"""From labelled texts to a model.

The mix of rules and margins, and how hard the margins are, are chosen on texts held back in turn: on texts
the margins had learned they would look better than they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from casestore.errors import StoreError
from classifier.learned import blend, taxonomy
from classifier.learned.blend import Blend
from classifier.learned.features import Counts, Vector
from classifier.learned.margins import Margins
from classifier.learned.model import Model
from classifier.learned.taxonomy import Taxonomy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from classifier.segmenter import Segmenter

    Table = NDArray[np.floating]
    Labels = NDArray[np.integer]

#: How hard margins may be; short and many texts want softer ones.
HARDNESS = (0.3, 1.0)
#: Parts held back in turn; many texts need fewer.
_PARTS, _PARTS_OF_MANY, _MANY = 5, 3, 4000
_FEWEST = 20
_SEED = 0

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Sample:
    """A text with its label, as the office wrote both."""

    text: str
    label: str


@dataclass(frozen=True)
class Read:
    """Texts read once: their counts, what the rules say of each (as logarithms), and the label's number."""

    counts: list[Counts]
    rules: Table
    labels: Labels

    def part(self, rows: NDArray[np.integer]) -> Read:
        return Read([self.counts[at] for at in rows], self.rules[rows], self.labels[rows])


def train(
    samples: Sequence[Sample], classes: Taxonomy, segmenter: Segmenter, progress: Progress = lambda _: None
) -> Model:
    """`classes` may be empty: then the labels are the classes. Raises StoreError for too few texts."""
    if len(samples) < _FEWEST or len({sample.label for sample in samples}) < 2:
        raise StoreError(f"至少要有 {_FEWEST} 行、两种以上的标签才能训练，现在是 {len(samples)} 行")
    model = blank(samples, classes, segmenter)
    progress("读取文本")
    read = read_all(model, samples)
    progress("选择参数")
    fit(model, read)
    return model


def fresh(samples: Sequence[Sample], classes: Taxonomy, segmenter: Segmenter) -> Callable[[], Model]:
    """Makes models that have learned nothing yet."""
    return lambda: blank(samples, classes, segmenter)


def blank(samples: Sequence[Sample], classes: Taxonomy, segmenter: Segmenter) -> Model:
    """A model of the rules alone, which knows every label of the samples."""
    codes = {name: one.code for one in classes for name in (one.name, one.code)}
    unknown = sorted({sample.label for sample in samples} - codes.keys())
    classes += taxonomy.of_labels(unknown)
    codes |= {label: label for label in unknown}
    labels = sorted({codes[sample.label] for sample in samples})
    return Model(taxonomy.with_names(classes, segmenter), labels, segmenter)


def read_all(model: Model, samples: Iterable[Sample]) -> Read:
    number = {code: at for at, code in enumerate(model.labels)}
    number |= {one.name: number[one.code] for one in model.classes if one.code in number}
    counts: list[Counts] = []
    rules: list[Table] = []
    labels: list[int] = []
    for sample in samples:
        cut = model.cut(sample.text)
        counts.append(cut.counts())
        rules.append(model.rules.shares(model.rules.found(cut)))
        if sample.label not in number:
            raise StoreError(f"模型没有「{sample.label}」这一类，请先用 tousu train 学习有这一类的文件")
        labels.append(number[sample.label])
    return Read(counts, blend.logs(np.array(rules)), np.array(labels))


def fit(model: Model, read: Read) -> None:
    """Learn everything in `read`."""
    model.weights.note_all(read.counts)
    vectors = [model.weights.vector(counts) for counts in read.counts]
    hardness, mix = _chosen(vectors, read, len(model.labels))
    model.margins = Margins(len(model.labels), hardness)
    model.margins.fit(vectors, read.labels.tolist())
    model.blend = mix


def _chosen(vectors: list[Vector], read: Read, classes: int) -> tuple[float, Blend]:
    """The hardness under which held-back texts are best told apart, and the mix for it."""
    tried = [(hardness, _held_back(vectors, read.labels, classes, hardness)) for hardness in HARDNESS]
    mixes = [(hardness, margins, blend.fit(margins, read.rules, read.labels)) for hardness, margins in tried]
    hardness, _, mix = max(mixes, key=lambda tried: _right(tried[2], tried[1], read))
    return hardness, mix


def _right(mix: Blend, margins: Table, read: Read) -> float:
    return float((mix.shares(margins, read.rules).argmax(axis=1) == read.labels).mean())


def _held_back(vectors: list[Vector], labels: Labels, classes: int, hardness: float) -> Table:
    parts = _PARTS if len(vectors) < _MANY else _PARTS_OF_MANY
    part = np.random.default_rng(_SEED).permutation(len(vectors)) % parts
    margins = np.zeros((len(vectors), classes))
    for held in range(parts):
        learned = Margins(classes, hardness)
        rest = np.flatnonzero(part != held)
        learned.fit([vectors[at] for at in rest], labels[rest].tolist())
        for at in np.flatnonzero(part == held):
            margins[at] = learned.scores(vectors[at])
    return margins
