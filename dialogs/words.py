"""口令: words that work at every question and return to it."""

from __future__ import annotations

from enum import StrEnum

from casestore.reading.text import fold
from dialogs.texts import Texts


class Word(StrEnum):
    PROGRESS = "progress"  # 进度
    HELP = "help"  # 帮助
    BACK = "back"  # 上一步
    EDIT = "edit"  # 修改
    CANCEL = "cancel"  # 取消
    HUMAN = "human"  # 人工
    MORE = "more"  # 继续: the next page of a long text
    SUPPLEMENT = "supplement"  # 补充
    WITHDRAW = "withdraw"  # 撤回
    SETTLE = "settle"  # 和解
    REOPEN = "reopen"  # 重新办理
    RATE = "rate"  # 评价
    RECUSAL = "recusal"  # 申请回避
    MESSAGE = "message"  # 留言: a word to who handles the case
    MY_DATA = "my_data"  # 我的信息
    START = "start"  # greetings and /start


_SPOKEN = {
    Word.PROGRESS: (
        "进度",
        "查进度",
        "查询进度",
        "进度查询",
        "查询",
        "我的投诉",
        "我的案件",
        "/status",
        "/progress",
    ),
    Word.HELP: ("帮助", "怎么用", "使用帮助", "help", "/help", "?", "？"),
    Word.BACK: ("上一步", "返回", "后退", "回上一步", "返回上一步", "上一题", "/back"),
    Word.EDIT: ("修改", "更改", "改一下", "我要修改", "填错了", "/edit"),
    Word.CANCEL: ("取消", "退出", "不填了", "不投诉了", "/cancel"),
    Word.HUMAN: ("人工", "人工服务", "转人工", "找人工", "人工客服", "/human"),
    Word.MORE: ("继续", "下一页", "/more"),
    Word.SUPPLEMENT: ("补充", "补充材料", "补正", "补交材料", "/supplement"),
    Word.WITHDRAW: ("撤回", "撤诉", "撤回投诉", "撤销投诉", "撤回举报", "我要撤回", "/withdraw"),
    Word.SETTLE: ("和解", "已和解", "我们和解了", "已经解决", "已解决", "/settle"),
    Word.REOPEN: ("重新办理", "重办", "申请重新办理", "/reopen"),
    Word.RATE: ("评价", "我要评价", "打分", "/rate"),
    Word.RECUSAL: ("申请回避", "回避申请", "/recusal"),
    Word.MESSAGE: ("留言", "我要留言", "回复", "回复留言", "答复留言", "/message"),
    Word.MY_DATA: ("我的信息", "个人信息", "更正信息", "/mydata"),
    Word.START: ("你好", "您好", "在吗", "有人吗", "hi", "hello", "/start", "开始", "首页", "菜单"),
}
_BY_WORD = {fold(word): meaning for meaning, words in _SPOKEN.items() for word in words}


def spoken(text: str) -> Word | None:
    """The word a whole message is, if it is one."""
    return _BY_WORD.get(fold(text).rstrip("。.!~"))


def menu(texts: Texts) -> list[tuple[str, str]]:
    """Every word as a chat's menu offers it: its first form with a slash, and what it does."""
    first = {word: next(said for said in forms if said.startswith("/")) for word, forms in _SPOKEN.items()}
    return [
        (first[word].removeprefix("/"), texts.say(f"citizen_command.{word}"))
        for word in (Word.START, *(word for word in Word if word is not Word.START))
    ]


def labels() -> list[str]:
    """Every spoken form: no option may bear one as its label."""
    return list(_BY_WORD)
