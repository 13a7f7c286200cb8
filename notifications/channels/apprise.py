"""The fallback channel: letters to WeCom, DingTalk, Feishu, mail or ntfy through Apprise. Neither paces nor retries.

Apprise answers only yes or no, and takes a refusal of WeCom or DingTalk, which come with HTTP 200, for a
yes. So its plugins are given our own HTTP client in place of the module they import: it remembers the
answer, obeys no proxy variable, follows no redirection, and is where a test puts a receiver of its own.
"""

import asyncio
import importlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from directory.errors import LiaisonError
from notifications.channels.addresses import Way, way_of
from notifications.channels.port import Later, Never, Outcome, Sent
from notifications.messages import Message

#: Stands in an address for the officer's mobile number.
MOBILE = "{mobile}"

#: The plugin of each scheme: module and class. Only these are ever loaded, of 173 that Apprise brings.
_PLUGINS = {
    "wecombot": ("wecombot", "NotifyWeComBot"),
    "dingtalk": ("dingtalk", "NotifyDingTalk"),
    "feishu": ("feishu", "NotifyFeishu"),
    "lark": ("lark", "NotifyLark"),
    "ntfys": ("ntfy", "NotifyNtfy"),
    "mailtos": ("email", "NotifyEmail"),
}

#: Mail speaks no HTTP.
_MAIL = "mailtos"

#: A number that could be one, to try at the start what an address becomes.
_ANY_MOBILE = "13000000000"

#: What has a subject besides its text.
_WITH_SUBJECT = frozenset({"mailtos", "ntfys"})

#: Seconds to connect and to wait for an answer: together well below what a send may take.
TIMEOUTS = (5.0, 10.0)

#: How long (seconds) a robot that was spoken to too often is left alone.
TOO_OFTEN_SECONDS = 60.0

#: Codes in the answer of a robot: it takes nothing for now because there was too much.
#: WeCom 45009, 45033; DingTalk 130101; Feishu and Lark 11232, 99991400.
_TOO_OFTEN = frozenset({45009, 45033, 130101, 11232, 99991400})

#: The service is busy or broken, whoever asks: WeCom and DingTalk -1; Feishu 1, 11 and 2200.
_FOR_NOW = frozenset({-1, 1, 11, 2200})

#: An answer longer than this (bytes) is no robot's.
_LONGEST_ANSWER = 64 * 1024


class FallbackRefused(LiaisonError):
    """LIAISON_FALLBACK_URLS 的第 {number} 个地址（{scheme}://）无法使用，请核对密钥、主机和收件人。"""


@dataclass(frozen=True, slots=True)
class Letter(Message):
    """A message for a fallback address: plain text without buttons.

    `mobile` belongs to the officer it is for, where the address is made from it.
    """

    subject: str = ""
    mobile: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a robot's server answered; `error` is the class of the exception when there was no answer."""

    status: int = 0
    body: bytes = b""
    retry_after: str | None = None
    error: str | None = None
    #: Whether the letter may have arrived although there was no answer.
    ambiguous: bool = False


@dataclass(slots=True)
class _Call:
    """One delivery under way, in its own thread."""

    client: Any
    heard: Heard | None = None


_CALL: ContextVar[_Call] = ContextVar("fallback_call")


class AppriseChannel:
    """Implements `Channel` for the configured URLs; a letter cannot be edited.

    Args:
        urls: each with an allowed scheme.
        client: makes the HTTP client (a `requests.Session`) of one delivery.

    Raises:
        FallbackRefused: Apprise cannot use an address.
    """

    def __init__(self, urls: Sequence[str], *, client: Callable[[], Any] | None = None) -> None:
        self._client = client or _client
        ways = [(way_of(url, personal=MOBILE in url), url) for url in urls]
        self._urls: Mapping[int, str] = {way.number: url for way, url in ways}
        self.ways: tuple[Way, ...] = tuple({way.number: way for way, _url in ways}.values())
        # Its lines hold addresses and texts.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        for number, (way, url) in enumerate(ways, 1):
            plugin = _plugin(_addressed(url, _ANY_MOBILE))
            if plugin is None or (way.personal and not _only_to(plugin, _ANY_MOBILE)):
                raise FallbackRefused(number=number, scheme=way.scheme)

    async def send(
        self, chat_id: int, message: Message, *, silent: bool, reply_to: int | None
    ) -> Outcome:
        """Send a letter; there is no way to send one without a sound."""
        del silent, reply_to
        url = self._urls.get(chat_id)
        if url is None:
            return Never("refused", "the address is no longer configured")
        letter = message if isinstance(message, Letter) else Letter(message.text)
        if MOBILE in url and letter.mobile is None:
            return Never("refused", "no address of the officer's own")
        return await asyncio.to_thread(
            _deliver, _addressed(url, letter.mobile or ""), letter, self._client
        )

    async def edit(self, chat_id: int, message_id: int, message: Message) -> Outcome:
        """Leave it as it is: what was said stands there."""
        del chat_id, message
        return Sent(message_id)


def outcome_of(scheme: str, heard: Heard) -> Outcome:
    """What an answer means for the letter. Of the server's own words only codes are kept."""
    if heard.error is not None:
        return Later(f"{scheme}:{heard.error}", ambiguous=heard.ambiguous)
    if heard.status == 429:
        return Later("rate_limited", retry_after=_seconds(heard.retry_after))
    if heard.status >= 500 or heard.status == 408:
        return Later(f"{scheme}:http_{heard.status}")
    if not 200 <= heard.status < 300:
        return Never("refused", f"{scheme}: http {heard.status}")
    return _of_code(scheme, 0 if scheme == "ntfys" else _code(heard.body))


def _of_code(scheme: str, code: int | None) -> Outcome:
    """What the code in an answer with status 200 means."""
    if code is None:
        return Later(f"{scheme}:junk", ambiguous=True)
    if code in _TOO_OFTEN:
        return Later("rate_limited", retry_after=TOO_OFTEN_SECONDS)
    if code in _FOR_NOW:
        return Later(f"{scheme}:{code}")
    return Never("refused", f"{scheme}: code {code}") if code else Sent(0)


def _code(body: bytes) -> int | None:
    """The code of a robot's answer, 0 for success; None when it is no robot's answer."""
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    if not isinstance(answer, dict):
        return None
    # WeCom and DingTalk; Feishu and Lark; an older Feishu.
    for name in ("errcode", "code", "StatusCode"):
        if isinstance(answer.get(name), int):
            return int(answer[name])
    return None


def _seconds(retry_after: str | None) -> float:
    """How long a server asks to be left alone; within reason, whatever it says."""
    if retry_after is not None and retry_after.isascii() and retry_after.isdigit():
        return float(min(int(retry_after[:6]), 1800))
    return TOO_OFTEN_SECONDS


def _addressed(url: str, mobile: str) -> str:
    return url.replace(MOBILE, quote(mobile, safe=""))


def _only_to(plugin: Any, mobile: str) -> bool:
    """Whether every recipient of a mail is made from the number: nobody else may read the link."""
    everybody = [address for _name, address in plugin.targets] + [*plugin.cc, *plugin.bcc]
    return bool(everybody) and all(mobile in address for address in everybody)


def _deliver(url: str, letter: Letter, client: Callable[[], Any]) -> Outcome:
    """Send one letter, in a thread of its own."""
    scheme = url.partition("://")[0].lower()
    plugin = _plugin(url)
    if plugin is None:
        return Never("refused", f"{scheme}: not an address")
    with client() as opened:
        call = _Call(opened)
        token = _CALL.set(call)
        try:
            subject = letter.subject if scheme in _WITH_SUBJECT else ""
            went_well = bool(_say(plugin, subject, letter.text))
        finally:
            _CALL.reset(token)
    if call.heard is not None:
        return outcome_of(scheme, call.heard)
    # A mail server's answer is not passed on: what failed may go well next time.
    return Sent(0) if went_well else Later(scheme, ambiguous=True)


def _say(plugin: Any, subject: str, text: str) -> object:
    from apprise import Apprise, NotifyFormat  # noqa: PLC0415 -- a fifth of a second, for whoever uses it

    said = Apprise(asset=plugin.asset)
    said.add(plugin)
    return said.notify(body=text, title=subject, body_format=NotifyFormat.TEXT)


def _plugin(url: str) -> Any:
    """Apprise's plugin for one delivery; None when it cannot make sense of the URL."""
    from apprise import AppriseAsset  # noqa: PLC0415 -- as above

    scheme = url.partition("://")[0].lower()
    if scheme not in _PLUGINS:
        return None
    kind = _plugin_class(scheme)
    asset = AppriseAsset(app_id="Liaison", app_desc="Liaison", app_url="", async_mode=False)
    try:
        plugin = kind(**(kind.parse_url(url) or {}), asset=asset)
    except (TypeError, ValueError):  # AppriseImproperlyConfigured is a TypeError.
        return None
    plugin.socket_connect_timeout, plugin.socket_read_timeout = TIMEOUTS
    return plugin


def _plugin_class(scheme: str) -> Any:
    """The plugin of a scheme, speaking through our HTTP client."""
    name, kind = _PLUGINS[scheme]
    module: Any = importlib.import_module(f"apprise.plugins.{name}")
    if scheme != _MAIL and not isinstance(module.requests, _Requests):
        module.requests = _Requests(module.requests)
    return getattr(module, kind)


def _client() -> Any:
    import requests  # noqa: PLC0415 -- comes with Apprise

    client = requests.Session()
    client.trust_env = False
    return client


class _Requests:
    """Stands in for the module `requests` inside Apprise's plugins: sends with the call's own client."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def post(self, url: str, **options: Any) -> Any:
        """Send, and remember what was heard."""
        call = _CALL.get()
        try:
            answer = call.client.post(url, **options | {"allow_redirects": False})
        except self._module.RequestException as error:
            not_sent = isinstance(error, self._module.exceptions.ConnectTimeout) or (
                "NewConnectionError" in repr(error)
            )
            call.heard = Heard(error=type(error).__name__, ambiguous=not not_sent)
            raise
        call.heard = Heard(
            answer.status_code,
            answer.content[:_LONGEST_ANSWER],
            answer.headers.get("Retry-After"),
        )
        return answer
