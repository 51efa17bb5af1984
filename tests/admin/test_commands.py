"""What staff type: /queue, /mine, /case, /duty, /bind, /start, /help, and their Chinese words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from admin import commands
from admin.word import StaffWord
from casestore.codes import Kind, Role, Step
from casestore.model import Actor, Case, Officer
from casestore.records import Form
from casestore.tables import officers, posts, properties
from tests.admin.staff_room import STRANGER, TEXTS, StaffRoom, a_person, is_said
from tests.office import DUTY_GROUP, QUALITY, an_office


@pytest.fixture(scope="module")
def quiet(empty_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffRoom]:
    """An office with one case, for what changes nothing."""
    folder = tmp_path_factory.mktemp("quiet")
    shutil.copy(empty_desk, folder)
    with an_office(folder) as office:
        office.have()
        yield StaffRoom(office, folder)


COMMANDS = [
    "/queue",
    "待办",
    "/mine",
    "我的",
    "/case",
    "案件",
    "/duty",
    "值班",
    "/bind",
    "/help",
    "帮助",
    "取消",
]


def listed(room: StaffRoom, who: Officer, command: str = "/queue") -> list[str]:
    """The numbers of a list, in its order."""
    return [line.split()[1] for line in room.says(who, command).splitlines()[1:]]


# ── strangers ──


@pytest.mark.parametrize("word", [*COMMANDS, "你好", "/start", "/case TS-20261123-0001", "/bind"])
def test_a_stranger_hears_only_how_to_join(quiet: StaffRoom, word: str) -> None:
    """Not even that a case exists."""
    quiet.deliver()
    quiet.office.now += timedelta(hours=1)  # one answer an hour
    before = quiet.dump()

    answer = quiet.says(STRANGER, word)

    assert answer == TEXTS.say("staff.unknown_person")
    assert [row for row in quiet.dump()["posts"] if row not in before["posts"]] == []


@pytest.mark.parametrize("word", [*COMMANDS, "你好", "/start", "/start code"])
def test_a_stranger_in_a_group_is_not_answered(quiet: StaffRoom, word: str) -> None:
    assert quiet.write(STRANGER, word, DUTY_GROUP) == []


# ── the menu ──


def test_the_menu_offers_every_command_that_is_heard(quiet: StaffRoom) -> None:
    """A new command is in the menu and in the help, or this fails; /start comes with an invitation."""
    offered = [name for name, _ in commands.menu(TEXTS)]
    heard = {command for word, command in commands._WORDS.items() if word.startswith("/")} - {"start"}

    assert {commands._WORDS[f"/{name}"] for name in offered} == heard
    assert len(offered) == len(heard)
    told = TEXTS.say("staff.help")
    assert [name for name in offered if f"/{name}" not in told and name not in ("help", "cancel")] == []


@pytest.mark.parametrize("name", [name for name, _ in commands.menu(TEXTS)])
def test_every_command_of_the_menu_does_something(quiet: StaffRoom, name: str) -> None:
    said = quiet.says(quiet.office.sun, f"/{name}")

    assert is_said("staff.help", said) is (name == "help")


# ── /queue ──


def test_the_queue_of_the_desk_is_what_waits_there_the_next_limit_first(room: StaffRoom) -> None:
    """S4-4.1a, S7-5a: what is due first stands first; what is over does not stand."""
    office = room.office
    accepted = office.accepted()
    office.now += timedelta(hours=1)
    new = office.have()
    office.closed()
    office.declined()
    office.taken_over()
    dispatched = office.dispatched()

    assert listed(room, office.wang) == [case.number for case in sorted(
        (room.now(case) for case in (accepted, new, dispatched)), key=lambda case: (case.due_at, case.id)
    )]  # fmt: skip


def test_each_line_tells_number_status_and_limit_and_is_a_button(room: StaffRoom) -> None:
    office = room.office
    case = office.have()

    (shown,) = room.write(office.wang, "/queue")

    assert shown.text.splitlines() == [
        "待办，按时限先后的 1 件：",
        f"1. {case.number} 已登记，待审查 · 时限：初步审查 11月24日 到期，剩 1 个工作日 · S4-4.1a",
    ]
    assert shown.labels == ["1"]
    assert room.redeem(office.wang, shown.token("1")) == ""
    assert room.card_of(case, office.wang).number > shown.number


def test_a_button_of_the_list_opens_its_own_case(room: StaffRoom) -> None:
    office = room.office
    numbers = [office.have().number for _ in range(7)]
    (shown,) = room.write(office.wang, "/queue")

    for place, number in enumerate(numbers, 1):
        room.redeem(office.wang, shown.token(str(place)))
        assert room.messages[max(room.messages)].text.startswith(f"【投诉】{number}")


def test_a_list_stays_usable_after_its_cases_went_on(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    (shown,) = room.write(office.wang, "/queue")
    office.take(case, Step.ACCEPT, office.zhao)
    office.do(
        lambda tx: office.desk.requests.escalate(tx, case.id, Actor(officer=office.zhao), "复杂", office.now)
    )

    assert room.redeem(office.wang, shown.token("1")) == ""
    assert "状态：已受理" in room.messages[max(room.messages)].text


def test_a_unit_sees_its_own_cases_and_nobody_elses(room: StaffRoom) -> None:
    office = room.office
    other = a_person(office, "钱进", Role.HANDLER, "1006", QUALITY)
    nowhere = a_person(office, "冯无所", Role.HANDLER, "1007")
    office.accepted()
    ours = [office.dispatched().number, office.taken_over().number]
    theirs = office.take(office.accepted(), Step.DISPATCH, office.wang, unit=QUALITY).case

    assert sorted(listed(room, office.li)) == sorted(ours)
    assert listed(room, other) == [theirs.number]
    assert is_said("staff.queue_empty", room.says(nowhere, "/queue"))


def test_a_supervisor_sees_all_that_is_open(room: StaffRoom) -> None:
    office = room.office
    waiting = [office.have(), office.accepted(), office.dispatched(), office.taken_over()]
    office.closed()

    assert sorted(listed(room, office.sun)) == sorted(case.number for case in waiting)


def test_a_recused_case_is_on_no_list_and_keeps_no_other_from_it(room: StaffRoom) -> None:
    """S7-5b. Ten that he may not see stand before the one that he may."""
    office = room.office
    for _ in range(10):
        room.recuse(office.have(), office.zhao)
    last = office.have()

    assert listed(room, office.zhao) == [last.number]
    assert len(listed(room, office.wang)) == 10  # a list is no longer than it is for others
    for _ in range(10):
        room.recuse(office.have(), office.wang)
    assert len(listed(room, office.wang)) == 10


def test_an_empty_queue_says_so(room: StaffRoom) -> None:
    assert is_said("staff.queue_empty", room.says(room.office.wang, "/queue"))
    assert is_said("staff.mine_empty", room.says(room.office.wang, "/mine"))


def test_the_queue_in_the_group_is_answered_in_the_group(room: StaffRoom) -> None:
    room.office.have()

    (shown,) = room.write(room.office.wang, "/queue@desk_bot", DUTY_GROUP)

    assert shown.chat == DUTY_GROUP
    assert shown.labels == ["1"]


def test_more_than_ten_are_counted_whole_and_the_first_due_are_shown(room: StaffRoom) -> None:
    office = room.office
    room.recuse(office.have(), office.wang)
    for _ in range(13):
        office.have()

    (shown,) = room.write(office.wang, "/queue")

    assert shown.text.splitlines()[0] == "待办共 13 件，最近到期的 10 件："
    assert len(shown.labels) == len(shown.text.splitlines()) - 1 == 10
    assert room.says(office.zhao, "/queue").startswith("待办共 14 件，最近到期的 10 件：")


def test_a_case_without_a_limit_waits_behind_those_that_are_due(room: StaffRoom) -> None:
    """While it is tested nothing ends next, and it must not hide what is due."""
    office = room.office
    test = {
        "agreed": "both",
        "advances": "merchant",
        "agency": "某检测所",
        "accreditation": "CMA1",
        "words": "真伪不明",
    }
    without = office.record(office.mediating(), Form.TESTING, office.li, **test)
    assert without.due_at is None
    due = [office.dispatched() for _ in range(2)]

    assert listed(room, office.li) == [*(case.number for case in due), without.number]
    assert listed(room, office.sun)[-1] == without.number


def test_what_one_holds_is_counted_whole(room: StaffRoom) -> None:
    office = room.office
    for _ in range(11):
        office.accepted()

    assert room.says(office.wang, "/mine").startswith("您持有的共 11 件，最近到期的 10 件：")


# ── /mine ──


def test_mine_is_what_one_holds(room: StaffRoom) -> None:
    office = room.office
    held = office.accepted()
    office.have()
    taken = office.taken_over()

    assert listed(room, office.wang, "/mine") == [held.number]
    assert listed(room, office.li, "我的") == [taken.number]
    assert is_said("staff.mine_empty", room.says(office.zhao, "/mine"))


# ── /case ──


def written(case: Case) -> list[str]:
    bare = case.number.replace("-", "")
    wide = case.number.translate({ord(char): ord(char) + 0xFEE0 for char in case.number})
    return [case.number, case.number.lower(), bare, wide, f"{case.number}。", f"  {case.number}  "]


@pytest.mark.parametrize(
    "command", ["/case ", "案件 ", "案件\u3000", "/case\n", "/case@desk_bot ", "/CASE  "]
)
@pytest.mark.parametrize("spelling", range(6))
def test_a_case_is_opened_by_its_number_however_it_is_typed(
    room: StaffRoom, command: str, spelling: int
) -> None:
    office = room.office
    case = office.have()
    stood = room.card_of(case, office.wang)

    (shown,) = room.write(office.wang, f"{command}{written(case)[spelling]}")

    assert shown.text == stood.text
    assert shown.number == room.card_of(case, office.wang).number > stood.number


@pytest.mark.parametrize("rest", ["", "1", "TS-1", "二十三", "TS-20261123-", "' OR 1=1 --", "字" * 3000])
def test_a_number_that_is_none_is_answered_with_an_example(quiet: StaffRoom, rest: str) -> None:
    assert is_said("staff.case_usage", quiet.says(quiet.office.wang, f"/case {rest}"))


@pytest.mark.parametrize(
    "number", ["TS-20261123-9999", "JB-20261123-0001", "ZX-19990101-0001", "TS-20261123-0000001"]
)
def test_an_unknown_number_is_unknown(quiet: StaffRoom, number: str) -> None:
    assert is_said("errors.case-unknown", quiet.says(quiet.office.wang, f"/case {number}"))


def test_another_units_case_a_recused_one_and_none_are_answered_alike(room: StaffRoom) -> None:
    """The two are never told apart, nor is a place made for the card."""
    office = room.office
    other = a_person(office, "钱进", Role.HANDLER, "1006", QUALITY)
    case = office.dispatched()
    office.do(lambda tx: office.desk.recuse(tx, case.id, Actor(officer=office.zhao), office.now))

    answers = {
        room.says(other, f"/case {case.number}"),
        room.says(other, "/case TS-20261123-9999"),
        room.says(office.zhao, f"/case {case.number}"),
    }

    assert answers == {TEXTS.say("errors.case-unknown")}
    assert not room.has_card(case, other)
    assert not room.has_card(case, office.zhao)


def test_a_case_asked_for_in_a_group_shows_the_groups_card(room: StaffRoom) -> None:
    """Nothing personal, also where the asker might read it in private."""
    office = room.office
    case = office.have()

    (shown,) = room.write(office.wang, f"/case {case.number}", "-100777")

    assert shown.text == room.card(case).text
    assert "陈" not in shown.text
    post = office.do(lambda tx: posts.at(tx, case.id, "-100777"))
    assert post is not None
    assert post.officer is None


@pytest.mark.parametrize("kind", Kind)
def test_cases_of_every_kind_are_found(room: StaffRoom, kind: Kind) -> None:
    case = room.office.have(kind=kind)

    assert case.number in room.open(case, room.office.wang).text


# ── /duty ──


def test_duty_tells_who_is_signed_in_and_signs_in_and_out(room: StaffRoom) -> None:
    """S9-1a: who is on duty now; nobody signed in means everybody."""
    wang, zhao = room.office.wang, room.office.zhao
    assert is_said("staff.duty_nobody", room.says(wang, "/duty"))

    assert is_said("staff.duty_on", room.says(wang, "/duty on"))
    assert is_said("staff.duty_on", room.says(zhao, "值班 签到"))
    assert room.says(room.office.sun, "值班") == "现在值班：\n· 王敏\n· 赵强"
    assert is_said("staff.duty_off", room.says(wang, "/duty OFF"))
    assert room.says(wang, "/duty") == "现在值班：\n· 赵强"


def test_new_cases_go_to_who_is_on_duty(room: StaffRoom) -> None:
    office = room.office
    room.says(office.zhao, "/duty on")

    case = office.have()

    assert room.has_card(case, office.zhao)
    assert not room.has_card(case, office.wang)


@pytest.mark.parametrize("who", ["li", "sun"])
def test_only_officers_sign_in_for_the_desks_duty(room: StaffRoom, who: str) -> None:
    officer: Officer = getattr(room.office, who)

    assert is_said("staff.duty_nobody", room.says(officer, "/duty on"))
    assert not room.office.do(lambda tx: officers.get(tx, officer.id)).on_duty


# ── /bind, /start, /help ──


def test_only_a_supervisor_makes_a_group_the_duty_group_and_only_there(room: StaffRoom) -> None:
    office = room.office

    def bound() -> str | None:
        return office.do(lambda tx: properties.get(tx, properties.DUTY_GROUP))

    assert is_said("staff.only_group", room.says(office.sun, "/bind"))
    assert is_said("staff.only_supervisor", room.says(office.wang, "/bind", "-100777"))
    assert bound() == DUTY_GROUP
    assert is_said("staff.bound", room.says(office.sun, "/bind@desk_bot", "-100777"))
    assert bound() == "-100777"
    assert room.card(office.have(), "-100777").text.startswith("【投诉】")


def test_a_member_who_opens_an_invitation_of_another_stays_who_he_is(room: StaffRoom) -> None:
    office = room.office
    new = office.do(lambda tx: officers.add(tx, "新来", Role.HEAD))
    code = office.do(lambda tx: officers.invite(tx, new.id, office.now))

    assert is_said("errors.invitation-invalid", room.says(office.li, f"/start {code}"))
    found = office.do(lambda tx: officers.by_account(tx, "1003"))
    assert found == office.li


def test_start_without_a_code_greets_a_member_with_his_post(room: StaffRoom) -> None:
    assert (
        room.says(room.office.wang, "/start") == "王敏，您已加入。岗位：值班人员。发送 /help 查看可用的命令。"
    )


@pytest.mark.parametrize(
    "word", ["/help", "帮助", "/HELP", "/help@desk_bot", "／help", " 帮助 ", "/nonsense", "/"]
)
def test_help_names_every_command(quiet: StaffRoom, word: str) -> None:
    text = quiet.says(quiet.office.wang, word)

    assert all(command in text for command in ("/queue", "/mine", "/case", "/duty", "/bind"))


@pytest.mark.parametrize("word", ["你好", "受理", "TS-20261123-0001", "😀", "字" * 4096])
def test_words_that_are_no_command_are_told_so(quiet: StaffRoom, word: str) -> None:
    assert is_said("staff.prompt_gone", quiet.says(quiet.office.wang, word))


@pytest.mark.parametrize("word", ["你好", "受理", "/nonsense", "/queuee", "😀", ""])
def test_talk_in_the_group_is_left_alone(quiet: StaffRoom, word: str) -> None:
    assert quiet.write(quiet.office.wang, word, DUTY_GROUP) == []


def test_what_could_not_be_processed_is_apologised_for_in_private(room: StaffRoom) -> None:
    word = StaffWord(account="1001", chat=DUTY_GROUP, is_group=True, text="/queue")
    room.office.do(lambda tx: room.staff.apologise(tx, word, "请稍后再试。", room.office.now))

    room.deliver()

    assert [(shown.chat, shown.text) for shown in room.history] == [("1001", "请稍后再试。")]
