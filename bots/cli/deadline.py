"""tousu deadline: when a limit ends, and why on that day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bots.cli.app import AsJson, Config, app, print_json
from casestore.limits import LIMITS, Due, Span, due
from casestore.workdays import CHINA, WorkingCalendar


@app.command()
def deadline(
    limit: Annotated[str, typer.Argument(help=f"时限代码: {', '.join(LIMITS)}")],
    date: Annotated[str, typer.Argument(help="起算的日期 2026-12-28，小时时限可写到分 2026-12-28T16:30")],
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """某个时限从某日起算，哪天到期，为什么。"""
    if limit not in LIMITS:
        raise typer.BadParameter(f"没有「{limit}」这个时限，可以写: {', '.join(LIMITS)}")
    try:
        start = datetime.fromisoformat(date)
    except ValueError:
        raise typer.BadParameter(f"看不懂日期「{date}」，请写成 2026-12-28") from None
    start = start if start.tzinfo else start.replace(tzinfo=CHINA)
    try:
        found = due(LIMITS[limit], start, _calendar(config))
    except OverflowError:
        raise typer.BadParameter(f"日期「{date}」太远，算不出来") from None
    if as_json:
        print_json(shown(found))
        return
    typer.echo(f"{found.limit.what}: {found.limit.length}，{found.limit.source}")
    typer.echo(
        f"从 {found.start.astimezone(CHINA):%Y-%m-%d %H:%M} 起算，{ends(found)} 到期{_provisional(found)}"
    )
    for number, day in enumerate(found.days, 1):
        mark = "计" if day.counts else "—"
        typer.echo(f"  {number:>3} {day.day} {'一二三四五六日'[day.day.weekday()]} {mark} {day.note}")


def shown(found: Due) -> dict[str, Any]:
    """As JSON. `due` is a date, for a limit in hours an RFC 3339 moment."""
    is_hours = found.limit.span is Span.HOURS
    start = found.start.astimezone(CHINA)
    return {
        "limit": found.limit.code,
        "from": start.isoformat() if is_hours else start.date().isoformat(),
        "due": ends(found),
        "provisional": found.provisional,
        "days": [{"date": day.day.isoformat(), "counts": day.counts, "note": day.note} for day in found.days],
        "source": found.limit.source,
    }


def ends(found: Due) -> str:
    if found.limit.span is Span.HOURS:
        return found.at.astimezone(CHINA).isoformat(timespec="seconds")
    return found.day.isoformat()


def _provisional(found: Due) -> str:
    return "（暂定: 有一年的放假安排尚未公布）" if found.provisional else ""


def _calendar(config: Path | None) -> WorkingCalendar:
    from bots.office import OfficePaths  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415

    return WorkingCalendar.load(OfficePaths.of(load(config).office_dir).calendar)
