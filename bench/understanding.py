"""How well texts are understood, beside a linear SVM on characters: five-fold, folds by the hash of the id.

    python bench/understanding.py --data FOLDER [--sets taidi7_raw:title,consumer13:text]

FOLDER holds `NAME/public.csv` with id, a text column and label. scikit-learn is needed for the baseline only
(`pip install scikit-learn`); without it the column stays empty. Numbers are printed, never texts.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from classifier.learned import evaluating, taxonomy, training
from classifier.segmenter import Segmenter

SETS = "taidi7_raw:title,taidi7_raw:body,taidi7_raw:text,taidi7_tok:text,taidi_unit:text,consumer13:text,car10:text"
TAXONOMIES = {"taidi7_raw": "taidi7", "taidi7_tok": "taidi7"}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--sets", default=SETS)
    given = asked.parse_args()
    print(
        "| set | texts | accuracy (95 %) | macro-F1 | top 3 | ECE | at 80 % | rules alone | SVM on characters |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for one in given.sets.split(","):
        name, _, column = one.partition(":")
        print(_row(given.data, name, column), flush=True)


def _row(data: Path, name: str, column: str) -> str:
    with (data / name / "public.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[column].strip()]
    samples = [training.Sample(row[column], row["label"]) for row in rows]
    fold = evaluating.folds([row["id"] for row in rows])
    fresh = training.fresh(samples, _classes(name), Segmenter.load([]))
    read = training.read_all(fresh(), samples)
    tried = evaluating.together(list(evaluating.in_turn(fresh, read, fold)))
    found = tried.scores
    low, high = found.interval()
    rules = float((read.rules.argmax(axis=1) == read.labels).mean())
    return (
        f"| {name} {column} | {found.texts} | {found.accuracy:.3f} ({low:.3f}–{high:.3f}) | {found.macro_f1:.3f} "
        f"| {found.top_3:.3f} | {found.calibration_error:.3f} | {found.covered_80:.3f} | {rules:.3f} "
        f"| {_baseline([one.text for one in samples], read.labels, fold)} |"
    )


def _classes(name: str) -> taxonomy.Taxonomy:
    folder = TAXONOMIES.get(name)
    return taxonomy.load(Path(__file__).parent / "taxonomies" / folder) if folder else ()


def _baseline(texts: list[str], labels: np.ndarray, fold: np.ndarray) -> str:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.metrics import f1_score
        from sklearn.svm import LinearSVC
    except ImportError:
        return ""
    right, balance = [], []
    for held in range(evaluating.FOLDS):
        rest, test = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        cut = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        learned = LinearSVC().fit(cut.fit_transform([texts[at] for at in rest]), labels[rest])
        said = learned.predict(cut.transform([texts[at] for at in test]))
        right.append((said == labels[test]).mean())
        balance.append(f1_score(labels[test], said, average="macro"))
    return f"{np.mean(right):.3f} / {np.mean(balance):.3f}"


if __name__ == "__main__":
    main()
