"""The life of a case as a picture: every way there is, with what must hold for it, and nothing else."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from casestore.codes import Kind, Status, Step
from casestore.lifecycle import TABLE
from dialogs import lifecycle_picture
from dialogs.lifecycle_picture import arrows, states
from dialogs.texts import Texts

TEXTS = Texts.load({})
SVG = "{http://www.w3.org/2000/svg}"


def shown() -> list[str]:
    picture = ET.fromstring(lifecycle_picture.svg(TEXTS))
    return [element.text or "" for element in picture.iter(f"{SVG}text")]


def test_a_case_of_each_kind_is_drawn_as_it_can_go() -> None:
    """No arrow leaves a state that a case of this kind never reaches."""
    drawn = lifecycle_picture.mermaid(TEXTS)

    assert "closed --> accepted: 重新办理（投诉）" in drawn
    assert "registered --> withdrawn: 撤回（投诉、咨询）" in drawn
    assert "filed --> withdrawn" not in drawn
    assert "mediation_ended --> archived" not in drawn
    assert "filed --> closed: 按自行和解办结" not in drawn
    assert states(Kind.CONSULTATION) == [
        Status.REGISTERED, Status.CLOSED, Status.WITHDRAWN, Status.ARCHIVED,
    ]  # fmt: skip


def test_each_arrow_says_what_must_hold_with_the_article() -> None:
    drawn = lifecycle_picture.mermaid(TEXTS)

    assert "taken_over --> mediating: 组织调解（投诉）须双方都同意调解的记录（第十八条）；" in drawn
    assert "registered --> declined: 不予受理（投诉）须选定第十六条七项理由之一" in drawn
    assert "registered --> accepted: 受理（投诉）\n" in drawn


def test_the_drawing_lists_every_step_of_every_kind_with_every_condition() -> None:
    lines = shown()

    for kind in Kind:
        for arrow in arrows(kind):
            begins = f"{arrow.number}. {TEXTS.name('step', arrow.row.step)} → "
            assert any(line.startswith(begins) for line in lines), begins
    for guard in {guard.__name__ for row in TABLE for guard in row.guards}:
        assert f"· {TEXTS.name('guard', guard)}" in lines


@pytest.mark.parametrize("kind", Kind)
def test_every_number_that_is_drawn_is_listed_and_every_step_is_drawn_or_said_in_words(kind: Kind) -> None:
    """What leads out of every open state is no dozen of arrows."""
    found = arrows(kind)
    everywhere = {arrow.row.step for arrow in found if arrow.at_any_time}

    assert everywhere <= {Step.WITHDRAW, Step.SETTLE}
    assert {row.step for row in TABLE if kind in row.kinds} == {arrow.row.step for arrow in found}
    assert [arrow.number for arrow in found] == list(range(1, len(found) + 1))
    numbers = {
        int(one) for line in shown() for one in re.findall(r"^[\d、]+$", line) for one in one.split("、")
    }
    assert {arrow.number for arrow in found if not arrow.at_any_time} <= numbers


def test_the_boxes_lie_apart_and_all_is_inside_the_picture() -> None:
    root = ET.fromstring(lifecycle_picture.svg(TEXTS))
    wide, high = int(root.attrib["width"]), int(root.attrib["height"])
    places = [
        (int(box.attrib["x"]), int(box.attrib["y"]))
        for box in root.iter(f"{SVG}rect")
        if box.attrib.get("rx") == "6"
    ]

    assert len(set(places)) == len(places) == sum(len(states(kind)) for kind in Kind)
    for text in root.iter(f"{SVG}text"):
        assert 0 <= int(text.attrib["x"]) < wide
        assert 0 < int(text.attrib["y"]) < high
