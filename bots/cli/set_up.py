"""tousu init, doctor: making a desk, and saying what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bots.cli.app import AsJson, Config, app, print_json
from casestore.errors import StoreError

_TEMPLATE = Path(__file__).parent / "tousu.toml"


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="放设置、密钥和数据的文件夹")] = Path(),
) -> None:
    """写一份带注释的 tousu.toml 和一把新的密钥。"""
    from casestore.seal import make_key_file  # noqa: PLC0415

    settings, keys = folder / "tousu.toml", folder / "tousu.keys"
    for path in (settings, keys):
        if path.exists():
            raise StoreError(f"{path} 已经存在，没有改动。要重新开始，请换一个文件夹")
    template = _TEMPLATE.read_text(encoding="utf-8")
    make_key_file(keys)
    try:
        settings.write_text(template, encoding="utf-8")
        settings.chmod(0o600)
    except OSError:  # half a desk would stand in the way of the next try
        settings.unlink(missing_ok=True)
        keys.unlink()
        raise
    typer.echo(f"已写入 {settings} 和 {keys}。")
    typer.echo("密钥丢失，加密的内容就再也打不开：请立刻另存一份到安全的地方，不要和备份放在一起。")
    typer.echo("下一步：编辑 tousu.toml，然后运行 tousu doctor。")


@app.command()
def doctor(as_json: AsJson = False, config: Config = None) -> None:
    """逐项说明还缺什么、哪里不对。"""
    from bots.doctor import examine  # noqa: PLC0415

    findings = examine(config)
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{finding.mark} {finding.what}" + (f"：{finding.says}" if finding.says else ""))
    raise typer.Exit(1 if any(finding.is_wrong for finding in findings) else 0)
