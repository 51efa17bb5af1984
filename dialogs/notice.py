"""告知: the sentence a citizen gets for a step of his case, the same before it is sent and when it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from casestore import lifecycle
from casestore.codes import Step
from casestore.reading.amounts import yuan
from casestore.workdays import in_words
from dialogs.texts import Texts

#: The event by which the citizen hears of a step.
EVENT_OF = {row.step: row.event for row in lifecycle.TABLE} | {
    Step.WRITE: "message_sent",
    Step.DECIDE_RECUSAL: "recusal_decided",
}


def notice(texts: Texts, kind: str, event: str, facts: Mapping[str, str]) -> str:
    """ "" where the texts have nothing for this event of this kind of case."""
    code = f"notice.{kind}.{event}"
    if code not in texts:
        return ""
    words = str(facts.get("words", "")).strip()
    due = date.fromisoformat(facts["due"]) if facts.get("due") else None
    recovered, way = str(facts.get("recovered_fen", "")), f"part.way.{facts.get('ground')}"
    first = texts.say("part.first", first=facts["first"]) if facts.get("first") else ""
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
            "recovered": texts.say("part.recovered", amount=yuan(int(recovered)))
            if recovered.strip("0")
            else "",
            "way": texts.say(way, words=words.rstrip("。"), first=first) if way in texts else "",
            "due_day": in_words(due, due) if due else "",
        },
    ).strip()
