"""`demo --check`: plays the first filing by itself, over HTTP and by the phones' buttons, and times each step."""

import sys
from collections.abc import Callable

from bot.cli.demo_stage import COLLABORATING, JURISDICTION, Narrator, Stage
from bot.sandbox import ShownMessage
from directory.errors import LiaisonError
from directory.texts import Translate

#: How long (seconds) each step may take before the check has failed.
PATIENCE = 15.0

REFERENCE = "KY-2019-000123"


class CheckFailed(LiaisonError):
    """演示未通过：{step}。请把上面的输出交给技术人员。"""


async def play(stage: Stage, tell: Narrator, _: Translate) -> None:
    """From the counter in one court to a tap in the other, and back.

    Raises:
        CheckFailed: naming the step that did not come about.
    """
    group, home = stage.groups[JURISDICTION], stage.groups[COLLABORATING]
    officer, clerk = stage.phones["A岗"], stage.phones["协作法院"]
    accepted, registered = _("已签收"), _("已登记立案")

    await stage.file(REFERENCE)
    tell.says(_("立案已收下（201），呼叫消息已可靠入库"))
    await _see(stage, _("A岗收到呼叫"), lambda: officer.finds(REFERENCE), tell)
    card = await _see(stage, _("法院群收到呼叫"), lambda: officer.finds(REFERENCE, group), tell)
    await _see(stage, _("协作法院群看到同一件"), lambda: clerk.finds(REFERENCE, home), tell)

    await officer.presses(_("签收"), card, group).answer(PATIENCE)
    tell.says(_("A岗在群里点了“签收”"))
    await _see(
        stage,
        _("群消息改为“已签收”"),
        lambda: officer.finds(f"{REFERENCE} {accepted}", group),
        tell,
    )
    await _see(stage, _("协作法院得知已签收"), lambda: clerk.finds(accepted, home), tell)

    card = await _see(
        stage, _("结果按钮已出现"), lambda: officer.finds(f"{REFERENCE} {accepted}", group), tell
    )
    await officer.presses(_("登记立案"), card, group).answer(PATIENCE)
    await _see(stage, _("协作法院得知已登记立案"), lambda: clerk.finds(registered, home), tell)

    status, filing = await stage.call("GET", f"/api/v1/filings/{REFERENCE}")
    if status != 200 or (filing["state"], filing["result"]) != ("completed", "registered"):
        raise CheckFailed(step=_("接口显示已办结"))
    tell.says(
        _(
            "接口显示已办结：签收用时 {seconds} 秒，事件 {events} 条",
            seconds=filing["answer_wall_seconds"],
            events=len(filing["events"]),
        )
    )


async def _see(
    stage: Stage, step: str, sight: Callable[[], ShownMessage | None], tell: Narrator
) -> ShownMessage:
    """Wait until a phone shows it."""
    try:
        seen: ShownMessage = await stage.telegram.until(sight, PATIENCE)
    except AssertionError as error:
        print(error, file=sys.stderr)
        raise CheckFailed(step=step) from error
    tell.says(step)
    return seen
