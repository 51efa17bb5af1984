"""tousu classify: what the desk makes of a text, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bots.cli.app import AsJson, Config, app, print_json
from casestore.codes import Kind
from casestore.model import Suggestion
from casestore.units import Units
from casestore.workdays import CHINA


@app.command()
def classify(
    text: Annotated[list[str] | None, typer.Argument(help="要分析的文字；不写则逐行读标准输入")] = None,
    kind: Annotated[Kind | None, typer.Option(help="市民已选的事项")] = None,
    place: Annotated[str, typer.Option(help="商家地址")] = "",
    model: Annotated[
        Path | None, typer.Option("--model", help="用 tousu train 得到的模型，按它的类别分")
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """从一段话里看出事项、类别、问题、承办单位，并说明依据。"""
    from bots.office import OfficePaths  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415
    from classifier import Classifier  # noqa: PLC0415
    from classifier.as_json import as_json as shown_as_json  # noqa: PLC0415

    lines = [" ".join(text)] if text else (line.rstrip("\n") for line in sys.stdin)
    if model:
        _by_model(model, lines, as_json)
        return
    settings = load(config)
    paths = OfficePaths.of(settings.office_dir)
    classifier = Classifier.load(Units.load(paths.units), paths.lexicon)
    today = datetime.now(CHINA).date()
    for line in lines:
        suggestion = classifier.suggest(line, kind=kind, place=place, today=today)
        if as_json:
            print_json(shown_as_json(suggestion))
        else:
            typer.echo(_shown(suggestion))


def _by_model(path: Path, lines: Iterable[str], as_json: bool) -> None:
    from classifier.as_json import verdict_as_json  # noqa: PLC0415
    from classifier.learned.model import Model  # noqa: PLC0415
    from classifier.segmenter import Segmenter  # noqa: PLC0415

    model = Model.load(path, Segmenter.load([]))
    for line in lines:
        verdict = model.classify(line)
        if as_json:
            print_json(verdict_as_json(verdict))
        else:
            named = " · ".join(f"{guess.name} {guess.score:.0%}" for guess in verdict.guesses[:3])
            words = "、".join(word for word, _ in verdict.because)
            typer.echo(f"{'' if verdict.decision == 'suggest' else '不确定: '}{named}  依据: {words}")


def _shown(suggestion: Suggestion) -> str:
    named = [suggestion.kind, suggestion.object, suggestion.nature, suggestion.unit]
    guesses = " · ".join(f"{guess.name or '未识别'} {round(guess.score * 100)}%" for guess in named)
    lines = [guesses if suggestion.decision == "suggest" else f"不确定: {guesses}"]
    if suggestion.scope == "outside":
        lines.append(f"  可能属于{suggestion.department}（{suggestion.hotline}）")
    if suggestion.urgent:
        lines.append(f"  紧急: {'、'.join(suggestion.urgent)}")
    lines += [f"  {reason.word} → {reason.says} {reason.weight:.1f}" for reason in suggestion.because]
    if suggestion.slots:
        lines.append("  " + "，".join(f"{name}={value}" for name, value in suggestion.slots.items()))
    return "\n".join(lines)
