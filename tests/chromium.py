"""A real browser for the tests. Without one, or without Chinese letters, the tests fail and say what to do."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, async_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A page of ours needs nothing from elsewhere: any other host is unknown to this browser.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def executable() -> str:
    """The path of Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise RuntimeError("No Chromium for the tests: install it (apt-get install chromium).")
    fonts = shutil.which("fc-list")
    if fonts is None or not subprocess.check_output([fonts, ":lang=zh"]):
        raise RuntimeError(
            "No Chinese font: every character would be a box while assertions on text still pass. "
            "Install one (apt-get install fontconfig fonts-noto-cjk)."
        )
    return found


@asynccontextmanager
async def opened_page() -> AsyncIterator[Page]:
    """A fresh page in a fresh Chinese browser; an error in the page's own script fails the test."""
    path = executable()
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            page = await context.new_page()
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: errors.append(str(error)))
            yield page
        finally:
            await browser.close()
    assert errors == [], f"the page's script failed: {errors}"
