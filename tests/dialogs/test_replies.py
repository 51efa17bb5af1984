"""回复模板: which fit a case and a step, what fills them, and every mistake of the file by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.linting import lint_office, lint_paths
from bots.office import OfficePaths
from casestore.codes import EndGround, Ground, Kind, Outcome, Status, Step
from casestore.errors import StoreError
from casestore.model import Case
from casestore.units import Units
from casestore.workdays import CHINA, end_of
from dialogs import reply_file
from dialogs.replies import PACKAGED, STEPS, Replies, facts_of
from tests.casestore.builders import MONDAY, a_case
from tests.dialogs.builders import TEXTS
from tests.office import a_suggestion

UNITS = Units.load()
REPLIES = reply_file.load()
GOOD = """\
phones: [0773-7654321]
replies:
  keep_it:
    title: 请留好实物
    steps: [write]
    classes: [G01]
    text: 请把实物留好。
"""


def titles(case: Case, step: Step, replies: Replies = REPLIES, **given: str) -> list[str]:
    facts = facts_of(case, TEXTS, UNITS, given)
    return [reply.title for reply in replies.offered(case, step, given, facts)]


def of_class(code: str, kind: Kind = Kind.COMPLAINT, **changes: object) -> Case:
    return a_case(Status.ACCEPTED, kind, object=code, **changes)


# ── the packaged ones ──


def test_the_packaged_templates_are_without_fault_for_every_step() -> None:
    """S1-4.3, S3-4.1: approved words, each of which passes the check before sending."""
    assert lint_paths([PACKAGED]) == []
    assert {step for reply in REPLIES for step in reply.steps} == set(STEPS)
    assert len(list(REPLIES)) >= 25


def test_a_template_is_offered_where_its_step_and_class_are() -> None:
    assert "请保留食品和包装" in titles(of_class("G0101"), Step.WRITE)
    assert "请保留食品和包装" not in titles(of_class("G0401"), Step.WRITE)
    assert "请保留食品和包装" not in titles(of_class("G0101"), Step.ASK_SUPPLEMENT)
    assert "食品标签和小票" in titles(of_class("G01"), Step.ASK_SUPPLEMENT)
    assert "感谢线索、保密" in titles(of_class("G01", Kind.REPORT), Step.WRITE)
    assert "感谢线索、保密" not in titles(of_class("G01"), Step.WRITE)


def test_what_is_for_this_class_comes_before_what_is_for_all() -> None:
    assert titles(of_class("G0101"), Step.WRITE)[0] == "请保留食品和包装"


@pytest.mark.parametrize("ground", Ground)
def test_words_for_declining_are_those_of_the_ground(ground: Ground) -> None:
    suggestion = a_suggestion(scope="outside", department="房管部门", hotline="12345")
    shown = titles(of_class("S02", suggestion=suggestion), Step.DECLINE, ground=ground)

    assert ("属于其他部门" in shown) is (ground is Ground.NOT_OUR_DUTY)
    assert ("补齐后可以再投诉" in shown) is (ground is Ground.MATERIAL_MISSING_OR_FALSE)


@pytest.mark.parametrize("ground", EndGround)
def test_words_for_ending_are_those_of_the_ground(ground: EndGround) -> None:
    shown = titles(of_class("G01"), Step.END_MEDIATION, end_ground=ground)

    assert ("经营者拒绝调解" in shown) is (ground is EndGround.NOT_TAKING_PART)


@pytest.mark.parametrize("outcome", Outcome)
def test_words_for_closing_are_true_of_the_outcome(outcome: Outcome) -> None:
    shown = titles(of_class("G01"), Step.CLOSE, outcome=outcome)

    assert ("达成协议，请按期履行" in shown) is (outcome is Outcome.AGREEMENT)


def test_a_template_that_a_case_cannot_fill_is_not_offered() -> None:
    """No department is suggested, no limit runs, no unit has it: nothing is sent with a hole in it."""
    bare = of_class("G01", unit=None, merchant="", due_limit="", due_at=None)

    assert "属于其他部门" not in titles(bare, Step.DECLINE, ground=Ground.NOT_OUR_DUTY)
    assert "说明办理期限" not in titles(bare, Step.WRITE)
    assert "已联系商家" not in titles(bare, Step.WRITE)
    due = end_of(MONDAY.astimezone(CHINA).date())
    whole = of_class("G01", merchant="甲某某超市", due_limit="acceptance", due_at=due)
    assert {"说明办理期限", "已联系商家"} <= set(titles(whole, Step.WRITE))


def test_the_placeholders_are_filled_from_the_case() -> None:
    due = end_of(MONDAY.astimezone(CHINA).date())
    case = of_class("G01", due_limit="acceptance", due_at=due)
    facts = facts_of(case, TEXTS, UNITS, {})

    text = TEXTS.fill(REPLIES["says_the_limit"].text, facts)

    assert "「告知是否受理」，期限到 11月23日（含当天）" in text
    assert facts["unit"] == "食品生产流通安全监督管理科"


def test_no_more_than_eight_are_offered() -> None:
    assert len(titles(of_class("G01", merchant="甲超市"), Step.WRITE)) <= 8


# ── the linter ──


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "replies.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_file_has_no_fault(tmp_path: Path) -> None:
    assert lint_paths([written(tmp_path, GOOD)]) == []


def with_text(text: str, step: str = "write") -> str:
    return GOOD.replace("请把实物留好。", text).replace("[write]", f"[{step}]")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "请按「replies:」下面"),
        ("- 甲\n", 1, "文件应由「键: 值」组成"),
        (GOOD + "more: 甲\n", 1, "请按「replies:」下面"),
        (GOOD.replace("keep_it", "留好"), 3, "只能用小写字母"),
        (GOOD.replace("[write]", "[wrote]"), 5, "steps 里「wrote」不认识。您是不是想写「write」？"),
        (GOOD.replace("[write]", "[accept]"), 5, "steps 里「accept」不认识"),
        (GOOD.replace("[write]", "write"), 5, "请写成列表，例如 steps: [write]"),
        (GOOD.replace("    steps: [write]\n", ""), 3, "请写成列表，例如 steps: [write]"),
        (GOOD.replace("[G01]", "[G99]"), 6, "「keep_it」的 classes 里「G99」不认识"),
        (GOOD.replace("classes: [G01]", "natures: [N99]"), 6, "natures 里「N99」不认识"),
        (GOOD.replace("classes: [G01]", "grounds: [16-9]"), 6, "可以写 16-1 到 16-7、23-1 到 23-8"),
        (GOOD.replace("classes: [G01]", "kinds: [complain]"), 6, "您是不是想写「complaint」"),
        (GOOD.replace("classes: [G01]", "klasses: [G01]"), 6, "「klasses」不认识"),
        (GOOD.replace("请留好实物", "请" * 21), 4, "请缩短到 20 字以内"),
        (GOOD.replace("    title: 请留好实物\n", ""), 3, "缺少 title"),
        (GOOD.replace("    text: 请把实物留好。\n", ""), 3, "缺少 text"),
        (with_text("请到{窗口}。"), 7, "「窗口」不认识"),
        (with_text("请到{windou}。"), 7, "您是不是想写「window」"),
        (with_text("请到{window。"), 7, "花括号没有配对"),
        (with_text("字" * 500), 7, "连同通知超过微信一条的上限"),
        (with_text("请在 ____ 前来。"), 7, "没有填的空白「____」"),
        (with_text("请打 13800138000。"), 7, "里有像电话、证件号"),
        (with_text("请打 0773-1234567。"), 7, "公开的固定电话请写在 phones: 下面"),
        (with_text("另有规定", "decline"), 7, "用于「16-7」时没有写明是哪部法律"),
        (with_text("没问题", "not_file"), 7, "没有写明理由"),
        (GOOD.replace("0773-7654321", "13800138000"), 1, "手机号不能作为公开的电话"),
        (GOOD.replace("[0773-7654321]", "0773-7654321"), 1, "phones 请写成列表"),
        (
            GOOD + "  again:\n    title: 请留好实物\n    steps: [close]\n    text: 甲\n",
            9,
            "与「keep_it」的相同",
        ),
    ],
)
def test_every_mistake_is_told_by_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = written(tmp_path, text)
    problems = lint_paths([path])

    assert [problem for problem in problems if says in problem.message and problem.line == line], problems
    assert all(problem.file == str(path) for problem in problems)


def test_a_public_telephone_may_stand_in_a_template(tmp_path: Path) -> None:
    assert lint_paths([written(tmp_path, with_text("请打 0773-7654321。"))]) == []


def test_an_office_that_names_no_ground_in_its_notice_is_told_where_its_templates_lack_it(
    tmp_path: Path,
) -> None:
    """The whole text that would go out is looked at, with the office's own notices."""
    packaged = (PACKAGED.parent / "zh.yaml").read_text(encoding="utf-8")
    (tmp_path / "texts").mkdir()
    bare = packaged.replace("      理由：{end_ground_name}。{reason}\n", "      {reason}\n")
    assert bare != packaged
    (tmp_path / "texts" / "zh.yaml").write_text(bare, encoding="utf-8")

    found = [one for one in lint_office(OfficePaths.of(tmp_path)) if one.code == "replies-check"]

    assert {"没有写明理由" in problem.message for problem in found} == {True}
    assert len(found) == sum(Step.END_MEDIATION in reply.steps for reply in REPLIES)


def test_templates_with_a_mistake_are_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"replies.yaml:5: steps 里「wrote」不认识"):
        reply_file.load(written(tmp_path, GOOD.replace("[write]", "[wrote]")))
