"""Two pictures of how well texts are understood, as SVG without any library."""

from __future__ import annotations

from collections.abc import Sequence

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 640, 400, 64, 44, 24, 52
_INK, _FAINT, _LINE, _OTHER = "#222", "#ccc", "#1f5fa8", "#b0442e"

Point = tuple[float, float]


def learning_curve(title: str, points: Sequence[tuple[int, float]], rules: float) -> str:
    """Accuracy by the number of labels; the dashed line is what the rules give without any."""
    sizes = [size for size, _ in points]
    places = [(at / max(1, len(points) - 1), value) for at, (_, value) in enumerate(points)]
    marks = [(at / max(1, len(points) - 1), str(size)) for at, size in enumerate(sizes)]
    body = _dashes((0, rules), (1, rules)) + _line(places)
    return _chart(title, "标注条数", "正确率", marks, body)


def reliability(title: str, bins: Sequence[tuple[float, float, float]]) -> str:
    """What share was right of those said to be so sure; on the diagonal a shown 90 % is 90 %."""
    marks = [(at / 5, f"{at * 20}%") for at in range(6)]
    body = _dashes((0, 0), (1, 1)) + _line([(said, right) for said, right, _ in bins])
    return _chart(title, "显示的把握", "其中正确的", marks, body)


def _x(part: float) -> float:
    return round(_LEFT + part * (_WIDTH - _LEFT - _RIGHT), 1)


def _y(part: float) -> float:
    return round(_HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM), 1)


def _line(points: Sequence[Point]) -> str:
    path = " ".join(f"{_x(x)},{_y(y)}" for x, y in points)
    dots = "".join(
        f'<circle cx="{_x(x)}" cy="{_y(y)}" r="4" fill="{_LINE}"><title>{y:.3f}</title></circle>'
        for x, y in points
    )
    return f'<polyline points="{path}" fill="none" stroke="{_LINE}" stroke-width="2"/>{dots}'


def _dashes(start: Point, end: Point) -> str:
    (x1, y1), (x2, y2) = start, end
    return f'<line x1="{_x(x1)}" y1="{_y(y1)}" x2="{_x(x2)}" y2="{_y(y2)}" stroke="{_OTHER}" stroke-dasharray="6 5"/>'


def _chart(title: str, below: str, beside: str, marks: Sequence[tuple[float, str]], body: str) -> str:
    grid = "".join(
        f'<line x1="{_LEFT}" y1="{_y(at / 5)}" x2="{_WIDTH - _RIGHT}" y2="{_y(at / 5)}" stroke="{_FAINT}"/>'
        f'<text x="{_LEFT - 8}" y="{_y(at / 5) + 4}" text-anchor="end">{at * 20}%</text>'
        for at in range(6)
    )
    labels = "".join(
        f'<text x="{_x(part)}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{label}</text>'
        for part, label in marks
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13" fill="{_INK}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="{_LEFT}" y="26" font-size="16">{title}</text>{grid}{labels}'
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 12}" text-anchor="middle">{below}</text>'
        f'<text x="14" y="{_TOP - 12}">{beside}</text>{body}</svg>\n'
    )
