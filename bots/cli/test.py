"""tousu test: the tests of this checkout, in the environment that runs the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from bots.cli.app import app

ROOT = Path(__file__).parents[2]


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(
    context: typer.Context,
    only_install: Annotated[bool, typer.Option("--only-install", help="只安装测试所需的包")] = False,
) -> None:
    """安装测试所需的包，运行全部测试；其余参数交给 pytest。"""
    if not (ROOT / "tests").is_dir():
        typer.echo("这里不是源代码目录，没有测试可运行。请先克隆代码仓库。", err=True)
        raise typer.Exit(2)
    wanted = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["-c", "constraints.txt"] if (ROOT / "constraints.txt").exists() else []
    typer.echo("正在安装测试所需的包 …")
    if code := subprocess.call([*wanted, *constraints, "-e", ".[test]"], cwd=ROOT):  # noqa: S603
        raise typer.Exit(code)
    if only_install:
        return
    # All of them on every core; what is asked for by name runs as pytest runs it.
    args = context.args or ["-n", "auto", "--dist", "loadfile"]
    raise typer.Exit(subprocess.call([sys.executable, "-m", "pytest", *args], cwd=ROOT))  # noqa: S603
