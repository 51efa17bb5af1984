"""The life of a case as a picture: every step between states that a case of its kind can reach, and what must
hold for it. Drawn from the table itself: Mermaid text, and an SVG of its own that needs no other program.

In the SVG each kind has its column of states. A step on to the next state is a straight arrow, one that skips
states an arc on the left, one that leads back an arc on the right; the numbers name the steps listed below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from casestore.codes import Kind, Status
from casestore.lifecycle import DONE, FINAL, TABLE, Row
from dialogs.texts import Texts

_WIDE, _HIGH, _GAP, _MARGIN, _COLUMN = 190, 38, 36, 28, 470
_TOP, _LINE = 135, 19
#: From the top down, the way a case usually goes; what stands not here follows.
_ORDER = (
    Status.REGISTERED, Status.SUPPLEMENTING, Status.ACCEPTED, Status.DISPATCHED, Status.TAKEN_OVER, Status.MEDIATING,
    Status.MEDIATION_ENDED, Status.FILED, Status.CLOSED, Status.DECLINED, Status.WITHDRAWN, Status.ARCHIVED,
)  # fmt: skip


@dataclass(frozen=True)
class Arrow:
    """A row of the table for one kind. `sources`: from where a case of this kind can take it."""

    number: int
    row: Row
    sources: tuple[Status, ...]
    #: From every state in which work is left: said in words, not drawn.
    at_any_time: bool


def arrows(kind: Kind) -> list[Arrow]:
    """The steps of a kind in the table's order."""
    reached = states(kind)
    open_ = {status for status in reached if status not in DONE}
    rows = [row for row in TABLE if kind in row.kinds and row.sources & set(reached)]
    found = []
    for number, row in enumerate(rows, 1):
        sources = tuple(status for status in reached if status in row.sources)
        found.append(Arrow(number, row, sources, len(open_) > 1 and open_ <= row.sources))
    return found


def states(kind: Kind) -> list[Status]:
    """Those that a case of this kind can reach, from the top down."""
    reached, before = {Status.REGISTERED}, set[Status]()
    while reached != before:
        before = set(reached)
        reached |= {row.target for row in TABLE if kind in row.kinds and row.sources & before}
    return sorted(reached, key=(*_ORDER, *Status).index)


def conditions(texts: Texts, row: Row) -> list[str]:
    """What must hold for a step, in the office's words with the articles."""
    only = [row.only] if row.only is not None else []
    return [texts.name("guard", guard.__name__) for guard in (*only, *row.guards)]


# ── Mermaid ──


def mermaid(texts: Texts) -> str:
    lines = ["stateDiagram-v2", "  [*] --> registered"]
    lines += [f"  {status}: {texts.name('status', status)}" for status in Status]
    reached = {kind: set(states(kind)) for kind in Kind}
    for row in TABLE:
        step, must = texts.name("step", row.step), "；".join(conditions(texts, row))
        for source in (status for status in Status if status in row.sources):
            kinds = "、".join(
                texts.name("kind", kind) for kind in Kind if kind in row.kinds and source in reached[kind]
            )
            if kinds:
                lines.append(f"  {source} --> {row.target}: {step}（{kinds}）{f'须{must}' if must else ''}")
    lines += [f"  {status} --> [*]" for status in sorted(FINAL)]
    return "\n".join(lines) + "\n"


# ── SVG ──


def svg(texts: Texts) -> str:
    columns = [_Column(texts, kind, _MARGIN + place * _COLUMN) for place, kind in enumerate(Kind)]
    drawn = [list(column.draw()) for column in columns]
    wide, high = 2 * _MARGIN + len(columns) * _COLUMN, max(column.bottom for column in columns) + _MARGIN
    title = texts.say("lifecycle.title")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
            f'font-family="sans-serif" font-size="13" role="img" aria-label="{escape(title)}">',
            '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
            'orient="auto"><path d="M0 0L8 4L0 8z" fill="#5b6b7b"/></marker></defs>',
            f'<rect width="{wide}" height="{high}" fill="#fff"/>',
            _text(_MARGIN, 44, title, size=22, weight="bold"),
            _text(_MARGIN, 70, texts.say("lifecycle.how_to_read"), fill="#4a5866"),
            *(line for lines in drawn for line in lines),
            "</svg>\n",
        ]
    )


class _Column:
    """One kind: its states, the arrows between them, and below them the list of its steps."""

    def __init__(self, texts: Texts, kind: Kind, left: int) -> None:
        self._texts, self._kind, self._left = texts, kind, left
        self._states, self._arrows = states(kind), arrows(kind)
        self._middle = left + _COLUMN // 2 - 30
        self.bottom = _TOP + len(self._states) * (_HIGH + _GAP)

    def draw(self) -> Iterator[str]:
        yield _text(self._left, 112, self._texts.name("kind", self._kind), size=18, weight="bold")
        ways: dict[tuple[Status, Status], list[int]] = {}
        for arrow in (arrow for arrow in self._arrows if not arrow.at_any_time):
            for source in arrow.sources:
                ways.setdefault((source, arrow.row.target), []).append(arrow.number)
        for (source, target), numbers in ways.items():
            yield from self._way(source, target, numbers)
        yield from (self._box(status) for status in self._states)
        for arrow in self._arrows:
            yield from self._listed(arrow)

    def _y(self, status: Status) -> int:
        return _TOP + self._states.index(status) * (_HIGH + _GAP)

    def _way(self, source: Status, target: Status, numbers: list[int]) -> Iterator[str]:
        span = self._states.index(target) - self._states.index(source)
        if span == 1:
            y1, y2 = self._y(source) + _HIGH, self._y(target)
            path, x, y = f"M{self._middle} {y1} L{self._middle} {y2}", self._middle, (y1 + y2) // 2
        else:
            side = -1 if span > 1 else 1
            edge, far = self._middle + side * _WIDE // 2, side * (26 + 13 * abs(span))
            y1, y2 = self._y(source) + _HIGH // 2 + 7, self._y(target) + _HIGH // 2 - (7 if span > 0 else -3)
            path = f"M{edge} {y1} C{edge + far} {y1} {edge + far} {y2} {edge} {y2}"
            x, y = edge + far * 3 // 4, (y1 + y2) // 2
        yield f'<path d="{path}" fill="none" stroke="#5b6b7b" marker-end="url(#a)"/>'
        said = "、".join(map(str, numbers))
        half = 4 + 4 * len(said)
        yield (
            f'<rect x="{x - half}" y="{y - 9}" width="{2 * half}" height="18" rx="9" fill="#fff" stroke="#5b6b7b"/>'
        )
        yield _text(x, y + 4, said, size=11, anchor="middle")

    def _box(self, status: Status) -> str:
        x, y = self._middle - _WIDE // 2, self._y(status)
        fill = "#eef7ee" if status in DONE else "#eef4fb"
        return (
            f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="6" fill="{fill}" stroke="#5b6b7b"/>'
            + _text(self._middle, y + 24, self._texts.name("status", status), anchor="middle")
        )

    def _listed(self, arrow: Arrow) -> Iterator[str]:
        name = self._texts.name
        when = self._texts.say("lifecycle.at_any_time") if arrow.at_any_time else ""
        step = f"{arrow.number}. {name('step', arrow.row.step)} → {name('status', arrow.row.target)}{when}"
        self.bottom += _LINE + 5
        yield _text(self._left, self.bottom, step)
        for must in conditions(self._texts, arrow.row):
            self.bottom += _LINE
            yield _text(self._left + 22, self.bottom, f"· {must}", size=12, fill="#4a5866")


def _text(
    x: int, y: int, said: str, *, size: int = 13, fill: str = "#1f2a36", weight: str = "normal", anchor: str = "start"
) -> str:  # fmt: skip
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(said)}</text>'
    )
