"""What citizens do about their own matters: each act once it is confirmed, and which matters it fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bots.service import Service, own_case
from casestore.codes import Channel, Consent, EvidenceKind, EvidenceState, Kind, Outcome, Status, Step
from casestore.errors import (
    CaseError,
    PublicationNotAgreed,
    RecusalPending,
    StaffRecused,
    StepNotAllowed,
    WindowClosed,
)
from casestore.lifecycle import REOPEN_WITHIN
from casestore.model import Actor, Case, CitizenId
from casestore.tables import cases, citizens, events, evidence, outbox
from casestore.tables.citizens import Citizen
from dialogs.acts import Act
from dialogs.progress import Item
from dialogs.texts import Texts
from dialogs.turn import Filed
from tests.office import FOOD, QUOTA, Office, an_intake

TEXTS = Texts.load({"retention": "三年", "window": "办事大厅"})


def done(office: Office, act: Act, case: Case | None = None, by: CitizenId | None = None, **told: Any) -> str:
    """He confirmed it; what he is told."""
    sent = told.pop("evidence", ())
    values = {"which": own_case(case).value, **told} if case is not None else told
    filed = Filed(act, values, sent)
    service, citizen = Service(office.desk, TEXTS), who(office, by)
    return office.do(lambda tx: service.carry_out(tx, citizen, filed, office.now))


def who(office: Office, citizen: CitizenId | None = None) -> Citizen:
    return office.do(lambda tx: citizens.get(tx, citizen or office.anna))


def offered(office: Office, act: Act) -> list[str]:
    service, anna = Service(office.desk, TEXTS), who(office)
    return [case.number for case in office.do(lambda tx: service.own(tx, anna, act))]


def last_words(office: Office, case: Case) -> tuple[str, str]:
    event = office.do(lambda tx: events.of_case(tx, case.id))[-1]
    return event.kind, event.words


def a_photo(office: Office) -> Item:
    item = office.do(
        lambda tx: evidence.written(
            tx, office.anna, EvidenceKind.TEXT, Channel.TELEGRAM, "付款截图", office.now
        )
    )
    return Item(item.id, "付款截图")


# ── 撤回 ──


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.CONSULTATION])
def test_he_withdraws_his_matter_with_or_without_a_reason(office: Office, kind: Kind) -> None:
    case = office.have(kind=kind)

    told = done(office, Act.WITHDRAW, case, story="商家已经解决了", sure="yes")

    assert office.newest(case).status is Status.WITHDRAWN
    assert last_words(office, case) == ("withdrawn", "商家已经解决了")
    assert case.number in told
    assert offered(office, Act.WITHDRAW) == []


def test_what_is_over_is_not_withdrawn(office: Office) -> None:
    case = office.closed()

    assert offered(office, Act.WITHDRAW) == []
    with pytest.raises(StepNotAllowed):
        done(office, Act.WITHDRAW, case, sure="yes")


@pytest.mark.parametrize(("notices", "quiet"), [("quiet", True), ("told", False), (None, True)])
def test_a_withdrawn_report_is_handled_on_and_he_is_told_so(
    office: Office, notices: str | None, quiet: bool
) -> None:
    """The clue stays the office's; whether he hears of it further is his wish, and he may change it."""
    case = office.have(kind=Kind.REPORT)

    told = done(office, Act.WITHDRAW, case, notices=notices, story="不想管了", sure="yes")

    assert (office.newest(case).status, office.newest(case).quiet) == (Status.REGISTERED, quiet)
    assert last_words(office, case) == ("informer_withdrew", "不想管了")
    assert "仍须依法核查" in told
    assert ("不再主动通知您" in told) is quiet
    assert offered(office, Act.WITHDRAW) == [case.number]


# ── 和解 ──


@pytest.mark.parametrize("amount", [12_800, None])
def test_a_settled_complaint_is_closed_with_what_he_got_back(office: Office, amount: int | None) -> None:
    case = office.taken_over()

    told = done(office, Act.SETTLE, case, recovered=amount, sure="yes")

    closed = office.newest(case)
    assert (closed.status, closed.outcome, closed.recovered_fen) == (
        Status.CLOSED, Outcome.SETTLED, amount or 0,
    )  # fmt: skip
    assert "30 天内可以回复「重新办理」" in told


def test_a_report_is_not_settled_between_the_parties(office: Office) -> None:
    office.have(kind=Kind.REPORT)

    assert offered(office, Act.SETTLE) == []


# ── 重新办理 ──


def test_a_closed_complaint_is_taken_up_again_with_his_reason(office: Office) -> None:
    case = office.closed()

    done(office, Act.REOPEN, case, story="商家没有按协议退款")

    again = office.newest(case)
    assert (again.status, again.unit, again.outcome, again.closed_at) == (Status.ACCEPTED, None, None, None)
    assert last_words(office, case) == ("reopened", "商家没有按协议退款")
    assert again.due_limit == "mediation"


def test_after_the_window_it_is_not(office: Office) -> None:
    case = office.closed()
    office.now += REOPEN_WITHIN + timedelta(minutes=1)

    with pytest.raises(WindowClosed):
        done(office, Act.REOPEN, case, story="商家没有按协议退款")


# ── 评价 ──


def test_he_rates_what_is_closed_once(office: Office) -> None:
    case = office.closed()

    done(office, Act.RATE, case, stars="s4", story="回复很快")

    assert office.newest(case).rating == 4
    assert last_words(office, case) == ("rated", "回复很快")
    assert offered(office, Act.RATE) == []
    with pytest.raises(StepNotAllowed):
        done(office, Act.RATE, case, stars="s1", story=None)


# ── 申请回避 (art. 21) ──


def test_a_recusal_he_asks_for_suspends_the_mediation_until_it_is_decided(office: Office) -> None:
    case = office.mediating()

    done(office, Act.RECUSAL, case, story="调解员是店主的亲戚")

    with pytest.raises(RecusalPending):
        office.take(case, Step.CLOSE, office.li, outcome=Outcome.SETTLED, recovered_fen=0, words="双方和解")


def test_granted_the_case_is_gone_for_the_officer(office: Office) -> None:
    case = office.mediating()
    done(office, Act.RECUSAL, case, story="调解员是店主的亲戚")

    sun = Actor(officer=office.sun)
    decide = office.desk.requests.decide_recusal
    office.do(lambda tx: decide(tx, case.id, sun, True, "属实", office.now))

    assert office.newest(case).holder == office.wang.id
    with pytest.raises(StaffRecused):
        office.take(case, Step.CLOSE, office.li, outcome=Outcome.SETTLED, recovered_fen=0, words="双方和解")


def test_while_nobody_holds_the_case_there_is_nobody_to_object_to(office: Office) -> None:
    office.have()

    assert offered(office, Act.RECUSAL) == []


# ── whose it is ──


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.MY_DATA])
def test_nobody_acts_in_anothers_matter(office: Office, act: Act) -> None:
    """Also not by a forged answer."""
    case = office.closed() if act in (Act.REOPEN, Act.RATE) else office.taken_over()
    stranger = office.do(lambda tx: citizens.meet(tx, Channel.WECHAT, "o-999", office.now, QUOTA)).id

    with pytest.raises(CaseError) as refused:
        done(office, act, case, by=stranger, story="我要这样", stars="s1", recovered=None, sure="yes")

    assert refused.value.code == "not-authorised"
    assert office.newest(case) == case


@pytest.mark.parametrize("act", [Act.WITHDRAW, Act.SETTLE, Act.RECUSAL])
def test_a_copy_he_sent_meanwhile_belongs_to_the_matter(office: Office, act: Act) -> None:
    case, photo = office.taken_over(), a_photo(office)

    done(office, act, case, story="商家退款了", recovered=None, sure="yes", evidence=(photo,))

    assert [item.id for item in office.do(lambda tx: evidence.of_case(tx, case.id))] == [photo.id]


# ── 我的信息 (PIPL 44-50) ──


def test_he_sees_what_is_kept_of_him_masked(office: Office) -> None:
    case = office.have()
    office.do(
        lambda tx: citizens.record_consent(tx, office.anna, Consent.PUBLISH, "2026-11", True, office.now)
    )

    told = done(office, Act.MY_DATA, what="view")

    assert case.number in told
    assert "同意公示投诉信息：是（2026-11-23，版本 2026-11）" in told
    assert "保存" in told or "存档三年" in told
    for secret in ("陈晓梅", "13800138000", "城关镇东街1号"):
        assert secret not in told


@pytest.mark.parametrize(
    ("part", "value"), [("name", "陈小梅"), ("phone", "13900139000"), ("postal_address", "河东镇人民路7号")]
)
def test_he_corrects_his_own_name_phone_or_address(office: Office, part: str, value: str) -> None:
    """Which was corrected is in the history, what it was and is lies sealed."""
    case = office.have()

    told: dict[str, Any] = {"what": "correct", "part": part, part: value}
    done(office, Act.MY_DATA, case, **told)

    assert getattr(office.do(lambda tx: cases.particulars(tx, case.id)), part) == value
    event = office.do(lambda tx: events.of_case(tx, case.id))[-1]
    assert (event.kind, event.facts, event.words) == ("corrected", {"what": [part]}, "")


def an_archived_case(office: Office, **told: bool) -> Case:
    told_of = replace(an_intake().particulars, **told)  # type: ignore[arg-type]
    return office.take(office.closed(particulars=told_of), Step.ARCHIVE, office.wang).case


def test_an_archived_file_stays_as_it_is_and_his_correction_is_a_later_note(office: Office) -> None:
    """PIPL 46 gives him the correction; an archive is not altered: whoever reads the file reads both."""
    case = an_archived_case(office)
    before = office.do(lambda tx: cases.particulars(tx, case.id))

    filed = Filed(
        Act.MY_DATA,
        {"what": "correct", "which": str(case.id), "part": "phone", "phone": "13900139000"},
        (),
        (("part", "更正的内容", "联系电话"), ("phone", "新的电话", "13900139000")),
    )
    service, anna = Service(office.desk, TEXTS), who(office)
    told = office.do(lambda tx: service.carry_out(tx, anna, filed, office.now))

    assert told == f"{case.number} 已归档，案卷依法保持原样。您的更正已补记在案卷后面，以后查阅时一并可见。"
    assert office.do(lambda tx: cases.particulars(tx, case.id)) == before
    event = office.do(lambda tx: events.of_case(tx, case.id))[-1]
    assert (event.kind, event.facts) == ("correction_noted", {"what": ["phone"]})
    reader = Actor(officer=office.wang)
    _, read = office.do(lambda tx: office.desk.reveal(tx, case.id, reader, office.now))
    assert read.phone == "13800138000"
    assert read.others == {"归档后补记的更正": "2026-11-23 新的电话：13900139000"}
    assert "归档后补记了更正：2026-11-23" in done(office, Act.MY_DATA, what="view")
    assert office.newest(case).status is Status.ARCHIVED


def test_a_consent_taken_back_after_archiving_holds_no_more(office: Office) -> None:
    """PIPL 15: what it allowed has not happened yet and must not."""
    case = an_archived_case(office, publish=True)

    done(office, Act.MY_DATA, what="revoke", consent="publish")

    assert not office.do(lambda tx: cases.particulars(tx, case.id)).publish
    with pytest.raises(PublicationNotAgreed):
        office.do(
            lambda tx: office.desk.requests.publish(
                tx, case.id, Actor(officer=office.wang), "典型", office.now
            )
        )


@pytest.mark.parametrize("consent", ["publish", "entrust"])
def test_a_consent_he_takes_back_holds_no_more_anywhere(office: Office, consent: str) -> None:
    case = office.have(particulars=replace(an_intake().particulars, **{consent: True}))  # type: ignore[arg-type]
    office.do(
        lambda tx: citizens.record_consent(tx, office.anna, Consent(consent), "2026-11", True, office.now)
    )

    done(office, Act.MY_DATA, what="revoke", consent=consent)

    assert not getattr(office.do(lambda tx: cases.particulars(tx, case.id)), consent)
    given = {one.what: one for one in office.do(lambda tx: citizens.given(tx, office.anna))}
    assert (given[Consent(consent)].answer, given[Consent(consent)].version) == (False, "2026-11")


def test_erased_is_what_no_law_keeps_and_what_stays_is_said(office: Office) -> None:
    case, unused = office.have(), a_photo(office)

    told = done(office, Act.MY_DATA, what="erase", sure="yes")

    assert office.do(lambda tx: evidence.get(tx, unused.id)).state is EvidenceState.FORGOTTEN
    assert not who(office).reachable
    assert office.newest(case) == case
    assert "依法保存三年" in told


def test_an_anonymous_report_is_nobodys_to_correct(office: Office) -> None:
    office.have(kind=Kind.REPORT, anonymous=True)

    assert offered(office, Act.MY_DATA) == []


# ── what he is told ──


def news(office: Office) -> list[str]:
    """The notices that are owed to Anna."""
    owed = office.do(lambda tx: outbox.heads(tx, "telegram", office.now, 50))
    return [str(one.payload["code"]) for one in owed]


def test_what_he_did_himself_is_told_him_once(office: Office) -> None:
    """He has the receipt in the talk: no notice says the same again."""
    case = office.have()
    done(office, Act.SETTLE, case, recovered=None, sure="yes")
    done(office, Act.REOPEN, case, story="商家没有退款")

    assert news(office) == []

    office.take(office.newest(case), Step.DISPATCH, office.wang, unit=FOOD)
    assert news(office) == ["dispatched"]
