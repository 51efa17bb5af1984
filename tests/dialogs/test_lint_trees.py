"""Every mistake a clerk can make in a tree is named by its line, in Chinese, with what to write instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casestore.errors import StoreError
from casestore.problems import Problem
from dialogs import lint, tree_file
from tests.dialogs.builders import SOUND, faults

LONG = "很长的问题。" * 120
OPTIONS = "\n".join(f"      o{number}: 选项{number}" for number in range(21))

#: name, what stands in the sound tree, what the clerk writes, the line, the code, a part of the sentence.
MISTAKES = [
    ("file too deep", "    ask: 请写说明。", "    ask: " + "[" * 22 + "]" * 22, 17, "yaml-unsafe", "嵌套太深"),
    ("anchor", "ask: 请写说明。", "ask: &a 请写说明。", 17, "yaml-unsafe", "请直接写出内容"),
    ("tag", "ask: 请写说明。", "ask: !x 请写说明。", 17, "yaml-unsafe", "标签(!)"),
    ("duplicate question", "  story:\n    ask: 请写说明。", "  which:\n    ask: 请写说明。", 16, "duplicate-name",
     "「which」重复了，第 7 行已有同名的一项"),
    ("duplicate key", "    answer: text", "    answer: text\n    ask: 又问。", 19, "duplicate-name", "「ask」重复了，第 17 行"),
    ("tab", "    ask: 请写说明。", "\task: 请写说明。", 17, "tab", "制表符(Tab)，缩进请用空格"),
    ("tab in the text", "请写说明。", "请写\t说明。", 17, "tab", "制表符"),
    ("full-width indent", "    ask: 请写说明。", "　　ask: 请写说明。", 17, "wide-space", "行首有全角空格"),
    ("mixed indent", "    ask: 请写说明。", "  　ask: 请写说明。", 17, "wide-space", "行首有全角空格"),
    ("full-width colon", "ask: 请写说明。", "ask：请写说明。", 17, "wide-colon", "请改成半角冒号加空格"),
    ("full-width space after the colon", "ask: 请写说明。", "ask:　请写说明。", 17, "wide-space", "冒号后面是全角空格"),
    ("no space after the colon", "ask: 请写说明。", "ask:请写说明。", 17, "colon-space", "冒号后面要空一格"),
    ("a # inside a text", "请写说明。", "请写 # 说明。", 17, "hash-in-text", "请给整句加上英文双引号"),
    ("a colon inside a text", "请写说明。", "请写: 说明。", 17, "yaml-syntax", "多了一个冒号"),
    ("a quote that is not closed", "请写说明。", '"请写说明。', 17, "yaml-syntax", "引号没有配对"),
    ("a list that is not closed", "请写说明。", "[请写说明。", 18, "yaml-syntax", "请检查缩进"),
    ("a sign that cannot begin a text", "请写说明。", "@请写说明。", 17, "yaml-syntax", "不能直接写的符号"),
    ("crooked indent", "    answer: text", "   answer: text", 18, "yaml-syntax", "缩进对不齐"),
    ("tree name missing", "tree: supplement\n", "", 1, "tree-missing", "请写树的名称"),
    ("tree name not the file's", "tree: supplement", "tree: suplement", 1, "tree-name", "与文件名「supplement」不同"),
    ("title missing", "title: 补充\n", "", 1, "title-missing", "请写树的标题"),
    ("title empty", "title: 补充", "title:", 2, "title-missing", "请写树的标题"),
    ("first missing", "first: which\n", "", 1, "first-missing", "请写第一个问题的名称"),
    ("unknown key at the top", "title: 补充", "title: 补充\ntitel: 补充", 3, "key-unknown", "您是不是想写「title」？"),
    ("unknown key of a question", "    answer: text", "    answer: text\n    hnit: 提示", 19, "key-unknown",
     "不认识「hnit」，可以写: ask、answer"),
    ("question name in capitals", "  story:\n", "  Story:\n", 16, "question-name", "只能用小写英文字母"),
    ("question in Chinese", "  story:\n", "  说明:\n", 16, "question-name", "「说明」只能用小写"),
    ("question with nothing below", "  story:\n    ask: 请写说明。\n    answer: text\n    next: end", "  story:", 16,
     "question-empty", "请写 ask、answer、next"),
    ("text missing", "    ask: 请写说明。\n", "", 16, "text-empty", "问题「story」没有问句"),
    ("text empty", "    ask: 请写说明。", "    ask:", 17, "text-empty", "请写 ask: 要问的话"),
    ("empty line", "    answer: text", "    answer: text\n    line:", 19, "text-empty", "line 是空的"),
    ("empty skip", "    answer: text", "    answer: text\n    skip: ''", 19, "text-empty", "skip 是空的"),
    ("empty hint", "    answer: text", "    answer: text\n    hint:", 19, "text-empty", "hint 是空的"),
    ("braces not closed", "请写说明。", '"请{office写。"', 17, "braces", "花括号没有配对"),
    ("unknown placeholder", "请写说明。", '"请{offise}写。"', 17, "placeholder-unknown", "您是不是想写「office」？"),
    ("a form for a placeholder", "请写说明。", '"请{office:d}写。"', 17, "placeholder-unknown", "不认识"),
    ("unknown answer type", "answer: text", "answer: txet", 18, "answer-type", "您是不是想写「text」？"),
    ("answer type missing", "    answer: text\n", "", 16, "answer-type", "可以写: text、merchant"),
    ("choices missing", "answer: text", "answer: choices", 16, "choices-missing", "要选择，却没有选项"),
    ("choices as a list", "    answer: text", "    answer: text\n    choices: [甲, 乙]", 19, "choices-shape", "一行一个"),
    ("one choice", "    answer: text", "    answer: text\n    choices:\n      one: 甲", 19, "choices-few", "至少要有两个选项"),
    ("choice without a label", "one: 第一件", "one:", 11, "text-empty", "选项「one」没有文字"),
    ("way round that is a word", "    answer: text", "    answer: text\n    skip: 取消", 19, "label-is-word", "「取消」是随时可用的口令"),
    ("way round too long for a button", "    answer: text", "    answer: text\n    skip: " + "长" * 21, 19, "label-too-long", "太长(21 字)"),
    ("way round that is an option", "    answer: text",
     "    answer: choice\n    choices:\n      one: 甲\n      two: 乙\n    skip: 乙", 22, "word-ambiguous", "skip「乙」与选项文字重复"),
    ("other word that is another option", "    next:\n      one: story", "    also:\n      one: 第二件\n    next:\n      one: story",
     14, "word-ambiguous", "「第二件」既指「第一件」又指「第二件」"),
    ("one other word for two options", "    next:\n      one: story",
     "    also:\n      one: 头一件、前面那件\n      two: 后一件、前面那件\n    next:\n      one: story",
     15, "word-ambiguous", "「前面那件」既指「第二件」又指「第一件」"),
    ("two choices with one label", "two: 第二件", "two: 第一件", 12, "duplicate-name", "与「one」重复"),
    ("label too long for a button", "one: 第一件", "one: " + "长" * 21, 11, "label-too-long", "太长(21 字)"),
    ("label that is a word", "one: 第一件", "one: 帮助", 11, "label-is-word", "「帮助」是随时可用的口令"),
    ("choice with a name of the desk's own", "      one: 第一件\n      two: 第二件\n    next:\n      one: story",
     "      skip: 第一件\n      two: 第二件\n    next:\n      skip: story", 11, "option-reserved", "请换一个名称"),
    ("more choices than WeChat lists", "    answer: text", f"    answer: choice\n    choices:\n{OPTIONS}", 19,
     "too-many-options", "选项有 21 个，微信最多 20 个"),
    ("text over WeChat's limit", "请写说明。", LONG, 17, "text-too-long", "微信一条最多 1700"),
    ("other words for no option", "    next:\n      one: story", "    also:\n      on: 甲\n    next:\n      one: story", 14,
     "option-not-offered", "also 里的「on」不是选项。您是不是想写「one」？"),
    ("branch not offered", "      two: end", "      two: end\n      three: end", 16, "option-not-offered", "「three」不是这个问题的选项"),
    ("option without a branch", "      two: end\n", "", 13, "dead-end", "选项「第二件」(two)没有写下一题"),
    ("branch without a target", "      two: end", "      two:", 13, "dead-end", "选项「第二件」(two)没有写下一题"),
    ("dead end", "    answer: text\n    next: end", "    answer: text", 16, "dead-end", "没有下一题，请写 next"),
    ("empty next", "    answer: text\n    next: end", "    answer: text\n    next:", 16, "dead-end", "没有下一题"),
    ("branches where several may be chosen", "answer: choice\n", "answer: choices\n", 13, "dead-end", "只能用在 answer: choice"),
    ("branches and a way round", "    next:\n      one: story", "    skip: 跳过去\n    next:\n      one: story", 14,
     "dead-end", "不能有 skip"),
    ("target missing", "one: story", "one: stroy", 14, "target-missing", "下一题「stroy」不存在。您是不是想写「story」？"),
    ("tree missing", "    next: end", "    next: tree complaints", 19, "target-missing", "您是不是想写「tree complaint」？"),
    ("end missing", "    next: end", "    next: end nowhere", 19, "target-missing", "下一题「end nowhere」不存在。可以写: end、end kept、end refused；"),
    ("end misspelt", "    next: end", "    next: end refusd", 19, "target-missing", "您是不是想写「refused」？可以写: "),
    ("first question missing", "first: which", "first: whihc", 3, "target-missing", "您是不是想写「which」？"),
    ("unreachable", "one: story", "one: end", 16, "unreachable", "问题「story」永远问不到"),
    ("least above most", "    answer: text", "    answer: text\n    least: 9\n    most: 5", 19, "least-most", "请对调"),
    ("least in words", "    answer: text", "    answer: text\n    least: 六", 19, "not-a-number", "现在是「六」"),
    ("most with a footnote", "    answer: text", "    answer: text\n    most: 5²", 19, "not-a-number", "现在是「5²」"),
    ("most without end", "    answer: text", f"    answer: text\n    most: {'9' * 5000}", 19, "not-a-number", "应是数字"),
    ("unknown consent", "    answer: text", "    answer: text\n    record: privcy\n    edition: 2026-11", 19,
     "record-unknown", "您是不是想写「privacy」？"),
    ("consent without an edition", "    answer: text", "    answer: text\n    record: privacy", 16, "edition-missing", "请写版本 edition"),
    ("unknown submit", "submit: supplement", "submit: suplement", 4, "submit", "您是不是想写「supplement」？"),
    ("submit missing", "submit: supplement\n", "", 1, "submit-missing", "请写 submit"),
    ("filed without a look", "submit: supplement", "submit: report", 4, "summary-missing", "提交之前没有核对"),
]  # fmt: skip


def test_the_sound_tree_has_no_mistake(tmp_path: Path) -> None:
    assert faults(tmp_path, SOUND) == []


@pytest.fixture
def small_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a tree, in an office whose only other tree is a complaint."""
    packaged = tmp_path / "packaged"
    packaged.mkdir()
    (packaged / "complaint.yaml").write_text(
        SOUND.replace("tree: supplement", "tree: complaint"), encoding="utf-8"
    )
    monkeypatch.setattr(tree_file, "PACKAGED", packaged)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "phrase"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_a_mistake_is_named_at_its_line(
    small_office: Path, old: str, new: str, line: int, code: str, phrase: str
) -> None:
    assert SOUND.count(old) >= 1, "the table must change something"
    head, _, tail = SOUND.rpartition(old)
    found = faults(small_office, head + new + tail)

    assert [(problem.line, problem.code) for problem in found if problem.code == code] == [(line, code)], (
        found
    )
    (problem,) = [problem for problem in found if problem.code == code]
    assert phrase in problem.message
    assert str(problem) == f"{small_office / 'supplement.yaml'}:{line}: {problem.message}"


def test_a_loop_without_exit_is_named_with_its_way(tmp_path: Path) -> None:
    text = SOUND.replace("two: end", "two: story").replace("next: end", "next: which")

    assert [(found.line, found.code, found.message) for found in faults(tmp_path, text)] == [
        (13, "loop", "这几题绕成了圈，走不出去：which → story → which。请让其中一题的 next 通到别处")
    ]


def test_the_kind_of_a_case_that_is_chosen_may_lead_on(tmp_path: Path) -> None:
    """撤回 asks of a report what it does not ask of a complaint: each kind has its way, or the line says which not."""
    before = SOUND[SOUND.index("    answer: choice") : SOUND.index("  story:")]
    kinds = "    answer: own_case\n    next:\n      complaint: story\n      report: end\n"
    whole = SOUND.replace(before, f"{kinds}      consultation: story\n")

    assert faults(tmp_path, whole) == []
    (missing,) = faults(tmp_path, SOUND.replace(before, kinds))
    assert (missing.code, "(consultation)没有写下一题" in missing.message) == ("dead-end", True)
    (unknown,) = faults(tmp_path, whole.replace("consultation:", "consultation: story\n      advice:"))
    assert (unknown.code, "「advice」不是这个问题的选项" in unknown.message) == ("option-not-offered", True)


def test_a_loop_with_an_exit_is_a_way_like_any_other(tmp_path: Path) -> None:
    """不对，重新填: a tree may lead back."""
    assert faults(tmp_path, SOUND.replace("next: end", "next: which")) == []


def test_a_tree_without_questions_says_where_to_write_them(tmp_path: Path) -> None:
    (problem,) = faults(tmp_path, "tree: supplement\ntitle: 补充\nfirst: which\nsubmit: supplement\n")

    assert (problem.code, problem.message) == ("questions-missing", "没有问题，请在 questions: 下面写问题")


def test_a_tree_that_no_other_leads_to_is_named(tmp_path: Path) -> None:
    found = faults(tmp_path, SOUND.replace("tree: supplement", "tree: praise"), "praise")

    assert [(problem.line, problem.code) for problem in found] == [(1, "unreachable")]
    assert "next: tree praise" in found[0].message


@pytest.mark.parametrize("text", ["", "\n\n", "# 只有注释\n"])
def test_an_empty_file_says_where_to_look(tmp_path: Path, text: str) -> None:
    assert [problem.code for problem in faults(tmp_path, text)] == ["tree-empty"]


@pytest.mark.parametrize("text", ["- 甲\n- 乙\n", "- tree: supplement\n", "只有一句话\n"])
def test_a_file_without_keys_says_how_to_write_them(tmp_path: Path, text: str) -> None:
    """It is not empty, and is not said to be."""
    (problem,) = faults(tmp_path, text)

    assert problem.code == "yaml-shape"
    assert "「键: 值」" in problem.message


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "supplement.yaml"
    path.write_bytes(SOUND.encode("gb18030"))

    assert [problem.code for problem in lint.lint_trees([path], frozenset())] == ["yaml-encoding"]


def test_a_file_of_the_windows_notepad_is_read(tmp_path: Path) -> None:
    """UTF-8 with a byte order mark, lines ended by CR LF."""
    path = tmp_path / "supplement.yaml"
    path.write_bytes(SOUND.replace("\n", "\r\n").encode("utf-8-sig"))

    assert lint.lint_trees([path], frozenset()) == []


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    assert [problem.code for problem in faults(tmp_path, SOUND + "#" * 262_144)] == ["yaml-too-large"]


def test_a_sign_nobody_sees_is_named_at_its_line(tmp_path: Path) -> None:
    """Word leaves such signs behind."""
    (problem,) = faults(tmp_path, SOUND.replace("请写说明。", "请写\x0b说明。"))

    assert (problem.line, problem.code) == (17, "yaml-syntax")
    assert "看不见" in problem.message


def test_signs_that_only_look_wrong_inside_a_block_of_text_are_text(tmp_path: Path) -> None:
    block = "    ask: |\n      例如： 第1件 # 不是注释\n      ask:这样\n      http://a.example/甲：乙\n"

    assert faults(tmp_path, SOUND.replace("    ask: 请写说明。\n", block)) == []


@pytest.mark.parametrize(
    "text", ['"请写 # 说明。"', "请写#说明。", "'请写: 说明'", "plain english # a note for the next clerk"]
)
def test_a_text_that_loses_nothing_is_left_alone(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, SOUND.replace("请写说明。", text)) == []


def test_a_note_behind_a_key_is_no_lost_text(tmp_path: Path) -> None:
    assert faults(tmp_path, SOUND.replace("next: end", "next: end  # 到此为止")) == []


# ── what the law asks for ──

COMPLAINT = (tree_file.PACKAGED / "complaint.yaml").read_text(encoding="utf-8")
SUBMIT_LINE = COMPLAINT.splitlines().index("submit: complaint") + 1


@pytest.mark.parametrize("name", lint.REQUIRED)
def test_a_complaint_without_what_article_10_asks_for_is_refused(tmp_path: Path, name: str) -> None:
    """第十条: each of the seven, if nobody is asked for it or may go round it."""
    text = re.sub(rf"^(  |.*(?:next|first): ){name}(:?)$", rf"\1x_{name}\2", COMPLAINT, flags=re.MULTILINE)
    found = faults(tmp_path, text, "complaint")

    assert [(problem.line, problem.code) for problem in found] == [(SUBMIT_LINE, "required-by-law")]
    assert f"缺少法律要求的问题「{name}」：第十条" in found[0].message


@pytest.mark.parametrize("name", lint.REQUIRED)
def test_what_article_10_asks_for_cannot_be_skipped(tmp_path: Path, name: str) -> None:
    text = COMPLAINT.replace(f"  {name}:\n", f"  {name}:\n    skip: 不想说\n")
    (problem,) = faults(tmp_path, text, "complaint")

    assert problem.code == "required-by-law"
    assert text.splitlines()[problem.line - 1] == "    skip: 不想说"
    assert f"「{name}」" in problem.message


def test_a_question_of_the_law_that_is_written_but_never_asked_is_missing(tmp_path: Path) -> None:
    codes = {
        problem.code
        for problem in faults(tmp_path, COMPLAINT.replace("next: phone", "next: postal_address"), "complaint")
    }

    assert codes == {"unreachable", "required-by-law"}


# ── one mistake, one problem ──


@pytest.mark.parametrize(
    ("tree", "right", "wrong"),
    [
        ("complaint", "next: happened_on", "next: happend_on"),
        ("complaint", "next: name", "next: nmae"),
        ("report", "anonymous: summary", "anonymous: sumary"),
        ("consultation", "unsolved: summary", "unsolved: sumary"),
        ("entry", "agree: kind", "agree: knd"),
    ],
)
def test_one_wrong_target_is_one_problem(tmp_path: Path, tree: str, right: str, wrong: str) -> None:
    """Not ten: what lies beyond it is neither unreachable nor missing."""
    text = (tree_file.PACKAGED / f"{tree}.yaml").read_text(encoding="utf-8")
    assert right in text
    (problem,) = faults(tmp_path, text.replace(right, wrong), tree)

    assert problem.code == "target-missing"
    assert "您是不是想写" in problem.message


def test_a_question_without_a_next_one_is_one_problem(tmp_path: Path) -> None:
    (problem,) = faults(tmp_path, COMPLAINT.replace("    next: happened_on\n", ""), "complaint")

    assert problem.code == "dead-end"


def test_a_misspelt_name_of_a_question_is_named_where_it_is_looked_for(tmp_path: Path) -> None:
    """And what is wrong besides is still said."""
    text = COMPLAINT.replace("  phone:\n", "  phnoe:\n").replace("  name:\n", "  name:\n    skip: 不说\n")

    assert {problem.code for problem in faults(tmp_path, text, "complaint")} == {
        "target-missing",
        "required-by-law",
    }


def test_a_tree_that_is_led_to_by_a_wrong_name_is_one_problem(tmp_path: Path) -> None:
    for path in tree_file.PACKAGED.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("tree consultation", "tree consultaton")
        (tmp_path / path.name).write_text(text, encoding="utf-8")

    (problem,) = lint.lint_trees([tmp_path], lint.end_codes())
    assert "您是不是想写「tree consultation」" in problem.message


# ── the product's own ──


def test_the_packaged_trees_have_no_mistake() -> None:
    assert lint.lint_trees([tree_file.PACKAGED], lint.end_codes()) == []


def test_a_tree_is_seen_together_with_the_packaged_ones_it_leads_to() -> None:
    for path in tree_file.PACKAGED.glob("*.yaml"):
        assert lint.lint_trees([path], lint.end_codes()) == []


def test_the_desk_does_not_start_with_a_faulty_tree(tmp_path: Path) -> None:
    """The first mistake is named instead of loading half an office."""
    (tmp_path / "supplement.yaml").write_text(SOUND.replace("answer: text", "answer: txet"), encoding="utf-8")

    with pytest.raises(StoreError, match=r"supplement.yaml:18: .*您是不是想写「text」"):
        tree_file.load(tmp_path)


# ── approved answers in the talk ──


def consultation(folder: Path, **changes: str) -> list[Problem]:
    text = (tree_file.PACKAGED / "consultation.yaml").read_text(encoding="utf-8")
    for right, wrong in changes.items():
        assert right in text
        text = text.replace(right, wrong)
    return faults(folder, text, "consultation")


def test_the_question_below_approved_answers_has_its_two_options_and_no_other(tmp_path: Path) -> None:
    problems = consultation(tmp_path, unsolved="nothing")

    assert [problem.code for problem in problems] == ["approved-choices"]
    assert "solved(解决了)和 unsolved(没有解决)" in problems[0].message


def test_approved_answers_need_the_question_that_they_answer(tmp_path: Path) -> None:
    assert [problem.code for problem in consultation(tmp_path, story="question")] == ["approved-story"]
