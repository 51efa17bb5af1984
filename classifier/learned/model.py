"""A learned model: rules of a taxonomy, margins, and the mix of both; kept in one file that runs no code."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from casestore.errors import StoreError
from casestore.model import Guess
from classifier.learned import blend, features, taxonomy
from classifier.learned.blend import Blend
from classifier.learned.features import Counts, Cut, Vector, Weights
from classifier.learned.margins import Margins
from classifier.learned.rules import Rules
from classifier.learned.taxonomy import Taxonomy
from classifier.scoring import ASK_BELOW
from classifier.vocabulary import Found

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from classifier.segmenter import Segmenter

_REASONS = 6
_DIGITS = 3


@dataclass(frozen=True)
class Verdict:
    """What a text is held to be: guesses, the best first, and the words that carried the first."""

    guesses: tuple[Guess, ...]
    because: tuple[tuple[str, float], ...]

    @property
    def decision(self) -> str:
        return "suggest" if self.guesses[0].score >= ASK_BELOW else "ask"


class Model:
    """Thread-safe once it has learned."""

    def __init__(self, classes: Taxonomy, labels: Sequence[str], segmenter: Segmenter) -> None:
        """`labels`: codes of the classes that may be answered, in the order of the margins."""
        self.classes = classes
        self.labels = tuple(labels)
        self.rules = Rules(classes, labels, segmenter)
        self._segmenter = segmenter
        self.weights = Weights()
        self.margins = Margins(len(labels))
        self.blend = Blend()
        self._names = {one.code: one.name for one in classes}

    def classify(self, text: str) -> Verdict:
        cut = self.cut(text)
        found = self.rules.found(cut)
        vector = self.weights.vector(cut.counts())
        margins = self.margins.scores(vector)
        shares = self.blend.shares(margins, blend.logs(self.rules.shares(found)))
        ranked = np.argsort(-shares, kind="stable")
        guesses = tuple(self._guess(int(at), float(shares[at])) for at in ranked)
        return Verdict(guesses, self._because(cut, int(ranked[0]), vector, found))

    def cut(self, text: str) -> Cut:
        return Cut.of(text, self._segmenter)

    def _guess(self, at: int, share: float) -> Guess:
        code = self.labels[at]
        return Guess(code=code, name=self._names[code], score=round(share, _DIGITS))

    def _because(self, cut: Cut, at: int, vector: Vector, found: Found) -> tuple[tuple[str, float], ...]:
        """Words of the rules and what was learned, each with what it added to the logit."""
        spoken = {
            word: self.blend.rules * weight for word, weight in self.rules.words(found, self.labels[at])
        }
        named = cut.names()
        for place, weight in self.margins.parts(vector, at):
            if (word := named.get(place)) is not None:
                spoken[word] = spoken.get(word, 0) + self.blend.learned * weight
        heaviest = sorted(spoken.items(), key=lambda pair: (-pair[1], pair[0]))[:_REASONS]
        return tuple((word, round(weight, 2)) for word, weight in heaviest if weight >= 0.01)

    def save(self, path: Path) -> None:
        """Replaces the file as a whole."""
        used = np.flatnonzero(self.margins.place >= 0)
        meta = {
            "features": features.VERSION,
            "labels": self.labels,
            "classes": taxonomy.as_table(self.classes),
            "blend": asdict(self.blend),
            "texts": self.weights.texts,
        }
        arrays: dict[str, NDArray[Any]] = {
            "meta": np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), np.uint8),
            "ids": used.astype(np.int32),
            "rows": self.margins.rows[self.margins.place[used]].astype(np.float16),
            "constant": self.margins.rows[0].astype(np.float32),
            "seen": self.weights.seen[used],
        }
        out = io.BytesIO()
        np.savez_compressed(out, allow_pickle=False, **arrays)
        beside = path.with_name(path.name + ".new")
        beside.write_bytes(out.getvalue())
        beside.replace(path)

    @classmethod
    def load(cls, path: Path, segmenter: Segmenter) -> Model:
        """Raises StoreError for a file that is no model, or one of another version."""
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
                arrays = {name: kept[name] for name in kept.files}
                meta = json.loads(arrays["meta"].tobytes())
        except FileNotFoundError:
            raise StoreError(f"没有这个文件: {path}") from None
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise StoreError(f"{path} 不是 tousu train 生成的模型文件，请重新训练") from error
        if meta.get("features") != features.VERSION:
            raise StoreError(f"{path} 是另一个版本的模型，请用 tousu train 重新训练")
        model = cls(taxonomy.parse(meta["classes"]), meta["labels"], segmenter)
        model.blend = Blend(**meta["blend"])
        model.weights.texts = meta["texts"]
        model.weights.seen[arrays["ids"]] = arrays["seen"]
        model.margins.put(arrays["ids"], arrays["rows"].astype(np.float32), arrays["constant"])
        return model


def table(model: Model, all_counts: Sequence[Counts]) -> NDArray[np.floating]:
    """Margins of many texts, a row each."""
    return np.array([model.margins.scores(model.weights.vector(counts)) for counts in all_counts])
