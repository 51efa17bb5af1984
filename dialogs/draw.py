"""Pictures of a tree: Mermaid text, and an SVG of its own that needs no other program."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from dialogs.tree import END, END_MARK, TREE_MARK, AnswerType, Question, Tree

_WIDE, _HIGH, _GAP_X, _GAP_Y, _MARGIN = 220, 56, 40, 44, 24
_SHOWN = 15


def mermaid(tree: Tree) -> str:
    """A flowchart for a README or any Mermaid viewer."""
    lines = ["flowchart TD", f'  start(["{_quoted(tree.title)}"]) --> {tree.first}']
    for question in tree.questions.values():
        shape = ("{{", "}}") if question.options else (("[[", "]]") if _is_summary(question) else ("[", "]"))
        lines.append(f'  {question.name}{shape[0]}"{_quoted(_title(question))}"{shape[1]}')
        for label, target in _edges(question):
            words = f'|"{_quoted(label)}"|' if label else ""
            lines.append(f"  {question.name} -->{words} {_place(target)}")
    ends = {target for question in tree.questions.values() for _, target in _edges(question)} - set(
        tree.questions
    )
    lines += [f'  {_place(target)}(["{_quoted(_end_title(target))}"])' for target in sorted(ends)]
    return "\n".join(lines) + "\n"


def svg(tree: Tree) -> str:
    """Boxes in layers by their distance from the first question, arrows between them."""
    layers = _layers(tree)
    where = {
        name: (_MARGIN + column * (_WIDE + _GAP_X), _MARGIN + row * (_HIGH + _GAP_Y))
        for row, layer in enumerate(layers)
        for column, name in enumerate(layer)
    }
    wide = 2 * _MARGIN + max(len(layer) for layer in layers) * (_WIDE + _GAP_X) - _GAP_X
    high = 2 * _MARGIN + len(layers) * (_HIGH + _GAP_Y) - _GAP_Y
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'font-family="sans-serif" font-size="13" role="img" aria-label="{escape(tree.title)}">',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#5b6b7b"/></marker></defs>',
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
    ]
    for question in tree.questions.values():
        if question.name in where:
            parts += [
                _arrow(where[question.name], where[target], label) for label, target in _edges(question)
            ]
    parts += [_box(tree, name, place) for name, place in where.items()]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _layers(tree: Tree) -> list[list[str]]:
    """Every name one layer below the last question that leads to it, ends included."""
    depth: dict[str, int] = {}

    def visit(name: str, level: int, above: frozenset[str]) -> None:
        if name in above or depth.get(name, -1) >= level:
            return
        depth[name] = level
        if name in tree.questions:
            for _, target in _edges(tree[name]):
                visit(target, level + 1, above | {name})

    visit(tree.first, 0, frozenset())
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name, level in depth.items():
        layers[level].append(name)
    return layers


def _edges(question: Question) -> Iterator[tuple[str, str]]:
    """(label, target): one edge for each target, its labels together."""
    labels = {option.value: option.label for option in question.options}
    if question.branches:
        grouped: dict[str, list[str]] = {}
        for value, target in question.branches.items():
            grouped.setdefault(target, []).append(labels.get(value, value))
        yield from (("、".join(names), target) for target, names in grouped.items())
    elif question.next:
        yield "", question.next


def _box(tree: Tree, name: str, place: tuple[int, int]) -> str:
    x, y = place
    question = tree.questions.get(name)
    title = _title(question) if question else _end_title(name)
    below = f"{name} · {question.answer}" if question else ""
    if question and question.law:
        below += f" · {question.law}"
    fill, round_by = ("#eef4fb", 6) if question else ("#eef7ee", _HIGH // 2)
    return (
        f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="{round_by}" fill="{fill}" stroke="#5b6b7b"/>'
        f'<text x="{x + _WIDE / 2}" y="{y + (24 if below else 33)}" text-anchor="middle">{escape(title)}</text>'
        f'<text x="{x + _WIDE / 2}" y="{y + 43}" text-anchor="middle" font-size="10" fill="#4a5866">'
        f"{escape(below)}</text>"
    )


def _arrow(start: tuple[int, int], end: tuple[int, int], label: str) -> str:
    x1, y1 = start[0] + _WIDE / 2, float(start[1] + _HIGH)
    x2, y2 = end[0] + _WIDE / 2, float(end[1])
    if y2 <= y1:  # back up: round the right-hand side
        x1, y1, x2, y2 = start[0] + _WIDE, start[1] + _HIGH / 2, end[0] + _WIDE, end[1] + _HIGH / 2
        path = f"M{x1} {y1} C{x1 + 60} {y1} {x2 + 60} {y2} {x2} {y2}"
    else:
        path = f"M{x1} {y1} C{x1} {y1 + _GAP_Y / 2} {x2} {y2 - _GAP_Y / 2} {x2} {y2}"
    words = (
        f'<text x="{(x1 + x2) / 2 + 6}" y="{(y1 + y2) / 2}" font-size="11" fill="#4a5866">{escape(label)}</text>'
        if label
        else ""
    )
    return f'<path d="{path}" fill="none" stroke="#5b6b7b" marker-end="url(#a)"/>{words}'


def _title(question: Question) -> str:
    text = question.line or question.ask.splitlines()[0]
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _end_title(target: str) -> str:
    if target.startswith(TREE_MARK):
        return f"→ {target.removeprefix(TREE_MARK)}"
    return "提交" if target == END else f"结束: {target.removeprefix(END_MARK)}"


def _place(target: str) -> str:
    return target.replace(" ", "_") if target != END else "end_"


def _is_summary(question: Question) -> bool:
    return question.answer is AnswerType.SUMMARY


def _quoted(text: str) -> str:
    """Inside Mermaid's quotation marks, where a sign that HTML knows is written with # instead of &."""
    return escape(text, quote=False).replace("&", "#").replace('"', "#quot;")
