"""The settings: file and environment, every fault at once in Chinese, no secret in any message."""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from bots.settings import Settings, SettingsFaulty, load

SECRETS = {
    "TOUSU_WECHAT_APP_SECRET": "canary-app-secret-7c1e",
    "TOUSU_WECHAT_TOKEN": "canarytoken7c1e0000",
    "TOUSU_WECHAT_AES_KEY": "canaryAesKey7c1eABCDEFGHIJKLMNOPQRSTUVWXYZ0",
    "TOUSU_TELEGRAM_CITIZEN_TOKEN": "100001:canary-citizen-token-7c1e",
    "TOUSU_TELEGRAM_CITIZEN_SECRET": "canary-citizen-secret-7c1e-0123456789",
    "TOUSU_TELEGRAM_STAFF_TOKEN": "100002:canary-staff-token-7c1e",
    "TOUSU_TELEGRAM_STAFF_SECRET": "canary-staff-secret-7c1e-0123456789ab",
}
WHOLE = SECRETS | {
    "TOUSU_WECHAT_APP_ID": "wx0123456789abcdef",
    "TOUSU_TELEGRAM_DELIVERY": "webhook",
    "TOUSU_SERVER_PUBLIC_URL": "https://tousu.example.gov.cn/",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but the test's own."""
    for name in list(os.environ):
        if name.startswith("TOUSU_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A whole office's environment."""
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    return WHOLE


def faults() -> str:
    with pytest.raises(SettingsFaulty) as caught:
        load()
    return str(caught.value)


def chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


# ── where they come from ──


def test_without_settings_every_platform_is_off() -> None:
    settings = load()

    assert not (settings.has_wechat or settings.has_citizen_bot or settings.has_staff_bot)
    assert settings.database_url == "sqlite:///tousu.db"
    assert (settings.server_host, settings.server_port) == ("127.0.0.1", 8080)


def test_the_whole_environment_is_read(given: dict[str, str]) -> None:
    settings = load()

    assert settings.has_wechat
    assert settings.has_citizen_bot
    assert settings.has_staff_bot
    assert settings.by_webhook
    assert settings.server_public_url == "https://tousu.example.gov.cn"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_has_its_name_in_the_environment(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """TOUSU_ and the name, for each of them: none is left that only the file can set."""
    default = Settings.model_fields[name].default
    value = {
        "server_port": "18080", "log_level": "ERROR", "telegram_delivery": "webhook", "pii_over_telegram": "true", "pii_forget_strangers_days": "7",
        "office_opens": "08:15", "office_closes": "16:45",
        "rules_declining_needs_approval": "true", "rules_pin_for_approvals": "true",
    }.get(name, "https://example.cn" if name.endswith(("_base", "_url")) else f"own-{name}")  # fmt: skip
    monkeypatch.setenv(f"TOUSU_{name.upper()}", value)

    read = getattr(Settings(), name)

    assert read != default
    shown = read.get_secret_value() if isinstance(read, SecretStr) else read
    assert str(shown).lower().startswith(value.lower())


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tousu.toml").write_text('[server]\nport = 9000\nhost = "0.0.0.0"\n', "utf-8")
    monkeypatch.setenv("TOUSU_SERVER_PORT", "9001")

    settings = load()

    assert (settings.server_port, settings.server_host) == (9001, "0.0.0.0")


def test_paths_are_seen_from_the_files_folder(tmp_path: Path) -> None:
    """A service starts anywhere."""
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "tousu.toml").write_text(
        'database_url = "sqlite:///tousu.db"\ndata_dir = "data"\nkeys_file = "/etc/tousu.keys"\n'
        '[office]\ndir = "own"\n',
        "utf-8",
    )

    settings = load(folder / "tousu.toml")

    assert settings.database_url == f"sqlite:///{folder / 'tousu.db'}"
    assert (settings.data_dir, settings.keys_file) == (folder / "data", Path("/etc/tousu.keys"))
    assert settings.office_dir == folder / "own"


def test_what_is_left_empty_in_the_file_is_not_set(tmp_path: Path) -> None:
    (tmp_path / "tousu.toml").write_text('[wechat]\napp_id = ""\ntoken = ""\n[office]\ndir = ""\n', "utf-8")

    settings = load()

    assert not settings.has_wechat
    assert settings.office_dir is None


def test_the_offices_hours_are_read(tmp_path: Path) -> None:
    (tmp_path / "tousu.toml").write_text("[office]\nopens = 08:30:00\ncloses = 17:00:00\n", "utf-8")

    assert (load().office_opens, load().office_closes) == (time(8, 30), time(17, 0))


# ── what is wrong ──


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TOUSU_SERVER_PORT", "eighty", "应为整数"),
        ("TOUSU_SERVER_PORT", "99999", "65535"),
        ("TOUSU_SERVER_PORT", "-1", "TOUSU_SERVER_PORT"),
        ("TOUSU_PII_OVER_TELEGRAM", "perhaps", "应为 true 或 false"),
        ("TOUSU_OFFICE_OPENS", "nine", "应像 09:00"),
        ("TOUSU_WECHAT_API_BASE", "api.weixin.qq.com", "应以 https:// 开头"),
        ("TOUSU_TELEGRAM_API_BASE", "ftp://x", "应以 https:// 开头"),
        ("TOUSU_LOG_LEVEL", "LOUD", "DEBUG"),
        ("TOUSU_TELEGRAM_DELIVERY", "pigeon", "polling"),
    ],
)
def test_a_wrong_value_is_told_in_chinese(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)

    told = faults()

    assert says in told
    assert name in told
    assert chinese(told.partition(name)[2]), "an English sentence helps nobody here"
    assert "nput should" not in told


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("[server]\nport = [1]", "TOUSU_SERVER_PORT"),
        ("[office]\nname = 5", "TOUSU_OFFICE_NAME"),
        ("data_dir = 5", "TOUSU_DATA_DIR"),
        ("database_url = 5", "TOUSU_DATABASE_URL"),
        ("keys_file = true", "TOUSU_KEYS_FILE"),
        ("[servre]\nport = 1", "TOUSU_SERVRE_PORT 不认识"),
        ("prot = 1", "TOUSU_PROT 不认识"),
        ("server = 5", "TOUSU_SERVER 不认识"),
        ("[wechat]\napp_id = [", "写法不对"),
        ("password", "写法不对"),
    ],
)
def test_a_wrong_file_is_told_in_chinese(tmp_path: Path, written: str, says: str) -> None:
    (tmp_path / "tousu.toml").write_text(written, "utf-8")

    told = faults()

    assert says in told
    assert chinese(told)
    assert "nput should" not in told


def test_a_file_in_another_coding_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "tousu.toml").write_bytes('[office]\nname = "某某县"'.encode("gbk"))

    assert "写法不对" in faults()


def test_a_file_that_is_not_there_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaulty, match="tousu init"):
        load(tmp_path / "none.toml")


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaulty, match="设置文件"):
        load(tmp_path)


# ── half-set platforms ──


@pytest.mark.parametrize(
    "name", ["TOUSU_WECHAT_APP_ID", "TOUSU_WECHAT_APP_SECRET", "TOUSU_WECHAT_TOKEN", "TOUSU_WECHAT_AES_KEY"]
)
def test_a_half_set_wechat_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], name: str
) -> None:
    monkeypatch.delenv(name)

    assert f"{name} 没有填写" in faults()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TOUSU_WECHAT_TOKEN", "short", "TOUSU_WECHAT_TOKEN 应为 16 到 32 位"),
        ("TOUSU_WECHAT_TOKEN", "x" * 33, "TOUSU_WECHAT_TOKEN 应为 16 到 32 位"),
        ("TOUSU_WECHAT_AES_KEY", "x" * 42, "TOUSU_WECHAT_AES_KEY 应为 43 位"),
        ("TOUSU_WECHAT_AES_KEY", "!" * 43, "TOUSU_WECHAT_AES_KEY 应为 43 位"),
        ("TOUSU_TELEGRAM_CITIZEN_TOKEN", "abc", "TOUSU_TELEGRAM_CITIZEN_TOKEN 的形状不对"),
        ("TOUSU_TELEGRAM_STAFF_TOKEN", "123456", "TOUSU_TELEGRAM_STAFF_TOKEN 的形状不对"),
        ("TOUSU_TELEGRAM_CITIZEN_SECRET", "", "TOUSU_TELEGRAM_CITIZEN_SECRET 应为至少 32 位"),
        ("TOUSU_TELEGRAM_STAFF_SECRET", "x" * 31, "TOUSU_TELEGRAM_STAFF_SECRET 应为至少 32 位"),
        ("TOUSU_TELEGRAM_STAFF_SECRET", "密" * 40, "TOUSU_TELEGRAM_STAFF_SECRET 应为至少 32 位"),
        ("TOUSU_TELEGRAM_CITIZEN_TOKEN", "", "TOUSU_TELEGRAM_CITIZEN_TOKEN 没有填写"),
        ("TOUSU_SERVER_PUBLIC_URL", "", "TOUSU_SERVER_PUBLIC_URL 没有填写"),
    ],
)
def test_what_a_platform_would_refuse_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)

    assert says in faults()


def test_names_and_telephones_in_telegram_need_a_legal_basis(monkeypatch: pytest.MonkeyPatch) -> None:
    """PIPL art. 36; a blank is no basis."""
    monkeypatch.setenv("TOUSU_PII_OVER_TELEGRAM", "true")
    assert "TOUSU_PII_LEGAL_BASIS 没有填写" in faults()
    monkeypatch.setenv("TOUSU_PII_LEGAL_BASIS", "  ")
    assert "TOUSU_PII_LEGAL_BASIS 没有填写" in faults()
    monkeypatch.setenv("TOUSU_PII_LEGAL_BASIS", "第五十五条评估，2026-11")

    assert load().pii_over_telegram


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUSU_WECHAT_APP_ID", "wx1")
    monkeypatch.setenv("TOUSU_TELEGRAM_STAFF_TOKEN", "abc")
    monkeypatch.setenv("TOUSU_TELEGRAM_CITIZEN_SECRET", "x" * 40)

    told = faults()

    assert told.startswith("设置有 5 处不对")
    assert told.count(" · ") == 4


# ── secrets ──


@pytest.mark.parametrize("shown", [repr, str, lambda settings: settings.model_dump_json()])
def test_no_secret_is_shown_by_any_print(given: dict[str, str], shown: object) -> None:
    printed = shown(load())  # type: ignore[operator]

    assert "7c1e" not in printed


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_no_fault_shows_a_secret(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], name: str) -> None:
    """Whatever is wrong with it, its value stays untold."""
    monkeypatch.setenv(name, "canary 7c1e !")
    monkeypatch.setenv("TOUSU_SERVER_PORT", "eighty")
    assert "7c1e" not in faults()
    monkeypatch.setenv("TOUSU_SERVER_PORT", "80")
    if name == "TOUSU_WECHAT_APP_SECRET":
        load()
        return

    assert "7c1e" not in faults()
