"""tousu case: the desk from the shell."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bots.cli.app import AsJson, Config, app, print_json
from casestore import first_touch, messages
from casestore.errors import CaseUnknown
from casestore.model import Case, CaseNumber, Particulars
from casestore.numbers import read_case_number
from casestore.store import Tx
from casestore.tables import cases, events

if TYPE_CHECKING:
    from bots.cli.sheet import Sheet

case = typer.Typer(help="案件: 列出、查看、校验。", no_args_is_help=True)
app.add_typer(case, name="case")
audit = typer.Typer(help="审计链: 校验。", no_args_is_help=True)
app.add_typer(audit, name="audit")

Number = Annotated[str, typer.Argument(help="编号，例如 TS-20261123-0001")]


@case.command(name="list")
def list_cases(
    unit: Annotated[str, typer.Option(help="只看某个承办单位")] = "",
    most: Annotated[int, typer.Option(help="最多列出几件")] = 50,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """未办结的件，时限近的在前。"""
    from bots.cli.sheet import due_in_china  # noqa: PLC0415
    from bots.cli.store import read_store  # noqa: PLC0415
    from casestore.model import UnitCode  # noqa: PLC0415
    from dialogs.texts import Texts  # noqa: PLC0415

    texts = Texts.load({})
    with read_store(config) as read:
        found: list[Case] = read(lambda tx: cases.queue(tx, unit=UnitCode(unit) if unit else None, most=most))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        due = due_in_china(one.due_at) if one.due_at else ""
        typer.echo(
            f"{one.number}\t{texts.name('status', one.status)}\t{one.unit or ''}\t{due}\t{one.merchant}"
        )


@case.command()
def show(
    number: Number,
    full: Annotated[bool, typer.Option("--full", help="显示姓名、电话和全文(会记入审计)")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """一件的全部: 现状、经过、时限、证据。"""
    from bots.cli import sheet  # noqa: PLC0415
    from bots.cli.store import read_store  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415

    wanted, at = _number(number), datetime.now(UTC)
    with read_store(config) as read:
        found: sheet.Sheet = read(lambda tx: sheet.read(tx, wanted))
    told: dict[str, Any] | None = None
    if full:
        from bots.control import change  # noqa: PLC0415

        told = change(load(config), "case.reveal", number=wanted, login=getpass.getuser())
    if as_json:
        print_json(_raw(found, told, at))
        return
    from bots.office import OfficePaths  # noqa: PLC0415
    from casestore.units import Units  # noqa: PLC0415
    from dialogs.texts import Texts  # noqa: PLC0415

    units = Units.load(OfficePaths.of(load(config).office_dir).units)
    printer = sheet.Printer(Texts.load({}), units, at)
    for line in printer.lines(found, Particulars(**told) if told is not None else None):
        typer.echo(line)


@case.command()
def verify(
    number: Annotated[str, typer.Argument(help="编号；不写则校验全部")] = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """校验审计链: 记录是否完整、未被改动。"""
    from bots.cli.store import read_store  # noqa: PLC0415

    with read_store(config) as read:
        faults = read(lambda tx: _faults(tx, _number(number) if number else None))
    if as_json:
        print_json(faults)
    else:
        for case_number, found in faults.items():
            for fault in found:
                typer.echo(f"{case_number}: {fault}")
        typer.echo("审计链有问题。" if any(faults.values()) else f"{len(faults)} 件的审计链完整。")
    raise typer.Exit(1 if any(faults.values()) else 0)


@audit.command(name="verify")
def verify_all(as_json: AsJson = False, config: Config = None) -> None:
    """校验全部案件的审计链。"""
    verify("", as_json, config)


def _number(text: str) -> CaseNumber:
    number = read_case_number(text)
    if number is None:
        raise CaseUnknown()
    return number


def _raw(found: Sheet, told: dict[str, Any] | None, at: datetime) -> dict[str, Any]:
    """As it is kept, in codes and UTC, for programs."""
    masked, said = found.masked, messages.of_case(found.events)
    touch = first_touch.measure(found.events, found.case.first_officer)
    return {
        "case": {**asdict(found.case), "suggestion": None},
        "particulars": told
        if told is not None
        else {"name": masked.name, "phone": masked.phone, "merchant": masked.merchant},
        "first_touch": asdict(touch) | {"minutes": int(touch.lasted(at).total_seconds()) // 60}
        if touch is not None
        else None,
        "events": [
            {"at": event.at, "kind": event.kind, "actor": event.actor, **event.facts}
            | ({"words": event.words} if told is not None and event in said else {})
            for event in found.events
        ],
        "clocks": [
            {
                "limit": clock.limit.code,
                "due": clock.due_at,
                "ended": clock.ended_at,
                "late": (clock.ended_at or at) > clock.due_at,
                "provisional": clock.provisional,
            }
            for clock in found.clocks
        ],
        "evidence": [
            {"kind": item.kind, "state": item.state, "sha256": item.sha256, "size": item.size}
            for item in found.evidence
        ],
    }


def _faults(tx: Tx, number: CaseNumber | None) -> dict[str, list[str]]:
    wanted = cases.all_numbers(tx) if number is None else [(cases.by_number(tx, number).id, number)]
    return {case_number: events.verify(tx, case_id) for case_id, case_number in wanted}
