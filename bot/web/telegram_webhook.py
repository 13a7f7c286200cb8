"""Telegram's webhook: checks that an update comes from Telegram and hands it on. What it means is `bot.chat`'s."""

import hmac
import json

import structlog
from aiohttp import web
from yarl import URL

from bot.settings import Settings
from bot.web.languages import translate_for
from bot.web.parts import parts_of
from bot.web.problems import Problem

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header

#: The largest update (bytes) that is read.
LARGEST_UPDATE = 1024 * 1024

log = structlog.get_logger(__name__)


def webhook_path(settings: Settings) -> str | None:
    """The path on which updates are served; None unless they come by webhook."""
    if settings.telegram_mode != "webhook" or settings.telegram_webhook_url is None:
        return None
    return URL(settings.telegram_webhook_url).path


async def receive_update(request: web.Request) -> web.Response:
    """Take one update; 200 only once it is durable, so that Telegram repeats what was not."""
    parts = parts_of(request)
    _ = translate_for(request)
    secret = parts.settings.telegram_webhook_secret
    given = request.headers.get(SECRET_HEADER, "")
    if (
        secret is None
        or parts.handle_update is None
        or not hmac.compare_digest(
            given.encode("utf-8", "surrogateescape"), secret.get_secret_value().encode()
        )
    ):
        raise Problem(403, _("此地址只接收 Telegram 的消息。"))
    if (request.content_length or 0) > LARGEST_UPDATE:
        raise Problem(413, _("请求超过 {size} KiB。", size=LARGEST_UPDATE // 1024))
    try:
        update = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise Problem(400, _("请求内容不是完整的 JSON（UTF-8）。")) from None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise Problem(400, _("这不是 Telegram 的消息。"))
    try:
        await parts.handle_update(update)
    except Exception as error:  # noqa: BLE001 -- whatever it was, Telegram must send it again
        log.warning("update_not_taken", error=type(error).__name__)
        raise Problem(500, _("未能保存此消息，请重发。")) from None
    return web.Response()
