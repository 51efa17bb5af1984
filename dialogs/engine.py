"""The engine that walks the trees: a pure step from where a person stands and what he said.

Where he stands is the question asked and the answers given; the way he came is recomputed from the
answers, so a corrected answer leads on by itself to what it newly asks for, and nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from casestore.codes import Consent
from casestore.reading import Unreadable
from casestore.reading.text import LIMIT_CHARS, fold
from dialogs import answers, choosing, way
from dialogs.approved_answers import ApprovedAnswers
from dialogs.asking import ENTRY, Asking, BuiltIn, joined
from dialogs.chatter import is_chatter
from dialogs.copies import Copies
from dialogs.correcting import Correcting, names_a_line
from dialogs.progress import Answer, Mode, Progress
from dialogs.texts import Texts
from dialogs.tree import (
    CHOOSES,
    END,
    END_MARK,
    SOLVED,
    STORY,
    TREE_MARK,
    UNSOLVED,
    AnswerType,
    Option,
    Question,
    Tree,
)  # fmt: skip
from dialogs.turn import Consented, Context, Effect, Filed, Left, Said, Say, Turn
from dialogs.words import Word

_ECHOED = (AnswerType.DATE, AnswerType.AMOUNT, AnswerType.CHOICES, AnswerType.EVIDENCE)
_NOT_PICKED = (BuiltIn.DONE, BuiltIn.KEEP, BuiltIn.SKIP)
_OF_A_DRAFT = (Word.BACK, Word.EDIT, Word.CANCEL)
_YES = ("yes", "agree")
_CLAIM_YEARS = 3  # art. 16(4)
_STUCK_AFTER = 3
_STORY_CHARS = 500
_HELD_CHARS = 50


class Engine:
    """Stateless: every method takes where the person stands and returns the turn."""

    def __init__(
        self, trees: Mapping[str, Tree], texts: Texts, answers: ApprovedAnswers | None = None
    ) -> None:
        self.trees, self.texts, self._approved = dict(trees), texts, answers or ApprovedAnswers()
        self._asking = Asking(self.trees, texts, self._approved)
        self._copies = Copies(self.trees, texts, self._asking)
        self._correcting = Correcting(self.trees, texts, self._asking)

    # ── beginning and coming back ──

    def start(
        self, context: Context, tree: str = ENTRY, held: str = "", left: Progress | None = None
    ) -> Turn:
        """Begin a tree. `held`: his first words, which may already choose. `left`: its evidence is taken along."""
        begun = self._first(tree)
        if left is not None:
            begun = replace(begun, evidence=left.evidence)
        return self._go_on(replace(begun, held=held), context, [])

    def again(self, progress: Progress, context: Context, lead: str = "") -> Turn:
        """Ask once more what was asked, after `lead`."""
        progress, note = self._adapt(progress)
        return self._asking.turn(progress, context, joined(lead, note))

    def wants_material(self, progress: Progress) -> bool:
        """Whether copies and words are asked for here to be kept."""
        question = self._question(progress)
        return (
            progress.mode is Mode.ASKING and question is not None and question.answer is AnswerType.EVIDENCE
        )

    def is_material(self, progress: Progress, text: str, context: Context) -> bool:
        """Whether these words are kept as evidence: they choose nothing and ask nothing here."""
        return (
            self.wants_material(progress)
            and len(text) <= LIMIT_CHARS
            and not self.chooses(progress, text, context)
            and not names_a_line(text)
            and not is_chatter(text)
        )

    def wants_a_story(self, progress: Progress) -> bool:
        """Whether a long text, also one written by somebody else, is an answer here."""
        question = self._question(progress)
        return question is not None and question.answer is AnswerType.TEXT and question.most >= _STORY_CHARS

    def chooses(self, progress: Progress, text: str, context: Context) -> bool:
        """Whether these words choose an option here."""
        question = self._question(progress)
        options = self._asking.options(progress, context)
        if question is None or self._asking.names(text, BuiltIn.DONE):
            return question is not None
        return _chosen(question, options, Said(text=text)) is not None

    def needs_a_draft(self, text: str, word: Word | None) -> bool:
        """Whether these words mean something only while a tree is filled in: 上一步, 提交, 完成."""
        return word in _OF_A_DRAFT or self._asking.names(text, BuiltIn.SUBMIT, BuiltIn.DONE, BuiltIn.KEEP)

    def help(self, progress: Progress | None) -> str:
        """What 帮助 says at this question."""
        question = self._question(progress) if progress else None
        hint = self.texts.fill(question.hint) if question else ""
        return joined(hint, self.texts.say("help.general"))

    # ── one word ──

    def walk(self, progress: Progress, said: Said, context: Context) -> Turn:
        """The turn that a citizen's word makes. Never raises for anything a person can send."""
        before = progress.at
        progress, note = self._adapt(progress)
        if said.evidence:
            turn = self._copies.take(progress, said, context, note, asked=self.wants_material(progress))
        elif progress.at != before:
            turn = self._asking.turn(progress, context, note)
        elif progress.mode is Mode.LEAVING:
            turn = self._leave_or_stay(progress, said, context)
        elif said.word is Word.START:
            turn = self._asking.turn(progress, context, self.texts.say("engine.welcome_back"))
        elif said.word is Word.CANCEL:
            turn = self._asking.turn(replace(progress, mode=Mode.LEAVING), context)
        elif said.word is Word.BACK:
            turn = self._back(progress, context)
        elif (number := self._correcting.named(progress, said)) is not None:
            turn = self._correcting.line(progress, number, context)
        elif said.word is Word.EDIT:
            turn = self._correcting.pick(progress, context)
        elif progress.mode is Mode.PICKING:
            turn = self._picked_line(progress, said, context)
        else:
            turn = self._answer(progress, said, context)
        return turn

    # ── answering ──

    def _answer(self, progress: Progress, said: Said, context: Context) -> Turn:
        question = self.trees[progress.tree][progress.at]
        options = self._asking.options(progress, context)
        chosen = _chosen(question, options, said)
        if chosen == BuiltIn.KEEP:
            return self._go_on(replace(progress, picked=()), context, [])
        if chosen == BuiltIn.CLEAR:
            return self._copies.clear(progress, context)
        if question.answer is AnswerType.SUMMARY and chosen == BuiltIn.EDIT:
            return self._correcting.pick(progress, context)
        if question.answer is AnswerType.SUMMARY and chosen == BuiltIn.SUBMIT:
            agreed = progress.with_answer(question.name, Answer(BuiltIn.SUBMIT, ""))
            return self._end(agreed, question.next, context, [])
        if (
            question.answer is AnswerType.CHOICES
            and said.pressed is not None
            and chosen not in (None, *_NOT_PICKED)
        ):
            return self._asking.turn(_toggled(progress, chosen or ""), context)
        try:
            answer = self._read(progress, question, options, chosen, said, context)
        except Unreadable as error:
            if question.record == Consent.PRIVACY and said.text and not progress.held:
                # 我要投诉, said to the notice, chooses once the notice is answered
                held = replace(progress, held=said.text[:_HELD_CHARS])
                return self._asking.turn(held, context, self.texts.say("engine.read_first"))
            return self._not_understood(progress, error, context)
        return self._answered(progress, question, answer, context)

    def _read(
        self,
        progress: Progress,
        question: Question,
        options: tuple[Option, ...],
        chosen: str | None,
        said: Said,
        context: Context,
    ) -> Answer:
        """The answer given. Raises Unreadable."""
        if chosen == BuiltIn.SKIP:
            return Answer(None, question.skip)
        if question.answer is AnswerType.EVIDENCE:
            if chosen == BuiltIn.DONE and progress.evidence:
                return self._copies.count(progress)
            if len(said.text) > LIMIT_CHARS:
                raise Unreadable("too-long", most=LIMIT_CHARS, count=len(said.text))
            if not fold(said.text) or self._asking.names(said.text, BuiltIn.DONE):
                raise Unreadable("evidence-none")
            raise Unreadable("evidence-words")
        if question.answer is AnswerType.CHOICES:
            return _read_several(progress, options, chosen, said)
        if question.answer in CHOOSES:
            label = next((option.label for option in options if option.value == chosen), None)
            if label is None:
                by_line = question.answer is AnswerType.SUMMARY  # a number there is a line
                lines = way.lines(self.trees[progress.tree], progress) if by_line else ()
                raise Unreadable("choice", count=len(lines or options))
            return Answer(chosen, label)
        return answers.read(question, said.text, context.today)

    def _answered(self, progress: Progress, question: Question, answer: Answer, context: Context) -> Turn:
        target = question.target(answer.value)
        names = way.way(self.trees[progress.tree], progress.answers)
        effects: list[Effect] = []
        if question.record:
            effects.append(Consented(question.record, question.edition, answer.value in _YES))
        if question.name == STORY and answer != progress.answers.get(STORY):
            progress = progress.without(*self._of_approved(progress))  # another question, another answer
        progress = progress.with_answer(question.name, answer)
        if target in names and names.index(target) <= names.index(
            question.name
        ):  # the tree leads back: ask anew
            progress = progress.without(*names[names.index(target) :])
        return self._go_on(progress, context, effects, self._echo(question, answer, context.today))

    def _echo(self, question: Question, answer: Answer, today: date) -> str:
        """What was understood, where it could be misunderstood."""
        if answer.value is None:
            return self.texts.say("engine.no_evidence") if question.answer is AnswerType.EVIDENCE else ""
        if question.answer not in _ECHOED:
            return ""
        echo = self.texts.say("engine.noted", answer=answer.shown)
        if (
            question.answer is AnswerType.DATE
            and date.fromisoformat(answer.value).year < today.year - _CLAIM_YEARS
        ):
            echo += self.texts.say("engine.long_ago")
        return echo

    def _not_understood(self, progress: Progress, error: Unreadable, context: Context) -> Turn:
        progress = replace(progress, misses=progress.misses + 1)
        question = self._question(progress)
        hint = self.texts.fill(question.hint) if question and error.code == "evidence-words" else ""
        stuck = self.texts.say("engine.stuck") if progress.misses >= _STUCK_AFTER else ""
        return self._asking.turn(progress, context, joined(self.texts.unreadable(error), hint, stuck))

    # ── the way on, back and out ──

    def _go_on(self, progress: Progress, context: Context, effects: list[Effect], lead: str = "") -> Turn:
        """Ask the next open question on the way, or end."""
        tree = self.trees[progress.tree]
        question = tree[way.way(tree, progress.answers)[-1]]
        if question.name in progress.answers:
            return self._end(
                progress, question.target(progress.answers[question.name].value), context, effects
            )
        progress = replace(progress, at=question.name, mode=Mode.ASKING, picked=(), misses=0)
        if question.answer is AnswerType.APPROVED:
            progress = replace(progress, approved=self._fitting(progress))
        known = self._known(progress, question, context)
        if question.answer is AnswerType.CHOICE and not question.record:
            progress = replace(progress, held="")
        if known is not None:
            answer = Answer(known.value, known.label)
            return self._go_on(progress.with_answer(question.name, answer), context, effects, lead)
        return Turn(
            progress=progress, says=(self._asking.ask(progress, context, lead),), effects=tuple(effects)
        )

    @staticmethod
    def _known(progress: Progress, question: Question, context: Context) -> Option | None:
        """The option that need not be asked for: agreed to before, said already, or the only one."""
        if question.record == Consent.PRIVACY and (question.record, question.edition) in context.agreed:
            return next(option for option in question.options if option.value in _YES)
        if question.answer is AnswerType.OWN_CASE:
            return context.own_cases[0] if len(context.own_cases) == 1 else None
        if question.answer is AnswerType.APPROVED and not progress.approved:
            return next(option for option in question.options if option.value == UNSOLVED)
        if question.answer is AnswerType.CHOICE and not question.record and progress.held:
            return choosing.one(question.options, progress.held)
        return None

    def _end(self, progress: Progress, target: str, context: Context, effects: list[Effect]) -> Turn:
        if target.startswith(TREE_MARK):
            following = self.start(context, target.removeprefix(TREE_MARK), left=progress)
            if following.progress is not None:
                tree, answers = self.trees[progress.tree], progress.answers
                lines = {
                    name: answers[name].value
                    for name in answers
                    if name in tree.questions and tree[name].line
                }
                following = replace(
                    following, progress=replace(following.progress, brought={**progress.brought, **lines})
                )
            return replace(following, effects=(*effects, *following.effects))
        if target == END:
            tree, given = self.trees[progress.tree], progress.answers
            # Not what he told on a way he has left: who became anonymous has given no name.
            told = {name: given[name].value for name in way.way(tree, given) if name in given}
            values = {**progress.brought, **told}
            confirmed = tuple(
                (one.name, one.line, given[one.name].shown) for one in way.lines(tree, progress)
            )
            filed = Filed(
                tree.submit,
                values,
                progress.evidence,
                confirmed,
                approved=tuple(self._approved[code] for code in progress.approved if code in self._approved),
                solved=any(told.get(name) == SOLVED for name in self._of_approved(progress)),
            )
            return Turn(progress=None, effects=(*effects, filed))
        text = self.texts.say(f"ends.{target.removeprefix(END_MARK)}")
        return Turn(progress=None, says=(Say(text=text),), effects=(*effects, Left(progress.evidence)))

    def _back(self, progress: Progress, context: Context) -> Turn:
        if progress.mode is Mode.PICKING:
            return self._asking.turn(replace(progress, mode=Mode.ASKING), context)
        tree = self.trees[progress.tree]
        others = {name: answer for name, answer in progress.answers.items() if name != progress.at}
        names = way.way(tree, others)
        before = names[: names.index(progress.at)] if progress.at in names else names
        if before and tree.name != ENTRY:
            earlier = replace(progress, at=before[-1], mode=Mode.ASKING, picked=(), misses=0)
            return self._asking.turn(earlier, context)
        if tree.name != ENTRY and not progress.answers:
            return self.start(context, left=progress)
        return self._asking.turn(progress, context, self.texts.say("engine.first_question"))

    def _leave_or_stay(self, progress: Progress, said: Said, context: Context) -> Turn:
        option = choosing.one(self._asking.options(progress, context), said.text)
        value = said.pressed or (option.value if option else None)
        if value == BuiltIn.LEAVE or said.word is Word.CANCEL:
            left = Say(text=self.texts.say("engine.left"))
            return Turn(progress=None, says=(left,), effects=(Left(progress.evidence),))
        if value == BuiltIn.STAY or said.word is Word.BACK:
            progress = replace(progress, mode=Mode.ASKING)
        return self._asking.turn(progress, context)

    # ── the approved answers ──

    def _fitting(self, progress: Progress) -> tuple[str, ...]:
        """The approved answers to what he asks."""
        story = progress.answers.get(STORY)
        return tuple(answer.code for answer in self._approved.at_once(story.value)) if story else ()

    def _of_approved(self, progress: Progress) -> list[str]:
        """The questions that show them."""
        questions = self.trees[progress.tree].questions.values()
        return [question.name for question in questions if question.answer is AnswerType.APPROVED]

    # ── a tree that was changed meanwhile ──

    def _adapt(self, progress: Progress) -> tuple[Progress, str]:
        """Where he stands in the tree as it is now; a note if it was changed since his last word."""
        tree = self.trees.get(progress.tree)
        if tree is not None and tree.version == progress.version:
            return progress, ""
        note = self.texts.say("engine.tree_changed")
        if tree is None:
            return replace(self._first(ENTRY), evidence=progress.evidence), note
        renamed = {tree.renamed.get(name, name): answer for name, answer in progress.answers.items()}
        kept = {
            name: answer
            for name, answer in renamed.items()
            if name in tree.questions and way.fits(tree[name], answer)
        }
        at = tree.renamed.get(progress.at, progress.at)
        stands = replace(progress, answers=kept, version=tree.version, picked=())
        names = way.way(tree, kept)
        if at in names or at in kept:
            return replace(stands, at=at), note
        return replace(stands, at=names[-1], mode=Mode.ASKING), note

    def _first(self, tree: str) -> Progress:
        return Progress(tree=tree, version=self.trees[tree].version, at=self.trees[tree].first)

    # ── inside ──

    def _picked_line(self, progress: Progress, said: Said, context: Context) -> Turn:
        try:
            return self._correcting.picked(progress, said, context)
        except Unreadable as error:
            return self._not_understood(progress, error, context)

    def _question(self, progress: Progress) -> Question | None:
        tree = self.trees.get(progress.tree)
        return tree.questions.get(progress.at) if tree else None


def _chosen(question: Question, options: tuple[Option, ...], said: Said) -> str | None:
    """The value of the option that was pressed or named."""
    if said.pressed is not None:
        return said.pressed if any(option.value == said.pressed for option in options) else None
    option = choosing.one(options, said.text)
    if option is None:
        return None
    named = choosing.is_named(option, said.text)
    if question.answer not in CHOOSES and not named:
        return None  # 1 is an answer to a typed question, not its first option
    if question.answer is AnswerType.EVIDENCE and not named and not fold(said.text).isdigit():
        return None  # 付款完成的截图 is material, not 完成
    if question.answer is AnswerType.SUMMARY and not named:
        return None  # a number there is a line to correct
    if question.answer is AnswerType.CHOICES and option.value not in _NOT_PICKED:
        return None  # typed numbers answer all at once
    return option.value


def _read_several(progress: Progress, options: tuple[Option, ...], chosen: str | None, said: Said) -> Answer:
    real = [option for option in options if option.value not in _NOT_PICKED]
    picked = set(progress.picked)
    if chosen != BuiltIn.DONE:
        picked = {option.value for option in choosing.several(real, said.text)}
    found = [option for option in real if option.value in picked]
    if not found:
        raise Unreadable("choices", count=len(real))
    return Answer([option.value for option in found], "、".join(option.label for option in found))


def _toggled(progress: Progress, value: str) -> Progress:
    if value in progress.picked:
        return replace(progress, picked=tuple(one for one in progress.picked if one != value))
    return replace(progress, picked=(*progress.picked, value))
