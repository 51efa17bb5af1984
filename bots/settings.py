"""设置: read once at start from tousu.toml and TOUSU_* (environment wins); all faults are told at once."""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from casestore.errors import StoreError

_WECHAT_TOKEN = re.compile(r"[A-Za-z0-9]{16,32}")
_BOT_TOKEN = re.compile(r"[0-9]{3,16}:[A-Za-z0-9_-]{10,64}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")
_FILE = "tousu.toml"


class SettingsFaulty(StoreError):
    """Everything that is wrong with the settings, one line each, without any value of a secret."""


class Settings(BaseSettings):
    """A name here is TOUSU_NAME in the environment; in the file `server_port` is `port` under [server]."""

    model_config = SettingsConfigDict(env_prefix="TOUSU_", extra="forbid")

    database_url: str = "sqlite:///tousu.db"
    data_dir: Path = Path("data")
    keys_file: Path = Path("tousu.keys")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    server_host: str = "127.0.0.1"
    server_port: int = Field(default=8080, ge=1, le=65535)
    #: The https address citizens' platforms reach us at; needed for webhooks.
    server_public_url: str = ""

    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_token: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")
    wechat_api_base: str = "https://api.weixin.qq.com"
    #: A template message for news when the 48 hours are over; without one they wait for his next word.
    wechat_template_id: str = ""

    telegram_citizen_token: SecretStr = SecretStr("")
    telegram_citizen_secret: SecretStr = SecretStr("")
    telegram_staff_token: SecretStr = SecretStr("")
    telegram_staff_secret: SecretStr = SecretStr("")
    telegram_api_base: str = "https://api.telegram.org"
    telegram_delivery: Literal["polling", "webhook"] = "polling"

    #: PIPL art. 36: names, telephones and full texts in staff chats only with a legal basis written down.
    pii_over_telegram: bool = False
    pii_legal_basis: str = ""
    #: PIPL art. 19: who looked in and filed nothing is forgotten so many days after his last word.
    pii_forget_strangers_days: int = Field(default=30, ge=3, le=3650)

    office_name: str = "示例县市场监督管理局"
    office_hotline: str = "12315"
    office_window: str = "本局办事大厅投诉举报窗口"
    office_hours: str = "工作日 9:00–17:30"
    office_opens: time = time(9, 0)
    office_closes: time = time(17, 30)
    office_retention: str = "三年"

    #: 不予受理 is carried out only when a supervisor has agreed; approvals ask for the supervisor's PIN.
    rules_declining_needs_approval: bool = False
    rules_pin_for_approvals: bool = False

    #: A folder with the office's own trees/, texts/zh.yaml, lexicon/, units.tsv, calendar.tsv.
    office_dir: Path | None = None

    @field_validator("wechat_api_base", "telegram_api_base", "server_public_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("应以 https:// 开头")
        return value.rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what `load` read from the file."""
        return env_settings, init_settings

    @property
    def has_wechat(self) -> bool:
        return bool(self.wechat_app_id)

    @property
    def has_citizen_bot(self) -> bool:
        return bool(self.telegram_citizen_token.get_secret_value())

    @property
    def has_staff_bot(self) -> bool:
        return bool(self.telegram_staff_token.get_secret_value())

    @property
    def by_webhook(self) -> bool:
        return self.telegram_delivery == "webhook"

    def office_facts(self) -> dict[str, str]:
        """What texts and trees may name in braces."""
        return {
            "office": self.office_name,
            "hotline": self.office_hotline,
            "window": self.office_window,
            "hours": self.office_hours,
            "retention": self.office_retention,
        }


def load(path: Path | None = None) -> Settings:
    """The settings of `path`, or of tousu.toml here if there is one. Raises SettingsFaulty."""
    found = path or (Path(_FILE) if Path(_FILE).is_file() else None)
    try:
        settings = Settings(**(_flat(found) if found else {}))
    except ValidationError as error:
        raise SettingsFaulty(_told([_fault(one) for one in error.errors()])) from None
    faults = list(_half_set(settings))
    if faults:
        raise SettingsFaulty(_told(faults))
    return settings


def _flat(path: Path) -> dict[str, Any]:
    """{"server_port": 8080} of `[server] port = 8080`. Relative paths are seen from the file's folder."""
    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsFaulty(f"找不到设置文件 {path}，请先运行: tousu init") from None
    except OSError as error:
        raise SettingsFaulty(f"设置文件 {path} 读不了: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsFaulty(f"设置文件 {path} 写法不对: {error}") from None
    flat: dict[str, Any] = {}
    for key, value in kept.items():
        if isinstance(value, dict):
            flat.update({f"{key}_{name}": inner for name, inner in value.items()})
        else:
            flat[key] = value
    for name in ("data_dir", "keys_file", "office_dir"):
        if flat.get(name) and isinstance(flat[name], str):
            flat[name] = path.parent / flat[name]
    if str(flat.get("database_url", "")).startswith("sqlite:///"):
        relative = flat["database_url"].removeprefix("sqlite:///")
        flat["database_url"] = f"sqlite:///{path.parent / relative}"
    return {name: value for name, value in flat.items() if value != ""}


def _half_set(settings: Settings) -> list[str]:
    """A platform is whole or absent: what is missing, and what has the wrong shape."""
    faults: list[str] = []
    wechat = {
        "TOUSU_WECHAT_APP_ID": settings.wechat_app_id,
        "TOUSU_WECHAT_APP_SECRET": settings.wechat_app_secret.get_secret_value(),
        "TOUSU_WECHAT_TOKEN": settings.wechat_token.get_secret_value(),
        "TOUSU_WECHAT_AES_KEY": settings.wechat_aes_key.get_secret_value(),
    }
    if any(wechat.values()):
        faults += [f"{name} 没有填写(微信的四项要一起填)" for name, value in wechat.items() if not value]
        if wechat["TOUSU_WECHAT_TOKEN"] and not _WECHAT_TOKEN.fullmatch(wechat["TOUSU_WECHAT_TOKEN"]):
            faults.append("TOUSU_WECHAT_TOKEN 应为 16 到 32 位的字母和数字，与公众平台上填写的一致")
        if wechat["TOUSU_WECHAT_AES_KEY"] and not _is_aes_key(wechat["TOUSU_WECHAT_AES_KEY"]):
            faults.append("TOUSU_WECHAT_AES_KEY 应为 43 位，请从公众平台「消息加解密密钥」复制")
    for who in ("citizen", "staff"):
        token = getattr(settings, f"telegram_{who}_token").get_secret_value()
        secret = getattr(settings, f"telegram_{who}_secret").get_secret_value()
        name = f"TOUSU_TELEGRAM_{who.upper()}"
        if token and not _BOT_TOKEN.fullmatch(token):
            faults.append(f"{name}_TOKEN 的形状不对，应像 123456:ABC…，请从 @BotFather 复制")
        if secret and not token:
            faults.append(f"{name}_TOKEN 没有填写，却填写了 {name}_SECRET")
        if token and settings.by_webhook and not _SECRET.fullmatch(secret):
            faults.append(f"{name}_SECRET 应为至少 32 位的字母、数字、_ 或 -(webhook 方式必填)")
    if settings.by_webhook and not settings.server_public_url:
        faults.append("TOUSU_SERVER_PUBLIC_URL 没有填写(webhook 方式必填)，例如 https://tousu.example.gov.cn")
    if settings.pii_over_telegram and not settings.pii_legal_basis.strip():
        faults.append(
            "TOUSU_PII_LEGAL_BASIS 没有填写: 在 Telegram 上显示个人信息须写明法律依据(个人信息保护法第三十六条)"
        )
    return faults


def _is_aes_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value + "=", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _fault(error: Any) -> str:
    name = f"TOUSU_{'_'.join(str(part) for part in error['loc']).upper()}"
    if error["type"] == "extra_forbidden":
        return f"{name} 不认识，请核对名称"
    if error["type"] == "literal_error":
        return f"{name} 应为 {error['ctx']['expected'].replace(' or ', '、').replace(', ', '、')} 之一"
    if error["type"] == "value_error":
        return f"{name} {str(error['msg']).removeprefix('Value error, ')}"
    return f"{name} {_WANTED.get(error['type'], '写法不对')}"


#: What pydantic's kinds of faults mean for who writes the file.
_WANTED = {
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "greater_than_equal": "应在 1 到 65535 之间",
    "less_than_equal": "应在 1 到 65535 之间",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "time_parsing": "应像 09:00",
    "time_type": "应像 09:00",
    "string_type": "应为文字，写在引号里",
    "path_type": "应为文件或文件夹的路径，写在引号里",
}


def _told(faults: list[str]) -> str:
    return f"设置有 {len(faults)} 处不对: " + " · ".join(faults)
