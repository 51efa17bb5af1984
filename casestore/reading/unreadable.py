"""The one error of reading."""

from __future__ import annotations


class Unreadable(ValueError):
    """An answer that cannot be read. `code` names its sentence under `unreadable` in texts/zh.yaml,
    `facts` fill the sentence's placeholders."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)
