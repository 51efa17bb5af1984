"""The office's fixed lists: every value that is stored, shown or compared has its one name here."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What the citizen brings (121号令 art. 3 and 44). 申诉 in old rules is a complaint (C15)."""

    COMPLAINT = "complaint"  # 投诉
    REPORT = "report"  # 举报
    CONSULTATION = "consultation"  # 咨询


class Status(StrEnum):
    """Where a case stands. Escalation, approval and recusal are records beside it, not states."""

    REGISTERED = "registered"  # 已登记，待审查
    SUPPLEMENTING = "supplementing"  # 已要求补正，待补充
    ACCEPTED = "accepted"  # 已受理
    DECLINED = "declined"  # 不予受理
    DISPATCHED = "dispatched"  # 已分派，待承办单位接收
    TAKEN_OVER = "taken_over"  # 承办单位已接收
    MEDIATING = "mediating"  # 调解中
    MEDIATION_ENDED = "mediation_ended"  # 已终止调解
    FILED = "filed"  # 举报已立案
    CLOSED = "closed"  # 已办结
    ARCHIVED = "archived"  # 已归档
    WITHDRAWN = "withdrawn"  # 已撤回


class Step(StrEnum):
    """What somebody may do to a case. The lifecycle table says when, `access` says who."""

    REGISTER = "register"  # 登记
    ASK_SUPPLEMENT = "ask_supplement"  # 要求补正
    SUPPLEMENT = "supplement"  # 补正
    ACCEPT = "accept"  # 受理
    DECLINE = "decline"  # 不予受理
    DISPATCH = "dispatch"  # 分派
    TAKE_OVER = "take_over"  # 接收
    RETURN = "return"  # 退回中心
    SEND_BACK = "send_back"  # 单位不能办理，由系统退回中心
    HAND_OVER = "hand_over"  # 交办: 本单位换人承办
    MEDIATE = "mediate"  # 组织调解
    END_MEDIATION = "end_mediation"  # 终止调解
    FILE = "file"  # 立案
    NOT_FILE = "not_file"  # 不予立案
    NOT_HANDLE = "not_handle"  # 举报不予处理
    ANSWER = "answer"  # 答复咨询
    CLOSE = "close"  # 办结
    SETTLE = "settle"  # 双方自行和解
    WITHDRAW = "withdraw"  # 撤回
    REOPEN = "reopen"  # 投诉人申请重新办理
    ARCHIVE = "archive"  # 归档
    RECORD = "record"  # 记录(联系、同意、笔录、检测 …)
    LINK = "link"  # 关联、合并
    WRITE = "write"  # 给市民留言；市民留言
    EXTEND = "extend"  # 申请延长时限
    ASK_RECUSAL = "ask_recusal"  # 当事人申请回避
    DECIDE_RECUSAL = "decide_recusal"  # 决定回避申请
    PUBLISH = "publish"  # 请示公示
    RATE = "rate"  # 评价
    CORRECT = "correct"  # 更正本人信息
    ESCALATE = "escalate"  # 升级，上报
    APPROVE = "approve"  # 批准
    REFUSE = "refuse"  # 驳回
    RECUSE = "recuse"  # 回避
    VIEW = "view"  # 查看卡片
    REVEAL = "reveal"  # 查看全文、附件


class Grade(StrEnum):
    """S9-2, S3-3.2, S3-3.3: a major case goes to a supervisor first (C9)."""

    ORDINARY = "ordinary"  # 一般
    MAJOR = "major"  # 重大


class Channel(StrEnum):
    """How a case came and where a message travels (S9-1b). Staff chat has a bot token of its own."""

    WECHAT = "wechat"
    TELEGRAM = "telegram"
    PHONE = "phone"  # 来电
    VISIT = "visit"  # 来人
    LETTER = "letter"  # 来函
    STAFF = "staff"
    SHELL = "shell"


#: 来电、来人、来函: a case that an officer took down for somebody who was not in a chat.
TAKEN_DOWN = frozenset({Channel.PHONE, Channel.VISIT, Channel.LETTER})


class Role(StrEnum):
    """Posts of S5-2.2. *Supervisor* means head or director."""

    HEAD = "head"  # 负责人
    DIRECTOR = "director"  # 主任
    OFFICER = "officer"  # 值班人员
    UNIT_HEAD = "unit_head"  # 承办单位负责人
    HANDLER = "handler"  # 承办人
    VOLUNTEER = "volunteer"  # 志愿人员
    AUDITOR = "auditor"  # 监督人员


SUPERVISORS = frozenset({Role.HEAD, Role.DIRECTOR})
UNIT_ROLES = frozenset({Role.UNIT_HEAD, Role.HANDLER})


class Ground(StrEnum):
    """The seven grounds of art. 16 of 121号令: nothing else declines a complaint (C3, C5)."""

    NOT_OUR_DUTY = "16-1"
    ALREADY_HANDLED = "16-2"
    NO_CONSUMER_DISPUTE = "16-3"
    TOO_OLD = "16-4"
    MATERIAL_MISSING_OR_FALSE = "16-5"
    FALSE_IDENTITY = "16-6"
    OTHER_LAW = "16-7"


class ReportGround(StrEnum):
    """Why a report is not handled here: nothing else ends one before it is checked.

    A clue that is too vague is asked for more (art. 28) and then checked; what informers do wrong themselves
    (art. 42) is told to the police and makes no violation go away.
    """

    OTHER_MARKET_OFFICE = "34-1"  # 属于市场监管部门职责，本局无处理权限: he is told which office to turn to
    NOT_MARKET_SUPERVISION = "34-2"  # 不属于市场监管部门职责
    SAME_FACT_AGAIN = "35"  # 同一举报人就同一事实重复举报同一被举报人
    NOT_A_REPORT = "44"  # 咨询、信息公开、行政复议、检举控告


#: Grounds that are none without words: the law that says so; whom the informer may turn to.
NEED_WORDS = frozenset({Ground.OTHER_LAW, *ReportGround}) - {ReportGround.SAME_FACT_AGAIN}


def any_ground(code: str) -> Ground | ReportGround:
    """The ground of this code, of a complaint or of a report. Raises ValueError."""
    return Ground(code) if code in set(Ground) else ReportGround(code)


class Demand(StrEnum):
    """投诉请求, the seven of the official 投诉登记表."""

    REPAIR = "repair"  # 修理
    REDO = "redo"  # 重作
    EXCHANGE = "exchange"  # 更换
    RETURN_GOODS = "return_goods"  # 退货
    MAKE_UP = "make_up"  # 补足商品数量
    REFUND = "refund"  # 退还货款和服务费用
    COMPENSATE = "compensate"  # 赔偿损失


class Outcome(StrEnum):
    """How a case was closed. The eight grounds of art. 23 are kept apart in `outcome_ground`."""

    AGREEMENT = "agreement"  # 达成调解协议
    SETTLED = "settled"  # 双方自行和解
    MEDIATION_ENDED = "mediation_ended"  # 终止调解
    ANSWERED = "answered"  # 咨询已答复
    PUNISHED = "punished"  # 举报查实并处理
    NO_PENALTY = "no_penalty"  # 立案后依法不予行政处罚
    TRANSFERRED = "transferred"  # 立案后移送其他部门或者司法机关
    NOT_FILED = "not_filed"  # 举报不予立案
    NOT_HANDLED = "not_handled"  # 举报不予处理


#: 挽回损失: both sides agreed, so it is written down what came back.
RECOVERING = (Outcome.AGREEMENT, Outcome.SETTLED)


class EvidenceKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    TEXT = "text"


class EvidenceState(StrEnum):
    """A copy is pending until its bytes lie sealed in the data folder."""

    PENDING = "pending"
    KEPT = "kept"
    FAILED = "failed"
    REFUSED = "refused"
    FORGOTTEN = "forgotten"  # sent for a draft that was given up


class Consent(StrEnum):
    """What a citizen may say yes or no to; each answer is kept with version and time (PIPL 14–17)."""

    PRIVACY = "privacy"  # 个人信息处理告知
    PUBLISH = "publish"  # 同意公示投诉信息
    ENTRUST = "entrust"  # 同意委托调解


class EndGround(StrEnum):
    """The eight grounds of art. 23 of 121号令 that end a mediation."""

    WITHDRAWN_OR_SETTLED = "23-1"
    NOT_TAKING_PART = "23-2"
    NO_AGREEMENT = "23-3"
    NO_AGREEMENT_ON_FEE = "23-4"
    SIXTY_DAYS = "23-5"
    FOUND_16_OR_42 = "23-6"
    PARTY_GONE = "23-7"
    OTHER = "23-8"


class LinkKind(StrEnum):
    """关联: how two cases belong together."""

    SPLIT = "split"  # 一份材料里的投诉和举报 (art. 9)
    JOINED = "joined"  # 共同投诉 (art. 12)
    OPENED_FROM = "opened_from"  # 调解中发现违法线索 (art. 27)
    REPEAT = "repeat"  # 同一举报人就同一事实重复举报 (art. 35)


class ApprovalKind(StrEnum):
    ESCALATION = "escalation"  # 重大、复杂案件上报
    EXTENSION = "extension"  # 延长时限
    DECLINING = "declining"  # 不予受理
    PUBLICATION = "publication"  # 公示


class Decision(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"  # nobody decided in time
