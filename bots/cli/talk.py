"""tousu talk: play a tree in the terminal, and keep the talk as a test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bots.cli.app import Config, app
from casestore.errors import StoreError
from casestore.workdays import CHINA


@app.command()
def talk(
    tree: Annotated[str, typer.Argument(help="树的名称，例如 complaint")] = "entry",
    record: Annotated[Path | None, typer.Option(help="把对话写成 *.talk 测试")] = None,
    config: Config = None,
) -> None:
    """在终端里走一遍提问树: 像市民一样回答，(照片) 表示发照片，Ctrl-D 结束。"""
    from bots.office import Office  # noqa: PLC0415
    from bots.rehearsal import Rehearsal  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415

    if record is not None:
        _ensure_writable(record)
    office = Office.load(load(config))
    if tree not in office.trees:
        raise typer.BadParameter(f"没有「{tree}」这棵树，可以写: {', '.join(office.trees)}")
    rehearsal = Rehearsal(office.trees, office.texts, datetime.now(CHINA).date(), office.answers)
    typer.echo(rehearsal.begin(tree, from_the_door=record is not None))
    while not rehearsal.is_over:
        try:
            text = input("> ")
        except (EOFError, KeyboardInterrupt):
            break
        typer.echo(rehearsal.hear(text))
    if record is not None:
        title = f"# {office.trees[tree].title}: 在终端里录下的对话"
        record.write_text("\n".join([title, *rehearsal.kept]) + "\n", encoding="utf-8")
        typer.echo(f"已写入 {record}")


def _ensure_writable(record: Path) -> None:
    """Before he has answered a dozen questions for nothing."""
    if not record.parent.is_dir():
        raise StoreError(f"不能写入 {record}: 没有文件夹「{record.parent}」，请先建立")
    if record.is_dir():
        raise StoreError(f"不能写入 {record}: 这是一个文件夹，请写文件名，例如 {record / 'own.talk'}")
