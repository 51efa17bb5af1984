"""告知: the sentence a citizen gets for a step of his case."""

from __future__ import annotations

from datetime import date

from bots.sending import UNSURE
from casestore.tables.outbox import Owed
from casestore.workdays import in_words
from dialogs.texts import Texts


def notice_text(texts: Texts, owed: Owed) -> str:
    """ "" where the texts have nothing for this event of this kind of case."""
    payload = owed.payload
    code = f"notice.{payload['kind']}.{payload['code']}"
    if code not in texts:
        return ""
    facts = dict(payload["facts"])
    words = str(facts.get("words", "")).strip()
    due = date.fromisoformat(facts["due"]) if facts.get("due") else None
    sentence = texts.say(
        code,
        **facts
        | {
            "ground_name": texts.name("ground", facts.get("ground")),
            "outcome_name": texts.name("outcome", facts.get("outcome")),
            "reason": f"{words.rstrip('。')}。" if words else "",
            "due_day": in_words(due, due) if due else "",
        },
    ).strip()
    return texts.say("notice.resent") + sentence if owed.error == UNSURE else sentence
