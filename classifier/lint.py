"""What is wrong in the word tables, for the clerk who edits them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from casestore.codes import Kind
from casestore.problems import Problem
from casestore.units import Units
from classifier import dispatch, tables
from classifier.tables import INSIDE, DispatchRow, Entry, Lexicon, Outside, Sign

#: The line a fault stands on, what to tell the clerk, and the stable code of the fault.
_Fault = tuple[int, str, str]
#: Tables whose codes a table names: where one of them cannot be read, every code would look unknown.
_LOOKS_AT = {"dispatch.tsv": ("objects.tsv", "natures.tsv")}


def lint(folder: Path, units: Units) -> list[Problem]:
    """Every mistake of every table, by file and line."""
    read, problems = tables.read(folder)
    faults: dict[str, Iterator[_Fault]] = {
        "objects.tsv": _classes(read.objects, units, [row.unit for row in read.objects]),
        "natures.tsv": _classes(read.natures, units, [row.unit for row in read.natures]),
        "kinds.tsv": _entries(read.kinds),
        "outscope.tsv": _outside(read.outside),
        "urgency.tsv": _signs(read.signs),
        "dispatch.tsv": _dispatch(read, units),
    }
    unreadable = {Path(problem.file).name for problem in problems if problem.code.startswith("table-")}
    problems += [
        Problem(str(folder / name), line, message, code)
        for name, found in faults.items()
        if not unreadable & {name, *_LOOKS_AT.get(name, ())}
        for line, message, code in found
    ]
    return sorted(problems)


def categories(folder: Path) -> frozenset[str]:
    """The codes of objects and natures, as the units table may name them."""
    read, _ = tables.read(folder)
    return frozenset(row.code for row in (*read.objects, *read.natures))


def _entries(rows: Sequence[Entry]) -> Iterator[_Fault]:
    first: dict[str, int] = {}
    for row in rows:
        if not row.code:
            yield row.line, "代码没有填写", "code-empty"
        elif row.code in first:
            yield row.line, f"代码「{row.code}」与第 {first[row.code]} 行重复", "code-duplicate"
        first.setdefault(row.code, row.line)
        if not row.name:
            yield row.line, f"「{row.code}」的名称没有填写", "name-empty"
        yield from _words(row)


def _words(row: Entry) -> Iterator[_Fault]:
    seen: set[tuple[str, ...]] = set()
    for word in row.words:
        if word.parts in seen:
            yield (
                row.line,
                f"「{row.code} {row.name}」里「{word.text}」写了两次，请删去一个",
                "word-duplicate",
            )
        seen.add(word.parts)


def _classes(rows: Sequence[Entry], units: Units, own: Sequence[str]) -> Iterator[_Fault]:
    yield from _entries(rows)
    for row, unit in zip(rows, own, strict=True):
        if unit and unit not in units:
            yield row.line, _unknown_unit(unit), "unit-unknown"


def _outside(rows: Sequence[Outside]) -> Iterator[_Fault]:
    yield from _entries(rows)
    for row in rows:
        if row.code != INSIDE and not (row.department and row.hotline):
            yield row.line, f"「{row.code}」要写明主管部门和电话，群众才知道找谁", "department-empty"
    if INSIDE not in {row.code for row in rows}:
        yield 1, f"缺少 {INSIDE} 这一行: 它的词(价格、广告、计量……)把事情留在本局", "inside-missing"


def _signs(rows: Sequence[Sign]) -> Iterator[_Fault]:
    yield from _entries(rows)
    for row in rows:
        if not row.words and row.people is None and row.yuan is None:
            yield row.line, f"「{row.code}」没有词，也没有 人数>= 或 金额>=，永远不会出现", "sign-empty"


def _dispatch(lexicon: Lexicon, units: Units) -> Iterator[_Fault]:
    objects = [row.code for row in lexicon.objects]
    natures = [row.code for row in lexicon.natures]
    for at, row in enumerate(lexicon.dispatch):
        if row.kind not in (dispatch.ANY, *Kind):
            allowed = f"{' / '.join(Kind)} 或 {dispatch.ANY}"
            yield row.line, f"kind 应为 {allowed}，现在是「{row.kind}」", "dispatch-kind"
        for column, code, known in (("object", row.object, objects), ("nature", row.nature, natures)):
            if not _names_some(code, known):
                message = f"{column} 列的「{code}」不是任何一类的代码；不限请写 {dispatch.ANY}"
                yield row.line, message, f"dispatch-{column}"
        if row.place not in dispatch.PLACES:
            message = f"place 应为 {' / '.join(dispatch.PLACES)} 之一，现在是「{row.place}」"
            yield row.line, message, "dispatch-place"
        yield from _target(row, units)
        if earlier := next((e for e in lexicon.dispatch[:at] if dispatch.covers(e, row)), None):
            message = f"永远轮不到这一行: 第 {earlier.line} 行已经包括了它，请把这一行移到前面或删去"
            yield row.line, message, "dispatch-covered"
    if not any(dispatch.fits_all(row) for row in lexicon.dispatch[-1:]):
        line = lexicon.dispatch[-1].line if lexicon.dispatch else 1
        yield line, "最后一行应为四个 * 加一个单位，接住其余的全部来件", "dispatch-last"


def _target(row: DispatchRow, units: Units) -> Iterator[_Fault]:
    place = dispatch.BY_PLACE.get(row.unit, row.place)
    if row.place != place:
        message = f"{row.unit} 只能用在 place 是 {place} 的行: 不知道地点就没有这样的单位"
        yield row.line, message, "dispatch-station"
    elif row.unit == dispatch.PREMISES_STATION and row.kind != Kind.COMPLAINT:
        message = f"{row.unit} 只能用在 kind 是 {Kind.COMPLAINT} 的行: 服务站只和解投诉"
        yield row.line, message, "dispatch-station"
    elif row.unit not in dispatch.NAMED_BY_MATTER and row.unit not in units:
        yield row.line, _unknown_unit(row.unit), "unit-unknown"


def _names_some(code: str, known: Sequence[str]) -> bool:
    return code == dispatch.ANY or (bool(code) and any(other.startswith(code) for other in known))


def _unknown_unit(unit: str) -> str:
    return f"单位「{unit}」不在承办单位表里，请改成表里的代码，或先在单位表里加上它"
