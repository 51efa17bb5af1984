"""The command `tousu`: what each verb prints, and a clear word and an exit code for everything wrong."""

from __future__ import annotations

import errno
import json
import sqlite3
import stat
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bots import control
from bots.cli import set_up
from bots.settings import load
from casestore.codes import Ground, Role, Step
from casestore.desk import Desk
from casestore.lifecycle import Facts
from casestore.model import Actor, CaseNumber, Particulars
from casestore.store import Tx
from casestore.tables import cases, citizens, officers
from casestore.units import Units
from casestore.workdays import WorkingCalendar
from tests.bots.shell import Ran, Tousu
from tests.office import MONDAY, QUOTA, an_intake

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")


@pytest.fixture
def office(tousu: Tousu, tmp_path: Path) -> Path:
    """A folder with settings, keys and a database."""
    assert tousu("init").code == 0
    assert tousu("migrate").code == 0
    return tmp_path


def register(**changes: Any) -> str:
    """A case in this folder's desk; its number."""
    store = control.open_store(load())
    desk = Desk(WorkingCalendar(), Units.load())

    def work(tx: Tx) -> str:
        anna = citizens.meet(tx, an_intake().channel, "501", MONDAY, QUOTA)
        return desk.register(tx, an_intake(anna.id, **changes), MONDAY).case.number

    try:
        return store.run_now(work)
    finally:
        store.close()


# ── init ──


def test_init_writes_settings_and_keys_for_the_owner_alone(tousu: Tousu, tmp_path: Path) -> None:
    ran = tousu("init", ".")

    assert ran.code == 0
    assert "密钥丢失" in ran.out
    for name in ("tousu.toml", "tousu.keys"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) & 0o077 == 0
    assert not load().has_wechat


def test_init_never_writes_over_keys(tousu: Tousu, tmp_path: Path) -> None:
    tousu("init")
    before = (tmp_path / "tousu.keys").read_bytes()

    ran = tousu("init")

    assert (ran.code, "已经存在，没有改动" in ran.err) == (1, True)
    assert (tmp_path / "tousu.keys").read_bytes() == before


def test_an_init_that_fails_leaves_no_half_of_a_desk(
    tousu: Tousu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys without settings made every further init refuse."""
    with monkeypatch.context() as broken:
        broken.setattr(set_up, "_TEMPLATE", tmp_path / "gone.toml")
        assert tousu("init").code == 1
    assert not list(tmp_path.iterdir())

    (tmp_path / "a").mkdir()
    with monkeypatch.context() as broken:
        broken.setattr(Path, "chmod", _full_disk)
        assert tousu("init", "a").code == 1
    assert not list((tmp_path / "a").iterdir())
    assert tousu("init", "a").code == 0


def _full_disk(_path: Path, _mode: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_doctor_without_settings_says_what_to_run_first(tousu: Tousu, tmp_path: Path) -> None:
    said = tousu("doctor").out

    assert "⚠ 设置：没有 tousu.toml，先运行 tousu init" in said
    assert "✓ 设置" not in said
    tousu("init")
    assert "✓ 设置" in tousu("doctor").out


def test_two_offices_have_two_keys(tousu: Tousu, tmp_path: Path) -> None:
    tousu("init", "a")
    tousu("init", "b")

    assert (tmp_path / "a/tousu.keys").read_bytes() != (tmp_path / "b/tousu.keys").read_bytes()


# ── check, draw, talk ──


def test_check_finds_the_packaged_files_right(tousu: Tousu) -> None:
    assert tousu("check") == Ran(0, "没有发现问题。\n", "")


def test_check_tells_file_and_line(tousu: Tousu, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("title: 投诉\nquestions: 5\n", "utf-8")

    ran = tousu("check", "broken.yaml")

    assert ran.code == 1
    assert "broken.yaml:2" in ran.out
    told = tousu("check", "broken.yaml", "--json")
    assert told.code == 1
    assert {"file", "line", "code"} <= set(told.json[0])


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\0", b"[1, 2", b"- a\n- b\n", b"5", "投诉".encode("gbk"), b"a: &a [*a]"],
    ids=["empty", "binary", "cut short", "a list", "a number", "GBK", "a loop"],
)
@pytest.mark.parametrize("name", ["tree.yaml", "zh.yaml", "units.tsv", "calendar.tsv", "own/objects.tsv"])
def test_check_survives_any_file(tousu: Tousu, tmp_path: Path, name: str, content: bytes) -> None:
    """People edit these; whatever they save, they are told where it is wrong."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(content)

    ran = tousu("check", name)

    assert ran.code in (0, 1)
    assert "Traceback" not in ran.said


def test_check_of_a_file_that_is_not_there(tousu: Tousu) -> None:
    ran = tousu("check", "none.yaml")

    assert (ran.code, "没有这个文件或文件夹" in ran.out) == (1, True)


@pytest.mark.parametrize("tree", ["entry", "complaint", "report", "consultation", "supplement"])
def test_every_tree_is_drawn(tousu: Tousu, tmp_path: Path, tree: str) -> None:
    assert tousu("draw", tree).out.startswith(("flowchart", "graph", "---"))
    assert tousu("draw", tree, "--svg", "tree.svg").code == 0
    assert "<svg" in (tmp_path / "tree.svg").read_text("utf-8")


def test_the_lifecycle_is_drawn_as_a_case_of_each_kind_can_go(tousu: Tousu, tmp_path: Path) -> None:
    """No arrow leaves a state that a case of this kind never reaches."""
    drawn = tousu("draw", "lifecycle").out

    assert "closed --> accepted: 重新办理（投诉）" in drawn
    assert "registered --> withdrawn: 撤回（投诉、咨询）" in drawn
    assert "registered --> closed: 不予处理（举报）" in drawn
    assert "filed --> withdrawn" not in drawn
    assert "mediation_ended --> archived" not in drawn
    assert "filed --> closed: 按自行和解办结" not in drawn
    assert drawn.startswith("stateDiagram-v2")
    assert tousu("draw", "lifecycle", "--svg", "lifecycle.svg").code == 0
    assert "<svg" in (tmp_path / "lifecycle.svg").read_text("utf-8")


def test_the_rights_of_each_post_are_printed_as_a_table(tousu: Tousu) -> None:
    """S8-1."""
    title, _, *rows = tousu("draw", "rights").out.splitlines()

    assert (
        title
        == "| 步骤 | 负责人 | 主任 | 值班人员 | 承办单位负责人 | 承办人 | 志愿人员 | 监督人员 | 上级单位负责人 |"
    )
    assert "| 退回中心 |  |  |  | ✓ | ✓ |  |  | ✓ |" in rows
    assert "| 批准 | ✓ | ✓ |  |  |  |  |  |  |" in rows


def test_a_talk_is_played_and_recorded(tousu: Tousu, tmp_path: Path) -> None:
    ran = tousu("talk", "complaint", "--record", "own.talk", stdin="城关镇惠民生鲜超市\n帮助\n")

    assert ran.code == 0
    assert "商家的地址在哪里" in ran.out
    assert "> 城关镇惠民生鲜超市\n" in (tmp_path / "own.talk").read_text("utf-8")


# ── classify, deadline ──


def test_classify_gives_one_object_a_line(tousu: Tousu) -> None:
    ran = tousu("classify", "--json", stdin="买的牛奶过期了，超市不给退\n\n" + "手机坏了不给修\n")

    objects = [json.loads(line) for line in ran.out.splitlines()]
    assert len(objects) == 3
    wanted = {
        "kind",
        "object",
        "nature",
        "unit",
        "alternatives",
        "confidence",
        "decision",
        "because",
        "slots",
    }
    assert all(wanted <= set(one) for one in objects)
    assert "食品" in objects[0]["object"]["name"]


def test_classify_says_why(tousu: Tousu) -> None:
    ran = tousu("classify", "买的牛奶过期了")

    assert ran.code == 0
    assert "食品" in ran.out
    assert "→" in ran.out


def test_a_limit_ends_after_its_working_days(tousu: Tousu) -> None:
    """2026-12-28 and 7 working days, over a New Year that is not published yet (design.md 9)."""
    told = tousu("deadline", "acceptance", "2026-12-28", "--json").json

    assert (told["due"], told["provisional"]) == ("2027-01-07", True)
    assert sum(day["counts"] for day in told["days"]) == 7
    assert date.fromisoformat(told["days"][0]["date"]) == date(2026, 12, 29)


def test_a_limit_in_hours_is_a_moment(tousu: Tousu) -> None:
    told = tousu("deadline", "first_reply", "2026-11-23T10:00", "--json").json

    assert told["due"].startswith("2026-11-2")
    assert told["due"].endswith("+08:00")


# ── staff ──


def test_staff_are_added_listed_invited_and_suspended(tousu: Tousu, office: Path) -> None:
    assert "tousu staff invite 王敏" in tousu("staff", "add", "王敏").out
    assert tousu("staff", "add", "李消", "--role", "handler", "--unit", "FOOD").code == 0
    invited = tousu("staff", "invite", "王敏", "--json").json
    assert f"/start {invited['code']}" != tousu("staff", "invite", "王敏").out.splitlines()[-1]

    listed = tousu("staff", "list", "--json").json
    assert [(one["name"], one["role"], one["unit"], one["joined"]) for one in listed] == [
        ("王敏", "officer", None, False),
        ("李消", "handler", "FOOD", False),
    ]
    tousu("staff", "suspend", "王敏")
    assert "王敏\t值班人员\t\t停用" in tousu("staff", "list").out
    tousu("staff", "suspend", "王敏", "--restore")
    assert "停用" not in tousu("staff", "list").out
    assert "王敏 的审批口令已清除，本人还没有加入" in tousu("staff", "reset-pin", "王敏").out
    assert "没有这位工作人员" in tousu("staff", "reset-pin", "没有这个人").said
    logged = [line.split("\t")[1:] for line in tousu("staff", "log").out.splitlines()]
    login = logged[0][2]
    assert login.startswith("电脑 ")
    assert [(name, what) for name, what, by in logged if name == "王敏"] == [
        ("王敏", "添加"), ("王敏", "邀请"), ("王敏", "邀请"), ("王敏", "停用"), ("王敏", "恢复"), ("王敏", "清除审批口令"),
    ]  # fmt: skip
    assert tousu("staff", "log", "--json").json[-1]["what"] == "pin_reset"


@pytest.mark.parametrize("name", ["王敏", " 王敏 ", "王 敏"])
def test_a_name_that_is_there_is_not_added_again(tousu: Tousu, office: Path, name: str) -> None:
    """Two of one name could be neither invited nor suspended."""
    tousu("staff", "add", "王敏")

    ran = tousu("staff", "add", name)

    assert (ran.code, "已经有一位「" in ran.err) == (1, True)
    assert len(tousu("staff", "list", "--json").json) == 1


def test_a_suspended_person_is_not_invited(tousu: Tousu, office: Path) -> None:
    tousu("staff", "add", "王敏")
    tousu("staff", "suspend", "王敏")

    ran = tousu("staff", "invite", "王敏")

    assert (ran.code, "已停用，不能邀请" in ran.err) == (1, True)
    tousu("staff", "suspend", "王敏", "--restore")
    assert tousu("staff", "invite", "王敏").code == 0


def test_of_two_people_of_one_name_the_number_tells_which(tousu: Tousu, office: Path) -> None:
    """From before names were kept apart."""
    store = control.open_store(load())
    ids = [store.run_now(lambda tx: officers.add(tx, "王敏", Role.OFFICER)).id for _ in range(2)]
    store.close()

    ran = tousu("staff", "invite", "王敏")

    assert (ran.code, "有几位叫「王敏」" in ran.err) == (1, True)
    assert all(str(one) in ran.err for one in ids)
    assert tousu("staff", "invite", str(ids[1])).code == 0
    assert str(ids[0]) in tousu("staff", "list").out


# ── case, audit ──


def test_a_case_is_listed_and_shown_masked(tousu: Tousu, office: Path) -> None:
    number = register()

    assert number in tousu("case", "list").out
    shown = tousu("case", "show", number, "--json")
    assert shown.json["case"]["number"] == number
    assert shown.json["events"][0]["kind"] == "registered"
    assert "陈晓梅" not in shown.out
    assert "13800138000" not in shown.out
    assert tousu("case", "show", number.lower()).code == 0


def test_a_case_is_shown_in_the_offices_words_and_in_china_s_time(tousu: Tousu, office: Path) -> None:
    """MONDAY is 10:00 in China, 2:00 in UTC."""
    number = register()
    assert tousu("case", "show", number, "--full").code == 0

    shown = tousu("case", "show", number).out

    assert shown.startswith(f"【投诉】{number}\n状态：已登记，待审查\n")
    assert "2026-11-23 10:00  登记  市民\n" in shown
    assert "  查看全文  电脑  " in shown
    assert "告知是否受理  2026-12-02 24:00 到期" in shown
    assert "提交人：陈** 138****8000" in shown
    for raw in ("registered", "citizen", "revealed", "acceptance", "+00:00", "kind="):
        assert raw not in shown


def test_what_an_officer_did_is_shown_with_his_name(tousu: Tousu, office: Path) -> None:
    number = register()
    store = control.open_store(load())
    desk = Desk(WorkingCalendar(), Units.load())

    def decline(tx: Tx) -> None:
        wang = Actor(officer=officers.add(tx, "王敏", Role.OFFICER))
        case = cases.by_number(tx, CaseNumber(number))
        desk.take(tx, case.id, Step.DECLINE, wang, Facts(ground=Ground.TOO_OLD), MONDAY)

    store.run_now(decline)
    store.close()

    shown = tousu("case", "show", number).out

    assert "  不予受理  王敏  知道或者应当知道权益受到侵害之日起超过三年" in shown
    assert "officer:" not in shown
    assert tousu("case", "show", number, "--json").json["events"][-1]["actor"].startswith("officer:")


def test_messages_are_in_the_history_and_their_words_only_in_the_full_text(
    tousu: Tousu, office: Path
) -> None:
    number = register()
    store = control.open_store(load())
    desk = Desk(WorkingCalendar(), Units.load())

    def receive(tx: Tx) -> None:
        case = cases.by_number(tx, CaseNumber(number))
        desk.messages.receive(tx, case.id, Actor(citizen=case.citizen), "牛奶还在\n在冰箱里", (), MONDAY)

    store.run_now(receive)
    store.close()

    shown = tousu("case", "show", number).out
    assert "  留言  市民\n" in shown
    assert "冰箱" not in shown + tousu("case", "show", number, "--json").out
    assert "｜牛奶还在\n｜在冰箱里\n" in tousu("case", "show", number, "--full").out
    full = tousu("case", "show", number, "--full", "--json").json
    assert [event["words"] for event in full["events"] if "words" in event] == ["牛奶还在\n在冰箱里"]


def test_a_story_of_many_lines_makes_no_line_of_the_sheet(tousu: Tousu, office: Path) -> None:
    told = Particulars(name="陈晓梅", merchant="甲某某超市", story="甲\n状态：已办结\n── 经过")
    number = register(particulars=told)

    lines = tousu("case", "show", number, "--full").out.splitlines()

    assert "｜状态：已办结" in lines
    assert "状态：已办结" not in lines
    assert lines.count("── 经过") == 1


def test_who_looks_at_the_full_text_is_written_down(tousu: Tousu, office: Path) -> None:
    number = register()

    assert "13800138000" in tousu("case", "show", number, "--full").out

    events = tousu("case", "show", number, "--json").json["events"]
    assert [event["kind"] for event in events] == ["registered", "revealed"]
    assert events[-1]["login"]
    assert tousu("audit", "verify").code == 0


def test_a_changed_history_is_found_out(tousu: Tousu, office: Path) -> None:
    """Also by whom has the file and knows SQL, but not the key."""
    number, other = register(), register()
    assert "2 件的审计链完整" in tousu("audit", "verify").out
    with closing(sqlite3.connect(office / "tousu.db")) as database, database:
        for trigger in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger[0]}"')
        database.execute(
            "UPDATE case_events SET at = at - 86400000 WHERE case_id = (SELECT id FROM cases WHERE number = ?)",
            (number,),
        )

    ran = tousu("case", "verify", number)

    assert (ran.code, "审计链有问题" in ran.out) == (1, True)
    assert tousu("case", "verify", other).code == 0
    assert tousu("audit", "verify", "--json").code == 1


def test_a_queue_of_one_unit(tousu: Tousu, office: Path) -> None:
    register()

    assert tousu("case", "list", "--unit", "FOOD", "--json").json == []
    assert len(tousu("case", "list", "--json").json) == 1


# ── what is wrong ──


@pytest.mark.parametrize(
    ("code", "says", "arguments"),
    [
        (2, "没有「moon」", ["draw", "moon"]),
        (2, "没有「moon」", ["talk", "moon"]),
        (2, "没有「moon」", ["deadline", "moon", "2026-12-28"]),
        (2, "看不懂日期", ["deadline", "acceptance", "tomorrow"]),
        (2, "看不懂日期", ["deadline", "acceptance", "2026-02-30"]),
        (2, "", ["dance"]),
        (2, "", ["deadline"]),
        (2, "", ["deadline", "acceptance"]),
        (2, "", ["staff", "add", "王敏", "--role", "king"]),
        (2, "", ["classify", "--kind", "moan", "x"]),
        (2, "", ["check", "--fast"]),
        (1, "tousu init", ["case", "list"]),
        (1, "tousu init", ["migrate"]),
        (1, "tousu init", ["staff", "add", "王敏"]),
        (1, "还没有配置任何平台", ["serve"]),
        (1, "找不到设置文件", ["serve", "--config", "none.toml"]),
        (1, "找不到设置文件", ["check", "--config", "none.toml"]),
        (1, "设置文件", ["case", "list", "--config", "."]),
        (1, "密钥", ["doctor"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_told_in_a_sentence(tousu: Tousu, code: int, says: str, arguments: list[str]) -> None:
    """2 for wrong use, 1 for what is not well; never a traceback."""
    ran = tousu(*arguments)

    assert ran.code == code
    assert says in "".join(ran.said.replace("│", "").split("\n")).replace("  ", "") or says in ran.said
    assert "Traceback" not in ran.said


@pytest.mark.parametrize(
    ("says", "arguments"),
    [
        ("没有查到这一件", ["case", "show", "TS-19990101-0001"]),
        ("没有查到这一件", ["case", "show", "hello"]),
        ("没有查到这一件", ["case", "verify", "TS-19990101-0001"]),
        ("没有这位工作人员", ["staff", "invite", "没有这个人"]),
        ("没有这位工作人员", ["staff", "suspend", "没有这个人"]),
        ("请选择承办单位", ["staff", "add", "李消", "--role", "handler"]),
        ("没有「MOON」这个承办单位", ["staff", "add", "李消", "--role", "handler", "--unit", "MOON"]),
        ("nowhere", ["draw", "complaint", "--svg", "nowhere/x.svg"]),
        ("nowhere", ["talk", "complaint", "--record", "nowhere/x.talk"]),
        ("tousu.keys", ["init", "tousu.keys"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_an_office_does_not_have_is_told_in_a_sentence(
    tousu: Tousu, office: Path, says: str, arguments: list[str]
) -> None:
    ran = tousu(*arguments)

    assert ran.code == 1
    assert says in ran.err
    assert "Traceback" not in ran.said


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1900-01-01"])
def test_a_day_beyond_the_calendar_is_no_traceback(tousu: Tousu, day: str) -> None:
    ran = tousu("deadline", "acceptance", day)

    assert ran.code in (0, 1, 2)
    assert "Traceback" not in ran.said


def test_words_in_another_coding_are_no_traceback(tousu: Tousu) -> None:
    """A list saved by an old spreadsheet."""
    ran = tousu("classify", "--json", stdin="牛奶过期\n".encode("gbk"))

    assert "Traceback" not in ran.said
    assert ran.code in (0, 1)


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"x" * 5000])
def test_a_broken_database_is_told_in_a_sentence(tousu: Tousu, office: Path, content: bytes) -> None:
    for name in ("tousu.db", "tousu.db-wal", "tousu.db-shm"):
        (office / name).unlink(missing_ok=True)
    (office / "tousu.db").write_bytes(content)

    verbs = [["case", "list"], ["staff", "list"], ["audit", "verify"]]
    if content:  # an empty file is a database that is still to be made
        verbs += [["doctor"], ["staff", "add", "王敏"], ["migrate"]]
    for arguments in verbs:
        ran = tousu(*arguments)
        assert ran.code == 1, arguments
        assert "数据库" in ran.said
        assert "Traceback" not in ran.said
