"""体检: what is missing or wrong before the desk can serve, in plain words."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import requests

from bots.linting import lint_office
from bots.office import OfficePaths
from bots.settings import Settings, SettingsFaulty, load
from casestore import migrations
from casestore.codes import UNIT_ROLES, Role
from casestore.errors import StoreError
from casestore.limits import DutyHours
from casestore.model import Officer
from casestore.problems import Problem
from casestore.roster import Roster
from casestore.seal import Sealer
from casestore.store import DatabaseFault, Reader
from casestore.tables import officers
from casestore.units import Units
from casestore.workdays import CHINA, WorkingCalendar

_TIMEOUT_S = 5
_SETTINGS = Path("tousu.toml")
_LITTLE_DISK = 2 * 1024**3
_FIXED_SQLITE = (3, 51, 3)
_DAYS_AHEAD = 5
#: October: the month in which the holidays of the next year are announced at the earliest.
_NOTICE_IS_DUE = 10


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
    problems = lint_office(OfficePaths.of(settings.office_dir))
    return [
        _file(config),
        *_keys(settings),
        *_database(settings),
        *_office(settings, problems),
        *(() if problems else _people(settings)),
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


def _office(settings: Settings, problems: Sequence[Problem]) -> Iterator[Finding]:
    if problems:
        yield Finding("✗", "提问树、文字、词表", f"{len(problems)} 处问题，请运行 tousu check")
        return
    yield Finding("✓", "提问树、文字、词表")
    calendar = WorkingCalendar.load(OfficePaths.of(settings.office_dir).calendar)
    yield from holidays_of(calendar, datetime.now(CHINA).date())


def holidays_of(calendar: WorkingCalendar, today: date) -> Iterator[Finding]:
    """This year's holidays, and from October on the next year's: by then the notice is due."""
    years = [today.year, *([today.year + 1] if today.month >= _NOTICE_IS_DUE else [])]
    for year in years:
        if calendar.is_provisional(year):
            says = (
                "国务院的通知还没有录入，到那一年的时限标为暂定；通知公布后请运行 tousu calendar import 文件"
            )
            yield Finding("⚠", f"{year} 年放假安排", says)


def _people(settings: Settings) -> Iterator[Finding]:
    """Nobody joins without the staff bot; a store that cannot be read is told above."""
    if not settings.has_staff_bot:
        return
    try:
        with closing(Reader(settings.database_url, Sealer.from_file(settings.keys_file))) as reader:
            if not reader.path.exists() or migrations.revision(reader.engine) != migrations.REVISION:
                return
            everyone = reader.read(officers.everyone)
    except (StoreError, DatabaseFault):
        return
    there = [officer for officer, joined in everyone if joined and officer.active]
    paths = OfficePaths.of(settings.office_dir)
    duty = DutyHours(settings.office_opens, settings.office_closes)
    calendar = WorkingCalendar.load(paths.calendar)
    yield from posts_of(Units.load(paths.units), there)
    yield from roster_of(Roster.load(paths.roster), there, calendar, duty, datetime.now(CHINA))


def posts_of(units: Units, there: Sequence[Officer]) -> Iterator[Finding]:
    """Posts and units that nobody holds. `there`: who has joined and is not suspended."""
    if not any(officer.role is Role.HEAD for officer in there):
        says = "没有已加入的负责人：涉及本单位的件只能由负责人办理，现在没有人看得到；请运行 tousu staff add 姓名 --role head，再 tousu staff invite 姓名"
        yield Finding("✗", "负责人", says)
    manned = {officer.unit for officer in there if officer.role in UNIT_ROLES}
    empty = [f"{unit.name}({unit.code})" for unit in units if unit.code not in manned]
    if empty:
        says = f"{len(empty)} 个单位没有已加入的承办人，不能分派到那里：{'、'.join(empty)}"
        yield Finding("⚠", "承办单位", says)
    else:
        yield Finding("✓", "承办单位")


def roster_of(
    roster: Roster, there: Sequence[Officer], calendar: WorkingCalendar, duty: DutyHours, now: datetime
) -> Iterator[Finding]:
    """Whether somebody is on duty in the coming working days; without a roster every officer is."""
    names = {officer.name for officer in there}
    if not roster.shifts:
        if not any(officer.role is Role.OFFICER for officer in there):
            yield Finding("⚠", "值班", "没有写值班表，也没有已加入的值班人员：新件的卡片没有人收到")
        return
    bare = [
        f"{opens.astimezone(CHINA):%m-%d}{half}"
        for opens, half, on_duty in roster.coming(now, _DAYS_AHEAD, calendar, duty)
        if not names & set(on_duty)
    ]
    if bare:
        says = f"今后 {_DAYS_AHEAD} 个工作日里没有已加入的人值班的：{'、'.join(bare)}；请改 roster.tsv"
        yield Finding("⚠", "值班表", says)
    else:
        yield Finding("✓", "值班表")


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
