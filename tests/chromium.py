"""A real browser for the tests. Without one, or without Chinese letters, the tests fail and say what to do."""

import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from playwright.async_api import Page, async_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--no-startup-window",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-features=HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding",
    "--no-first-run",
    "--password-store=basic",
    # What playwright adds where it starts a browser itself: the same pixels, clocks that run behind the front too.
    "--hide-scrollbars",
    "--mute-audio",
    "--force-color-profile=srgb",
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-ipc-flooding-protection",
    "--disable-back-forward-cache",
    "--disable-breakpad",
    # A page of ours needs nothing from elsewhere: any other host is unknown to this browser.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


#: What Chromium says once it listens, before the address.
LISTENS = "DevTools listening on "


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


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a Chromium with nothing open that keeps its things in `folder`; ended afterwards."""
    command = [executable(), *ARGUMENTS, f"--user-data-dir={folder}", "--remote-debugging-port=0"]
    log = folder / "output.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(10)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where it listens, as it says itself once it does."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit and process.poll() is None:
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith(LISTENS):
                return line.removeprefix(LISTENS).strip()
        time.sleep(0.02)
    raise RuntimeError(f"Chromium did not start: {log.read_text(errors='replace')}")


@asynccontextmanager
async def opened_page(address: str) -> AsyncIterator[Page]:
    """A page with a memory of its own in the Chinese browser there; an error in its script fails the test."""
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(address)
        context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        try:
            page = await context.new_page()
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: errors.append(str(error)))
            yield page
        finally:
            await context.close()
            await browser.close()
    assert errors == [], f"the page's script failed: {errors}"
