"""Staff on Telegram: who may press what, in which chat, and what the bot's commands show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from bots.demo.stage import Colleague, Stage
from bots.sandbox import Bubble, Fault, FaultKind, Kind, TelegramPhone
from bots.sandbox.bot_account import Bot
from casestore.codes import Status, Step
from casestore.model import Case, UnitCode
from casestore.tables import buttons, cases, inbox, officers, properties
from tests.bots.desks import a_case, a_sandbox, a_stage, eventually, owed_to, take, wake

pytestmark = pytest.mark.asyncio(loop_scope="module")
FOOD, QUALITY = UnitCode("FOOD"), UnitCode("QUALITY")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    sandbox = a_sandbox()
    folder = tmp_path_factory.mktemp("desk")
    async with a_stage(folder, sandbox=sandbox, clock=sandbox.clock.now) as staged:
        yield staged


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def citizen(desk: Stage) -> TelegramPhone:
    phone = desk.telegram("本杰明")
    await phone.start(until="您是否已阅读")
    return phone


@pytest_asyncio.fixture(loop_scope="module")
async def wang(desk: Stage) -> TelegramPhone:
    """王敏's private chat with the staff bot."""
    return fresh(desk, desk.desk_of(desk.wang))


@pytest_asyncio.fixture(loop_scope="module")
async def case(desk: Stage, citizen: TelegramPhone, wang: TelegramPhone) -> Case:
    """Just registered; its card stands in the group and with the officers."""
    made = await a_case(desk, citizen)
    await wang.sees(made.number)
    return made


def fresh(desk: Stage, phone: TelegramPhone) -> TelegramPhone:
    """What was there before is no news."""
    phone.mark = desk.sandbox.transcript.last
    return phone


async def card(phone: TelegramPhone, case: Case, shows: str = "状态：") -> Bubble:
    """This case's card in a chat, once it shows something."""

    def found() -> list[Bubble]:
        return [bubble for bubble in phone.screen if case.number in bubble.text and shows in bubble.text]

    await phone.wait(lambda: bool(found()), 5)
    assert found(), phone.drawn()
    return found()[-1]


async def now(desk: Stage, case: Case) -> Case:
    return await desk.house.store.run(lambda tx: cases.get(tx, case.id))


async def forge(desk: Stage, phone: TelegramPhone, data: str, on: Bubble) -> None:
    """A changed app presses a message with data of its own."""
    fresh(desk, phone)
    message = phone.user.chat(phone.place).messages[on.number]
    phone.user.press_forged(data, message, phone.place)


# ── who presses ──


async def test_a_stranger_in_the_duty_group_presses_in_vain(desk: Stage, case: Case) -> None:
    """The presser is looked at, and not the chat: somebody's nephew may be in the group."""
    stranger = desk.sandbox.telegram.person("路人")
    stranger.join(desk.duty_chat)
    phone = desk.sandbox.telegram_phone(stranger, desk.duty_chat)
    shown = await card(phone, case)

    await phone.press("受理", on=shown.number)

    assert (await phone.sees_toast("您还不是工作人员")).alert is False
    assert (await now(desk, case)).status is Status.REGISTERED


async def test_a_strangers_words_get_one_sentence_and_his_commands_nothing(desk: Stage, case: Case) -> None:
    stranger = desk.sandbox.telegram_phone("路人甲", desk.staff_bot)
    for words in ("/queue", f"/case {case.number}", "/duty on", "你好", "/start wrong-code"):
        await stranger.say(words)
        assert case.number not in stranger.last.text

    said = {bubble.text for bubble in stranger.screen if bubble.from_desk}
    assert said == {
        "您还不是工作人员。请向负责人索取邀请码，然后发送：/start 邀请码",
        "邀请码无效或已过期，请向负责人重新索取。",
    }


async def test_a_citizen_cannot_reach_the_staffs_buttons(
    desk: Stage, citizen: TelegramPhone, wang: TelegramPhone, case: Case
) -> None:
    """Two tokens, two bots: what is a button there is nothing here."""
    token = (await card(wang, case)).buttons[0][0].data
    own = next(bubble for bubble in citizen.screen if bubble.buttons)

    await forge(desk, citizen, token, own)

    await citizen.sees("这是之前的按钮，已失效")
    assert (await now(desk, case)).status is Status.REGISTERED


@pytest.mark.parametrize(
    "data", ["", "accept", "do:accept", "step:accept", "0" * 22, "'; DROP TABLE cases; --", "受理" * 8]
)
async def test_forged_data_of_a_button_do_nothing(
    desk: Stage, wang: TelegramPhone, case: Case, data: str
) -> None:
    """The token alone says what a button does, and nobody guesses 128 bits."""
    await forge(desk, wang, data, await card(wang, case))

    await wang.sees_toast("这个按钮已失效")
    assert (await now(desk, case)).status is Status.REGISTERED


async def test_a_colleagues_button_does_nothing_in_another_chat(
    desk: Stage, wang: TelegramPhone, case: Case
) -> None:
    """A token is bound to the chat its card stands in."""
    zhao = desk.desk_of(desk.zhao)
    token = (await card(zhao, case)).buttons[0][0].data

    await forge(desk, wang, token, await card(wang, case))

    await wang.sees_toast("这个按钮已失效")
    assert (await now(desk, case)).status is Status.REGISTERED


async def test_a_button_lasts_thirty_days(desk: Stage, wang: TelegramPhone, case: Case) -> None:
    shown = await card(wang, case)
    token = shown.buttons[0][0].data
    found = await desk.house.store.run(lambda tx: buttons.find(tx, token))
    assert found is not None
    left = found.expires_at - desk.sandbox.clock.now()
    assert timedelta(days=29) < left <= timedelta(days=30)
    desk.sandbox.clock.move(timedelta(days=31))

    await wang.press("受理", on=shown.number)

    await wang.sees_toast("这个按钮已失效")


async def test_the_second_of_two_officers_is_told_who_was_faster(desk: Stage, case: Case) -> None:
    first, second = desk.desk_of(desk.wang), desk.desk_of(desk.zhao)
    mine, other = await card(first, case), await card(second, case)
    old = other.buttons[0][0].data
    await first.press("受理", on=mine.number)
    await first.sees_toast("已受理")
    await card(second, case, "状态：已受理")

    await forge(desk, second, old, other)

    toast = await second.sees_toast("")
    assert "失效" in toast.text or "王敏" in toast.text
    assert (await now(desk, case)).holder == desk.wang.officer.id


async def test_two_presses_at_once_are_one_step(desk: Stage, case: Case) -> None:
    """Whoever comes second is told so, and the case is taken once."""
    phones = [desk.desk_of(colleague) for colleague in (desk.wang, desk.zhao)]
    shown = [await card(phone, case) for phone in phones]
    for phone, bubble in zip(phones, shown, strict=True):
        fresh(desk, phone)
        phone.user.press("受理", phone.place, message=bubble.number)

    toasts = [(await phone.sees_toast("")).text for phone in phones]

    assert sorted(text == "已受理。" for text in toasts) == [False, True]
    assert any(f"{case.number} 已由" in text for text in toasts)
    assert (await now(desk, case)).version == 2


async def test_a_suspended_colleague_is_a_stranger_with_the_next_press(desk: Stage, case: Case) -> None:
    zhao = desk.desk_of(desk.zhao)
    shown = await card(zhao, case)
    await desk.house.store.run(lambda tx: officers.suspend(tx, desk.zhao.officer.id))
    try:
        await zhao.press("受理", on=shown.number)
        await zhao.sees_toast("您还不是工作人员")
        await zhao.say("/queue", until="您还不是工作人员")
    finally:
        await desk.house.store.run(lambda tx: officers.suspend(tx, desk.zhao.officer.id, active=True))

    assert (await now(desk, case)).status is Status.REGISTERED


async def test_another_units_handler_cannot_open_the_case(desk: Stage, case: Case) -> None:
    case = await take(desk, case, Step.ACCEPT, desk.wang.officer)
    await take(desk, case, Step.DISPATCH, desk.wang.officer, unit=FOOD)
    other = desk.desk_of(desk.handlers[QUALITY])

    await other.say(f"/case {case.number}", until="没有查到这一件")

    assert not any(case.number in bubble.text for bubble in other.screen if bubble.from_desk)


# ── in the group, in private ──


async def test_a_menu_opens_in_the_pressers_private_chat(
    desk: Stage, wang: TelegramPhone, case: Case
) -> None:
    """The group's card stays everybody's."""
    group = desk.in_group(desk.wang)
    shown = await card(group, case)

    await group.press("不予受理", on=shown.number)

    await group.sees_toast("已在私聊中打开")
    await wang.sees("请选择不予受理的理由")
    assert "状态：" in (await card(group, case)).text


async def test_a_groups_card_names_nobody(desk: Stage, case: Case) -> None:
    in_group = (await card(desk.in_group(desk.wang), case)).text
    in_private = (await card(desk.desk_of(desk.wang), case)).text

    assert "陈" not in in_group
    assert "甲某某超市" not in in_group
    assert "商家：甲某某超市" in in_private
    assert "陈晓梅" not in in_private


async def test_talk_in_the_group_is_not_the_desks(desk: Stage) -> None:
    group = desk.in_group(desk.wang)
    before = len([bubble for bubble in group.screen if bubble.from_desk])

    await group.say("中午吃什么？")

    assert len([bubble for bubble in group.screen if bubble.from_desk]) == before


async def test_only_a_supervisor_binds_a_group(desk: Stage) -> None:
    officer, director = desk.in_group(desk.wang), desk.in_group(desk.sun)

    await officer.say("/bind", until="只有负责人或主任可以设置值班群")
    await desk.desk_of(desk.sun).say("/bind", until="请在要设为值班群的群里发送")
    await director.say("/bind@tousu_staff_bot", until="本群已设为值班群")

    bound = await desk.house.store.run(lambda tx: properties.get(tx, properties.DUTY_GROUP))
    assert bound == str(desk.duty_chat.id)


# ── commands ──


async def test_the_queue_lists_what_waits_and_its_numbers_open_it(desk: Stage, case: Case) -> None:
    """A handler's queue: what was dispatched to his unit."""
    handler = fresh(desk, desk.desk_of(desk.handlers[QUALITY]))
    case = await take(desk, case, Step.ACCEPT, desk.wang.officer)
    await take(desk, case, Step.DISPATCH, desk.wang.officer, unit=QUALITY)
    await card(handler, case)
    await handler.say("/queue", until="待办，按时限先后的 1 件")
    listed = handler.last
    assert f"1. {case.number}" in listed.text

    await handler.press("1", on=listed.number, until=case.number)

    assert handler.last.number > listed.number
    assert "状态：已分派，待承办单位接收" in handler.last.text


async def test_what_one_holds_is_his(desk: Stage, wang: TelegramPhone, case: Case) -> None:
    await take(desk, case, Step.ACCEPT, desk.wang.officer)
    await wang.say("/mine", until="您持有")
    assert case.number in wang.last.text

    sun = desk.desk_of(desk.sun)
    await sun.say("我的", until="您名下没有未办结的件")


async def test_a_case_is_opened_by_its_number_however_it_is_written(
    desk: Stage, wang: TelegramPhone, case: Case
) -> None:
    for words in (
        f"/case {case.number}",
        f"案件 {case.number.lower()}",
        f"/case@tousu_staff_bot {case.number}",
    ):
        before = wang.last.number
        await wang.say(words, until=case.number)
        assert wang.last.number > before


async def test_both_bots_offer_their_commands_in_the_chats_menu(desk: Stage) -> None:
    def told(bot: Bot) -> set[str]:
        commands: Any = bot.told.get("commands", [])
        return {command["command"] for command in commands}

    async def offered() -> bool:
        return bool(told(desk.staff_bot) and told(desk.citizen_bot))

    await eventually(offered)
    assert {"queue", "new", "invite", "away", "pin", "bind", "cancel"} <= told(desk.staff_bot)
    assert {"start", "status", "withdraw", "rate", "mydata", "recusal"} <= told(desk.citizen_bot)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("/case", "请写编号，例如：/case TS-20261123-0001"),
        ("/case 五号", "请写编号"),
        ("/case TS-19990101-0001", "没有查到这一件"),
        ("/help", "/queue 待办"),
        ("帮助", "/queue 待办"),
        ("/start", "王敏，您已加入"),
        ("/unknown", "/queue 待办"),
        ("受理", "没有等待输入的内容"),
    ],
)
async def test_commands_and_what_they_say(wang: TelegramPhone, words: str, says: str) -> None:
    await wang.say(words, until=says)


async def test_who_is_on_duty_signs_in_and_out(desk: Stage, wang: TelegramPhone) -> None:
    await wang.say("/duty on", until="您已签到值班")
    await desk.desk_of(desk.zhao).say("值班", until="· 王敏")
    await wang.say("值班 签退", until="您已签退")
    await wang.say("/duty", until="还没有人签到值班")


# ── cards ──


async def test_a_card_is_changed_where_it_stands(desk: Stage, wang: TelegramPhone, case: Case) -> None:
    """One card a chat, however much happens; nobody must look for the newest."""
    shown = await card(wang, case)
    case = await take(desk, case, Step.ACCEPT, desk.wang.officer)
    await card(wang, case, "状态：已受理")
    await take(desk, case, Step.DISPATCH, desk.wang.officer, unit=FOOD)

    after = await card(wang, case, "状态：已分派")

    assert (after.number, after.edited) == (shown.number, True)
    assert sum(case.number in bubble.text for bubble in wang.screen if bubble.from_desk) == 1


async def test_a_card_that_was_deleted_is_sent_anew(desk: Stage, wang: TelegramPhone, case: Case) -> None:
    shown = await card(wang, case)
    desk.wang.user.chat(desk.staff_bot).drop(shown.number)

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    assert (await card(wang, case, "状态：已受理")).number > shown.number


async def test_a_flood_is_waited_out_as_long_as_the_platform_says(
    desk: Stage, wang: TelegramPhone, case: Case
) -> None:
    """429, retry_after 40: nothing is asked of this chat for 40 s; the card then shows what is true."""
    fresh(desk, wang)
    for _ in range(2):
        desk.sandbox.faults.ask("tousu_staff_bot/editMessageText", Fault.flood(40))
    case = await take(desk, case, Step.ACCEPT, desk.wang.officer)
    await eventually(lambda: owed_to(desk.house, "flood"))
    await take(desk, case, Step.DISPATCH, desk.wang.officer, unit=FOOD)
    floods = [e for e in desk.sandbox.transcript.after(0) if e.kind is Kind.FAULT and "flood" in e.detail]
    desk.sandbox.clock.move(timedelta(seconds=39))
    await wake(desk.house)
    assert len(await owed_to(desk.house, "flood")) == len(floods)

    desk.sandbox.clock.move(timedelta(seconds=5))
    await wake(desk.house)

    await card(wang, case, "状态：已分派")
    desk.sandbox.faults.clear()


async def test_a_card_that_could_not_be_sent_for_sure_is_not_there_twice(
    desk: Stage, wang: TelegramPhone, case: Case
) -> None:
    """An edit may safely be made again."""
    desk.sandbox.faults.ask("tousu_staff_bot/editMessageText", Fault(kind=FaultKind.RESET, processed=True))
    await take(desk, case, Step.ACCEPT, desk.wang.officer)
    await eventually(lambda: owed_to(desk.house, "unsure"))
    desk.sandbox.clock.move(timedelta(seconds=2))
    await wake(desk.house)

    await card(wang, case, "状态：已受理")
    assert sum(case.number in bubble.text for bubble in wang.screen if bubble.from_desk) == 1


async def test_a_colleague_who_blocked_the_bot_holds_up_nobody(
    desk: Stage, citizen: TelegramPhone, wang: TelegramPhone
) -> None:
    blocked: Colleague = desk.zhao
    blocked.user.block(desk.staff_bot)
    fresh(desk, wang)

    case = await a_case(desk, citizen)

    await card(wang, case)
    await card(desk.in_group(desk.wang), case)
    await eventually(lambda: owed_to(desk.house, "blocked"))
    blocked.user.start(desk.staff_bot)


async def test_the_same_update_twice_is_one(desk: Stage, wang: TelegramPhone, case: Case) -> None:
    before = await desk.house.store.run(inbox.count)
    desk.sandbox.faults.ask("telegram/callback", Fault(kind=FaultKind.TWICE))

    await wang.press("受理", on=(await card(wang, case)).number)

    await card(wang, case, "状态：已受理")
    assert (await now(desk, case)).version == 2
    assert await desk.house.store.run(inbox.count) == before + 1


async def test_a_group_that_became_a_supergroup_stays_the_duty_group(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Telegram gives it another id: the next card finds the way, and everything after it."""
    sandbox = a_sandbox()
    async with a_stage(tmp_path_factory.mktemp("grown"), sandbox=sandbox, clock=sandbox.clock.now) as desk:
        anna = desk.telegram("安娜")
        await anna.start(until="您是否已阅读")
        before = await a_case(desk, anna)
        await desk.in_group(desk.wang).sees(before.number)
        grown = sandbox.telegram_phone(desk.sun.user, desk.sun.user.upgrade(desk.group))

        after = await a_case(desk, anna)

        await grown.sees(after.number)

        async def bound() -> bool:
            chat = await desk.house.store.read(lambda tx: properties.get(tx, properties.DUTY_GROUP))
            return chat == str(desk.group.migrated_to)

        assert await eventually(bound)
        await take(desk, before, Step.ACCEPT, desk.wang.officer)
        await grown.sees(before.number)
