"""为什么是这一天: the days a limit counted and skipped, as a person would count them on a calendar."""

from __future__ import annotations

from casestore.limits import Due, Span
from casestore.tables.clocks import Entry
from casestore.workdays import CHINA, in_words
from dialogs.texts import Texts

_WEEKDAYS = "一二三四五六日"
_MOST_DAYS = 40


def why_due(texts: Texts, due: Due, ledger: list[Entry]) -> str:
    """Title, the days with their numbers, and what happened to the limit since it began."""
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
        texts.say(
            "why_due.ledger",
            when=f"{entry.at.astimezone(CHINA):%m-%d %H:%M}",
            what=texts.name("ledger", entry.what),
        )
        for entry in ledger
        if entry.what not in ("started", "reminded")
    ]
    return "\n".join(lines)
