"""Citizens who leave and come back: after days, after a restart, on another platform, with a number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bots.demo.stage import CITIZEN_TOKEN, STAFF_TOKEN, Stage
from bots.sandbox import TelegramPhone, WeChatPhone
from casestore.codes import Kind, Step
from tests.bots.desks import a_case, a_sandbox, a_stage, an_open_desk, complain, take, talk_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

Phone = WeChatPhone | TelegramPhone
PLATFORMS = pytest.mark.parametrize("platform", ["wechat", "telegram"])
UNKNOWN = "没有查到。请核对编号或查询码；只能查询您自己的事项。"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    sandbox = a_sandbox()
    folder = tmp_path_factory.mktemp("desk")
    async with a_stage(folder, sandbox=sandbox, clock=sandbox.clock.now) as staged:
        yield staged


def a_phone(desk: Stage, platform: str, name: str = "安娜") -> Phone:
    return desk.wechat(name) if platform == "wechat" else desk.telegram(name)


# ── after days, after a restart ──


@PLATFORMS
async def test_who_comes_back_after_two_days_goes_on_where_he_was(desk: Stage, platform: str) -> None:
    phone = a_phone(desk, platform)
    await phone.start(until="您是否已阅读")
    await talk_until(phone, "事情是哪一天发生的")
    desk.sandbox.clock.move(timedelta(days=2, hours=20))

    await phone.say("昨天", until="您购买的是什么商品或服务")


@PLATFORMS
async def test_greeting_in_the_midst_of_a_draft_loses_nothing(desk: Stage, platform: str) -> None:
    """Whoever does not remember where he was says hello."""
    phone = a_phone(desk, platform)
    await phone.start(until="您是否已阅读")
    await talk_until(phone, "商家的地址在哪里")
    desk.sandbox.clock.move(timedelta(days=1))

    await phone.say("你好", until="商家的地址在哪里")

    await phone.say("城关镇西街18号", until="事情是哪一天发生的")


@PLATFORMS
async def test_who_unfollows_and_comes_back_keeps_his_cases(desk: Stage, platform: str) -> None:
    phone = a_phone(desk, platform)
    number, _ = await complain(phone)
    if isinstance(phone, WeChatPhone):
        await phone.user.unsubscribe()
    else:
        phone.user.block(desk.citizen_bot)
    desk.sandbox.clock.move(timedelta(days=10))

    await phone.start(until="您")

    await phone.say("进度", until=number)


async def test_a_restart_of_the_desk_loses_no_talk(tmp_path: Path) -> None:
    """Half a complaint is on disk: another process goes on with it, word for word, on both platforms."""
    sandbox = a_sandbox()
    bot = sandbox.telegram.add_bot(CITIZEN_TOKEN, username="tousu_bot")
    sandbox.telegram.add_bot(STAFF_TOKEN, username="tousu_staff_bot")
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(sandbox.running())
        people: list[Phone] = [sandbox.wechat_phone("安娜"), sandbox.telegram_phone("本杰明", bot)]
        async with an_open_desk(sandbox, api, tmp_path):
            for phone in people:
                await phone.start(until="您是否已阅读")
                await talk_until(phone, "事情是哪一天发生的")
            cara = sandbox.telegram_phone("卡拉", bot)
            await cara.start(until="您是否已阅读")
        ben = people[1]
        assert isinstance(ben, TelegramPhone)
        ben.mark = sandbox.transcript.last
        ben.user.say("昨天", bot)  # while no desk runs

        async with an_open_desk(sandbox, api, tmp_path):
            await ben.sees("您购买的是什么商品或服务")
            await ben.press("上一步", until="事情是哪一天发生的")
            await people[0].say("昨天", until="您购买的是什么商品或服务")
            await people[0].say("修改", until="您要修改哪一项")
            await cara.press("已阅读", until="您要办理哪一项")  # a button of the process that is gone

    assert sum("您购买的是什么" in bubble.text for bubble in ben.screen) == 1


# ── status ──


@PLATFORMS
async def test_anothers_number_is_answered_like_no_number_at_all(desk: Stage, platform: str) -> None:
    """Whether a number exists is nobody's business: the same words, the same length, the same buttons."""
    owner, stranger = a_phone(desk, platform), a_phone(desk, platform, "马力")
    number, _ = await complain(owner)
    await stranger.start(until="您是否已阅读")
    answers = []
    for asked in (number, "TS-19990101-9999", f"进度 {number}", "进度 TS-19990101-9999"):
        await stranger.say(asked, until=UNKNOWN)
        answers.append((stranger.last.text, stranger.last.labels))

    assert len(set(answers)) == 1
    await owner.say(number, until="状态：已登记，待审查")


@PLATFORMS
async def test_who_tries_numbers_is_stopped_after_ten(desk: Stage, platform: str) -> None:
    phone = a_phone(desk, platform, "马力")
    await phone.start(until="您是否已阅读")
    for number in range(10):
        await phone.say(f"TS-20261123-{number + 9000}", until=UNKNOWN)

    await phone.say("TS-20261123-9999", until="查询太频繁了")
    await phone.say("1234-5678-9012-3456-7890", until="查询太频繁了")
    desk.sandbox.clock.move(timedelta(minutes=61))
    await phone.say("TS-20261123-9999", until=UNKNOWN)


@pytest.mark.parametrize(("told", "asked"), [("wechat", "telegram"), ("telegram", "wechat")])
async def test_the_query_code_shows_the_case_on_the_other_platform(
    desk: Stage, told: str, asked: str
) -> None:
    """Without name, telephone or story: whoever has the code sees how far it is, and no more."""
    owner, other = a_phone(desk, told), a_phone(desk, asked, "安娜的另一部手机")
    number, code = await complain(owner)
    await other.start(until="您是否已阅读")

    for written in (code, code.replace("-", ""), f" {code} "):
        await other.say(written, until=number)
        assert "状态：已登记，待审查" in other.last.text
        for private in ("陈晓梅", "13800138000", "过期三天", "东街1号"):
            assert private not in other.last.text


@PLATFORMS
async def test_a_wrong_code_is_answered_like_a_wrong_number(desk: Stage, platform: str) -> None:
    phone = a_phone(desk, platform)
    _, code = await complain(phone)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")

    await phone.say(wrong, until=UNKNOWN)


@PLATFORMS
async def test_the_status_in_the_midst_of_a_talk_returns_to_the_question(desk: Stage, platform: str) -> None:
    phone = a_phone(desk, platform)
    number, _ = await complain(phone)
    await phone.say("我要投诉", until="全称是什么")

    await phone.say("进度", until=number)

    assert "全称是什么" in phone.last.text


# ── paging ──


async def test_a_long_answer_on_wechat_is_turned_page_by_page(desk: Stage) -> None:
    """继续 until the end, and then it is said that this was the end; nothing is lost on the way."""
    anna = desk.wechat("安娜")
    await anna.start(until="您是否已阅读")
    await anna.say("进度", until="您还没有登记过")
    case = await a_case(desk, anna, kind=Kind.CONSULTATION)
    answer = "".join(f"第{number}条，商家应当按照国家有关规定或者商业惯例出具发票。" for number in range(80))
    await take(desk, case, Step.ANSWER, desk.wang.officer, words=answer)
    pages = [(await anna.sees("回复「继续」看下一部分")).text]
    while "回复「继续」" in pages[-1]:
        await anna.say("继续", until="第")
        pages.append(anna.last.text)

    assert len(pages) > 2
    assert all(len(page.encode()) <= 2000 for page in pages)
    together = "".join(page.removesuffix("\n（未完，回复「继续」看下一部分）") for page in pages)
    assert answer in together.replace("\n", "")
    await anna.say("继续", until="已经是最后一部分了")


async def test_another_word_ends_the_paging(desk: Stage) -> None:
    anna = desk.wechat("安娜")
    await anna.start(until="您是否已阅读")
    await anna.say("进度", until="您还没有登记过")
    case = await a_case(desk, anna, kind=Kind.CONSULTATION)
    await take(desk, case, Step.ANSWER, desk.wang.officer, words="应当开具发票。" * 200)
    await anna.sees("回复「继续」看下一部分")

    await anna.say("进度", until=case.number)

    await anna.say("继续", until="已经是最后一部分了")


@PLATFORMS
async def test_more_material_is_asked_for_after_the_draft(desk: Stage, platform: str) -> None:
    """补充 in the midst of a draft is no answer to its question."""
    phone = a_phone(desk, platform, "本杰明")
    await phone.start(until="您是否已阅读")
    await talk_until(phone, "您购买的是什么商品或服务")

    await phone.say("补充", until="请先提交（或取消）")
    await phone.say("纯牛奶一箱", until="涉及多少钱")
