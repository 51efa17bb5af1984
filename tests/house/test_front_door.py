"""What the front pages promise is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from bots.cli import GROUPS
from bots.cli.app import app
from bots.settings import Settings
from bots.settings import load as load_settings
from dialogs import lifecycle_picture
from dialogs.texts import Texts
from tests.house.sources import PACKAGES, ROOT

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
PAGES = [*READMES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FOLDER = re.compile(r"`([a-z_]+/(?:[a-z_]+/)*)`")
_FILE = re.compile(rf"`((?:{'|'.join((*PACKAGES, 'tests', 'docs'))})/[\w./-]+\.\w+)`")
_COMMAND = re.compile(r"tousu ([a-z]+)")
_LINK = re.compile(r"\]\(([^)#]+)\)")


def _map(readme: Path) -> set[str]:
    """The folders of the table."""
    rows = [line for line in readme.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return {folder for row in rows for folder in _FOLDER.findall(row.split(" | ")[0])}


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_map_of_folders_is_true(readme: Path) -> None:
    named = _map(readme)
    here = {
        f"{path.name}/"
        for path in ROOT.iterdir()
        if path.is_dir() and path.name in (*PACKAGES, "tests", "docs")
    }

    assert {folder for folder in named if not (ROOT / folder).is_dir()} == set()
    assert here - named == set()


def test_both_readmes_draw_the_same_map() -> None:
    assert _map(READMES[0]) == _map(READMES[1])


def test_every_folder_of_tests_is_for_a_folder_or_is_named() -> None:
    """`tests/` holds one folder for each package; the others are named on the map."""
    text = READMES[0].read_text(encoding="utf-8")
    others = {
        path.name
        for path in (ROOT / "tests").iterdir()
        if path.is_dir() and path.name not in (*PACKAGES, "sandbox", "__pycache__")
    }
    assert {name for name in others if f"`{name}/`" not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_and_file_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in _LINK.findall(text) if "://" not in link]

    assert [link for link in links if not (page.parent / link).exists()] == []
    assert [file for file in _FILE.findall(text) if not (ROOT / file).exists()] == []


def test_every_command_of_the_front_pages_exists() -> None:
    for group in GROUPS:
        import_module(f"bots.cli.{group}")
    verbs = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    known = verbs | {group.name for group in app.registered_groups}
    named = {verb for page in PAGES for verb in _COMMAND.findall(page.read_text(encoding="utf-8"))}

    assert named - known == set()


def test_the_settings_file_of_init_names_every_setting_with_its_default() -> None:
    kept = load_settings(ROOT / "bots/cli/tousu.toml").model_dump(
        exclude={"database_url", "data_dir", "keys_file"}
    )
    usual = Settings().model_dump(exclude={"database_url", "data_dir", "keys_file"})
    text = (ROOT / "bots/cli/tousu.toml").read_text(encoding="utf-8")
    keys = set(re.findall(r"^([a-z_]+) = ", text, re.MULTILINE))

    assert {key: value for key, value in kept.items() if value != usual[key] and key != "office_dir"} == {}
    assert {name for name in usual if not any(name.endswith(key) for key in keys)} == set()


def test_the_pins_hold_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("# ")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", pin)] == []


def test_the_picture_of_a_cases_life_is_the_one_the_code_draws() -> None:
    """tousu draw lifecycle --svg docs/pictures/lifecycle.svg"""
    kept = (ROOT / "docs/pictures/lifecycle.svg").read_text(encoding="utf-8")

    assert kept == lifecycle_picture.svg(Texts.load({}))
