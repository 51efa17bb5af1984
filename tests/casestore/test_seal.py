"""Sealing: what is personal opens only in its own place, with its own key."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.errors import StoreError
from casestore.seal import Sealer, make_key_file

SEALER = Sealer({1: b"a" * 32, 2: b"b" * 32}, current=2)
PLACE = "cases|particulars|7"


@given(st.text(), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(text: str, row: str) -> None:
    place = f"cases|particulars|{row}"

    assert SEALER.open(SEALER.seal(text, place), place) == text


@pytest.mark.parametrize("place", ["cases|particulars|8", "evidence|words|7", "cases|particulars|", ""])
def test_a_value_moved_to_another_row_column_or_table_does_not_open(place: str) -> None:
    """One complaint's name cannot be shown as another's by copying bytes."""
    sealed = SEALER.seal("王敏", PLACE)

    with pytest.raises(StoreError, match="已被改动或移动"):
        SEALER.open(sealed, place)


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_value_with_one_changed_byte_does_not_open(where: int, change: int) -> None:
    sealed = bytearray(SEALER.seal("王敏，13800138000", PLACE))
    sealed[where % len(sealed)] ^= change

    with pytest.raises(StoreError):
        SEALER.open(bytes(sealed), PLACE)


@given(st.integers(0, 60))
def test_a_value_cut_short_does_not_open(length: int) -> None:
    sealed = SEALER.seal("王敏，13800138000，城关镇东街1号", PLACE)

    with pytest.raises(StoreError):
        SEALER.open(sealed[:length], PLACE)


def test_a_value_sealed_with_a_key_that_is_gone_says_so() -> None:
    sealed = SEALER.seal("王敏", PLACE)

    with pytest.raises(StoreError, match="密钥不在密钥文件中"):
        Sealer({1: b"a" * 32}, current=1).open(sealed, PLACE)


def test_after_a_change_of_keys_old_values_still_open_and_new_ones_take_the_new_key() -> None:
    before = Sealer({1: b"a" * 32}, current=1)
    sealed = before.seal("王敏", PLACE)

    assert SEALER.open(sealed, PLACE) == "王敏"
    assert SEALER.seal("王敏", PLACE)[:2] == b"\x01\x02"
    assert SEALER.index("account", "501") == before.index("account", "501")
    assert SEALER.audit_mac(b"x") == before.audit_mac(b"x")


def test_another_master_key_opens_nothing_and_finds_nothing() -> None:
    stranger = Sealer({2: b"x" * 32}, current=2)

    with pytest.raises(StoreError):
        stranger.open(SEALER.seal("王敏", PLACE), PLACE)
    assert stranger.index("account", "501") != SEALER.index("account", "501")
    assert stranger.audit_mac(b"x") != SEALER.audit_mac(b"x")


def test_the_same_words_never_look_the_same_and_never_lie_in_clear() -> None:
    first, second = SEALER.seal("王敏王敏王敏", PLACE), SEALER.seal("王敏王敏王敏", PLACE)

    assert first != second
    assert "王敏".encode() not in first


def test_a_fingerprint_finds_a_value_again_by_its_purpose() -> None:
    """16 bytes; the same account on two channels has two fingerprints."""
    assert SEALER.index("account:wechat", "501") == SEALER.index("account:wechat", "501")
    assert SEALER.index("account:wechat", "501") != SEALER.index("account:telegram", "501")
    assert len(SEALER.index("account:wechat", "501")) == 16


def test_half_a_surrogate_pair_is_sealed_as_a_question_mark() -> None:
    """Whatever a platform sends, the store takes it."""
    assert SEALER.open(SEALER.seal("退\ud800款", PLACE), PLACE) == "退?款"


# ── the key file ──


def test_a_key_file_is_made_for_its_owner_alone_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "tousu.keys"

    make_key_file(path)

    assert path.stat().st_mode & 0o777 == 0o400
    with pytest.raises(FileExistsError):
        make_key_file(path)
    sealer = Sealer.from_file(path)
    assert sealer.open(sealer.seal("王敏", PLACE), PLACE) == "王敏"


def test_two_key_files_are_never_the_same(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_key_file(tmp_path / name)

    assert (tmp_path / "one").read_bytes() != (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("mode", [0o444, 0o440, 0o640, 0o604, 0o620])
def test_a_key_file_that_others_can_touch_is_refused_with_the_command_that_helps(
    tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "tousu.keys"
    make_key_file(path)
    path.chmod(mode)

    with pytest.raises(StoreError, match="chmod 400"):
        Sealer.from_file(path)


def test_a_missing_key_file_is_told_with_the_command_that_helps(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="tousu init"):
        Sealer.from_file(tmp_path / "none")


_KEY = urlsafe_b64encode(b"k" * 32).decode()


@pytest.mark.parametrize(
    "content",
    [
        "", "{}", "[]", "not json", '{"current": 1}', '{"current": 1, "masters": {}}', '{"current": 1, "masters": []}',
        json.dumps({"current": 2, "masters": {"1": _KEY}}), json.dumps({"current": 1, "masters": {"x": _KEY}}),
        json.dumps({"current": 1, "masters": {"1": "不"}}), json.dumps({"current": 300, "masters": {"300": _KEY}}),
        json.dumps({"current": None, "masters": {"1": _KEY}}), json.dumps({"current": 1, "masters": {"1": ""}}),
        json.dumps({"current": 1, "masters": {"1": _KEY[:20]}}),
    ],
)  # fmt: skip
def test_a_broken_key_file_is_refused_before_anything_is_sealed(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tousu.keys"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o400)

    with pytest.raises(StoreError, match="内容不完整"):
        Sealer.from_file(path)
