"""Where the source asks for texts: read from its syntax, so that no text is missing and none is idle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("bots", "admin", "dialogs", "casestore", "classifier")


@dataclass(frozen=True)
class Call:
    """A text asked for by its code. `facts` is None where they are handed on as a whole (**facts)."""

    where: str
    code: str
    facts: frozenset[str] | None


@dataclass
class Uses:
    """All the texts that the source speaks of."""

    calls: list[Call] = field(default_factory=list)
    #: Every constant text of the source, and each part of one that is dotted.
    words: set[str] = field(default_factory=set)
    #: Codes made of parts: staff.{code}_title as a pattern.
    patterns: set[str] = field(default_factory=set)
    #: Groups that are looked up by name(group, code).
    groups: set[str] = field(default_factory=set)


@cache
def sources() -> tuple[tuple[str, ast.Module], ...]:
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    paths = [path for path in paths if "sandbox" not in path.parts]  # the phones say what people say
    return tuple((str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def raised(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Every place where an error of this name is made."""
    yield from _made().get(name, ())


@cache
def _made() -> dict[str, list[tuple[str, ast.Call]]]:
    """Every call of a plain name, by the name."""
    found: dict[str, list[tuple[str, ast.Call]]] = {}
    for file, module in sources():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found.setdefault(node.func.id, []).append((f"{file}:{node.lineno}", node))
    return found


def facts_of(call: ast.Call) -> frozenset[str] | None:
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return frozenset(str(keyword.arg) for keyword in call.keywords)


@cache
def uses() -> Uses:
    found = Uses()
    for file, module in sources():
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.words.add(node.value)
            elif isinstance(node, ast.JoinedStr) and (pattern := _pattern(node)):
                found.patterns.add(pattern)
            elif isinstance(node, ast.Call):
                _called(node, file, found)
    return found


def _called(node: ast.Call, file: str, found: Uses) -> None:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    first = node.args[0] if node.args else None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return
    if name in ("say", "_say"):
        found.calls.append(Call(f"{file}:{node.lineno}", first.value, facts_of(node)))
    elif name in ("name", "_name") and len(node.args) == 2:
        found.groups.add(first.value)


def _pattern(node: ast.JoinedStr) -> str:
    """The regular expression of a made-up code that begins with a group: "" for any other text."""
    parts = [
        re.escape(part.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        else "([a-z0-9_-]+)"
        for part in node.values
    ]
    whole = "".join(parts)
    return whole if re.match(r"[a-z_]+\\\.", whole) and re.fullmatch(r"[a-z0-9_\\.()\[\]+-]+", whole) else ""
