"""体检: what is missing or wrong before the desk can serve, in plain words."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests

from bots.linting import lint_office
from bots.office import OfficePaths
from bots.settings import Settings, SettingsFaulty, load
from casestore import migrations
from casestore.errors import StoreError
from casestore.seal import Sealer
from casestore.store import DatabaseFault, Reader
from casestore.workdays import CHINA, WorkingCalendar

_TIMEOUT_S = 5
_SETTINGS = Path("tousu.toml")
_LITTLE_DISK = 2 * 1024**3
_FIXED_SQLITE = (3, 51, 3)


@dataclass(frozen=True)
class Finding:
    """`mark` is ✓, ⚠ or ✗; `says` tells what to do."""

    mark: str
    what: str
    says: str = ""

    @property
    def is_wrong(self) -> bool:
        return self.mark == "✗"


def examine(config: Path | None) -> list[Finding]:
    try:
        settings = load(config)
    except SettingsFaulty as faulty:
        return [Finding("✗", "设置", str(faulty))]
    return [
        _file(config),
        *_keys(settings),
        *_database(settings),
        *_office(settings),
        *_disk(settings),
        *_platforms(settings),
    ]


def _file(config: Path | None) -> Finding:
    by_environment = any(name.startswith("TOUSU_") for name in os.environ)
    if config is None and not _SETTINGS.is_file() and not by_environment:
        return Finding("⚠", "设置", "没有 tousu.toml，先运行 tousu init")
    return Finding("✓", "设置")


def _keys(settings: Settings) -> Iterator[Finding]:
    try:
        Sealer.from_file(settings.keys_file)
        yield Finding("✓", "密钥")
    except StoreError as error:
        yield Finding("✗", "密钥", str(error))


def _database(settings: Settings) -> Iterator[Finding]:
    version = sqlite3.sqlite_version_info
    if version < _FIXED_SQLITE:
        shown = ".".join(map(str, version))
        yield Finding(
            "⚠", f"SQLite {shown}", "3.51.3 之前的版本有多进程写坏 WAL 的缺陷；本平台只有一个写入者，不受影响"
        )
    try:
        reader = Reader(settings.database_url, Sealer.from_file(settings.keys_file))
    except StoreError as error:
        yield Finding("✗", "数据库", str(error))
        return
    if not reader.path.exists():
        yield Finding("✓", "数据库", "尚未建立，第一次 tousu serve 时自动建立")
        return
    try:
        found = migrations.revision(reader.engine)
    except DatabaseFault as error:
        yield Finding("✗", "数据库", f"不能使用({error.orig})，如已损坏，请用备份恢复")
        return
    finally:
        reader.close()
    if found is None or found < migrations.REVISION:
        yield Finding("⚠", "数据库", "将在下次 tousu serve 时升级")
    elif found > migrations.REVISION:
        yield Finding("✗", "数据库", "由更新的版本建立，请升级程序")
    else:
        yield Finding("✓", "数据库")


def _office(settings: Settings) -> Iterator[Finding]:
    paths = OfficePaths.of(settings.office_dir)
    problems = lint_office(paths)
    if problems:
        yield Finding("✗", "提问树、文字、词表", f"{len(problems)} 处问题，请运行 tousu check")
    else:
        yield Finding("✓", "提问树、文字、词表")
    if problems:
        return
    year = datetime.now(CHINA).year
    calendar = WorkingCalendar.load(paths.calendar)
    for one in (year, year + 1):
        if calendar.is_provisional(one):
            yield Finding("⚠", f"{one} 年放假安排", "通知尚未公布或未录入，跨年的时限标为暂定")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = next(path for path in (settings.data_dir, *settings.data_dir.resolve().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    if free < _LITTLE_DISK:
        yield Finding("⚠", "磁盘", f"只剩 {free // 1024**2} MB，请清理")
    else:
        yield Finding("✓", "磁盘")


def _platforms(settings: Settings) -> Iterator[Finding]:
    if not (settings.has_wechat or settings.has_citizen_bot):
        yield Finding("✗", "平台", "微信和 Telegram 都没有配置，至少填写一个")
    if settings.has_wechat:
        yield _wechat(settings)
    for who, says in (("citizen", "市民机器人"), ("staff", "工作人员机器人")):
        token = getattr(settings, f"telegram_{who}_token").get_secret_value()
        if token:
            yield _telegram(f"{settings.telegram_api_base}/bot{token}/getMe", says)
    if not settings.has_staff_bot:
        yield Finding("⚠", "工作人员机器人", "没有配置，新件不会发到聊天里，只能用 tousu case 查看")


def _wechat(settings: Settings) -> Finding:
    body = {
        "grant_type": "client_credential",
        "appid": settings.wechat_app_id,
        "secret": settings.wechat_app_secret.get_secret_value(),
    }
    try:
        answer = requests.post(
            f"{settings.wechat_api_base}/cgi-bin/stable_token", json=body, timeout=_TIMEOUT_S
        ).json()
    except (requests.RequestException, ValueError):
        return Finding("✗", "微信", "连不上接口，请检查网络和 TOUSU_WECHAT_API_BASE")
    if "access_token" in answer:
        return Finding("✓", "微信")
    wrong = {
        40164: "本机的出口 IP 不在白名单，请到公众平台「基本配置 → IP 白名单」添加",
        40013: "AppID 不对，请核对 TOUSU_WECHAT_APP_ID",
        40125: "AppSecret 不对，请核对 TOUSU_WECHAT_APP_SECRET",
    }
    code = answer.get("errcode")
    return Finding("✗", "微信", wrong.get(code, f"接口返回 {code}，请核对 AppID 和 AppSecret"))


def _telegram(url: str, says: str) -> Finding:
    try:
        answer = requests.get(url, timeout=_TIMEOUT_S)
    except requests.RequestException:
        return Finding("✗", says, "连不上接口，请检查网络和 TOUSU_TELEGRAM_API_BASE")
    if answer.status_code == 401:
        return Finding("✗", says, "令牌无效，请从 @BotFather 重新复制")
    return Finding("✓", says) if answer.ok else Finding("✗", says, f"接口返回 {answer.status_code}")
