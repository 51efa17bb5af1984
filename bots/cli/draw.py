"""tousu draw: a tree or the lifecycle as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.app import Config, app

if TYPE_CHECKING:
    from casestore.codes import Kind, Status

LIFECYCLE = "lifecycle"


@app.command()
def draw(
    tree: Annotated[str, typer.Argument(help="树的名称，例如 complaint；或 lifecycle")],
    svg: Annotated[Path | None, typer.Option(help="写成 SVG 文件；不写则打印 Mermaid")] = None,
    config: Config = None,
) -> None:
    """把提问树或案件流程画出来。"""
    from bots.office import OfficePaths  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415
    from dialogs import draw as drawing  # noqa: PLC0415
    from dialogs import tree_file  # noqa: PLC0415

    if tree == LIFECYCLE:
        if svg is not None:
            raise typer.BadParameter("流程图请用 Mermaid(不加 --svg)")
        typer.echo(_lifecycle())
        return
    trees = tree_file.load(OfficePaths.of(load(config).office_dir).trees)
    if tree not in trees:
        raise typer.BadParameter(f"没有「{tree}」这棵树，可以写: {', '.join([*trees, LIFECYCLE])}")
    if svg is None:
        typer.echo(drawing.mermaid(trees[tree]))
    else:
        svg.write_text(drawing.svg(trees[tree]), encoding="utf-8")
        typer.echo(f"已写入 {svg}")


def _lifecycle() -> str:
    """Every step between states that a case of its kind can reach."""
    from casestore import lifecycle  # noqa: PLC0415
    from casestore.codes import Kind, Status  # noqa: PLC0415
    from dialogs.texts import Texts  # noqa: PLC0415

    texts = Texts.load({})
    lines = ["stateDiagram-v2", "  [*] --> registered"]
    lines += [f"  {status}: {texts.name('status', status)}" for status in Status]
    reached = {kind: _reached(kind) for kind in Kind}
    for row in lifecycle.TABLE:
        step = texts.name("step", row.step)
        for source in (status for status in Status if status in row.sources):
            kinds = [
                texts.name("kind", kind) for kind in Kind if kind in row.kinds and source in reached[kind]
            ]
            if kinds:
                lines.append(f"  {source} --> {row.target}: {step}（{'、'.join(kinds)}）")
    lines += [f"  {status} --> [*]" for status in sorted(lifecycle.FINAL)]
    return "\n".join(lines)


def _reached(kind: Kind) -> set[Status]:
    from casestore import lifecycle  # noqa: PLC0415
    from casestore.codes import Status  # noqa: PLC0415

    reached, before = {Status.REGISTERED}, set[Status]()
    while reached != before:
        before = set(reached)
        reached |= {row.target for row in lifecycle.TABLE if kind in row.kinds and row.sources & before}
    return reached
