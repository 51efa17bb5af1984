"""为什么是这一天: the days a limit counted and skipped, as a person would count them on a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from casestore import access
from casestore.codes import Step
from casestore.limits import Due, Span
from casestore.model import Approval, CaseId, Officer
from casestore.store import Tx
from casestore.tables import approvals, officers
from casestore.tables.clocks import Entry
from casestore.workdays import CHINA, in_words, last_day
from dialogs.texts import Texts

_WEEKDAYS = "一二三四五六日"
_MOST_DAYS = 40


@dataclass(frozen=True)
class People:
    """Whom the ledger speaks of: names by the actor's name in it, requests by their number."""

    names: Mapping[str, str] = field(default_factory=dict)
    requests: Mapping[int, Approval] = field(default_factory=dict)


def people(tx: Tx, case: CaseId, reader: Officer) -> People:
    """The reasons of requests may name people: only for who may read of people (S5-2.2)."""
    found = approvals.of_case(tx, case)
    if Step.REVEAL not in access.RIGHTS[reader.role]:
        found = tuple(replace(one, reason="…") for one in found)
    names = {f"officer:{officer.id}": officer.name for officer, _ in officers.everyone(tx)}
    return People(names, {one.id: one for one in found})


def why_due(texts: Texts, due: Due, ledger: list[Entry], known: People | None = None) -> str:
    """Title, the days with their numbers, and what happened to the limit since it began: what, why, by whom."""
    start = due.start.astimezone(CHINA)
    lines = [
        texts.say(
            "why_due.title",
            limit=texts.name("limit", due.limit.code),
            length=due.limit.length,
            source=due.limit.source,
            start=in_words(start.date(), start.date()),
        )
    ]
    if due.limit.span is Span.HOURS:
        lines.append(
            texts.say(
                "why_due.hours", start=f"{start:%m-%d %H:%M}", due=f"{due.at.astimezone(CHINA):%m-%d %H:%M}"
            )
        )
    number = 0
    for counted in due.days:
        number += counted.counts
        mark = f"{number}" if counted.counts else "—"
        if due.limit.span is Span.WORKING_DAYS or not counted.counts or counted is due.days[-1]:
            lines.append(f"{mark} {counted.day:%m-%d} 周{_WEEKDAYS[counted.day.weekday()]} {counted.note}")
    if len(lines) > _MOST_DAYS:
        lines = [*lines[: _MOST_DAYS // 2], "…", *lines[-_MOST_DAYS // 2 :]]
    lines.append(texts.say("why_due.ends", day=in_words(due.day, start.date())))
    if due.provisional:
        lines.append(texts.say("why_due.provisional"))
    lines += [
        _happened(texts, due, entry, known or People())
        for entry in ledger
        if entry.what not in ("started", "reminded")
    ]
    return "\n".join(lines)


def _happened(texts: Texts, due: Due, entry: Entry, known: People) -> str:
    by = known.names.get(entry.actor) or texts.name("actor", entry.actor)
    request = known.requests.get(int(str(entry.facts.get("approval", 0))))
    return texts.say(
        f"why_due.{entry.what}",
        when=f"{entry.at.astimezone(CHINA):%m-%d %H:%M}",
        what=texts.name("ledger", entry.what),
        why=texts.name("pause", str(entry.facts.get("why", ""))),
        by=by,
        added=f"{entry.facts.get('added', '')}{due.limit.span_in_words}",
        asked=known.names.get(f"officer:{request.requested_by}", "") if request else "",
        reason=request.reason if request else "",
        was=_day(str(entry.facts.get("was", ""))),
    )


def _day(end: str) -> str:
    """The last day of a limit that ended at this moment."""
    return last_day(datetime.fromisoformat(end)).isoformat() if end else ""
