"""回复模板 from YAML: what a clerk writes becomes records, and every mistake a line with a remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from casestore.codes import Channel, EndGround, Ground, Kind, Outcome, Step
from casestore.errors import StoreError
from casestore.problems import Problem
from casestore.reading import Unreadable, phones
from dialogs import findings, tree_file, yaml_file
from dialogs.findings import Fault
from dialogs.notice import EVENT_OF
from dialogs.platforms import MOST_LABEL, PLATFORMS
from dialogs.replies import CASE_FACTS, PACKAGED, STEPS, Replies, Reply
from dialogs.texts import Texts
from dialogs.tree_file import OFFICE_FACTS, did_you_mean
from dialogs.yaml_file import Document, text_of

_CODE = "abcdefghijklmnopqrstuvwxyz0123456789_"
_KEYS = ("title", "steps", "kinds", "classes", "natures", "grounds", "outcomes", "text")
_LISTS: dict[str, Collection[str]] = {
    "steps": [step.value for step in STEPS],
    "kinds": list(Kind),
    "grounds": [*Ground, *EndGround],
    "outcomes": list(Outcome),
}
_GROUNDS: dict[Step, Collection[str]] = {Step.DECLINE: list(Ground), Step.END_MEDIATION: list(EndGround)}
_NOTICE_BYTES = 700  # of what the notice says around the words
#: What a placeholder may come to, for trying a template out.
_SAMPLE = dict.fromkeys([*OFFICE_FACTS, *CASE_FACTS], "某") | {"number": "TS-20261123-0001"}
_REMEDY = {
    Fault.BLANK: "里有没有填的空白「{what}」，请改成花括号里的名称，或者删去",
    Fault.PERSONAL: "里有像电话、证件号、银行卡号或邮箱的内容，请删去；公开的固定电话请写在 phones: 下面",
    Fault.GROUND: "没有写明理由，请写出条款，例如「第十六条第一项」",
    Fault.STATUTE: "用于「{ground}」时没有写明是哪部法律的哪一条，请写出来，或者在 grounds: 里去掉它",
    Fault.WAY_OUT: "没有写明市民还可以怎么办，请写出窗口、电话、其他部门或者诉讼、仲裁",
}


def load(path: Path = PACKAGED) -> Replies:
    """Raises StoreError naming the first faulty line."""
    problems, replies, _ = _read(path)
    if problems:
        raise StoreError(str(min(problems)))
    return replies


def lint(path: Path, texts: Texts, classes: Collection[str], natures: Collection[str]) -> list[Problem]:
    """`texts`: the notices the words stand in; `classes` and `natures`: codes of the office's tables."""
    problems, replies, document = _read(path)
    for reply in replies:
        for key, known in (("classes", classes), ("natures", natures)):
            for place, code in enumerate(getattr(reply, key)):
                if code not in known:
                    message = f"「{reply.code}」的 {key} 里「{code}」不认识{did_you_mean(code, known)}"
                    where = document.line("replies", reply.code, key, str(place))
                    problems.append(Problem(document.file, where, message, "replies-class"))
        line = document.line("replies", reply.code, "text")
        for message in dict.fromkeys(_own_faults(reply, texts, replies.public)):
            problems.append(Problem(document.file, line, f"「{reply.code}」{message}", "replies-check"))
    return sorted(set(problems))


def _own_faults(reply: Reply, texts: Texts, public: tuple[str, ...]) -> Iterator[str]:
    """What the check before sending would say of it, for every kind and ground it is for."""
    words = texts.fill(reply.text, _SAMPLE)
    for step in reply.steps:
        listed = [str(ground) for ground in _GROUNDS.get(step, [""])]
        for ground in [one for one in listed if not one or one in reply.grounds] or listed:
            for kind in [kind for kind in reply.kinds or Kind if f"notice.{kind}.{EVENT_OF[step]}" in texts]:
                facts = {"number": _SAMPLE["number"], "ground": ground, "end_ground": ground, "words": words}
                for found in findings.check(findings.outgoing(texts, kind, step, facts, public=public)):
                    yield _REMEDY[found.fault].format(what="、".join(found.what), ground=ground)


def _read(path: Path) -> tuple[list[Problem], Replies, Document]:
    document = yaml_file.read(path)
    problems = list(document.problems)
    top = document.value if isinstance(document.value, dict) else {}
    entries = top.get("replies", {})
    if not problems and (not isinstance(entries, dict) or not entries or set(top) - {"replies", "phones"}):
        message = (
            "请按「replies:」下面「代号: title、steps、text」一条一条地写；公开的电话写在「phones:」下面"
        )
        problems.append(Problem(document.file, 1, message, "replies-shape"))
    if problems:
        return problems, Replies(), document
    public = top.get("phones") or []
    faults = [*_faults_of_phones(public)]
    replies: list[Reply] = []
    for code, entry in entries.items():
        found = [(("replies", code, *place), message, kind) for place, message, kind in _faults(code, entry)]
        faults += found
        if not found:
            replies.append(_reply(code, entry))
    faults += _twice(replies)
    problems = [
        Problem(document.file, document.line(*place), message, kind) for place, message, kind in faults
    ]
    return sorted(problems), Replies(replies, [] if faults else public), document


_Fault = tuple[tuple[str, ...], str, str]


def _faults(code: str, entry: object) -> Iterator[_Fault]:
    """(where, what is wrong and what to write, code)."""
    if not set(code) <= set(_CODE):
        yield (), f"代号「{code}」只能用小写字母、数字和下划线", "replies-code"
    if not isinstance(entry, dict):
        yield (), f"「{code}」下面应写 title、steps、text", "replies-shape"
        return
    for key in entry:
        if key not in _KEYS:
            yield (
                (key,),
                f"「{key}」不认识，只能写 {'、'.join(_KEYS)}{did_you_mean(key, _KEYS)}",
                "replies-key",
            )
    for key in ("steps", "kinds", "classes", "natures", "grounds", "outcomes"):
        yield from _faults_of_list(code, key, entry.get(key))
    title, text = text_of(entry, "title"), text_of(entry, "text")
    if not title:
        yield (), f"「{code}」缺少 title，请写按钮上的短标题", "replies-title"
    elif len(title) > MOST_LABEL:
        yield ("title",), f"title 有 {len(title)} 字，请缩短到 {MOST_LABEL} 字以内", "replies-title"
    if not text:
        yield (), f"「{code}」缺少 text，请写发给市民的话", "replies-text"
        return
    for message, kind in tree_file.text_problems(text, {*OFFICE_FACTS, *CASE_FACTS}):
        yield ("text",), message, kind
    platform = PLATFORMS[Channel.WECHAT]
    if platform.size(text) > platform.most - _NOTICE_BYTES:
        most = (platform.most - _NOTICE_BYTES) // 3
        yield (
            ("text",),
            f"text 有 {len(text)} 字，连同通知超过{platform.name}一条的上限，请缩短到约 {most} 字",
            "replies-text",
        )


def _faults_of_list(code: str, key: str, values: Any) -> Iterator[_Fault]:
    if values is None and key != "steps":
        return
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        example = "write" if key == "steps" else "…"
        yield (key,), f"「{code}」的 {key} 请写成列表，例如 {key}: [{example}]", "replies-list"
        return
    known = _LISTS.get(key)
    for place, value in enumerate(values):
        if known is not None and value not in known:
            offered = (
                f"，可以写: {'、'.join(known)}" if key != "grounds" else "，可以写 16-1 到 16-7、23-1 到 23-8"
            )
            yield (
                (key, str(place)),
                f"{key} 里「{value}」不认识{did_you_mean(value, known)}{offered}",
                f"replies-{key}",
            )


def _faults_of_phones(public: Any) -> Iterator[_Fault]:
    if not isinstance(public, list):
        yield ("phones",), "phones 请写成列表，例如 phones: [0773-1234567]", "replies-phones"
        return
    for place, written in enumerate(public):
        try:
            is_mobile = phones.phone(str(written)).startswith("1")
        except Unreadable:
            is_mobile = True
        if is_mobile:
            message = f"「{written}」不是带区号的固定电话；手机号不能作为公开的电话"
            yield ("phones", str(place)), message, "replies-phones"


def _twice(replies: list[Reply]) -> Iterator[_Fault]:
    """Two buttons with one label."""
    seen: dict[str, str] = {}
    for reply in replies:
        if reply.title in seen:
            message = f"title「{reply.title}」与「{seen[reply.title]}」的相同，请改一个"
            yield ("replies", reply.code, "title"), message, "replies-twice"
        seen.setdefault(reply.title, reply.code)


def _reply(code: str, entry: dict[str, Any]) -> Reply:
    return Reply(
        code=code, title=entry["title"].strip(), text=entry["text"].strip(),
        steps=tuple(map(Step, entry["steps"])),
        kinds=tuple(map(Kind, entry.get("kinds", ()))),
        classes=tuple(entry.get("classes", ())), natures=tuple(entry.get("natures", ())),
        grounds=tuple(entry.get("grounds", ())), outcomes=tuple(entry.get("outcomes", ())),
    )  # fmt: skip
