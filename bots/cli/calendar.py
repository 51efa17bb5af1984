"""tousu calendar: the office's working days."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bots.cli.app import AsJson, Config, app, print_json
from casestore.errors import StoreError

calendar = typer.Typer(help="工作日表: 放假通知公布后导入。", no_args_is_help=True)
app.add_typer(calendar, name="calendar")


@calendar.command(name="import")
def import_days(
    file: Annotated[
        Path, typer.Argument(help="每行: 2027-02-06<制表符>休，2027-02-14<制表符>班，或 定<制表符>2027")
    ],
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """把放假、调休的日子写进本局的工作日表，并重新计算所有未办结件的时限。"""
    from bots import calendar_file  # noqa: PLC0415
    from bots.control import change  # noqa: PLC0415
    from bots.office import OfficePaths  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415

    settings = load(config)
    if settings.office_dir is None:
        raise StoreError("请先在 tousu.toml 的 [office] 里用 dir 写明本局自己的文件夹，工作日表存在那里")
    own = settings.office_dir / "calendar.tsv"
    merged = calendar_file.merge(OfficePaths.of(settings.office_dir).calendar, file)
    calendar_file.write(own, merged.text)
    done = change(settings, "calendar.changed", file=str(own.resolve()))
    if as_json:
        print_json({"days": merged.days, "years": merged.years, **done})
        return
    years = f"，{merged.years} 年已定" if merged.years else ""
    typer.echo(f"已写入 {own}: {merged.days} 天{years}。{done['moved']} 件的时限已重新计算。")
