"""检查: every file that people edit, whichever of them a path names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from bots.office import OfficePaths
from casestore import roster, units, workdays
from casestore.problems import Problem
from casestore.units import Units
from classifier import lint as lexicon_lint
from classifier import tables
from dialogs import answers_file, reply_file, texts
from dialogs import lint as dialog_lint
from dialogs.texts import Texts
from dialogs.tree_file import OFFICE_FACTS

_LEXICON = "objects.tsv"


def lint_office(paths: OfficePaths) -> list[Problem]:
    """All that the desk would use."""
    found = [
        *units.lint(paths.units, lexicon_lint.categories(paths.lexicon)),
        *workdays.lint(paths.calendar),
        *roster.lint(paths.roster),
        *dialog_lint.lint_texts(paths.texts),
        *answers_file.lint(paths.answers),
        *_lint_replies(paths.replies, paths.lexicon, paths.texts),
    ]
    found += dialog_lint.lint_trees([paths.trees], dialog_lint.end_codes(paths.texts))
    if not units.lint(paths.units):
        found += lexicon_lint.lint(paths.lexicon, Units.load(paths.units))
    return sorted(set(found))


def lint_paths(given: Iterable[Path]) -> list[Problem]:
    """Files and folders; a single tree is seen together with the packaged ones it leads to."""
    found: list[Problem] = []
    trees: list[Path] = []
    for path in given:
        if not path.exists():
            found.append(Problem(str(path), 1, "没有这个文件或文件夹", "path-missing"))
        elif path.is_dir() and (path / _LEXICON).exists():
            found += lexicon_lint.lint(path, Units.load())
        elif path.is_dir():
            inside = sorted(child for child in path.rglob("*") if child.suffix in (".yaml", ".yml", ".tsv"))
            lexicons = {child.parent for child in inside if child.name == _LEXICON}
            found += lint_paths([*lexicons, *(child for child in inside if child.parent not in lexicons)])
        elif path.name in _BY_NAME:
            found += _BY_NAME[path.name](path)
        elif path.suffix == ".tsv":
            found += [
                problem
                for problem in lexicon_lint.lint(path.parent, Units.load())
                if Path(problem.file) == path
            ]
        else:
            trees.append(path)
    if trees:
        found += dialog_lint.lint_trees(trees, dialog_lint.end_codes())
    return sorted(set(found))


def _lint_replies(
    path: Path, lexicon: Path = tables.PACKAGED, notices: Path = texts.PACKAGED
) -> list[Problem]:
    """Against the office's own classes and notices; what is wrong with those is said at their own lines."""
    known, _ = tables.read(lexicon)
    facts = dict.fromkeys(OFFICE_FACTS, "某")
    said = Texts.load(facts, texts.PACKAGED if dialog_lint.lint_texts(notices) else notices)
    classes, natures = [one.code for one in known.objects], [one.code for one in known.natures]
    return reply_file.lint(path, said, classes, natures)


_BY_NAME: dict[str, Callable[[Path], list[Problem]]] = {
    "units.tsv": lambda path: units.lint(path, lexicon_lint.categories(OfficePaths.of(path.parent).lexicon)),
    "calendar.tsv": workdays.lint,
    "roster.tsv": roster.lint,
    "zh.yaml": dialog_lint.lint_texts,
    "answers.yaml": answers_file.lint,
    "replies.yaml": _lint_replies,
}
