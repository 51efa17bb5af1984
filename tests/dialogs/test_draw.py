"""A tree as a picture: every question is in it, and no text can break it."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import draw
from dialogs.tree import AnswerType, Option, Question, Tree
from tests.dialogs.builders import TREES, a_tree

trees = pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
SVG = "{http://www.w3.org/2000/svg}"
SHARP = '退<款>&"货"|a(b)]'


def texts_of(picture: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(picture).iter(f"{SVG}text")]


def sharp_tree() -> Tree:
    options = (Option("a", SHARP), Option("b", "乙"))
    return replace(
        a_tree(
            Question(name="one", ask=SHARP, answer=AnswerType.CHOICE, options=options,
                     branches={"a": "two", "b": "end refused"}, law=SHARP),
            Question(name="two", ask="二", answer=AnswerType.TEXT, next="tree report", line=SHARP),
        ),
        title=SHARP,
    )  # fmt: skip


@trees
def test_every_question_and_every_way_is_in_the_flowchart(tree: Tree) -> None:
    lines = draw.mermaid(tree).splitlines()

    assert lines[0] == "flowchart TD"
    assert lines[1] == f'  start(["{tree.title}"]) --> {tree.first}'
    for question in tree.questions.values():
        assert sum(bool(re.match(rf'  {question.name}[\[{{]+"', line)) for line in lines) == 1
        for target in question.targets():
            node = "end_" if target == "end" else target.replace(" ", "_")
            assert any(re.match(rf"  {question.name} -->.*\b{node}$", line) for line in lines)


@trees
def test_every_question_is_a_box_of_the_drawing(tree: Tree) -> None:
    shown = texts_of(draw.svg(tree))

    for question in tree.questions.values():
        assert sum(text.split(" · ")[0] == question.name for text in shown) == 1
    assert tree.questions.keys() <= {text.split(" · ")[0] for text in shown}


@trees
def test_the_boxes_lie_apart_and_inside_the_picture(tree: Tree) -> None:
    root = ET.fromstring(draw.svg(tree))
    wide, high = int(root.attrib["width"]), int(root.attrib["height"])
    boxes = [box for box in root.iter(f"{SVG}rect") if "rx" in box.attrib]
    places = [(int(box.attrib["x"]), int(box.attrib["y"])) for box in boxes]

    assert len(set(places)) == len(places)
    for (x, y), box in zip(places, boxes, strict=True):
        assert x >= 0
        assert x + int(box.attrib["width"]) <= wide
        assert y + int(box.attrib["height"]) <= high


def test_the_drawing_says_what_an_answer_rests_on() -> None:
    assert "name · person · 第十条（一）" in texts_of(draw.svg(TREES["complaint"]))


def test_branches_bear_the_labels_of_their_options() -> None:
    flow = draw.mermaid(TREES["report"])

    assert '  anonymous -->|"实名"| name' in flow
    assert '  anonymous -->|"匿名"| summary' in flow
    assert "实名" in texts_of(draw.svg(TREES["report"]))


def test_sharp_signs_in_a_drawing_are_text() -> None:
    shown = texts_of(draw.svg(sharp_tree()))

    assert shown.count(SHARP) == 3  # the question, the branch, the line of the second
    assert ET.fromstring(draw.svg(sharp_tree())).attrib["aria-label"] == SHARP
    assert f"one · choice · {SHARP}" in shown


def test_sharp_signs_in_a_flowchart_stay_inside_their_quotation_marks() -> None:
    for line in draw.mermaid(sharp_tree()).splitlines()[1:]:
        assert line.count('"') % 2 == 0
        inside = re.findall(r'"([^"]*)"', line)
        assert not any("<" in part or "&" in part for part in inside)
        outside = re.sub(r'"[^"]*"', "", line)
        assert "退" not in outside
    assert "退#lt;款#gt;#amp;#quot;货#quot;|a(b)]" in draw.mermaid(sharp_tree())


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30))
def test_whatever_is_asked_the_drawing_is_valid_xml(ask: str) -> None:
    tree = a_tree(Question(name="one", ask=ask + "？", answer=AnswerType.TEXT, next="end"))

    assert any("one" in text for text in texts_of(draw.svg(tree)))


def test_a_loop_is_drawn_and_does_not_draw_for_ever() -> None:
    tree = a_tree(
        Question(name="one", ask="一", answer=AnswerType.TEXT, next="two"),
        Question(name="two", ask="二", answer=AnswerType.TEXT, next="one"),
    )

    assert len([text for text in texts_of(draw.svg(tree)) if " · text" in text]) == 2
    assert "  two --> one" in draw.mermaid(tree)
