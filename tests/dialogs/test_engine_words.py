"""上一步, 修改, 取消, 帮助, 进度, 人工 work at every question of every tree and lead back to it (design 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs import way
from dialogs.asking import ENTRY
from dialogs.progress import Mode, Progress
from dialogs.turn import Left, Said
from tests.dialogs.builders import (
    A_PHOTO,
    CONTEXT,
    ENGINE,
    PLACES,
    TEXTS,
    TREES,
    asks,
    at,
    begun,
    good_answer,
    named,
    press,
    say,
    stands,
)
from tests.dialogs.builders import everywhere as the_way

everywhere = pytest.mark.parametrize("place", PLACES, ids=named)
in_a_tree = pytest.mark.parametrize("place", [one for one in PLACES if one.tree != ENTRY], ids=named)


def test_every_question_of_every_tree_is_reached() -> None:
    asked = {(place.tree, place.at) for place in PLACES}

    assert asked == {(tree.name, name) for tree in TREES.values() for name in tree.questions}


@everywhere
def test_help_is_said_and_the_question_asked_again(place: Progress) -> None:
    told = ENGINE.help(place)
    turn = ENGINE.again(place, CONTEXT, told)

    assert TEXTS.say("help.general") in told
    assert TEXTS.fill(TREES[place.tree][place.at].hint) in told
    assert turn.progress == place
    assert turn.says[0].text == f"{told}\n\n{asks(place)}"


@everywhere
@pytest.mark.parametrize("code", ["progress.none", "human"])
def test_progress_and_human_answer_beside_the_talk(place: Progress, code: str) -> None:
    """The desk answers them itself, then asks what was asked."""
    turn = ENGINE.again(place, CONTEXT, TEXTS.say(code))

    assert turn.progress == place
    assert turn.says[0].text.endswith(asks(place))
    assert turn.effects == ()


@everywhere
def test_greeting_again_in_mid_talk_goes_on(place: Progress) -> None:
    turn = say(place, "你好")

    assert turn.progress == place
    assert turn.says[0].text.startswith("欢迎回来")


@everywhere
@pytest.mark.parametrize("greeting", ["你好", "/start", "首页"])
def test_greeting_while_asked_whether_to_cancel_repeats_that_question_alone(
    place: Progress, greeting: str
) -> None:
    """我们接着填 would be untrue: it is not decided yet."""
    asked = say(place, "取消")
    turn = say(stands(asked), greeting)

    assert turn.progress == asked.progress
    assert turn.says[0].text == TEXTS.say("engine.leave")


@everywhere
@pytest.mark.parametrize("stay", ["继续填写", "2", "否", "上一步"])
def test_whoever_cancels_is_asked_and_may_stay(place: Progress, stay: str) -> None:
    asked = say(place, "取消")

    assert stands(asked).mode is Mode.LEAVING
    assert [option.label for option in asked.says[0].options] == ["确定取消", "继续填写"]
    assert say(stands(asked), stay).progress == place


@everywhere
@pytest.mark.parametrize("leave", ["确定取消", "1", "是", "取消"])
def test_whoever_really_cancels_leaves_nothing_behind(place: Progress, leave: str) -> None:
    """PIPL: what was sent for a draft that is given up is forgotten."""
    with_photo = replace(place, evidence=A_PHOTO)
    turn = say(stands(say(with_photo, "取消")), leave)

    assert turn.progress is None
    assert turn.effects == (Left(A_PHOTO),)
    assert turn.says[0].text == TEXTS.say("engine.left")


@everywhere
def test_neither_leaving_nor_staying_asks_once_more(place: Progress) -> None:
    asked = stands(say(place, "取消"))

    assert say(asked, "嗯……").progress == asked
    assert press(asked, "no such button").progress == asked


@in_a_tree
def test_a_step_back_and_the_same_answer_lead_to_the_same_question(place: Progress) -> None:
    turn = say(place, "上一步")
    earlier = stands(turn)
    if not place.answers:  # the first question of its tree: back to what he wants to do
        assert (earlier.tree, earlier.at) == (ENTRY, TREES[ENTRY].first)
        return

    names = way.way(TREES[place.tree], place.answers)
    assert earlier.at == names[names.index(place.at) - 1]
    assert earlier.answers == place.answers
    again = stands(say(earlier, good_answer(earlier, {name: a.shown for name, a in place.answers.items()})))
    assert again.at == place.at
    assert {name: answer.value for name, answer in again.answers.items()} == {
        name: answer.value for name, answer in place.answers.items()
    }


@in_a_tree
def test_stepping_back_all_the_way_leads_to_the_first_question(place: Progress) -> None:
    steps = way.way(TREES[place.tree], place.answers).index(place.at)
    progress = place
    for _ in range(steps):
        progress = stands(say(progress, "上一步"))

    assert progress.at == TREES[place.tree].first
    assert progress.answers == place.answers


def test_a_step_back_from_the_first_question_with_answers_says_so() -> None:
    first = replace(at("complaint", "goods"), at="merchant")

    assert say(first, "上一步").says[0].text.startswith("这已经是第一个问题了")


@pytest.mark.parametrize("place", [one for one in PLACES if one.tree == ENTRY], ids=named)
def test_at_the_door_there_is_no_step_back(place: Progress) -> None:
    turn = say(place, "上一步")

    assert turn.progress == place
    assert turn.says[0].text.startswith("这已经是第一个问题了")


# ── 修改 ──


@in_a_tree
def test_every_line_can_be_corrected_from_everywhere_and_leads_back(place: Progress) -> None:
    """修改 3: the line is asked again, and left as it is leads back to where he stood."""
    for number, line in enumerate(way.lines(TREES[place.tree], place), 1):
        correcting = stands(say(place, f"修改{number}"))
        assert correcting.at == line.name
        assert (
            place.answers[line.name].shown in ENGINE.again(correcting, CONTEXT).says[0].text or not line.line
        )
        back = stands(say(correcting, "保持不变"))
        assert (back.at, back.answers, back.mode) == (place.at, place.answers, Mode.ASKING)


@in_a_tree
def test_the_line_to_correct_can_be_picked_by_its_number_or_its_name(place: Progress) -> None:
    lines = way.lines(TREES[place.tree], place)
    picking = say(place, "修改")
    if not lines:
        assert picking.progress == place
        assert picking.says[0].text.startswith("还没有可以修改的内容")
        return

    assert stands(picking).mode is Mode.PICKING
    assert [option.value for option in picking.says[0].options] == [line.name for line in lines]
    assert stands(say(stands(picking), str(len(lines)))).at == lines[-1].name
    assert stands(say(stands(picking), lines[0].line)).at == lines[0].name
    assert stands(press(stands(picking), lines[-1].name)).at == lines[-1].name
    assert say(stands(picking), "上一步").progress == place


@in_a_tree
def test_a_line_that_is_not_there_is_refused_with_how_many_there_are(place: Progress) -> None:
    lines = way.lines(TREES[place.tree], place)
    if not lines:
        return
    turn = say(stands(say(place, "修改")), "88")

    assert stands(turn).mode is Mode.PICKING
    assert turn.says[0].text.startswith(f"没有看懂您选的是哪一项，请回复 1 到 {len(lines)} 的数字")


@in_a_tree
@pytest.mark.parametrize("written", ["修改 88", "修改99", "改第十九项", "修改 1000", "修改 0"])
def test_a_line_that_is_not_filled_yet_is_said_to_be_so(place: Progress, written: str) -> None:
    """And is no answer to the question he stands at."""
    lines = way.lines(TREES[place.tree], place)
    turn = say(place, written)

    assert turn.progress == place
    expected = f"是第 1 到第 {len(lines)} 行" if lines else "还没有可以修改的内容"
    assert expected in turn.says[0].text
    assert turn.says[0].text.endswith(asks(place))


def test_a_line_further_on_is_not_filled_yet() -> None:
    """修改 5 at the fourth question is not the name of the goods."""
    turn = say(at("complaint", "goods"), "修改 5")

    assert "goods" not in stands(turn).answers
    assert turn.says[0].text.startswith("这一行还没有填写，现在可以修改的是第 1 到第 3 行")


@pytest.mark.parametrize("written", ["3", "修改 3", "修改3", "改３", "第三行", "修改第3项", "改三"])
def test_at_the_summary_a_number_is_a_line(written: str) -> None:
    assert stands(say(at("complaint", "summary"), written)).at == "happened_on"


def test_at_the_summary_a_line_too_far_is_refused_with_the_number_of_lines() -> None:
    """Not with the two buttons: a number there is a line to correct."""
    summary = at("complaint", "summary")
    lines = way.lines(TREES["complaint"], summary)

    assert f"1 到 {len(lines)} 的数字" in say(summary, "99").says[0].text


def test_a_corrected_answer_is_shown_in_the_summary() -> None:
    correcting = stands(say(at("complaint", "summary"), "修改 5"))
    turn = say(correcting, "三百元")

    assert stands(turn).at == "summary"
    assert "5. 涉及金额：300元" in turn.says[0].text
    assert "已记下：300元" in turn.says[0].text


def test_a_corrected_branch_asks_what_it_newly_needs_and_nothing_twice() -> None:
    """匿名 → 实名: name, phone and address are asked, then the summary again."""
    summary = at("report", "summary", anonymous="匿名")
    number = [line.name for line in way.lines(TREES["report"], summary)].index("anonymous") + 1
    progress = stands(say(stands(say(summary, f"修改{number}")), "实名"))
    asked = []
    while progress.at != "summary":
        asked.append(progress.at)
        progress = stands(say(progress, good_answer(progress, {})))

    assert asked == ["name", "phone", "redress", "postal_address"]


def test_an_informer_who_also_asks_for_redress_tells_what_a_complaint_must_hold() -> None:
    """Art. 9 and 10: his demand and an address that cannot be left out, beside name and telephone."""
    asked = [place.at for place in the_way("report", redress="还要求退款或赔偿")]

    assert asked[asked.index("redress") :] == [
        "redress", "demands", "home_address", "publish", "entrust", "summary",
    ]  # fmt: skip
    assert not TREES["report"]["home_address"].skip
    assert "匿名" in TREES["report"]["anonymous"].ask.split("投诉不能", 1)[1]


@pytest.mark.parametrize(("which", "asked"), [("1", "story"), ("2", "notices")])
def test_what_is_asked_next_depends_on_the_kind_of_the_case_he_chose(which: str, asked: str) -> None:
    """撤回 of a complaint ends it; of a report it does not, and he is told so before he confirms."""
    chosen = say(begun("withdraw"), which)

    assert stands(chosen).at == asked
    assert ("仍须依法核查" in chosen.says[0].text) is (which == "2")


def test_correcting_a_choice_of_several_begins_with_what_was_chosen() -> None:
    correcting = stands(press(stands(say(at("complaint", "summary"), "修改")), "demands"))

    assert correcting.picked == ("repair", "exchange")
    taken_back = stands(press(correcting, "repair"))
    done = stands(press(taken_back, "done"))
    assert done.answers["demands"].value == ["exchange"]
    assert done.at == "summary"


def test_a_photo_in_between_is_kept_and_the_question_asked_again() -> None:
    for place in PLACES:
        turn = ENGINE.walk(place, Said(evidence=A_PHOTO), CONTEXT)

        assert stands(turn).at == place.at
        assert stands(turn).evidence == (*place.evidence, *A_PHOTO)
        assert turn.says[0].text.endswith(asks(stands(turn)))
        assert begun(place.tree).evidence == ()
