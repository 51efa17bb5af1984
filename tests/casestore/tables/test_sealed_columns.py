"""Whoever takes the disk learns nothing: no name, phone, address or word of anybody lies in clear."""

from __future__ import annotations

import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from casestore.codes import Channel, Consent, EvidenceKind, EvidenceState, Kind, Step
from casestore.lifecycle import Facts
from casestore.model import Actor, CaseId, Evidence, EvidenceId, Particulars
from casestore.store import Tx
from casestore.tables import cases, citizens, evidence, inbox, outbox, talks
from casestore.tables.evidence import Copies
from casestore.tables.outbox import Draft, Urgency
from tests.casestore.tables.files import done
from tests.office import MONDAY, QUOTA, Office, a_suggestion, an_office

CANARIES = {
    "name": "欧阳惊蛰",
    "phone": "13912345678",
    "address": "青石板巷七百零三号",
    "merchant": "司马长风",  # a natural person's name, not a business
    "merchant_address": "白马渡口二十六号",
    "goods": "龙井茶叶三罐",
    "story": "茶叶里有虫店主骂人",
    "order": "ORDER-7788-9966-XYZ",
    "account": "oCanaryOpenId_4711",
    "photo": "小票上写着的字",
    "file_name": "我家的小票.jpg",
    "file_ref": "AgACAgUAAxkBAAIFileRef",
    "words": "请补充身份证复印件给我",
    "reason": "上报的私密理由",
    "message": "我要投诉隔壁老王",
    "notice": "您好欧阳先生",
    "draft": "填到一半的草稿",
}


def forms(text: str) -> list[bytes]:
    """The ways in which a text may lie in a file, where they are too long to be there by chance."""
    return [form for form in _forms(text) if len(form) >= 8]


def _forms(text: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        raw = text.encode(encoding)
        yield raw
        yield raw.hex().encode()
        for shift in range(3):  # base64 looks different at each of three beginnings
            coded = b64encode(b"\0" * shift + raw)
            yield coded[4:-4] if shift else coded[: len(coded) - len(coded) % 4 - 4]
    escaped = "".join(f"\\u{ord(character):04x}" if ord(character) > 127 else character for character in text)
    yield escaped.encode()


@pytest.fixture(scope="module")
def told_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office in which every canary was told, by every way there is."""
    with an_office(tmp_path_factory.mktemp("canaries")) as opened:
        tell(opened)
        yield opened


@pytest.fixture
def folder(told_office: Office) -> Path:
    return told_office.store.path.parent


def tell(office: Office) -> None:
    told = CANARIES

    def live(tx: Tx) -> None:
        citizen = citizens.meet(tx, Channel.WECHAT, told["account"], MONDAY, QUOTA)
        citizens.record_consent(tx, citizen.id, Consent.PRIVACY, "2026-11", True, MONDAY)
        inbox.claim(tx, "wechat", "1", told["message"].encode(), MONDAY)
        inbox.answer(tx, "wechat", "1", told["notice"].encode())
        talks.save(tx, citizen.id, told["draft"], has_draft=True, at=MONDAY)
        payload = {"text": told["notice"]}
        outbox.put(tx, Draft("wechat", "wechat:1", outbox.Kind.TEXT, payload, Urgency.TALK), MONDAY)
        item = Evidence(
            id=EvidenceId(5), citizen=citizen.id, case=None, kind=EvidenceKind.PHOTO, state=EvidenceState.PENDING,
            sent_at=MONDAY, source=Channel.WECHAT, file_ref=told["file_ref"], file_name=told["file_name"], words=told["photo"],
        )  # fmt: skip
        evidence.add(tx, item)

    office.do(live)
    Copies(office.store.path.parent / "copies", office.sealer).keep(
        EvidenceId(5), told["photo"].encode() * 20
    )
    particulars = Particulars(
        name=told["name"], phone=told["phone"], postal_address=told["address"], merchant=told["merchant"],
        merchant_address=told["merchant_address"], goods=told["goods"], story=told["story"],
    )  # fmt: skip
    slots = {"phone": told["phone"], "order_number": told["order"], "merchant": told["merchant"]}
    officer, supervisor, citizen = (
        Actor(officer=office.wang),
        Actor(officer=office.sun),
        Actor(citizen=office.anna),
    )
    desk, reason, more = office.desk, told["reason"], Facts(words=told["words"])

    def act(tx: Tx, case: CaseId) -> None:
        desk.take(tx, case, Step.ASK_SUPPLEMENT, officer, more, MONDAY)
        desk.requests.escalate(tx, case, officer, reason, MONDAY)
        desk.requests.decide(tx, case, Step.REFUSE, supervisor, reason, MONDAY)
        desk.take(tx, case, Step.SUPPLEMENT, citizen, more, MONDAY)

    for kind in (Kind.COMPLAINT, Kind.REPORT):
        case = office.have(
            kind=kind,
            particulars=particulars,
            suggestion=a_suggestion(slots=slots),
            evidence=(EvidenceId(5),),
        ).id
        done(office, act, case)


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


@pytest.mark.parametrize("canary", CANARIES)
def test_nothing_personal_lies_in_clear(folder: Path, canary: str) -> None:
    """The database, its write-ahead log, the copies: as text, as hexadecimal, as base64, in four encodings."""
    assert {path.suffix for path in files(folder)} == {".db", ".db-wal", ".db-shm", ".sealed"}
    for path in files(folder):
        content = path.read_bytes()
        for form in forms(CANARIES[canary]):
            assert form not in content, (path.name, form)


def test_the_search_finds_what_does_lie_in_clear(folder: Path) -> None:
    """Else the test above could not fail: the officers' names are no secret."""
    content = b"".join(path.read_bytes() for path in files(folder))

    assert any(form in content for form in forms("孙主任"))
    assert any(form in (folder / "desk.db-wal").read_bytes() for form in forms("孙主任"))
    assert all(len(forms(text)) >= 14 for text in CANARIES.values())


def test_after_a_checkpoint_the_database_itself_tells_nothing_either(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "desk.db")) as file, file:
        file.execute("PRAGMA wal_checkpoint(FULL)")
    file.close()
    content = (folder / "desk.db").read_bytes()

    assert any(form in content for form in forms("孙主任"))
    for text in CANARIES.values():
        assert not any(form in content for form in forms(text))


def test_who_has_the_key_reads_it_all(told_office: Office) -> None:
    (case, _), _ = told_office.do(cases.all_numbers)
    told = told_office.do(lambda tx: cases.particulars(tx, case))

    assert (told.name, told.phone, told.story) == (CANARIES["name"], CANARIES["phone"], CANARIES["story"])


def test_a_business_may_be_named_in_clear_and_a_person_may_not(office: Office) -> None:
    """The public page and the cards need the first."""
    named = office.have()
    person = office.have(particulars=Particulars(merchant="司马长风"))

    assert (named.merchant, person.merchant) == ("甲某某超市", "")


def test_what_the_classifier_read_out_of_the_story_is_not_kept_beside_it(office: Office) -> None:
    case = office.have(suggestion=a_suggestion(slots={"phone": "13912345678"}))
    kept = office.do(lambda tx: cases.get(tx, case.id)).suggestion

    assert kept is not None
    assert kept.slots == {}
    assert kept.object == a_suggestion().object
