from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from bots import cli
from tests.bots.shell import Ran, Tousu


@pytest.fixture
def tousu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tousu:
    """Runs a verb as the shell does, in an empty folder."""
    for name in list(os.environ):
        if name.startswith("TOUSU_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "dumb")

    def run(*arguments: str, stdin: str | bytes = "") -> Ran:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "argv", ["tousu", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
            raise SystemExit(0)
        out, err = capsys.readouterr()
        return Ran(int(end.value.code or 0), out, err)

    return run
