"""tousu draw: a tree or the lifecycle as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bots.cli.app import Config, app

LIFECYCLE, RIGHTS = "lifecycle", "rights"


@app.command()
def draw(
    tree: Annotated[str, typer.Argument(help="树的名称，例如 complaint；或 lifecycle(流程)、rights(权限表)")],
    svg: Annotated[Path | None, typer.Option(help="写成 SVG 文件；不写则打印 Mermaid")] = None,
    config: Config = None,
) -> None:
    """把提问树、案件流程或岗位权限表画出来。"""
    from bots.office import OfficePaths  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415
    from dialogs import draw as drawing  # noqa: PLC0415
    from dialogs import lifecycle_picture, tree_file  # noqa: PLC0415
    from dialogs.texts import Texts  # noqa: PLC0415

    paths = OfficePaths.of(load(config).office_dir)
    if tree == RIGHTS:
        if svg is not None:
            raise typer.BadParameter("权限表用 Markdown(不加 --svg)")
        picture = _rights()
    elif tree == LIFECYCLE:
        texts = Texts.load({}, paths.texts)
        picture = lifecycle_picture.mermaid(texts) if svg is None else lifecycle_picture.svg(texts)
    else:
        trees = tree_file.load(paths.trees)
        if tree not in trees:
            raise typer.BadParameter(
                f"没有「{tree}」这棵树，可以写: {', '.join([*trees, LIFECYCLE, RIGHTS])}"
            )
        picture = drawing.mermaid(trees[tree]) if svg is None else drawing.svg(trees[tree])
    if svg is None:
        typer.echo(picture)
    else:
        svg.write_text(picture, encoding="utf-8")
        typer.echo(f"已写入 {svg}")


def _rights() -> str:
    """Post by step, as a Markdown table: what the rules let each do (S8-1)."""
    from casestore.access import OVERSIGHT, RIGHTS  # noqa: PLC0415
    from casestore.codes import Step  # noqa: PLC0415
    from dialogs.texts import Texts  # noqa: PLC0415

    texts = Texts.load({})
    columns = {texts.name("role", role): rights for role, rights in RIGHTS.items()}
    columns["上级单位负责人"] = OVERSIGHT
    lines = [f"| 步骤 | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for step in Step:
        marks = ["✓" if step in rights else "" for rights in columns.values()]
        if any(marks):
            lines.append(f"| {texts.name('step', step)} | {' | '.join(marks)} |")
    return "\n".join(lines)
