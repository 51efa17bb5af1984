"""From the confirmed answers to the case: what is kept, what it becomes, and what the citizen is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.filing import Filing
from bots.status import StatusDesk
from casestore import access
from casestore.codes import Channel, Demand, Kind, LinkKind, Outcome, Role, Status, Step
from casestore.model import Actor, Case, Particulars
from casestore.tables import cases, citizens, clocks, events, links, officers, posts, reminders
from casestore.tables.schema import outbox
from casestore.units import Units
from casestore.workdays import CHINA
from classifier import Classifier
from dialogs import answers_file
from dialogs.texts import Texts
from dialogs.turn import Filed
from tests.bots.desks import NUMBER, QUERY_CODE
from tests.office import MONDAY, QUOTA, Office

TOLD: Mapping[str, Any] = {
    "name": "陈晓梅",
    "phone": "13800138000",
    "postal_address": "城关镇东街1号",
    "merchant": "甲某某超市",
    "merchant_address": "城关镇西街2号",
    "story": "一直在卖过期的牛奶。",
}


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    folder: Path = tmp_path_factory.mktemp("words")
    return Classifier.load(Units.load(), cache_dir=folder)


def receipt(office: Office, classifier: Classifier, kind: Kind, **more: Any) -> str:
    """What Anna is told when she has submitted this."""
    filing = Filing(office.desk, classifier, Texts.load({"office": "示例县市场监督管理局"}), office.units)
    lines = more.pop("lines", ())
    what = Filed(kind, {**TOLD, **more}, (), lines)
    anna = office.do(lambda tx: citizens.get(tx, office.anna))
    return office.do(lambda tx: filing.file(tx, anna, what, office.now))


def hers(office: Office) -> list[Case]:
    """Her cases, the newest first."""
    return office.do(lambda tx: cases.of_citizen(tx, office.anna))


def filed(office: Office, classifier: Classifier, kind: Kind, **more: Any) -> tuple[bool, Particulars]:
    receipt(office, classifier, kind, **more)
    case = hers(office)[0]
    return case.anonymous, office.do(lambda tx: cases.particulars(tx, case.id))


def test_an_anonymous_report_holds_nothing_of_its_author(office: Office, classifier: Classifier) -> None:
    """Whatever an answer was before: who said 匿名 in the end is nobody."""
    anonymous, kept = filed(office, classifier, Kind.REPORT, anonymous="anonymous")

    assert anonymous
    assert (kept.name, kept.phone, kept.postal_address) == ("", "", "")
    assert kept.merchant == "甲某某超市"


def test_a_report_under_a_name_holds_it(office: Office, classifier: Classifier) -> None:
    anonymous, kept = filed(office, classifier, Kind.REPORT, anonymous="named")

    assert not anonymous
    assert kept.name == "陈晓梅"


def test_the_answer_to_a_question_of_the_offices_own_is_kept_by_its_label(
    office: Office, classifier: Classifier
) -> None:
    """A clerk adds a question to the tree; no programmer is needed for its answer to be there."""
    lines = (("merchant", "商家名称", "甲某某超市"), ("order_number", "订单号", "A-17"))

    _, kept = filed(office, classifier, Kind.COMPLAINT, order_number="A-17", lines=lines)

    assert kept.others == {"订单号": "A-17"}


# ── 一份材料里的投诉和举报 (art. 9) ──

BOTH = "买到的牛奶是过期的，店家不退款。他们把过期食品改日期再卖，属于违法销售，举报他们，请依法查处。"


def test_one_text_with_a_complaint_and_a_report_becomes_two_linked_cases(
    office: Office, classifier: Classifier
) -> None:
    """Each has its number and its query code, and goes by its own rules."""
    told = receipt(office, classifier, Kind.COMPLAINT, story=BOTH)

    report, complaint = hers(office)
    assert (complaint.kind, report.kind) == (Kind.COMPLAINT, Kind.REPORT)
    assert set(NUMBER.findall(told)) == {complaint.number, report.number}
    codes = [code.replace("-", "") for code in QUERY_CODE.findall(told)]
    found = [office.do(lambda tx, code=code: cases.by_query_code(tx, code)).number for code in codes]  # type: ignore[misc]
    assert found == [complaint.number, report.number]
    assert office.do(lambda tx: links.of_case(tx, report.id)) == [(complaint.id, LinkKind.SPLIT)]
    assert report.demands == ()


ASKS_FOR_REDRESS: Mapping[str, Any] = {
    "anonymous": "named", "redress": "yes", "demands": ["refund"], "home_address": "城关镇东街1号", "postal_address": None,
    "publish": "yes", "entrust": "no",
}  # fmt: skip


def test_a_report_that_also_asks_for_redress_becomes_a_linked_complaint_too(
    office: Office, classifier: Classifier
) -> None:
    """Art. 9 the other way round: with all that art. 10 requires, and limits of its own."""
    told = receipt(office, classifier, Kind.REPORT, **ASKS_FOR_REDRESS)

    complaint, report = hers(office)
    assert (report.kind, complaint.kind) == (Kind.REPORT, Kind.COMPLAINT)
    assert set(NUMBER.findall(told)) == {complaint.number, report.number}
    assert len(QUERY_CODE.findall(told)) == 2
    assert "最迟 12月2日 告知您是否受理" in told
    assert office.do(lambda tx: links.of_case(tx, complaint.id)) == [(report.id, LinkKind.SPLIT)]
    assert complaint.demands == (Demand.REFUND,)
    kept = office.do(lambda tx: cases.particulars(tx, complaint.id))
    assert (kept.name, kept.phone, kept.postal_address) == ("陈晓梅", "13800138000", "城关镇东街1号")
    assert (kept.merchant, kept.story) == (TOLD["merchant"], TOLD["story"])
    assert (kept.publish, kept.entrust, kept.others) == (True, False, {})
    running = {clock.limit.code for clock in office.do(lambda tx: clocks.running(tx, complaint.id))}
    assert {"acceptance", "first_review"} <= running


@pytest.mark.parametrize(
    "lacking",
    [{"redress": "no"}, {"anonymous": "anonymous"}, {"demands": None}, {"home_address": None}],
    ids=["he does not", "anonymous", "no demand", "no address"],
)
def test_without_what_article_10_requires_a_report_is_a_report(
    office: Office, classifier: Classifier, lacking: Mapping[str, Any]
) -> None:
    """C14: nobody complains anonymously, whatever a changed tree asks."""
    receipt(office, classifier, Kind.REPORT, **{**ASKS_FOR_REDRESS, **lacking})

    assert [case.kind for case in hers(office)] == [Kind.REPORT]


@pytest.mark.parametrize(
    ("story", "redress", "said"),
    [
        ("店里卖过期牛奶，请退款给我。", None, True),
        ("店里卖过期牛奶，请退款给我。", "no", False),
        ("店里卖过期牛奶，后厨也很脏。", None, False),
    ],
)
def test_an_anonymous_informer_who_asks_for_money_is_told_that_only_a_complaint_gets_it(
    office: Office, classifier: Classifier, story: str, redress: str | None, said: bool
) -> None:
    told = receipt(office, classifier, Kind.REPORT, anonymous="anonymous", story=story, redress=redress)

    assert ("不能匿名（第十条）" in told) is said


@pytest.mark.parametrize(
    "story",
    [
        "买到的牛奶是过期的，店家不退款，请帮我退款。",
        "不退款我就去举报他们，请帮我退款。",
    ],
)
def test_who_only_wants_his_money_back_has_one_case(
    office: Office, classifier: Classifier, story: str
) -> None:
    receipt(office, classifier, Kind.COMPLAINT, story=story)

    assert [case.kind for case in hers(office)] == [Kind.COMPLAINT]


def test_the_same_informers_second_report_is_linked_to_the_first(
    office: Office, classifier: Classifier
) -> None:
    """A repeat of the same fact is not handled again (art. 35): a person sees it at once."""
    for _ in range(2):
        receipt(office, classifier, Kind.REPORT, anonymous="named")

    second, first = hers(office)
    assert office.do(lambda tx: links.of_case(tx, second.id)) == [(first.id, LinkKind.REPEAT)]


# ── 代他人投诉 (art. 11) ──


def test_a_complaint_by_proxy_is_recorded_and_sent_to_the_window_with_what_it_must_bring(
    office: Office, classifier: Classifier
) -> None:
    told = receipt(office, classifier, Kind.COMPLAINT, proxy_name="陈建国")

    case = hers(office)[0]
    assert case.proxy
    kept = office.do(lambda tx: cases.particulars(tx, case.id))
    assert (kept.proxy_name, kept.name) == ("陈建国", "陈晓梅")
    for word in ("授权委托书原件", "身份证明", "7 个工作日", "第十一条"):
        assert word in told


# ── 涉及本单位 (S5-2.3(2)) ──


@pytest.mark.parametrize(
    "merchant",
    [
        "示例县市场监督管理局",
        "城关市场监管所",
        "市场监管局的执法人员",
        "县工商局",
        "12315中心",
        "城关工商所王所长",
    ],
)
def test_a_matter_about_the_office_itself_is_seen_by_the_head_alone(
    office: Office, classifier: Classifier, merchant: str
) -> None:
    head = office.do(lambda tx: officers.add(tx, "周局长", Role.HEAD, None, "1009"))

    receipt(office, classifier, Kind.COMPLAINT, merchant=merchant, story="工作人员态度恶劣，推诿不办。")

    case = hers(office)[0]
    assert case.own_office
    for officer in (office.wang, office.zhao, office.li, office.sun):
        assert not access.may(Actor(officer=officer), Step.VIEW, case)
    assert access.may(Actor(officer=head), Step.VIEW, case)
    shown_in = {post.chat for post in office.do(lambda tx: posts.of_case(tx, case.id))}
    assert shown_in <= {"1009"}


@pytest.mark.parametrize("merchant", ["工商所对面的小超市", "城关市场监管所隔壁小吃店", "甲某某超市", ""])
def test_a_shop_beside_the_office_is_no_matter_of_the_office(
    office: Office, classifier: Classifier, merchant: str
) -> None:
    receipt(office, classifier, Kind.COMPLAINT, merchant=merchant)

    assert not hers(office)[0].own_office


# ── 非工作时间 (S9-1d) ──


@pytest.mark.parametrize(
    ("now", "back"),
    [
        (datetime(2026, 11, 25, 22, 30, tzinfo=CHINA), "11月26日 09:00"),
        (datetime(2026, 11, 26, 7, 0, tzinfo=CHINA), "11月26日 09:00"),
        (datetime(2026, 11, 27, 18, 0, tzinfo=CHINA), "11月30日 09:00"),
        (datetime(2026, 12, 31, 20, 0, tzinfo=CHINA), "2027年1月4日 09:00"),
    ],
)
def test_at_night_the_receipt_says_when_the_desk_is_back(
    office: Office, classifier: Classifier, now: datetime, back: str
) -> None:
    office.now = now

    told = receipt(office, classifier, Kind.COMPLAINT)

    assert f"值班人员 {back} 上班后处理" in told
    assert hers(office)[0].registered_at == now


def test_by_day_the_receipt_says_nothing_of_the_night(office: Office, classifier: Classifier) -> None:
    assert office.now == MONDAY
    assert "不是办公时间" not in receipt(office, classifier, Kind.COMPLAINT)


# ── 来电、来人、来函 (S9-1b) ──


def called(office: Office, classifier: Classifier, channel: Channel = Channel.PHONE) -> tuple[Case, str]:
    """A case that 王敏 took down; and the query code she read to the caller."""
    filing = Filing(office.desk, classifier, Texts.load({}), office.units)
    what = Filed(Kind.COMPLAINT, TOLD, (), ())
    told = office.do(lambda tx: filing.for_caller(tx, office.wang, channel, what, office.now))
    code = QUERY_CODE.findall(told)[0].replace("-", "")
    return office.do(lambda tx: cases.by_query_code(tx, code)), code


def look(office: Office, account: str, code: str) -> str:
    """What a citizen of Telegram sees who sends this query code."""
    status = StatusDesk(office.desk, Texts.load({}))

    def work(tx: Any) -> str:
        citizen = citizens.meet(tx, Channel.TELEGRAM, account, office.now, QUOTA)
        return status.by_code(tx, citizen, code, office.now)

    return office.do(work)


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.VISIT, Channel.LETTER])
def test_a_case_taken_down_for_a_caller_bears_its_channel_and_who_took_it_down(
    office: Office, classifier: Classifier, channel: Channel
) -> None:
    case, _ = called(office, classifier, channel)

    assert (case.channel, case.citizen) == (channel, None)
    assert case.registered_by == case.first_officer == office.wang.id


def test_the_first_who_shows_its_query_code_is_the_caller_and_hears_of_every_step(
    office: Office, classifier: Classifier
) -> None:
    case, code = called(office, classifier)

    told = look(office, "777", code)

    assert "以后每一步都会在这里通知您" in told
    followed = office.do(lambda tx: cases.get(tx, case.id))
    assert followed.citizen is not None
    assert office.do(lambda tx: events.last(tx, case.id)).kind == "followed"
    office.take(followed, Step.ACCEPT, office.wang)
    owed = office.do(lambda tx: list(tx.execute(outbox.select().where(outbox.c.bot == "telegram"))))
    assert len(owed) == 1


def test_who_shows_it_later_may_look_but_takes_nothing_over(office: Office, classifier: Classifier) -> None:
    case, code = called(office, classifier)
    look(office, "777", code)
    first = office.do(lambda tx: cases.get(tx, case.id))

    told = look(office, "888", code)

    assert case.number in told
    assert "以后每一步" not in told
    assert office.do(lambda tx: cases.get(tx, case.id)) == first


def test_a_citizens_own_case_is_nobody_elses_for_its_code(office: Office) -> None:
    """The code of a case that was filed in a chat shows it and no more."""
    registered = office.register()

    look(office, "888", registered.query_code.replace("-", ""))

    assert office.do(lambda tx: cases.get(tx, registered.case.id)).citizen == office.anna


def test_a_wrong_code_finds_nothing(office: Office, classifier: Classifier) -> None:
    called(office, classifier)

    assert "没有查到" in look(office, "777", "0" * 20)


# ── 咨询 that an approved answer has solved ──

ANSWERS = answers_file.load()
QUESTION = {"story": "网购的衣服，七天无理由退货要自己出运费吗"}


def asked(office: Office, classifier: Classifier, *, solved: bool, **told: str) -> str:
    filing = Filing(office.desk, classifier, Texts.load({}), office.units)
    what = Filed(Kind.CONSULTATION, QUESTION | told, (), (), (ANSWERS["seven_days"],), solved)
    anna = office.do(lambda tx: citizens.get(tx, office.anna))
    return office.do(lambda tx: filing.file(tx, anna, what, office.now))


def owed(office: Office) -> list[Any]:
    return office.do(lambda tx: list(tx.execute(outbox.select())))


def test_a_question_that_a_standard_answer_solved_is_written_down_and_nobodys_work(
    office: Office, classifier: Classifier
) -> None:
    """S1-2.3, S3-3.1: counted with what was answered; no card, no reminder, no limit that runs."""
    told = asked(office, classifier, solved=True)

    (case,) = hers(office)
    assert case.number in told
    assert (case.status, case.outcome, case.closed_at) == (Status.CLOSED, Outcome.ANSWERED, office.now)
    assert (case.holder, case.due_at) == (None, None)
    registered, answered = office.do(lambda tx: events.of_case(tx, case.id))
    assert (registered.kind, answered.kind, answered.actor) == ("registered", "answered", "desk")
    assert answered.facts["approved"] == ["seven_days"]
    assert answered.words == ANSWERS["seven_days"].text(Texts.load({}))
    assert owed(office) == []
    assert office.do(lambda tx: posts.of_case(tx, case.id)) == []
    assert office.do(lambda tx: reminders.due(tx, office.now + timedelta(days=99), 9)) == []
    assert office.do(lambda tx: clocks.running(tx, case.id)) == []


def test_a_question_that_it_did_not_solve_waits_for_an_officer_who_sees_what_was_read(
    office: Office, classifier: Classifier
) -> None:
    told = asked(office, classifier, solved=False)

    (case,) = hers(office)
    assert "工作人员会在 11月24日 之前（含当天）在这里答复您" in told
    assert case.status is Status.REGISTERED
    assert owed(office)
    kept = office.do(lambda tx: cases.particulars(tx, case.id))
    assert kept.others == {"看过的标准答复": "七日无理由退货"}


def test_danger_is_looked_at_by_a_person_whatever_answer_was_read(
    office: Office, classifier: Classifier
) -> None:
    asked(office, classifier, solved=True, story="孩子吃了过期面包食物中毒在医院，过期食品能十倍赔偿吗")

    (case,) = hers(office)
    assert case.suggestion is not None
    assert case.suggestion.urgent
    assert case.status is Status.REGISTERED


def test_a_callers_question_that_is_solved_on_the_telephone_is_written_down_too(
    office: Office, classifier: Classifier
) -> None:
    """S9-1b."""
    filing = Filing(office.desk, classifier, Texts.load({}), office.units)
    what = Filed(Kind.CONSULTATION, QUESTION, (), (), (ANSWERS["seven_days"],), solved=True)
    told = office.do(lambda tx: filing.for_caller(tx, office.wang, Channel.PHONE, what, office.now))

    number = NUMBER.findall(told)[0]
    case = office.do(lambda tx: cases.by_number(tx, number))
    assert (case.status, case.channel, case.registered_by) == (Status.CLOSED, Channel.PHONE, office.wang.id)
