"""检查: every file that people edit, whichever of them a path names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bots.office import OfficePaths
from casestore import roster, units, workdays
from casestore.problems import Problem
from casestore.units import Units
from classifier import lint as lexicon_lint
from dialogs import answers_file
from dialogs import lint as dialog_lint

_LEXICON = "objects.tsv"


def lint_office(paths: OfficePaths) -> list[Problem]:
    """All that the desk would use."""
    found = [
        *units.lint(paths.units, lexicon_lint.categories(paths.lexicon)),
        *workdays.lint(paths.calendar),
        *roster.lint(paths.roster),
        *dialog_lint.lint_texts(paths.texts),
        *answers_file.lint(paths.answers),
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
        elif path.name == "units.tsv":
            found += units.lint(path, lexicon_lint.categories(OfficePaths.of(path.parent).lexicon))
        elif path.name == "calendar.tsv":
            found += workdays.lint(path)
        elif path.name == "roster.tsv":
            found += roster.lint(path)
        elif path.suffix == ".tsv":
            found += [
                problem
                for problem in lexicon_lint.lint(path.parent, Units.load())
                if Path(problem.file) == path
            ]
        elif path.name == "zh.yaml":
            found += dialog_lint.lint_texts(path)
        elif path.name == "answers.yaml":
            found += answers_file.lint(path)
        else:
            trees.append(path)
    if trees:
        found += dialog_lint.lint_trees(trees, dialog_lint.end_codes())
    return sorted(set(found))
