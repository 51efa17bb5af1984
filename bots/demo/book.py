"""Who sits at which of the four phones, and what a newcomer may try."""

from __future__ import annotations

from bots.demo.stage import Colleague, Stage
from bots.sandbox import WeChatUser
from bots.sandbox.phone_book import Handset, Look, PhoneBook, Seat, Suggestion

_CITIZEN_SAYS = (
    Suggestion(text="我要投诉"),
    Suggestion(text="城关镇惠民生鲜超市", label="商家"),
    Suggestion(text="城关镇西街18号", label="地址"),
    Suggestion(text="昨天"),
    Suggestion(text="纯牛奶一箱", label="商品"),
    Suggestion(text="一百二十八块五", label="金额"),
    Suggestion(text="昨天买的牛奶已经过期三天，孩子喝了拉肚子，店家不肯退款。", label="经过"),
    Suggestion(text="6 7", label="退款+赔偿"),
    Suggestion(text="完成"),
    Suggestion(text="陈晓梅", label="姓名"),
    Suggestion(text="13800138000", label="电话"),
    Suggestion(text="城关镇东街1号", label="通讯地址"),
    Suggestion(text="提交"),
    Suggestion(text="进度"),
)
_STAFF_SAYS = (
    Suggestion(text="/queue"),
    Suggestion(text="/mine"),
    Suggestion(text="/duty"),
    Suggestion(text="/help"),
)


def book_of(stage: Stage) -> PhoneBook:
    wechat = WeChatUser(stage.sandbox.wechat, "陈晓梅")
    telegram = stage.sandbox.telegram.person("林子轩")
    officers = (stage.wang, stage.zhao)
    staff = (
        Seat(title="值班群", people=tuple(officer.user for officer in officers), place=stage.group),
        *(_private(stage, officer, f"{officer.officer.name} 值班") for officer in officers),
        *(
            _private(stage, handler, f"{handler.officer.name} {_short(stage, handler)}")
            for handler in stage.handlers.values()
        ),
    )
    return PhoneBook(
        title="投诉 Tousu",
        sentence="住在聊天里的投诉台：消费者在微信或 Telegram 里说，工作人员按按钮受理、分派，法定时限自己在走。",
        handsets=(
            Handset(
                look=Look.WECHAT,
                title="微信 · 消费者",
                caption="关注服务号，按数字回答",
                seats=(Seat(title="陈晓梅", people=(wechat,)),),
                suggestions=_CITIZEN_SAYS,
            ),
            Handset(
                look=Look.TELEGRAM,
                title="Telegram · 消费者",
                caption="同一棵提问树，用按钮回答",
                seats=(Seat(title="林子轩", people=(telegram,), place=stage.citizen_bot),),
                suggestions=_CITIZEN_SAYS,
            ),
            Handset(
                look=Look.STAFF,
                title="工作人员",
                caption="值班群、值班人员和各承办单位",
                seats=staff,
                suggestions=_STAFF_SAYS,
            ),
            Handset(
                look=Look.SUPERVISOR,
                title="领导",
                caption="批准或驳回上报的重大事项",
                seats=(_private(stage, stage.sun, stage.sun.officer.name),),
                suggestions=_STAFF_SAYS,
            ),
        ),
        steps=(
            "在微信或 Telegram 手机上说「我要投诉」，一题一题回答，提交后拿到编号",
            "在「工作人员」手机的值班群里按「受理」，再按「分派」，到王敏的私聊里选单位",
            "切到收到派件的承办人，按「接收」，再按「办结」",
            "回到消费者的手机：每一步都有通知；回复「进度」看真相",
        ),
    )


def _private(stage: Stage, colleague: Colleague, title: str) -> Seat:
    return Seat(title=title, people=(colleague.user,), place=stage.staff_bot)


def _short(stage: Stage, handler: Colleague) -> str:
    """消费者权益保护科 is 消费者…, 城关市场监管所 stays whole enough to be told apart."""
    name = stage.house.office.units.name(handler.officer.unit)
    return name if len(name) <= 7 else f"{name[:4]}…"
