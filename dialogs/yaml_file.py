"""YAML as clerks write it: every scalar stays text, every value knows its line.

Read through the node graph of ruamel.yaml (YAML 1.2), so `18:30` and `no` stay what they are; anchors,
aliases, tags and duplicate keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from casestore.problems import Problem

_MOST_BYTES = 256 * 1024
_MOST_DEPTH = 20
_BLOCK_START = re.compile(r"^(\s*)(?:- )?[^\s#][^:]*:\s*[|>][+-]?\d?\s*$")
_WIDE_COLON = re.compile(r"^\s*(?:- )?[A-Za-z_][A-Za-z0-9_]*\s*：")
_NO_SPACE = re.compile(r"^\s*(?:- )?[a-z_]+:[^\s]")

_NOT_KEYS = "文件应由「键: 值」组成，例如第一行写 tree: complaint，现在是一个列表或一句话"

Value = Any  # text, or a dict or list of values


@dataclass
class Document:
    """A file's values, the line of each key and item (by its path), and what is wrong with the writing."""

    file: str
    value: Value = None
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, *path: str) -> int:
        """The line of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(path: Path, shown_as: str | None = None) -> Document:
    """Parse a file of keys and values; what cannot be parsed is in `problems`, never raised."""
    document = Document(shown_as or str(path))
    raw = path.read_bytes()
    if len(raw) > _MOST_BYTES:
        document.problems.append(
            Problem(document.file, 1, "文件超过 256 KB，请拆成几个文件", "yaml-too-large")
        )
        return document
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        document.problems.append(
            Problem(document.file, 1, "文件不是 UTF-8 编码，请另存为 UTF-8", "yaml-encoding")
        )
        return document
    document.problems.extend(_writing(text, document.file))
    try:
        node = YAML().compose(text)
    except MarkedYAMLError as error:
        if not document.problems:
            unclosed = "quoted scalar" in str(
                error.context or ""
            )  # its end is found only where the file ends
            mark = error.context_mark if unclosed else error.problem_mark
            line = mark.line + 1 if mark else 1
            document.problems.append(Problem(document.file, line, _in_chinese(error), "yaml-syntax"))
        return document
    except ReaderError as error:
        line = 1 + text.count("\n", 0, error.position)
        message = "这一行有看不见的控制字符，请删去重打"
        document.problems.append(Problem(document.file, line, message, "yaml-syntax"))
        return document
    except (YAMLError, RecursionError, ValueError):
        document.problems.append(Problem(document.file, 1, "文件读不懂，请检查缩进和引号", "yaml-syntax"))
        return document
    document.value = _value(node, (), document, 0) if node is not None else {}
    if not isinstance(document.value, dict) and not document.problems:
        line = document.line()
        document.problems.append(Problem(document.file, line, _NOT_KEYS, "yaml-shape"))
    return document


def _value(node: Any, path: tuple[str, ...], document: Document, depth: int) -> Value:
    line = node.start_mark.line + 1
    document.lines.setdefault(path, line)
    if (
        depth > _MOST_DEPTH
        or node.anchor
        or (node.tag and not str(node.tag).startswith("tag:yaml.org,2002:"))
    ):
        message = "这里用了锚点(&、*)、标签(!)或嵌套太深，请直接写出内容"
        document.problems.append(Problem(document.file, line, message, "yaml-unsafe"))
        return ""
    if isinstance(node.value, str):
        return node.value.rstrip("\n")
    if node.id == "sequence":
        return [_value(item, (*path, str(i)), document, depth + 1) for i, item in enumerate(node.value)]
    values: dict[str, Value] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*path, key)
        if key in values:
            first = document.lines[here]
            message = f"「{key}」重复了，第 {first} 行已有同名的一项，请改名或删去其一"
            document.problems.append(
                Problem(document.file, key_node.start_mark.line + 1, message, "duplicate-name")
            )
            continue
        document.lines[here] = key_node.start_mark.line + 1
        values[key] = _value(value_node, here, document, depth + 1)
    return values


def _writing(text: str, file: str) -> Iterator[Problem]:
    """What is wrong in the writing itself, line by line, before the parser's own words."""
    block_indent: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip(" "))
        if block_indent is not None and line.strip() and indent <= block_indent:
            block_indent = None
        if "\t" in line:
            yield Problem(file, number, "这一行有制表符(Tab)，缩进请用空格", "tab")
        if block_indent is not None or line.lstrip().startswith("#"):
            continue
        if line.startswith("　") or line.lstrip(" ").startswith("　"):
            yield Problem(file, number, "行首有全角空格，缩进请用半角空格", "wide-space")
        if _WIDE_COLON.match(line):
            yield Problem(
                file, number, "名称后面用了全角冒号「：」，请改成半角冒号加空格「: 」", "wide-colon"
            )
        elif re.match(r"^\s*(?:- )?[a-z_]+:　", line):
            yield Problem(file, number, "冒号后面是全角空格，请改成半角空格", "wide-space")
        elif _NO_SPACE.match(line) and not re.match(r"^\s*(?:- )?[a-z_]+:[{\[]", line):
            yield Problem(file, number, "冒号后面要空一格", "colon-space")
        if _has_swallowed_text(line):
            message = "文字里的「 #」会让后面的内容变成注释而丢失，请给整句加上英文双引号"
            yield Problem(file, number, message, "hash-in-text")
        if _BLOCK_START.match(line):
            block_indent = indent


def _has_swallowed_text(line: str) -> bool:
    """Whether a plain (unquoted) Chinese text on this line is cut short by ` #`."""
    match = re.match(r"^\s*(?:- )?[^\s:#]+:\s+(.*)$", line)
    if match is None:
        return False
    value = match[1]
    if value[:1] in ('"', "'", "{", "[", "|", ">"):
        return False
    head, mark, _ = value.partition(" #")
    return bool(mark) and any(character > "\u2e80" for character in head)


def _in_chinese(error: MarkedYAMLError) -> str:
    problem = str(error.problem or "")
    if "mapping values are not allowed" in problem:
        return "这里多了一个冒号：文字里有「: 」时，请给整句加上英文双引号"
    if "could not find expected ':'" in problem:
        return "这里少了一个冒号，或上一行的引号没有配对"
    if "block mapping" in str(error.context or "") or "did not find expected" in problem:
        return "缩进对不齐：同一层的名称要对齐，下一层多缩进两格"
    if "found unexpected end" in problem or "quoted scalar" in str(error.context or ""):
        return "引号没有配对"
    if "cannot start any token" in problem:
        return "这里有不能直接写的符号，请给整句加上英文双引号"
    return "这一行写法不对，请检查缩进、冒号和引号"


def text_of(values: Mapping[str, Value], key: str) -> str:
    """The text at `key`, "" if there is none or it is no text."""
    value = values.get(key, "")
    return value.strip() if isinstance(value, str) else ""
