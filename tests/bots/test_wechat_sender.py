"""News to a WeChat citizen: 客服消息 inside the platform's quota, then a template, then his next word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bots.demo.stage import Stage
from bots.sandbox import Bubble, Fault, FaultKind, TelegramPhone, WeChatPhone
from casestore.codes import Kind, Outcome, Step
from casestore.model import Case, UnitCode
from casestore.tables import citizens, outbox
from casestore.tables.outbox import Draft
from casestore.telling import lane
from tests.bots.desks import a_case, a_sandbox, a_stage, eventually, mediate, owed_to, take, wake

pytestmark = pytest.mark.asyncio(loop_scope="module")
FOOD = UnitCode("FOOD")
QUOTA_USED_UP = "微信推送名额已用完，等市民下次发言时补发"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One clock for the desk and the platforms, so that both count the same 48 hours."""
    sandbox = a_sandbox()
    folder = tmp_path_factory.mktemp("desk")
    async with a_stage(folder, sandbox=sandbox, clock=sandbox.clock.now) as staged:
        yield staged


@pytest_asyncio.fixture(loop_scope="module")
async def anna(desk: Stage) -> WeChatPhone:
    """Follows the account and has just said a word."""
    phone = desk.wechat("安娜")
    await phone.start(until="您是否已阅读")
    await phone.say("进度", until="还没有登记过")
    return phone


def pushed(phone: WeChatPhone, word: str) -> list[str]:
    return [bubble.text for bubble in phone.screen if bubble.from_desk and word in bubble.text]


async def card(desk: Stage, phone: TelegramPhone, case: Case, shows: str, *, no_more: str = "") -> Bubble:
    """The card of this case once it shows (or no longer shows) something."""

    def found() -> Bubble | None:
        for bubble in reversed(phone.screen):
            if case.number in bubble.text and "状态：" in bubble.text:
                return (
                    bubble if shows in bubble.text and (not no_more or no_more not in bubble.text) else None
                )
        return None

    await phone.wait(lambda: found() is not None, 5)
    seen = found()
    assert seen is not None, phone.drawn()
    return seen


async def six_news(desk: Stage, phone: WeChatPhone) -> Case:
    """A complaint of which the citizen is told six times without saying a word."""
    wang, li = desk.wang.officer, desk.handlers[FOOD].officer
    case = await a_case(desk, phone)
    case = await take(desk, case, Step.ASK_SUPPLEMENT, wang, words="购买凭证")
    case = await take(desk, case, Step.SUPPLEMENT)
    case = await take(desk, case, Step.ACCEPT, wang)
    case = await take(desk, case, Step.DISPATCH, wang, unit=FOOD)
    case = await take(desk, case, Step.TAKE_OVER, li)
    await mediate(desk, case, li)
    return await take(
        desk, case, Step.CLOSE, li, outcome=Outcome.AGREEMENT, recovered_fen=0, words="商家已退款"
    )


async def test_the_sixth_news_waits_for_the_citizens_next_word(desk: Stage, anna: WeChatPhone) -> None:
    """Five pushes in 48 hours; what waits is on the staff's card, rides in the next reply, and then is gone."""
    wang = desk.desk_of(desk.wang)

    case = await six_news(desk, anna)

    await anna.sees("将进行调解")
    shown = await card(desk, wang, case, "未送达市民")
    assert f"⚠ 未送达市民：已办结（{QUOTA_USED_UP}）" in shown.text
    assert pushed(anna, "已办结") == []

    await anna.say("你好", until="您有新的进展")

    assert f"您的投诉 {case.number} 已办结：达成调解协议。商家已退款。" in anna.last.text
    assert "您是否已阅读" in anna.last.text  # and the answer to his word
    assert "未送达" not in (await card(desk, wang, case, "已办结", no_more="未送达")).text


async def test_news_come_in_their_order(desk: Stage, anna: WeChatPhone) -> None:
    await six_news(desk, anna)

    await anna.sees("将进行调解")

    told = [bubble.text for bubble in anna.screen if bubble.from_desk and "TS-" in bubble.text]
    steps = ["需要您补充", "已受理", "已分派", "已接收", "将进行调解"]
    assert [step for text in told for step in steps if step in text] == steps


async def test_a_word_opens_the_quota_again(desk: Stage, anna: WeChatPhone) -> None:
    case = await six_news(desk, anna)
    await card(desk, desk.desk_of(desk.wang), case, "未送达市民：已办结")
    await anna.say("进度", until="您有新的进展")

    another = await a_case(desk, anna)
    await take(desk, another, Step.ACCEPT, desk.wang.officer)

    await anna.sees(f"您的投诉 {another.number} 已受理")


async def test_after_48_hours_nothing_is_pushed(desk: Stage, anna: WeChatPhone) -> None:
    """The window is over by our own count: the platform is not even asked."""
    case = await a_case(desk, anna)
    desk.sandbox.clock.move(timedelta(hours=49))
    before = desk.sandbox.transcript.last

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    await card(desk, desk.desk_of(desk.wang), case, f"已受理（{QUOTA_USED_UP}）")
    asked = [entry.detail for entry in desk.sandbox.transcript.after(before) if "custom/send" in entry.detail]
    assert asked == []
    await anna.say("进度", until="您有新的进展")


@pytest.mark.parametrize("code", [45015, 45047])
async def test_what_the_platform_counts_decides(desk: Stage, anna: WeChatPhone, code: int) -> None:
    """It may count otherwise than we do (a menu click opens less than a word): the news waits as well."""
    case = await a_case(desk, anna)
    desk.sandbox.faults.ask("message/custom/send", Fault.errcode(code))

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    await card(desk, desk.desk_of(desk.wang), case, f"已受理（{QUOTA_USED_UP}）")
    await anna.say("进度", until=f"您的投诉 {case.number} 已受理")
    assert "您有新的进展" in anna.last.text


async def test_who_only_follows_gets_no_push_after_a_minute(desk: Stage) -> None:
    """关注 opens three messages for one minute; afterwards news wait for the first word."""
    bea = desk.wechat("贝亚")
    await bea.start(until="您是否已阅读")
    case = await a_case(desk, bea)
    desk.sandbox.clock.move(timedelta(minutes=2))

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    await card(desk, desk.desk_of(desk.wang), case, "未送达市民：已受理")
    await bea.say("1", until=f"您的投诉 {case.number} 已受理")


@pytest.mark.parametrize("act", ["view", "report"])
async def test_news_do_not_ride_where_nothing_is_shown(desk: Stage, anna: WeChatPhone, act: str) -> None:
    """A pressed link and a delivery report get no reply, so what waits goes on waiting."""
    case = await a_case(desk, anna)
    desk.sandbox.faults.ask("message/custom/send", Fault.errcode(45047))
    await take(desk, case, Step.ACCEPT, desk.wang.officer)
    await card(desk, desk.desk_of(desk.wang), case, "未送达市民：已受理")
    contact = desk.sandbox.wechat.contacts[anna.user.openid]
    event = "VIEW" if act == "view" else "TEMPLATESENDJOBFINISH"

    await desk.sandbox.wechat.happen(contact, event, "https://example.cn/", told="链接")
    assert pushed(anna, case.number) == []

    await anna.say("进度", until=f"您的投诉 {case.number} 已受理")


async def test_an_event_that_is_no_word_opens_no_quota(desk: Stage, anna: WeChatPhone) -> None:
    """A delivery report comes from the platform and not from the citizen: five stays five."""
    case = await six_news(desk, anna)
    await card(desk, desk.desk_of(desk.wang), case, "未送达市民：已办结")
    contact = desk.sandbox.wechat.contacts[anna.user.openid]

    await desk.sandbox.wechat.happen(contact, "TEMPLATESENDJOBFINISH", "", told="", MsgID=1, Status="success")

    citizen = case.citizen
    assert citizen is not None
    left = await desk.house.store.run(lambda tx: citizens.get(tx, citizen).pushes_left)
    assert left == 0


async def test_who_has_left_is_shown_to_staff(desk: Stage, anna: WeChatPhone) -> None:
    """取消关注: nothing can be sent; nobody waits for a word that will not come."""
    case = await a_case(desk, anna)
    await anna.user.unsubscribe()

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    await card(desk, desk.desk_of(desk.wang), case, "未送达市民：已受理（市民已取消关注）")
    assert pushed(anna, "已受理") == []


async def test_who_has_left_unheard_is_found_out_by_the_platform(desk: Stage, anna: WeChatPhone) -> None:
    """The event may have been lost: 43004 says the same."""
    case = await a_case(desk, anna)
    desk.sandbox.wechat.contacts[anna.user.openid].follows = False

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    await card(desk, desk.desk_of(desk.wang), case, "未送达市民：已受理（市民已取消关注）")
    citizen = case.citizen
    assert citizen is not None
    assert not (await desk.house.store.run(lambda tx: citizens.get(tx, citizen))).reachable


async def test_who_comes_back_is_reachable_again(desk: Stage, anna: WeChatPhone) -> None:
    await anna.user.unsubscribe()
    await anna.start(until="您是否已阅读")
    await anna.say("进度", until="还没有登记过")
    case = await a_case(desk, anna)

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    await anna.sees(f"您的投诉 {case.number} 已受理")


@pytest.mark.parametrize("code", [-1, 45009, 45011])
async def test_a_busy_platform_is_asked_again_after_a_minute(
    desk: Stage, anna: WeChatPhone, code: int
) -> None:
    case = await a_case(desk, anna)
    desk.sandbox.faults.ask("message/custom/send", Fault.errcode(code))
    await take(desk, case, Step.ACCEPT, desk.wang.officer)
    await eventually(lambda: owed_to(desk.house, f"errcode-{code}"))
    desk.sandbox.clock.move(timedelta(seconds=50))
    await wake(desk.house)
    assert pushed(anna, case.number) == []

    desk.sandbox.clock.move(timedelta(seconds=11))
    await wake(desk.house)

    await anna.sees(f"您的投诉 {case.number} 已受理")


async def test_an_answer_that_was_lost_is_sent_again_and_says_so(desk: Stage, anna: WeChatPhone) -> None:
    """客服消息 have no key: after an ambiguous answer the notice may come twice, marked 重发."""
    case = await a_case(desk, anna)
    desk.sandbox.faults.ask("message/custom/send", Fault(kind=FaultKind.RESET, processed=True))

    await take(desk, case, Step.ACCEPT, desk.wang.officer)

    await anna.sees("（重发）")
    assert len(pushed(anna, f"您的投诉 {case.number} 已受理")) == 2


async def test_a_long_answer_is_paged(desk: Stage, anna: WeChatPhone) -> None:
    """One message of 2,000 bytes at most: the rest comes with 继续, and nothing of it is lost."""
    case = await a_case(desk, anna, kind=Kind.CONSULTATION)
    answer = "".join(f"第{number}条，商家应当按照国家有关规定或者商业惯例出具发票。" for number in range(30))

    await take(desk, case, Step.ANSWER, desk.wang.officer, words=answer)

    first = (await anna.sees("回复「继续」看下一部分")).text
    assert len(first.encode()) <= 2000
    await anna.say("继续", until="第29条")
    together = first.removesuffix("\n（未完，回复「继续」看下一部分）") + anna.last.text
    assert answer in together


async def test_a_long_answer_does_not_touch_a_draft(desk: Stage, anna: WeChatPhone) -> None:
    """Who is in the midst of a complaint reads the answer and goes on where he was."""
    case = await a_case(desk, anna, kind=Kind.CONSULTATION)
    await anna.say("开始", until="您是否已阅读")
    await anna.say("1", until="您要办理哪一项")
    await anna.say("1", until="商家（经营者）的全称")

    await take(desk, case, Step.ANSWER, desk.wang.officer, words="应当开具发票。" * 120)
    await anna.sees("回复「继续」")

    await anna.say("继续", until="应当开具发票")
    await anna.say("城关镇甲某某超市", until="商家的地址在哪里")


# ── with a template ──


@pytest.fixture(scope="module")
def template() -> str:
    return "进度通知：{{thing1.DATA}}\n编号：{{character_string2.DATA}}"


async def test_a_template_message_follows_when_the_quota_is_used_up(
    tmp_path_factory: pytest.TempPathFactory, template: str
) -> None:
    """Where the office has a template, the sixth news comes at once, short, with the number."""
    sandbox = a_sandbox()
    sandbox.wechat.templates["T1"] = template
    folder = tmp_path_factory.mktemp("templates")
    async with a_stage(folder, sandbox=sandbox, clock=sandbox.clock.now, wechat_template_id="T1") as desk:
        anna = desk.wechat("安娜")
        await anna.start(until="您是否已阅读")
        await anna.say("进度", until="还没有登记过")

        case = await six_news(desk, anna)

        shown = await anna.sees("进度通知：")
        assert f"编号：{case.number}" in shown.text
        assert len(shown.text.split("\n")[0].removeprefix("进度通知：")) <= 20

        # What is no news of a case has no number to fill the template with: it waits.
        payload = {"citizen": case.citizen, "text": "您之前填写的投诉超过 72 小时没有提交。"}
        owed = Draft("wechat", lane("wechat", case.citizen), outbox.Kind.SAY, payload, outbox.Urgency.NOTICE)
        await desk.house.store.run(lambda tx: outbox.put(tx, owed, desk.house.clock()))
        await anna.say("进度", until="您之前填写的投诉超过 72 小时没有提交")
