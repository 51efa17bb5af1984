"""What the desk remembers of a talk between two words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from dialogs.progress import Progress


@dataclass(frozen=True)
class Talk:
    """`menu`: what each button shown last means. `pages`: the rest of a long text. `human_at`: when 人工 was
    last asked for, in ms."""

    progress: Progress | None = None
    menu: dict[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    human_at: int = 0

    def to_json(self) -> str:
        kept: dict[str, object] = {"human_at": self.human_at}
        if self.progress is not None:
            kept["progress"] = self.progress.to_json()
        if self.menu:
            kept["menu"] = self.menu
        if self.pages:
            kept["pages"] = self.pages
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> Talk:
        if text is None:
            return cls()
        kept = json.loads(text)
        progress = kept.get("progress")
        return cls(
            progress=Progress.from_json(progress) if progress else None,
            menu=kept.get("menu", {}),
            pages=tuple(kept.get("pages", ())),
            human_at=kept["human_at"],
        )
