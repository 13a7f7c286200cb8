"""getUpdates: the long poll, its confirmation by offset, and who may poll. The queue itself is in `updates.py`."""

import time
from typing import Any

from bot.sandbox.errors import conflict
from bot.sandbox.webhooks import Webhook
from bot.sandbox.world import World

LONGEST_POLL = 50
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


async def get_updates(world: World, webhook: Webhook, args: dict[str, Any]) -> list[dict[str, Any]]:
    """Return updates from `offset` on, waiting up to `timeout` seconds for the first.

    A second poll ends the one that waits: that one gets 409, as on Telegram.
    """
    queue = world.updates
    limit = min(max(args.get("limit", 100), 1), 100)
    deadline = time.monotonic() + min(max(args.get("timeout", 0), 0), LONGEST_POLL)
    with world.lock:
        if webhook.url:
            raise conflict(WEBHOOK_ACTIVE)
        queue.poller += 1
        mine = queue.poller
        queue.allow(args.get("allowed_updates"))
        if "offset" in args:
            queue.confirm(args["offset"])
        world.changes.announce()
    while True:
        with world.lock:
            if webhook.url:
                raise conflict("terminated by setWebhook request")
            if queue.poller != mine:
                raise conflict(OTHER_POLL)
            version = world.changes.version
            answer = queue.hand_out(limit)
        left = deadline - time.monotonic()
        if answer or left <= 0:
            return answer
        await world.changes.past(version, left)
