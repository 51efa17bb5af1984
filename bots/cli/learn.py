"""tousu train, tousu evaluate: learn from an office's own history, and say how good that is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from bots.cli.app import AsJson, app, print_json

if TYPE_CHECKING:
    from classifier.learned.evaluating import Tried
    from classifier.learned.taxonomy import Taxonomy
    from classifier.segmenter import Segmenter

TextColumn = Annotated[str, typer.Option("--text", help="文字在哪一列")]
LabelColumn = Annotated[str, typer.Option("--label", help="类别在哪一列")]
TaxonomyFolder = Annotated[
    Path | None, typer.Option("--taxonomy", help="放 classes.tsv 的文件夹: 代码、名称、上级、词")
]

_WORST = 5


@app.command()
def train(
    file: Annotated[Path, typer.Argument(help="有文字和类别两列的 CSV")],
    text: TextColumn,
    label: LabelColumn,
    out: Annotated[Path, typer.Option("--out", help="模型写到哪个文件")],
    taxonomy: TaxonomyFolder = None,
    as_json: AsJson = False,
) -> None:
    """从本单位的历史件学习，得到一个模型文件；再用 tousu classify --model 使用。"""
    from classifier.learned import labelled_csv, training  # noqa: PLC0415

    samples, _ = labelled_csv.read(file, text, label)
    with Console(stderr=True).status("读取词典") as status:
        model = training.train(samples, _classes(taxonomy), _segmenter(), status.update)
        model.save(out)
    told = {"texts": len(samples), "labels": len(model.labels), "model": str(out)}
    if as_json:
        print_json(told)
    else:
        typer.echo(f"学习了 {told['texts']} 条，{told['labels']} 类，模型写到 {out}")


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option("--data", help="有文字和类别两列的 CSV；id 列决定分组")],
    text: TextColumn = "text",
    label: LabelColumn = "label",
    model: Annotated[
        Path | None, typer.Option("--model", help="评这个模型；不写则每次留出五分之一，用其余的学习")
    ] = None,
    taxonomy: TaxonomyFolder = None,
    pictures: Annotated[
        Path | None, typer.Option("--pictures", help="学习曲线和可靠性图(SVG)写到这个文件夹")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """在标好类别的文件上，看正确率、各类是否均衡、前三、把握是否诚实、多少件可以直接建议。"""
    from classifier.learned import evaluating, labelled_csv, training  # noqa: PLC0415
    from classifier.learned.model import Model  # noqa: PLC0415

    samples, ids = labelled_csv.read(data, text, label)
    segmenter = _segmenter()
    curve: list[tuple[int, Any]] = []
    with Console(stderr=True).status("读取文本") as status:
        if model:
            learned = Model.load(model, segmenter)
            tried, labels = evaluating.judged(learned, training.read_all(learned, samples)), learned.labels
        else:
            fresh = training.fresh(samples, _classes(taxonomy), segmenter)
            labels = fresh().labels
            read, fold = training.read_all(fresh(), samples), evaluating.folds(ids)
            status.update("分五份轮流检验")
            tried = evaluating.together(list(evaluating.in_turn(fresh, read, fold)))
            if pictures:
                status.update("学习曲线")
                curve = list(evaluating.curve(fresh, read, fold))
    _tell(tried, labels, curve, as_json)
    if pictures:
        _draw(tried, curve, pictures)


def _tell(tried: Tried, labels: tuple[str, ...], curve: list[tuple[int, Any]], as_json: bool) -> None:
    from classifier.learned import scores  # noqa: PLC0415

    found = tried.scores
    low, high = found.interval()
    worst = scores.by_class(tried.shares, tried.labels, labels)
    if as_json:
        print_json(
            asdict(found)
            | {"interval_95": [low, high], "classes": [asdict(one) for one in worst]}
            | {"curve": [{"labels": size} | asdict(of_size) for size, of_size in curve]}
        )
        return
    typer.echo(
        f"{found.texts} 条，正确 {found.accuracy:.1%}（95% 区间 {low:.1%}–{high:.1%}），各类平均 F1 {found.macro_f1:.3f}"
    )
    typer.echo(f"前三名里有正确的 {found.top_3:.1%}；把握的误差(ECE) {found.calibration_error:.3f}")
    typer.echo(f"只建议最有把握的 80%: 正确 {found.covered_80:.1%}；90%: {found.covered_90:.1%}")
    for one in worst[:_WORST]:
        typer.echo(f"  较弱的类 {one.label}: {one.texts} 条，找到 {one.recall:.1%}，准确 {one.precision:.1%}")
    for size, of_size in curve:
        typer.echo(f"  标注 {size} 条: 正确 {of_size.accuracy:.1%}，误差 {of_size.calibration_error:.3f}")


def _draw(tried: Tried, curve: list[tuple[int, Any]], folder: Path) -> None:
    from classifier.learned import charts, scores  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    bins = scores.reliability(tried.shares, tried.labels)
    (folder / "reliability.svg").write_text(charts.reliability("显示的把握与实际", bins), encoding="utf-8")
    if curve:
        points = [(size, of_size.accuracy) for size, of_size in curve]
        drawn = charts.learning_curve("学习曲线", points, points[0][1])
        (folder / "learning-curve.svg").write_text(drawn, encoding="utf-8")


def _classes(folder: Path | None) -> Taxonomy:
    from classifier.learned import taxonomy  # noqa: PLC0415

    return taxonomy.load(folder) if folder else ()


def _segmenter() -> Segmenter:
    from classifier.segmenter import Segmenter  # noqa: PLC0415

    return Segmenter.load([])
