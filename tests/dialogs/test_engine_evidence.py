"""Evidence on its way into a case: what is kept, what is forgotten, and what is only talk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casestore.model import EvidenceId
from dialogs import way
from dialogs.progress import Item, Mode, Progress
from dialogs.turn import Filed, Left, Said, Turn
from tests.dialogs.builders import (
    A_PHOTO,
    CONTEXT,
    ENGINE,
    PLACES,
    TEXTS,
    TREES,
    at,
    named,
    say,
    shows,
    stands,
)

NINE = tuple(Item(EvidenceId(100 + number), f"{number}.jpg") for number in range(9))
ONE_MORE = (Item(EvidenceId(200), "10.jpg"),)
ASKED = at("complaint", "evidence")


def send(progress: Progress, *items: Item) -> Turn:
    return ENGINE.walk(progress, Said(evidence=items), CONTEXT)


def line_of(question: str, progress: Progress) -> str:
    """修改 and the number of the line of this question."""
    lines = [line.name for line in way.lines(TREES[progress.tree], progress)]
    return f"修改 {lines.index(question) + 1}"


def at_the_summary(*items: Item) -> Progress:
    """Who sent these when he was asked."""
    summary = at("complaint", "summary")
    if not items:
        return summary
    asked = stands(say(summary, line_of("evidence", summary)))
    return stands(say(stands(send(asked, *items)), "完成"))


def test_photos_are_counted_and_finished_by_a_word() -> None:
    progress = ASKED
    for number in (1, 2):
        turn = send(progress, *A_PHOTO)
        assert turn.says[0].text.startswith(f"已收到第 {number} 份材料")
        progress = stands(turn)

    for word in ("完成", "好了", "没了", "没有了", "完成。"):
        done = stands(say(progress, word))
        assert (done.at, done.answers["evidence"].value, done.answers["evidence"].shown) == (
            "name",
            2,
            "2 份",
        )


# ── too much ──


def test_the_tenth_copy_is_forgotten_at_once_and_the_nine_are_kept() -> None:
    """What is said not to be kept is not kept."""
    turn = send(replace(ASKED, evidence=NINE), *ONE_MORE)

    assert turn.effects == (Left(ONE_MORE),)
    assert stands(turn).evidence == NINE
    assert turn.says[0].text.startswith("材料已有 9 份，达到上限，这一份没有保存。请回复「完成」")


def test_of_several_at_once_those_that_fit_are_kept() -> None:
    turn = send(replace(ASKED, evidence=NINE[:8]), NINE[8], *ONE_MORE)

    assert stands(turn).evidence == NINE
    assert turn.effects == (Left(ONE_MORE),)


@pytest.mark.parametrize(
    "place", [one for one in PLACES if one.at not in ("evidence", "material")], ids=named
)
def test_beside_another_question_nobody_is_told_to_say_done(place: Progress) -> None:
    """完成 means nothing at 您的姓名: what is asked there is asked again."""
    turn = send(replace(place, evidence=NINE), *ONE_MORE)

    assert turn.effects == (Left(ONE_MORE),)
    assert turn.says[0].text.startswith("材料已有 9 份，达到上限，这一份没有保存")
    assert "完成」" not in turn.says[0].text.removesuffix(shows(stands(turn)))


def test_a_copy_for_a_tree_that_changed_meanwhile_is_kept_too() -> None:
    """It was written down before: nothing would ever forget it."""
    changed = replace(at("complaint", "name"), version="before", at="a question that is gone")
    turn = send(changed, *A_PHOTO)

    assert stands(turn).evidence == A_PHOTO
    assert TEXTS.say("engine.tree_changed") in turn.says[0].text


# ── words ──


@pytest.mark.parametrize("written", ["没有证据", "没有", "无", "没有证据。", "跳过", "没证据", "我没有证据"])
def test_no_evidence_goes_on_with_and_without_what_was_sent(written: str) -> None:
    """Never a copy of its own; and what was sent before is kept."""
    for progress in (ASKED, replace(ASKED, evidence=NINE)):
        assert not ENGINE.is_material(progress, written, CONTEXT)
    without = stands(say(ASKED, written))
    kept = say(replace(ASKED, evidence=NINE), written)

    assert (without.at, without.answers["evidence"].value) == ("name", None)
    assert (stands(kept).at, stands(kept).evidence) == ("name", NINE)
    assert stands(kept).answers["evidence"].shown == "9 份"
    assert kept.says[0].text.startswith("已记下：9 份")
    assert kept.effects == ()


@pytest.mark.parametrize(
    "written",
    ["怎么发照片", "如何上传视频", "可以发视频吗？", "微信聊天记录行不行?", "发票丢了怎么办", "好的", "等一下", "在吗", "嗯嗯嗯", "2", "！！！！！", "修改 3"],
)  # fmt: skip
def test_a_question_or_a_few_words_are_no_evidence(written: str) -> None:
    for progress in (ASKED, replace(ASKED, evidence=NINE[:2])):
        assert not ENGINE.is_material(progress, written, CONTEXT)


def test_a_question_is_answered_with_the_hint_and_asked_again() -> None:
    turn = say(replace(ASKED, evidence=NINE[:2]), "可以发视频吗？")

    assert stands(turn).evidence == NINE[:2]
    assert turn.says[0].text.startswith("这句话没有当作材料保存")
    assert TREES["complaint"]["evidence"].hint in turn.says[0].text
    assert turn.says[0].text.endswith(shows(stands(turn)))


@pytest.mark.parametrize(
    "written", ["商家答应退款，一直没有退。", "这是付款完成的截图", "没有证据证明他退过款", "他说没有怎么样"]
)
def test_a_sentence_that_tells_something_is_evidence(written: str) -> None:
    assert ENGINE.is_material(ASKED, written, CONTEXT)
    assert ENGINE.is_material(replace(ASKED, evidence=A_PHOTO), written, CONTEXT)


def test_words_are_evidence_only_where_evidence_is_asked_for() -> None:
    for place in PLACES:
        wanted = place.at in ("evidence", "material")
        assert ENGINE.is_material(place, "商家答应退款，一直没有退。", CONTEXT) is wanted
    leaving = replace(ASKED, mode=Mode.LEAVING)
    assert not ENGINE.is_material(leaving, "商家答应退款，一直没有退。", CONTEXT)


def test_too_long_a_text_is_told_its_length() -> None:
    assert not ENGINE.is_material(ASKED, "长" * 5000, CONTEXT)
    assert "共 5000 字" in say(ASKED, "长" * 5000).says[0].text


def test_who_has_no_evidence_is_told_nothing_about_mediation() -> None:
    """A report is not mediated."""
    for tree in ("report", "complaint"):
        told = say(at(tree, "evidence"), "没有证据").says[0].text
        assert told.startswith("好的，暂无证据")
        assert "调解" not in told.split("\n\n")[0]


# ── afterwards ──


def test_what_is_sent_later_is_counted_in_the_summary() -> None:
    """The line says how many there are, whenever they came."""
    turn = send(at_the_summary(*NINE[:2]), NINE[2])
    assert "证据：3 份" in turn.says[0].text

    skipped = send(at_the_summary(), *A_PHOTO)
    assert "证据：1 份" in skipped.says[0].text


@pytest.mark.parametrize("word", ["清空", "重新发送", "清空重发"])
def test_what_was_sent_can_be_cleared_at_the_summary(word: str) -> None:
    summary = at_the_summary(*NINE)
    asked = say(summary, line_of("evidence", summary))
    assert [option.label for option in asked.says[0].options] == ["完成", "清空重发", "保持不变"]

    cleared = say(stands(asked), word)
    assert cleared.effects == (Left(NINE),)
    assert cleared.says[0].text.startswith("之前发的 9 份材料已清空，请重新发送")
    assert (stands(cleared).at, stands(cleared).evidence) == ("evidence", ())

    anew = stands(say(stands(send(stands(cleared), *ONE_MORE)), "完成"))
    assert (anew.at, anew.answers["evidence"].shown, anew.evidence) == ("summary", "1 份", ONE_MORE)
    none = stands(say(stands(cleared), "没有证据"))
    assert (none.at, none.answers["evidence"].value) == ("summary", None)


def test_what_was_sent_stays_if_it_is_left_as_it_is() -> None:
    summary = at_the_summary(*NINE)
    asked = stands(say(summary, line_of("evidence", summary)))

    for word in ("保持不变", "完成"):
        back = stands(say(asked, word))
        assert (back.at, back.evidence, back.answers["evidence"].shown) == ("summary", NINE, "9 份")


def test_what_was_cleared_is_not_filed() -> None:
    summary = at_the_summary(*NINE)
    cleared = stands(say(stands(say(summary, line_of("evidence", summary))), "清空"))
    (told,) = say(stands(say(cleared, "没有证据")), "提交").effects

    assert isinstance(told, Filed)
    assert (told.evidence, told.values["evidence"]) == ((), None)


def test_nothing_can_be_cleared_while_it_is_collected() -> None:
    """清空 by the number 2 would be an accident."""
    assert [option.label for option in send(ASKED, *NINE[:2]).says[0].options] == ["完成"]
