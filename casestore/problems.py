"""What a linter found in a file that people edit: printed as `file:line: message`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """`line` counts from 1; `message` is Chinese and says what to write instead; `code` is stable."""

    file: str
    line: int
    message: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"
