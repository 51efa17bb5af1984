"""告知: the sentence a citizen gets for a step of his case, the same before it is sent and when it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from casestore.workdays import in_words
from dialogs.texts import Texts


def notice(texts: Texts, kind: str, event: str, facts: Mapping[str, str]) -> str:
    """ "" where the texts have nothing for this event of this kind of case."""
    code = f"notice.{kind}.{event}"
    if code not in texts:
        return ""
    words = str(facts.get("words", "")).strip()
    due = date.fromisoformat(facts["due"]) if facts.get("due") else None
    return texts.say(
        code,
        **dict(facts)
        | {
            "ground_name": texts.name("ground", facts.get("ground")),
            "outcome_name": texts.name("outcome", facts.get("outcome")),
            "end_ground_name": texts.name("end_ground", facts.get("end_ground")),
            "granted_name": texts.name("granted", facts.get("granted")),
            "limit_name": texts.name("limit", facts.get("limit")),
            "reason": f"{words.rstrip('。')}。" if words else "",
            "due_day": in_words(due, due) if due else "",
        },
    ).strip()
