"""A long text goes out in parts that the platform takes, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.codes import Channel
from dialogs.platforms import PLATFORMS, Platform, split

WECHAT, TELEGRAM = PLATFORMS[Channel.WECHAT], PLATFORMS[Channel.TELEGRAM]
#: Of one to four bytes, of one and of two UTF-16 units, and everything a text is cut at.
CHARACTERS = st.sampled_from("aZ1 é中文字🎉😀𠮷\n\n。；，,.")


def visible(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "bytes_", "units"),
    [("abc", 3, 3), ("é", 2, 1), ("中文", 6, 2), ("🎉", 4, 2), ("", 0, 0), ("𠮷", 4, 2)],
)
def test_a_text_is_measured_as_the_platform_measures_it(text: str, bytes_: int, units: int) -> None:
    assert (WECHAT.size(text), TELEGRAM.size(text)) == (bytes_, units)


@given(st.text(CHARACTERS, max_size=400), st.sampled_from([WECHAT, TELEGRAM]), st.integers(4, 90))
def test_no_part_is_over_the_limit_and_together_they_hold_the_text(
    text: str, platform: Platform, room: int
) -> None:
    parts = split(text, platform, room)

    assert all(platform.size(part) <= room for part in parts)
    assert visible("".join(parts)) == visible(text)


@given(st.text(CHARACTERS, max_size=400), st.sampled_from([WECHAT, TELEGRAM]), st.integers(4, 90))
def test_a_part_is_never_empty_and_never_ends_within_a_character(
    text: str, platform: Platform, room: int
) -> None:
    parts = split(text, platform, room)

    assert parts
    assert visible(text) == "" or all(part for part in parts)
    for part in parts:
        assert part.encode("utf-8").decode("utf-8") == part
        assert part.encode("utf-16-le").decode("utf-16-le") == part


@given(st.text(CHARACTERS, max_size=90), st.sampled_from([WECHAT, TELEGRAM]))
def test_what_fits_is_one_part_as_it_is(text: str, platform: Platform) -> None:
    assert split(text, platform, 400) == [text]


def test_a_text_is_cut_at_line_ends_then_at_sentence_ends() -> None:
    line = "一二三四五六七八九十"

    assert split(f"{line}\n{line}", WECHAT, 40) == [line, line]
    assert split(f"{line}。{line}", WECHAT, 40) == [f"{line}。", line]
    assert split(f"{line}；{line}", WECHAT, 40) == [f"{line}；", line]
    assert split(f"{line}，{line}", WECHAT, 40) == [f"{line}，", line]
    assert split(line * 2, WECHAT, 30) == [line, line]


def test_a_line_end_far_ahead_of_the_limit_is_no_reason_for_a_tiny_part() -> None:
    assert split("好\n" + "很" * 20, WECHAT, 40)[0] == "好\n" + "很" * 12


def test_a_text_of_nothing_but_blanks_makes_no_empty_messages() -> None:
    """Both platforms refuse an empty message."""
    assert split("甲" + "\n" * 5000 + "乙", WECHAT, 2000) == ["甲", "乙"]
    assert [part.strip() for part in split(" " * 50 + "甲", WECHAT, 10)] == ["甲"]


def test_a_character_that_does_not_fit_at_all_goes_out_alone() -> None:
    """Rather a refused message than none of the rest."""
    assert split("🎉中", WECHAT, 2) == ["🎉", "中"]


@pytest.mark.parametrize("channel", PLATFORMS)
def test_every_platform_that_citizens_use_has_its_limits(channel: Channel) -> None:
    platform = PLATFORMS[channel]

    assert split("很长的话。" * 1000, platform, platform.most)[0].endswith("。")
    assert platform.most_options >= 20
