"""The office's own data: units, calendar, trees, texts and words, from its folder or as packaged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bots.settings import Settings
from casestore import roster, units, workdays
from casestore.house_rules import HouseRules
from casestore.limits import DutyHours
from casestore.roster import Roster
from casestore.units import Units
from casestore.workdays import WorkingCalendar
from classifier import tables
from dialogs import answers_file, replies, reply_file, texts, tree_file
from dialogs.approved_answers import ApprovedAnswers
from dialogs.replies import Replies
from dialogs.texts import Texts
from dialogs.tree import Tree


@dataclass(frozen=True)
class OfficePaths:
    """Where each thing is read from."""

    units: Path
    calendar: Path
    roster: Path
    trees: Path
    texts: Path
    lexicon: Path
    answers: Path
    replies: Path

    @classmethod
    def of(cls, folder: Path | None) -> OfficePaths:
        """What the office's folder holds wins; the rest is as packaged."""

        def own(name: str, packaged: Path) -> Path:
            return folder / name if folder is not None and (folder / name).exists() else packaged

        return cls(
            units=own("units.tsv", units.PACKAGED),
            calendar=own("calendar.tsv", workdays.PACKAGED),
            roster=own("roster.tsv", roster.PACKAGED),
            trees=own("trees", tree_file.PACKAGED),
            texts=own("texts/zh.yaml", texts.PACKAGED),
            lexicon=own("lexicon", tables.PACKAGED),
            answers=own("texts/answers.yaml", answers_file.PACKAGED),
            replies=own("texts/replies.yaml", replies.PACKAGED),
        )


def rules_of(settings: Settings) -> HouseRules:
    return HouseRules(
        declining_needs_approval=settings.rules_declining_needs_approval,
        pin_for_approvals=settings.rules_pin_for_approvals,
    )


@dataclass(frozen=True)
class Office:
    """Everything of the office that is data, read and usable."""

    units: Units
    calendar: WorkingCalendar
    duty: DutyHours
    roster: Roster
    trees: dict[str, Tree]
    texts: Texts
    answers: ApprovedAnswers
    replies: Replies

    @classmethod
    def load(cls, settings: Settings) -> Office:
        """Raises StoreError naming the file and line of the first mistake."""
        paths = OfficePaths.of(settings.office_dir)
        answers = answers_file.load(paths.answers)
        return cls(
            units=Units.load(paths.units),
            calendar=WorkingCalendar.load(paths.calendar),
            duty=DutyHours(settings.office_opens, settings.office_closes),
            roster=Roster.load(paths.roster),
            trees=tree_file.load(paths.trees),
            texts=Texts.load(settings.office_facts(), paths.texts),
            answers=answers,
            replies=reply_file.load(paths.replies).knowing(
                "\n".join((one.answer, one.law)) for one in answers
            ),
        )
