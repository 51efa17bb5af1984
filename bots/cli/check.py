"""tousu check: every mistake in the files people edit, with its line and what to write instead."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bots.cli.app import AsJson, Config, app, print_json


@app.command()
def check(
    path: Annotated[
        list[Path] | None, typer.Argument(help="文件或文件夹；不写则检查平台正在使用的全部文件")
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """检查提问树、文字、词表、单位和日历，逐行说明错在哪里、怎样改。"""
    from bots.linting import lint_office, lint_paths  # noqa: PLC0415
    from bots.office import OfficePaths  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415

    problems = lint_paths(path) if path else lint_office(OfficePaths.of(load(config).office_dir))
    if as_json:
        print_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            typer.echo(str(problem))
        typer.echo(f"发现 {len(problems)} 处问题。" if problems else "没有发现问题。")
    raise typer.Exit(1 if problems else 0)
