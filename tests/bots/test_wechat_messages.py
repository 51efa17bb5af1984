"""From the fields of a WeChat message to what the desk understands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.inbound import Happening, Inbound, Media
from bots.wechat.envelope import Rejected
from bots.wechat.messages import UNSUPPORTED, read
from casestore.codes import Channel, EvidenceKind

OPENID = "oTestPerson_0123456789abcdef"


def a_message(**fields: str) -> dict[str, str]:
    known = {
        "ToUserName": "gh_0123456789ab",
        "FromUserName": OPENID,
        "CreateTime": "1763899200",
        "MsgType": "text",
        "MsgId": "24600000000000001",
    }
    return known | fields


def heard(**fields: str) -> Inbound:
    return read(a_message(**fields), "wechat:wx1", b"raw")


def test_a_text_is_the_citizens_words() -> None:
    inbound = heard(Content="我要投诉")

    assert (inbound.channel, inbound.bot) == (Channel.WECHAT, "wechat:wx1")
    assert inbound.key == heard(Content="另一句话").key != heard(FromUserName="oAnother_person").key
    assert (inbound.account, inbound.addressed_to) == (OPENID, "gh_0123456789ab")
    assert (inbound.text, inbound.raw, inbound.media, inbound.happening) == ("我要投诉", b"raw", None, None)


def test_a_text_without_content_is_an_empty_word() -> None:
    assert heard().text == ""


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("image", EvidenceKind.PHOTO),
        ("voice", EvidenceKind.VOICE),
        ("video", EvidenceKind.VIDEO),
        ("shortvideo", EvidenceKind.VIDEO),
    ],
)
def test_a_copy_is_named_by_its_media_id_and_never_by_its_address(kind: str, kept: EvidenceKind) -> None:
    """T-28: PicUrl is not even looked at."""
    inbound = heard(MsgType=kind, MediaId="abc-DEF_1", PicUrl="http://169.254.169.254/latest/meta-data")

    assert inbound.media == Media(kind=kept, file_ref="abc-DEF_1")
    assert "169.254" not in repr(inbound)


def test_a_voice_is_kept_as_a_recording_and_its_recognition_is_not_read() -> None:
    """Recognition is empty since 2023; were it there, it is not the citizen's own words."""
    inbound = heard(MsgType="voice", MediaId="m1", Recognition="我要退款")

    assert (inbound.media, inbound.text) == (Media(kind=EvidenceKind.VOICE, file_ref="m1"), "")


def test_a_location_is_kept_as_words() -> None:
    inbound = heard(MsgType="location", Location_X="25.93", Location_Y="111.06", Label="城关镇西街18号")

    assert inbound.media == Media(kind=EvidenceKind.LOCATION, words="位置：城关镇西街18号（25.93, 111.06）")


def test_a_location_without_a_place_is_kept_all_the_same() -> None:
    media = heard(MsgType="location").media

    assert media is not None
    assert media.kind is EvidenceKind.LOCATION


def test_a_shared_link_is_somebody_elses_words() -> None:
    inbound = heard(MsgType="link", Title="曝光", Url="https://example.cn/1", Description="x")

    assert (inbound.text, inbound.forwarded) == ("曝光 https://example.cn/1", True)


def test_a_sticker_comes_as_a_fixed_sentence() -> None:
    assert heard(Content=UNSUPPORTED).happening is Happening.STICKER


def test_a_file_cannot_be_fetched_and_is_told_so() -> None:
    inbound = heard(MsgType="file", Title="合同.pdf", FileKey="k")

    assert (inbound.happening, inbound.media) == (Happening.FILE, None)


@pytest.mark.parametrize("kind", ["music", "hologram", "TEXT2"])
def test_an_unknown_kind_is_answered_and_not_lost(kind: str) -> None:
    inbound = heard(MsgType=kind)

    assert (inbound.happening, inbound.key) == (Happening.UNKNOWN, heard().key)


def test_the_kind_is_read_in_any_case() -> None:
    assert heard(MsgType="Text", Content="好").text == "好"


@pytest.mark.parametrize(
    ("event", "happening"),
    [
        ("subscribe", Happening.FOLLOWED),
        ("SCAN", Happening.FOLLOWED),
        ("unsubscribe", Happening.UNFOLLOWED),
        ("VIEW", Happening.SILENT),
        ("TEMPLATESENDJOBFINISH", Happening.SILENT),
        ("LOCATION", Happening.SILENT),
        ("something_new", Happening.SILENT),
    ],
)
def test_events_and_what_they_mean(event: str, happening: Happening) -> None:
    assert heard(MsgType="event", Event=event).happening is happening


@pytest.mark.parametrize(
    ("key", "words"), [("MENU_COMPLAIN", "我要投诉"), ("MENU_PROGRESS", "进度"), ("MENU_HELP", "帮助")]
)
def test_a_menu_entry_stands_for_words(key: str, words: str) -> None:
    assert heard(MsgType="event", Event="CLICK", EventKey=key).text == words


def test_an_entry_of_an_old_menu_is_answered() -> None:
    assert heard(MsgType="event", Event="CLICK", EventKey="GONE").happening is Happening.UNKNOWN


def test_an_event_is_known_by_person_second_event_and_key() -> None:
    """FromUserName+CreateTime+Event+EventKey: WeChat's own advice, and two clicks in a second are two."""
    keys = {
        heard(MsgType="event", **fields).key
        for fields in (
            {"Event": "CLICK", "EventKey": "A"},
            {"Event": "CLICK", "EventKey": "B"},
            {"Event": "VIEW", "EventKey": "A"},
            {"Event": "CLICK", "EventKey": "A", "CreateTime": "1763899201"},
            {"Event": "CLICK", "EventKey": "A", "FromUserName": "oAnother_person"},
        )
    }

    assert len(keys) == 5
    assert not any(OPENID in key or "oAnother_person" in key for key in keys)  # it names nobody


def test_an_endless_event_key_is_cut() -> None:
    assert len(heard(MsgType="event", Event="VIEW", EventKey="k" * 60_000).key) < 300


@given(st.dictionaries(st.sampled_from([*a_message(), "Event", "EventKey", "MediaId", "Content", "Label",
                                        "Location_X", "Location_Y", "Title", "Url", "Scale"]),
                       st.one_of(st.text(max_size=30),
                                 st.sampled_from(["text", "event", "image", "location", "link", "1", "CLICK"]))))  # fmt: skip
def test_any_fields_are_read_or_rejected(fields: dict[str, str]) -> None:
    """A field of another shape is the one error, whichever library reads it inside."""
    try:
        inbound = read(a_message() | fields, "wechat:wx1", b"")
    except Rejected:
        return

    assert inbound.account
    assert inbound.key


@pytest.mark.parametrize("gone", ["FromUserName", "ToUserName", "CreateTime", "MsgType", "MsgId"])
def test_what_the_desk_relies_on_must_be_there(gone: str) -> None:
    fields: dict[str, Any] = a_message(Content="好")
    del fields[gone]

    with pytest.raises(Rejected):
        read(fields, "wechat:wx1", b"")
