"""tousu talk: play a tree in the terminal, and keep the talk as a test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bots.cli.app import Config, app
from casestore.workdays import CHINA
from dialogs.turn import Say


@app.command()
def talk(
    tree: Annotated[str, typer.Argument(help="树的名称，例如 complaint")] = "entry",
    record: Annotated[Path | None, typer.Option(help="把对话写成 *.talk 测试")] = None,
    config: Config = None,
) -> None:
    """在终端里走一遍提问树: 像市民一样回答，(照片) 表示发照片，Ctrl-D 结束。"""
    from bots.office import Office  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415
    from casestore.model import EvidenceId  # noqa: PLC0415
    from dialogs.engine import Engine  # noqa: PLC0415
    from dialogs.progress import Item  # noqa: PLC0415
    from dialogs.turn import Context, Filed, Said  # noqa: PLC0415
    from dialogs.words import Word, spoken  # noqa: PLC0415

    office = Office.load(load(config))
    if tree not in office.trees:
        raise typer.BadParameter(f"没有「{tree}」这棵树，可以写: {', '.join(office.trees)}")
    engine = Engine(office.trees, office.texts)
    context = Context(today=datetime.now(CHINA).date())
    kept = [f"# {office.trees[tree].title}: 在终端里录下的对话"]
    turn = engine.start(context, tree)
    while True:
        for say in turn.says:
            typer.echo(_shown(say))
            kept.append(f"< {_first_line(say)}")
        for effect in turn.effects:
            if isinstance(effect, Filed):
                typer.echo(f"（到这里提交: {effect.what}）")
        progress = turn.progress
        if progress is None:
            break
        try:
            text = input("> ")
        except EOFError:
            break
        kept.append(f"> {text}")
        word = spoken(text)
        if text.strip() in ("(照片)", "（照片）"):
            said = Said(evidence=(Item(EvidenceId(len(kept)), "照片"),))
        else:
            said = Said(text=text, word=word)
        if word is Word.HELP:
            turn = engine.again(progress, context, engine.help(progress))
        else:
            turn = engine.walk(progress, said, context)
    if record is not None:
        record.write_text("\n".join(kept) + "\n", encoding="utf-8")
        typer.echo(f"已写入 {record}")


def _shown(say: Say) -> str:
    options = "\n".join(f"  {number}. {option.label}" for number, option in enumerate(say.options, 1))
    return f"\n{say.text}" + (f"\n{options}" if options else "")


def _first_line(say: Say) -> str:
    """What a later play must see: the beginning, without the place (3/13)."""
    return say.text.splitlines()[0].partition(") ")[2] or say.text.splitlines()[0]
