"""What every verb uses: the application, the settings option, printing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from casestore.errors import CaseError

app = typer.Typer(
    name="tousu",
    help="投诉: the complaint desk that lives in chat. 从 tousu demo 开始。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Config = Annotated[Path | None, typer.Option("--config", help="设置文件，默认是当前目录的 tousu.toml")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def sentence(error: CaseError) -> str:
    """The Chinese sentence for a refusal, whatever the office's own texts are."""
    from dialogs.texts import Texts  # noqa: PLC0415

    return Texts.load({}).refusal(error)
