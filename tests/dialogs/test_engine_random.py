"""Whatever people reply, the engine stays inside the tree, raises nothing, and can be put away and taken out."""

from __future__ import annotations

import re
import string

from hypothesis import example, given, settings
from hypothesis import strategies as st

from casestore.model import EvidenceId
from casestore.reading.text import clean
from dialogs import way
from dialogs.asking import ENTRY
from dialogs.progress import Item, Mode, Progress
from dialogs.tree import CHOOSES, AnswerType
from dialogs.turn import Consented, Context, Filed, Left, Said, Turn
from dialogs.words import labels, spoken
from tests.dialogs.builders import CONTEXT, ENGINE, GOOD, PLACES, TODAY, TREES, shows, stands

#: Replies as they come: answers, words, nonsense, buttons old and new.
TYPED = st.one_of(
    st.sampled_from([*GOOD.values(), *labels()]),
    st.sampled_from(
        ["", " ", "😀", "？？？", "1", "2", "３", "十", "99", "①", "1 3", "1、3、7", "137", "修改3", "改第一行", "跳过", "不清楚",
         "没有证据", "完成", "提交", "保持不变", "不", "是", "同意", "不同意", "匿名", "实名", "王先生", "110", "0", "-1", "{hotline}",
         "%s", "\u202e", "\ud800", "\x00", "¹", "٣", "㊙", "一" * 5000, "a" * 300, "明天", "2月30日", "一万亿元"]
    ),
    st.text(max_size=30),
    st.text(alphabet=string.printable, max_size=12),
)  # fmt: skip
VALUES = sorted(
    {option.value for tree in TREES.values() for q in tree.questions.values() for option in q.options}
)
PRESSED = st.sampled_from(
    [
        *VALUES,
        "keep",
        "clear",
        "done",
        "submit",
        "edit",
        "leave",
        "stay",
        "skip",
        "7",
        "8",
        "nobody",
        "",
        *TREES["complaint"].questions,
    ]
)
REPLIES = st.one_of(
    TYPED.map(lambda text: Said(text=text, word=spoken(text))),
    PRESSED.map(lambda value: Said(pressed=value)),
    st.integers(1, 3).map(
        lambda count: Said(
            evidence=tuple(Item(EvidenceId(number), f"{number}.jpg") for number in range(count))
        )
    ),
)
#: Where what he types stands in the summary with the next turn.
STORY = next(place for place in PLACES if (place.tree, place.at) == ("consultation", "story"))
#: A placeholder as the texts write it.
BLANKS = re.compile(r"\{[a-z_]+\}")
CONTEXTS = st.sampled_from(
    [
        CONTEXT,
        Context(today=TODAY),
        Context(today=TODAY, own_cases=CONTEXT.own_cases[:1]),
        Context(today=TODAY, agreed=frozenset({("privacy", "2026-11")})),
    ]
)


def ensure_inside(turn: Turn, context: Context, typed: str = "") -> None:
    """What holds after every turn. `typed`: all he has said so far; braces of his own stay as he typed them."""
    for effect in turn.effects:
        assert isinstance(effect, Filed | Consented | Left)
    for told in turn.says:
        assert told.text.strip()
        assert all(blank in typed for blank in BLANKS.findall(told.text)), "a placeholder was not filled in"
        assert len({option.value for option in told.options}) == len(told.options)
    progress = turn.progress
    if progress is None:
        assert any(isinstance(effect, Filed | Left) for effect in turn.effects)
        return
    tree = TREES[progress.tree]
    assert progress.at in tree.questions
    assert set(progress.answers) <= set(tree.questions)
    assert progress.at in way.way(tree, progress.answers) or progress.at in progress.answers
    assert len(progress.evidence) <= 9
    assert turn.says, "somebody who is in a talk is always asked something"
    (asked,) = turn.says
    question = tree[progress.at]
    if progress.mode is Mode.ASKING and question.answer in CHOOSES:
        own = question.answer is AnswerType.OWN_CASE and not context.own_cases
        empty = question.answer is AnswerType.EVIDENCE and not question.skip and not progress.evidence
        assert asked.options or own or empty
    if progress.mode is Mode.ASKING:
        assert tree.questions[progress.at].ask.split("{", maxsplit=1)[0].strip()[:10] in asked.text


@settings(max_examples=200)
@given(st.sampled_from([ENTRY, *TREES]), CONTEXTS, st.lists(REPLIES, max_size=25))
def test_no_reply_leads_out_of_the_tree(tree: str, context: Context, replies: list[Said]) -> None:
    turn = ENGINE.start(context, tree)
    ensure_inside(turn, context)
    typed = ""
    for reply in replies:
        if turn.progress is None:
            return
        typed += f"{clean(reply.text)}\n"
        turn = ENGINE.walk(turn.progress, reply, context)
        ensure_inside(turn, context, typed)


@settings(max_examples=200)
@given(st.sampled_from(PLACES), CONTEXTS, st.lists(REPLIES, min_size=1, max_size=4))
@example(STORY, CONTEXT, [Said(text="问题{hotline}在{x")])
def test_no_reply_in_mid_talk_leads_out_of_the_tree(
    place: Progress, context: Context, replies: list[Said]
) -> None:
    """The same from every question on, deep in the trees too."""
    progress: Progress | None = place
    typed = ""
    for reply in replies:
        if progress is None:
            return
        typed += f"{clean(reply.text)}\n"
        turn = ENGINE.walk(progress, reply, context)
        ensure_inside(turn, context, typed)
        progress = turn.progress


@given(st.sampled_from(PLACES), st.lists(REPLIES, max_size=5))
def test_a_draft_survives_a_restart_at_any_moment(place: Progress, replies: list[Said]) -> None:
    """What lies in the store between two words comes back as the same value and asks the same question."""
    progress: Progress | None = place
    for reply in replies:
        if progress is not None:
            progress = ENGINE.walk(progress, reply, CONTEXT).progress
    if progress is None:
        return

    restored = Progress.from_json(progress.to_json())

    assert restored == progress
    assert shows(restored) == shows(progress)
    assert restored.to_json() == progress.to_json()


@given(st.sampled_from(PLACES), REPLIES)
def test_the_engine_keeps_nothing_to_itself(place: Progress, reply: Said) -> None:
    """The same word at the same place is the same turn: a transaction may be run twice."""
    before = place.to_json()

    assert ENGINE.walk(place, reply, CONTEXT) == ENGINE.walk(place, reply, CONTEXT)
    assert place.to_json() == before


@given(st.sampled_from([place for place in PLACES if place.tree != ENTRY]), st.text(min_size=1, max_size=40))
def test_what_a_person_types_is_never_read_as_a_format(place: Progress, text: str) -> None:
    """{hotline} in somebody's story stays {hotline}."""
    typed = f"{{hotline}} {text}"
    turn = ENGINE.walk(place, Said(text=typed), CONTEXT)

    if TREES[place.tree][place.at].answer is not AnswerType.TEXT:
        return
    filed = [effect for effect in turn.effects if isinstance(effect, Filed)]
    if filed:  # it was the last question of its tree
        assert filed[0].values[place.at] == clean(typed)
    elif place.at in stands(turn).answers:
        assert stands(turn).answers[place.at].value == clean(typed)


@given(
    st.lists(
        st.sampled_from(["上一步", "同意", "1", "不同意", "匿名", "2", "修改1", "保持不变"]), max_size=30
    )
)
def test_to_and_fro_never_loses_an_answer_given_before(replies: list[str]) -> None:
    """Going back and forth changes the answers he touches and no other."""
    progress = next(place for place in PLACES if (place.tree, place.at) == ("complaint", "entrust"))
    given_before = dict(progress.answers)
    for text in replies:
        turn = ENGINE.walk(progress, Said(text=text, word=spoken(text)), CONTEXT)
        if turn.progress is None:
            return
        progress = turn.progress
        assert set(given_before) <= set(progress.answers)
