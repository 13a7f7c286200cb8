"""The demo on the morning of the first filing, opened in a browser. Makes the README's picture:

python -m tests.browser.demo_scene docs/images/demo.png
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog
from playwright.async_api import Locator, Page, expect

from bot.cli import demo_stage
from bot.cli.demo_check import REFERENCE
from bot.cli.demo_clock import ShiftedClock
from bot.cli.demo_stage import JURISDICTION, Stage
from directory.clock import SystemClock
from tests import chromium

#: Monday 19 August 2019, 09:30 in Beijing.
MORNING = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)

#: How long (seconds) a page may take to arrive: the demo keeps Telegram's real limits.
PATIENCE = 15.0


@asynccontextmanager
async def demo(locale: str) -> AsyncIterator[Stage]:
    """The stage of `demo` in one language, on the real clock set to that morning."""
    settings = structlog.get_config()
    clock = ShiftedClock(MORNING - SystemClock().now())
    try:
        async with demo_stage.opened(0, locale, clock) as stage:
            note = "演示：人员均为虚构" if locale == "zh-CN" else "Demo: everybody is invented"
            stage.telegram.set_banner({"timezone": "Asia/Shanghai", "note": note})
            yield stage
    finally:
        structlog.configure(**settings)


async def first_filing(stage: Stage) -> None:
    """Hand in the first filing and wait until all its pages are there."""
    await stage.file(REFERENCE)
    officer, clerk = stage.phones["A岗"], stage.phones["协作法院"]
    for phone, chat in (
        (officer, None),
        (officer, stage.groups[JURISDICTION]),
        (clerk, stage.groups[demo_stage.COLLABORATING]),
    ):
        await phone.expects(REFERENCE, chat, timeout=PATIENCE)


async def opened(page: Page, stage: Stage, lang: str, width: int, height: int) -> None:
    """Open the phones' page and wait until it shows all phones."""
    await page.set_viewport_size({"width": width, "height": height})
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(f"{stage.telegram.page_url}?lang={lang}")
    await expect(page.locator(".phone")).to_have_count(len(stage.phones))


def screen(page: Page, stage: Stage, name: str) -> Locator:
    """One phone on the page."""
    return page.locator(f"#phone-{stage.phones[name].id}")


async def private(phone: Locator) -> None:
    """Turn a phone to its private chat with the bot."""
    await phone.locator(".tab").last.click()


async def take_picture(path: Path) -> None:
    """The moment after the first filing arrived: the group, A's own phone, the court that filed."""
    async with demo("zh-CN") as stage, chromium.opened_page() as page:
        await first_filing(stage)
        await opened(page, stage, "zh", 1440, 900)
        await private(screen(page, stage, "A岗"))
        await expect(screen(page, stage, "A岗").locator(".key", has_text="稍后")).to_be_visible()
        await page.screenshot(path=path)


if __name__ == "__main__":
    asyncio.run(take_picture(Path(sys.argv[1])))
