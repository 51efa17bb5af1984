"""tousu case: the desk from the shell."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bots.cli.app import AsJson, Config, app, print_json
from casestore.errors import CaseUnknown
from casestore.model import Case, CaseNumber
from casestore.numbers import read_case_number
from casestore.reading import names
from casestore.store import Tx
from casestore.tables import cases, clocks, events, evidence
from casestore.workdays import CHINA

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
        due = f"{one.due_at.astimezone(CHINA):%m-%d %H:%M}" if one.due_at else ""
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
    from bots.cli.store import read_store  # noqa: PLC0415

    wanted = _number(number)
    with read_store(config) as read:
        shown = read(lambda tx: _shown(tx, wanted))
    if full:
        from bots.control import change  # noqa: PLC0415
        from bots.settings import load  # noqa: PLC0415

        shown["particulars"] = change(load(config), "case.reveal", number=wanted, login=getpass.getuser())
    if as_json:
        print_json(shown)
        return
    for group, values in shown.items():
        typer.echo(f"── {group}")
        for row in values if isinstance(values, list) else [values]:
            typer.echo(
                "   " + "  ".join(f"{name}={value}" for name, value in row.items() if value not in (None, ""))
            )


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


def _shown(tx: Tx, number: CaseNumber) -> dict[str, Any]:
    found = cases.by_number(tx, number)
    told = cases.particulars(tx, found.id)
    masked = {
        "name": names.mask_name(told.name),
        "phone": names.mask_phone(told.phone),
        "merchant": told.merchant,
    }
    return {
        "case": {**asdict(found), "suggestion": None},
        "particulars": masked,
        "events": [
            {"at": event.at, "kind": event.kind, "actor": event.actor, **event.facts}
            for event in events.of_case(tx, found.id)
        ],
        "clocks": [
            {
                "limit": clock.limit.code,
                "due": clock.due_at,
                "ended": clock.ended_at,
                "late": (clock.ended_at or datetime.now(UTC)) > clock.due_at,
                "provisional": clock.provisional,
            }
            for clock in clocks.of_case(tx, found.id)
        ],
        "evidence": [
            {"kind": item.kind, "state": item.state, "sha256": item.sha256, "size": item.size}
            for item in evidence.of_case(tx, found.id)
        ],
    }


def _faults(tx: Tx, number: CaseNumber | None) -> dict[str, list[str]]:
    wanted = cases.all_numbers(tx) if number is None else [(cases.by_number(tx, number).id, number)]
    return {case_number: events.verify(tx, case_id) for case_id, case_number in wanted}
