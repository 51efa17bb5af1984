"""证据: copies lie encrypted under their id alone, and go when they are forgotten."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.codes import Channel, EvidenceKind, EvidenceState
from casestore.errors import StoreError
from casestore.model import Evidence, EvidenceId
from casestore.seal import Sealer
from casestore.tables import evidence, schema
from casestore.tables.evidence import Copies
from tests.office import MONDAY, Office

JPEG = b"\xff\xd8\xff\xe0" + "小票，陈晓梅".encode() * 40
ONE, TWO = EvidenceId(1), EvidenceId(2)


@pytest.fixture
def copies(tmp_path: Path, office: Office) -> Copies:
    return Copies(tmp_path / "copies", office.sealer)


def a_photo(office: Office, item: EvidenceId = ONE, **changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "id": item, "citizen": office.anna, "case": None, "kind": EvidenceKind.PHOTO, "state": EvidenceState.PENDING,
        "sent_at": MONDAY, "source": Channel.TELEGRAM, "file_ref": "AgACAgUAAx", "file_name": "小票.jpg", "words": "看小票",
    }  # fmt: skip
    photo = Evidence(**values | changes)
    office.do(lambda tx: evidence.add(tx, photo))
    return photo


def test_what_came_reads_back_as_it_was(office: Office) -> None:
    photo = a_photo(office)

    assert office.do(lambda tx: evidence.get(tx, ONE)) == photo


def test_a_copy_waits_for_its_bytes_until_they_are_kept(office: Office) -> None:
    a_photo(office)
    assert [item.id for item, _ in office.do(lambda tx: evidence.pending(tx, MONDAY, 10))] == [ONE]

    office.do(lambda tx: evidence.kept(tx, ONE, "ab" * 32, 900, "image/jpeg"))
    kept = office.do(lambda tx: evidence.get(tx, ONE))
    assert (kept.state, kept.sha256, kept.size, kept.mime) == (
        EvidenceState.KEPT,
        "ab" * 32,
        900,
        "image/jpeg",
    )
    assert office.do(lambda tx: evidence.pending(tx, MONDAY, 10)) == []


def test_a_fetch_that_failed_is_tried_later_and_counted(office: Office) -> None:
    a_photo(office)
    a_photo(office, TWO)
    later = MONDAY + timedelta(minutes=5)
    office.do(lambda tx: evidence.retry(tx, ONE, 1, later))

    assert [(item.id, tries) for item, tries in office.do(lambda tx: evidence.pending(tx, MONDAY, 10))] == [
        (TWO, 0)
    ]
    assert [(item.id, tries) for item, tries in office.do(lambda tx: evidence.pending(tx, later, 10))] == [
        (TWO, 0),
        (ONE, 1),
    ]


@pytest.mark.parametrize("state", [EvidenceState.FAILED, EvidenceState.REFUSED])
def test_what_cannot_be_had_is_given_up_and_not_tried_again(office: Office, state: EvidenceState) -> None:
    a_photo(office)
    office.do(lambda tx: evidence.give_up(tx, ONE, state))

    assert office.do(lambda tx: evidence.get(tx, ONE)).state is state
    assert office.do(lambda tx: evidence.pending(tx, MONDAY, 10)) == []


def test_words_are_evidence_at_once(office: Office) -> None:
    item = office.do(
        lambda tx: evidence.written(tx, office.anna, EvidenceKind.TEXT, Channel.WECHAT, "店员说不退", MONDAY)
    )

    assert office.do(lambda tx: evidence.get(tx, item.id)) == item
    assert (item.state, item.size) == (EvidenceState.KEPT, 15)
    assert item.sha256 == hashlib.sha256("店员说不退".encode()).hexdigest()
    assert office.do(lambda tx: evidence.pending(tx, MONDAY, 10)) == []


def test_evidence_belongs_to_its_case_once_it_is_attached(office: Office) -> None:
    a_photo(office)
    a_photo(office, TWO)
    case = office.have(evidence=(ONE, TWO))

    assert [item.id for item in office.do(lambda tx: evidence.of_case(tx, case.id))] == [ONE, TWO]
    assert office.do(lambda tx: evidence.count_of_case(tx, case.id)) == 2
    other = office.have()
    assert office.do(lambda tx: evidence.count_of_case(tx, other.id)) == 0


def test_what_was_sent_for_a_draft_that_is_given_up_is_gone(office: Office) -> None:
    a_photo(office)
    a_photo(office, TWO)
    office.do(lambda tx: evidence.forget(tx, [ONE]))
    assert office.do(evidence.forgotten) == [ONE]
    assert [item.id for item, _ in office.do(lambda tx: evidence.pending(tx, MONDAY, 10))] == [TWO]

    office.do(lambda tx: evidence.remove(tx, ONE))
    assert office.do(evidence.forgotten) == []
    assert office.do(lambda tx: tx.execute(schema.evidence.select()).all())[0].id == TWO


# ── the bytes ──


@given(st.binary(max_size=2_000))
def test_a_copy_opens_as_it_was_kept(copies: Copies, content: bytes) -> None:
    assert copies.keep(ONE, content) == hashlib.sha256(content).hexdigest()
    assert copies.open(ONE) == content


def test_on_disk_there_is_one_file_named_by_its_id_that_tells_nothing(copies: Copies, tmp_path: Path) -> None:
    copies.keep(ONE, JPEG)
    (file,) = (tmp_path / "copies").iterdir()

    assert file.name == "1.sealed"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    sealed = file.read_bytes()
    assert b"\xff\xd8\xff" not in sealed
    assert "陈晓梅".encode() not in sealed


def test_the_same_photo_twice_does_not_look_the_same(copies: Copies, tmp_path: Path) -> None:
    assert copies.keep(ONE, JPEG) == copies.keep(TWO, JPEG)
    first, second = sorted((tmp_path / "copies").iterdir())

    assert first.read_bytes() != second.read_bytes()


def test_a_copy_put_in_anothers_place_or_changed_does_not_open(copies: Copies, tmp_path: Path) -> None:
    """Nobody's photo is shown as another's."""
    copies.keep(ONE, JPEG)
    sealed = (tmp_path / "copies" / "1.sealed").read_bytes()
    for moved in (sealed, sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b""):
        (tmp_path / "copies" / "2.sealed").write_bytes(moved)
        with pytest.raises(StoreError):
            copies.open(TWO)


def test_without_the_key_a_copy_is_nothing(copies: Copies, tmp_path: Path) -> None:
    copies.keep(ONE, JPEG)

    with pytest.raises(StoreError):
        Copies(tmp_path / "copies", Sealer({1: b"x" * 32}, 1)).open(ONE)


def test_a_newer_copy_takes_the_old_ones_place_at_once(copies: Copies, tmp_path: Path) -> None:
    copies.keep(ONE, JPEG)
    copies.keep(ONE, b"new")

    assert copies.open(ONE) == b"new"
    assert [file.name for file in (tmp_path / "copies").iterdir()] == ["1.sealed"]


def test_a_forgotten_copy_is_gone_from_the_disk(copies: Copies, tmp_path: Path) -> None:
    copies.keep(ONE, JPEG)
    copies.forget(ONE)
    copies.forget(ONE)  # a second time does no harm

    assert list((tmp_path / "copies").iterdir()) == []
    with pytest.raises(FileNotFoundError):
        copies.open(ONE)
