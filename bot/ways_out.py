"""The ways out of the product: which channels the settings give it, and who writes for each. Sends nothing."""

from collections.abc import Callable, Mapping

import structlog
from telegram import Bot

from bot import reports
from bot.settings import Settings
from directory.clock import Clock
from directory.database import Database
from directory.texts import Texts
from notifications import fallback
from notifications.channels.addresses import Way
from notifications.channels.apprise import AppriseChannel
from notifications.channels.port import Channel
from notifications.channels.telegram import TelegramChannel
from notifications.channels.webhook import WebhookChannel
from notifications.desk import DeskRules
from notifications.event_reports import report_events
from notifications.letters import Letters
from notifications.outbox_rules import REPORTS
from notifications.rendering import Renderer
from notifications.writers import Writers

log = structlog.get_logger(__name__)

TELEGRAM = "telegram"


def channels_of(settings: Settings, bot: Bot | None, clock: Clock) -> dict[str, Channel]:
    """A channel for everything that is set; none for the rest.

    Raises:
        FallbackRefused: a fallback address cannot be used.
    """
    channels: dict[str, Channel] = {}
    if bot is not None:
        channels[TELEGRAM] = TelegramChannel(bot)
    if settings.fallback_urls:
        urls = [url.get_secret_value() for url in settings.fallback_urls]
        channels[fallback.CHANNEL] = AppriseChannel(urls)
        if settings.public_url is None:
            log.warning("fallback_links_are_local", remedy="set LIAISON_PUBLIC_URL")
    if settings.result_webhook_url and settings.result_webhook_secret:
        secret = settings.result_webhook_secret.get_secret_value()
        channels[REPORTS] = WebhookChannel(settings.result_webhook_url, secret, clock)
    return channels


def fallback_ways(channels: Mapping[str, Channel]) -> tuple[Way, ...]:
    """The fallback addresses, by number and name alone."""
    letters = channels.get(fallback.CHANNEL)
    return letters.ways if isinstance(letters, AppriseChannel) else ()


def writers(
    channels: Mapping[str, Channel],
    texts: Texts,
    desk: DeskRules,
    database: Database,
    clock: Clock,
    address: Callable[[], str],
) -> Writers:
    """Who writes for each channel; has events reported where there is somebody to report to."""
    if REPORTS in channels:
        report_events(database)
    return Writers(
        {
            TELEGRAM: Renderer(texts, desk).render,
            fallback.CHANNEL: Letters(texts, desk, database, clock, address).write,
            REPORTS: reports.write,
        }
    )


async def close(channels: Mapping[str, Channel]) -> None:
    """Close what a channel keeps open; the bot is closed by whoever made it."""
    for channel in channels.values():
        if isinstance(channel, WebhookChannel):
            await channel.close()
