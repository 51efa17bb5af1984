"""A tree is edited while people are in it: nobody is stranded, and what they told is kept where it still fits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dialogs import way
from dialogs.asking import ENTRY
from dialogs.progress import Answer, Mode, Progress
from dialogs.tree import AnswerType, Option, Question, Tree
from dialogs.turn import Said
from tests.dialogs.builders import A_PHOTO, CONTEXT, TREES, a_tree, an_engine, stands

KEPT = "问题有更新，您填过的内容已保留"
COLOURS = (Option("red", "红色"), Option("blue", "蓝色"))


def a_question(
    name: str, answer: AnswerType = AnswerType.TEXT, following: str = "end", **more: Any
) -> Question:
    return Question(name=name, ask=f"问{name}？", answer=answer, next=following, line=name, **more)


OLD = a_tree(a_question("one", following="two"), a_question("two", following="three"), a_question("three"))


def in_mid_talk(tree: Tree = OLD, at: str = "three", **answers: Any) -> Progress:
    """Somebody who answered one and two and stands at three."""
    given = answers or {"one": "甲", "two": "乙"}
    kept = {name: Answer(value, str(value)) for name, value in given.items()}
    return Progress(tree=tree.name, version=tree.version, at=at, answers=kept, evidence=A_PHOTO)


def after(changed: Tree, progress: Progress, text: str = "丙") -> Any:
    return an_engine(changed).walk(progress, Said(text=text), CONTEXT)


def test_an_unchanged_tree_says_nothing_of_changes() -> None:
    turn = after(OLD, in_mid_talk())

    assert turn.progress is None
    assert turn.effects[0].values == {"one": "甲", "two": "乙", "three": "丙"}


def test_a_reworded_question_is_no_change() -> None:
    reworded = replace(
        OLD, questions={**OLD.questions, "three": replace(OLD["three"], ask="第三个？", hint="写吧")}
    )

    assert reworded.version == OLD.version


@pytest.mark.parametrize(
    "question",
    [
        a_question("three", AnswerType.PHONE),
        a_question("three", following="end refused"),
        a_question("three", AnswerType.CHOICE, options=COLOURS),
    ],
)
def test_whatever_decides_where_a_person_stands_is_a_change(question: Question) -> None:
    assert replace(OLD, questions={**OLD.questions, "three": question}).version != OLD.version


def test_where_his_question_is_still_there_his_word_answers_it() -> None:
    changed = a_tree(
        a_question("one", following="two"),
        a_question("two", following="three"),
        a_question("three", following="four"),
        a_question("four"),
    )
    turn = after(changed, in_mid_talk())

    assert stands(turn).at == "four"
    assert {name: answer.value for name, answer in stands(turn).answers.items()} == {
        "one": "甲", "two": "乙", "three": "丙",
    }  # fmt: skip


def test_where_his_question_is_gone_he_is_told_and_asked_the_next_open_one() -> None:
    changed = a_tree(
        a_question("one", following="two"), a_question("two", following="last"), a_question("last")
    )
    turn = after(changed, in_mid_talk())

    assert stands(turn).at == "last"
    assert turn.says[0].text.startswith(KEPT)
    assert stands(turn).version == changed.version
    assert stands(turn).evidence == A_PHOTO


def test_a_renamed_question_keeps_its_answer() -> None:
    changed = a_tree(
        a_question("first", following="two"), a_question("two", following="third"), a_question("third"),
        one="first", three="third",
    )  # fmt: skip
    progress = stands(an_engine(changed).again(in_mid_talk(), CONTEXT))

    assert progress.at == "third"
    assert {name: answer.value for name, answer in progress.answers.items()} == {"first": "甲", "two": "乙"}


def test_a_tree_that_is_gone_leads_to_the_door_with_the_photos() -> None:
    gone = replace(in_mid_talk(), tree="praise")
    turn = an_engine().walk(gone, Said(text="丙"), CONTEXT)

    assert (stands(turn).tree, stands(turn).at) == (ENTRY, TREES[ENTRY].first)
    assert stands(turn).evidence == A_PHOTO
    assert turn.says[0].text.startswith(KEPT)


@pytest.mark.parametrize("mode", Mode)
def test_in_any_mode_a_changed_tree_strands_nobody(mode: Mode) -> None:
    changed = a_tree(a_question("fresh"))
    turn = after(changed, replace(in_mid_talk(), mode=mode, picked=("red",)))

    assert (stands(turn).at, stands(turn).mode) == ("fresh", Mode.ASKING)


#: A question as it is now, answers given to it before it was changed, and whether they still are answers.
FITS = [
    (a_question("q"), "甲", True),
    (a_question("q"), ["red"], False),
    (a_question("q"), 12_800, False),
    (a_question("q"), None, False),
    (a_question("q", skip="不填"), None, True),
    (a_question("q", AnswerType.CHOICE, options=COLOURS), "red", True),
    (a_question("q", AnswerType.CHOICE, options=COLOURS), "green", False),
    (a_question("q", AnswerType.CHOICE, options=COLOURS), ["red"], False),
    (a_question("q", AnswerType.CHOICES, options=COLOURS), ["red", "blue"], True),
    (a_question("q", AnswerType.CHOICES, options=COLOURS), ["red", "green"], False),
    (a_question("q", AnswerType.CHOICES, options=COLOURS), "red", False),
    (a_question("q", AnswerType.AMOUNT), 12_800, True),
    (a_question("q", AnswerType.AMOUNT), "很多", False),
    (a_question("q", AnswerType.DATE), "2026-11-20", True),
    (a_question("q", AnswerType.DATE), "前几天", False),
    (a_question("q", AnswerType.EVIDENCE, skip="没有"), 2, True),
    (a_question("q", AnswerType.EVIDENCE, skip="没有"), "有", False),
]


@pytest.mark.parametrize(("question", "value", "fits"), FITS)
def test_an_answer_is_kept_only_if_it_still_is_one(question: Question, value: Any, fits: bool) -> None:
    """A sum where a text was asked for would spoil the case when it is filed."""
    assert way.fits(question, Answer(value, str(value))) is fits


def test_an_answer_that_fits_no_more_is_asked_for_again() -> None:
    changed = a_tree(
        a_question("one", AnswerType.CHOICE, "two", options=COLOURS), a_question("two", following="three"), a_question("three")
    )  # fmt: skip
    several = in_mid_talk(one=["red", "blue"], two="乙")
    turn = after(changed, several)

    assert stands(turn).at == "one"
    assert turn.says[0].text.startswith(KEPT)
    assert (
        stands(after(changed, stands(turn), "红色")).at == "three"
    )  # what he told before is not asked again


# ── ways ──


def test_a_tree_that_leads_back_asks_anew() -> None:
    """不对，重新填: everything from there on is asked again, nothing before it."""
    again = a_question(
        "right", AnswerType.CHOICE, options=(Option("yes", "对"), Option("no", "不对")), branches={"yes": "end", "no": "two"}
    )  # fmt: skip
    tree = a_tree(a_question("one", following="two"), a_question("two", following="right"), again)
    turn = after(tree, in_mid_talk(tree, at="right"), "不对")

    assert stands(turn).at == "two"
    assert list(stands(turn).answers) == ["one"]


def test_the_way_follows_the_answers_and_ends_at_the_open_question() -> None:
    report = TREES["report"]
    named = {
        name: Answer("x", "x")
        for name in ("merchant", "merchant_address", "happened_on", "story", "evidence")
    }

    assert way.way(report, {})[-1] == "merchant"
    assert way.way(report, named)[-1] == "anonymous"
    assert way.way(report, {**named, "anonymous": Answer("named", "实名")})[-1] == "name"
    assert way.way(report, {**named, "anonymous": Answer("anonymous", "匿名")})[-1] == "summary"


def test_the_place_is_none_where_there_is_little_to_count() -> None:
    assert way.place(OLD, in_mid_talk()) is None
    assert way.place(TREES["complaint"], Progress(tree="complaint", version="", at="merchant")) == (1, 13)
    assert way.place(TREES["complaint"], Progress(tree="complaint", version="", at="summary")) is None


def test_targets_names_everywhere_a_question_can_lead_once() -> None:
    report = TREES["report"]

    assert list(report["anonymous"].targets()) == ["name", "summary"]
    assert list(report["merchant"].targets()) == ["merchant_address"]
    assert list(TREES["complaint"]["publish"].targets()) == ["entrust"]
    assert report["anonymous"].target("named") == "name"
    assert report["merchant"].target(["a", "list"]) == "merchant_address"
