"""Settings from the environment, read here and nowhere else. A wrong value is named in a sentence."""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from directory.disclosures import PER_HOUR
from directory.errors import LiaisonError
from directory.texts import CHINESE, ENGLISH

PREFIX = "LIAISON_"


class SettingsRefused(LiaisonError):
    """设置有误：{faults}。请改正后再启动。"""


class SettingsProblem(ValueError):
    """A value that cannot be used; the text names the remedy."""


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = "不是已知时区，例如 Asia/Shanghai"
        raise SettingsProblem(message) from error
    return value


def _database_url(value: str) -> str:
    if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        message = "应以 sqlite+aiosqlite:/// 或 postgresql+asyncpg:// 开头"
        raise SettingsProblem(message)
    return value


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = "应为完整地址，例如 https://liaison.example.gov.cn"
        raise SettingsProblem(message)
    return value.rstrip("/")


def _proxy_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = "应为代理的完整地址，例如 http://10.0.0.1:3128"
        raise SettingsProblem(message)
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    """Telegram refuses any other secret, and only after the start."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        message = "只能含字母、数字、下划线和连字符，至多 256 个"
        raise SettingsProblem(message)
    return value


#: Ways to say it without Telegram that lead to a court's own places. The library behind them knows far
#: more, among them ways into this machine and this network.
FALLBACK_SCHEMES = ("wecombot", "dingtalk", "feishu", "lark", "mailtos", "ntfys")

#: Stands in a mail address for the officer's mobile number: then the address is the officer's own.
MOBILE = "{mobile}"

#: A new address begins after a blank or a comma; a comma inside one (two recipients) separates nothing.
_BETWEEN_URLS = re.compile(r"\s+|,(?=\s|[A-Za-z][A-Za-z0-9+.-]*:)")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20})://.")


def _fallback_urls(value: object) -> object:
    """One secret a URL. The text of a fault names the scheme and the place, never the address."""
    if not isinstance(value, str):
        return value
    urls = [part.strip(",") for part in _BETWEEN_URLS.split(value) if part.strip(",")]
    for number, url in enumerate(urls, 1):
        found = _SCHEME.match(url)
        scheme = found[1].lower() if found else None
        if scheme not in FALLBACK_SCHEMES:
            allowed = "、".join(f"{name}://" for name in FALLBACK_SCHEMES)
            what = f"使用了不允许的 {scheme}://" if scheme else "没有写明协议"
            message = f"的第 {number} 个地址{what}；只能使用 {allowed}"
            raise SettingsProblem(message)
        if MOBILE in url and scheme != "mailtos":
            message = f"的第 {number} 个地址是 {scheme}://，{MOBILE} 只能写在 mailtos:// 的收件人里"
            raise SettingsProblem(message)
    return tuple(SecretStr(url) for url in urls)


def _signing_secret(value: SecretStr) -> SecretStr:
    """A secret of Standard Webhooks: base64 of at least 24 bytes, with or without `whsec_`."""
    try:
        key = base64.b64decode(value.get_secret_value().removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < 24:
        message = "应为 whsec_ 加至少 24 字节的 base64，例如用 openssl rand -base64 32 生成"
        raise SettingsProblem(message)
    return value


Zone = Annotated[str, AfterValidator(_known_zone)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
ProxyUrl = Annotated[str, AfterValidator(_proxy_url)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
FallbackUrls = Annotated[tuple[SecretStr, ...], BeforeValidator(_fallback_urls)]
SigningSecret = Annotated[SecretStr, AfterValidator(_signing_secret)]
Rate = Annotated[float, Field(ge=0)]


def _lifted_or_whole(value: float) -> float:
    if 0 < value < 1:
        message = "应为 0（不限）或不小于 1"
        raise SettingsProblem(message)
    return value


GlobalRate = Annotated[float, Field(ge=0), AfterValidator(_lifted_or_whole)]


class Settings(BaseModel):
    """Everything that may be set from outside, frozen. Rates of 0 lift a limit (drills on the local server)."""

    model_config = ConfigDict(frozen=True)

    database_url: DatabaseUrl = "sqlite+aiosqlite:///liaison.db"
    telegram_token: SecretStr | None = None
    telegram_api_url: HttpUrl = "https://api.telegram.org"
    telegram_proxy: ProxyUrl | None = None
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_url: HttpUrl | None = None
    telegram_webhook_secret: WebhookSecret | None = None
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: HttpUrl | None = None
    timezone: Zone = "Asia/Shanghai"
    locale: Literal["zh-CN", "en"] = "zh-CN"
    ladder: Path | None = None
    log_format: Literal["console", "json"] = "console"
    rate_global: GlobalRate = 29.0
    rate_group: Annotated[int, Field(ge=0)] = 20
    rate_chat: Rate = 1.0
    chat_phones: Literal["desk", "role"] = "desk"
    lookups_per_hour: Annotated[int, Field(ge=0)] = PER_HOUR
    fallback_urls: FallbackUrls = ()
    heartbeat_url: HttpUrl | None = None
    result_webhook_url: HttpUrl | None = None
    result_webhook_secret: SigningSecret | None = None

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.telegram_mode == "webhook":
            for name in ("telegram_webhook_url", "telegram_webhook_secret"):
                if not getattr(self, name):
                    message = f"webhook 模式必须设置 {PREFIX}{name.upper()}"
                    raise SettingsProblem(message)
        return self

    @model_validator(mode="after")
    def _reports_are_signed(self) -> Self:
        if self.result_webhook_url and not self.result_webhook_secret:
            message = (
                f"设置了 {PREFIX}RESULT_WEBHOOK_URL 就必须设置 {PREFIX}RESULT_WEBHOOK_SECRET，"
                "否则接收方无法核验来源"
            )
            raise SettingsProblem(message)
        return self


def notify_socket() -> str | None:
    """Where systemd listens: its own protocol's variable, the one without our prefix; no setting."""
    return os.environ.get("NOTIFY_SOCKET")


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read `LIAISON_*` (and `LIAISON_*_FILE`); the argument stands in for the process's environment.

    Raises:
        SettingsRefused: naming every variable that is wrong and why.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    faults: list[str] = []
    for field in Settings.model_fields:
        name = PREFIX + field.upper()
        try:
            value = _value(environment, name)
        except SettingsProblem as problem:
            faults.append(str(problem))
            continue
        if value:
            values[field] = value
    try:
        settings = Settings(**values)
    except ValidationError as error:
        faults += [_sentence(fault) for fault in error.errors()]
        raise SettingsRefused(faults="；".join(faults)) from None
    if faults:
        raise SettingsRefused(faults="；".join(faults))
    return settings


def language() -> str:
    """The language of this installation, also when its settings are refused."""
    return ENGLISH if _value(os.environ, PREFIX + "LOCALE") == ENGLISH else CHINESE


def _value(environment: Mapping[str, str], name: str) -> str | None:
    if file := environment.get(name + "_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            message = f"{name}_FILE 指向的文件 {file} 无法读取"
            raise SettingsProblem(message) from error
    return environment.get(name)


_REASONS = {
    "literal_error": "只能是 {expected}",
    "int_parsing": "应为整数",
    "float_parsing": "应为数字",
    "less_than_equal": "应不大于 {le}",
    "greater_than_equal": "应不小于 {ge}",
}


def _sentence(fault: Any) -> str:
    """Say which variable is wrong and why. The value itself is left out: it may be a secret."""
    if not fault["loc"]:
        return str(fault["ctx"]["error"])
    name = PREFIX + str(fault["loc"][0]).upper()
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        return f"{name} {context['error']}"
    if "expected" in context:
        # Pydantic writes "'zh-CN' or 'en'", in English.
        context = {
            **context,
            "expected": context["expected"].replace(" or ", " 或 ").replace("'", ""),
        }
    return f"{name} " + _REASONS.get(fault["type"], "无法识别").format(**context)
