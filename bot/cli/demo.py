"""`demo`: the main job on one machine with no account; the page with the phones opens in a browser."""

import asyncio
import random
import signal
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.settings import Settings, load
from bot.texts import load_texts
from directory.texts import LOCALES, Translate

if TYPE_CHECKING:
    from bot.cli.demo_stage import Narrator, Past, Stage


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(
    check: Annotated[bool, typer.Option("--check", help="自动走完第一件立案并逐步报时")] = False,
    traffic: Annotated[bool, typer.Option("--traffic", help="不断有新的立案到来")] = False,
    with_history: Annotated[
        bool,
        typer.Option("--with-history", help="带上辽宁 2019 年四个月的立案、通知、培训、填报和通报"),
    ] = False,
) -> None:
    """演示：本机运行整套系统，无需账号和网络；用浏览器打开打印出的地址。"""
    asyncio.run(_demo(load(), check=check, traffic=traffic, with_history=with_history))


async def _demo(settings: Settings, *, check: bool, traffic: bool, with_history: bool) -> None:
    from bot.cli import demo_check, demo_clock, demo_stage  # noqa: PLC0415 -- `--help` need not load the product

    _ = load_texts().for_locale(settings.locale)
    tell = demo_stage.Narrator()
    # A port of one's own only where it was asked for: two demos must not be in each other's way.
    port = settings.http_port if "http_port" in settings.model_fields_set else 0
    tell.says(_("准备临时数据库、本地 Telegram 和值班台……"))
    if with_history:
        from bot import season_history  # noqa: PLC0415 -- the plain demo starts without it

        clock, shifted = demo_clock.clock_at(season_history.OPENS_AT), True
    else:
        clock, shifted = demo_clock.demo_clock(settings.timezone)
    local = f"{clock.now().astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M}"
    if with_history:
        tell.says(_("演示时间回到辽宁四个月的最后一天：{time}", time=local))
    elif shifted:
        tell.says(_("现在法院不办公，演示时间调到 {time}", time=local))
    async with demo_stage.opened(port, settings.locale, clock, with_history=with_history) as stage:
        if stage.past:
            _tell_past(stage.past, tell, _)
        told = {"courts": stage.courts, "people": stage.people}
        tell.says(_("通讯录：{courts} 家法院，{people} 名人员（姓名均为虚构）", **told))
        tell.says(_("5 部手机已用邀请码关联，2 个法院群已关联"))
        _show_addresses(stage, tell, _)
        if check:
            await demo_check.play(stage, tell, _)
            return
        await stage.file(demo_check.REFERENCE)
        if stage.past:
            # What was told and who confirmed; what the day was like: digests are no part of the history.
            for command in ("/notice", "/today"):
                stage.phones["省级协调员"].says(command)
        tell.says(_("一件跨域立案已到：宁波海事法院 → 大连海事法院。请在“手机”页面上点“签收”。"))
        print(_("按 Ctrl-C 结束，不留任何文件。"), flush=True)
        await _until_stopped(_arrivals(stage, tell, _) if traffic else None)


def _tell_past(past: "Past", tell: "Narrator", _: Translate) -> None:
    """What is behind the demo, as its tables count it."""
    tell.says(_("已有四个月的立案：{count} 件（人员均为虚构）", count=past.filings))
    notices, lessons = past.told["notice"], past.told["announce"]
    sheets, asked = past.told["form"], past.told["ask"]
    figures = {"count": notices["notice"], "read": notices["confirm"], "people": notices["people"]}
    tell.says(_("通知 {count} 份：{people} 人次，本人已阅 {read}", **figures))
    figures = {"count": lessons["announce"], "came": lessons["attend"], "passed": lessons["passed"]}
    tell.says(_("培训 {count} 场：到课 {came} 人次，测验通过 {passed} 人", **figures))
    figures = {"count": asked["ask"], "answered": asked["answer"], "listed": asked["publish"]}
    tell.says(_("提问 {count} 个：已答复 {answered}，收入常见问题 {listed}", **figures))
    figures = {"count": sheets["fill"], "inspected": sheets["inspected"], "late": sheets["late"]}
    tell.says(_("“六个统一”填报 {count} 家法院：督查代填 {inspected}，逾期 {late}", **figures))
    issues = past.told["bulletin"]
    tell.says(
        _(
            "通报 {count} 期：异议 {contested} 件",
            count=issues["bulletin"],
            contested=issues["contest"],
        )
    )


def _show_addresses(stage: "Stage", tell: "Narrator", _: Translate) -> None:
    tell.says(f"{_('手机')}  {stage.telegram.page_url}")
    for link in _strip(stage, _)["links"]:
        tell.says(f"{link['label']}  {link['url']}")
    strips = {one: _strip(stage, stage.app.texts.for_locale(one)) for one in LOCALES}
    stage.telegram.set_banner({"timezone": stage.app.settings.timezone, **strips})


def _strip(stage: "Stage", _: Translate) -> dict[str, Any]:
    """What stands above the phones, in one language."""
    address = stage.app.http_address
    return {
        "links": [
            {"label": _("值班台"), "url": f"{address}/"},
            {"label": _("接口说明"), "url": f"{address}/api/v1/openapi.json"},
        ],
        "note": _("演示：人员均为虚构，数据用后即删"),
    }


async def _until_stopped(arrivals: Coroutine[None, None, None] | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    arriving = asyncio.create_task(arrivals) if arrivals else None
    await stop.wait()
    if arriving:
        arriving.cancel()


async def _arrivals(stage: "Stage", tell: "Narrator", _: Translate) -> None:
    """A filing every ten to thirty seconds, as on a busy day of the launch."""
    for number in range(124, 1_000_000):
        await asyncio.sleep(random.uniform(10, 30))  # noqa: S311 -- a rhythm, not a secret
        reference = f"KY-2019-{number:06}"
        await stage.file(reference)
        tell.says(_("新的立案：{reference}", reference=reference))
