"""What a citizen may do about his own matters by a word of his: each word opens the tree of the same name."""

from __future__ import annotations

from enum import StrEnum

from dialogs.words import Word


class Act(StrEnum):
    """`submit` of the tree; the tree's name is the same."""

    SUPPLEMENT = "supplement"  # 补充
    WITHDRAW = "withdraw"  # 撤回
    SETTLE = "settle"  # 和解
    REOPEN = "reopen"  # 重新办理
    RATE = "rate"  # 评价
    RECUSAL = "recusal"  # 申请回避
    MESSAGE = "message"  # 留言
    MY_DATA = "my_data"  # 我的信息 (PIPL 44-50)


#: The word that opens each.
OPENED_BY: dict[Word, Act] = {Word(act.value): act for act in Act}
