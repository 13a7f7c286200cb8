"""The channel of reports to another system: signed POSTs as https://www.standardwebhooks.com says. Neither paces nor retries."""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from directory.clock import Clock
from notifications.channels.port import Later, Never, Outcome, Sent
from notifications.messages import Message

#: Seconds to connect, and until the answer begins: the specification's own advice.
CONNECT, TOTAL = 5.0, 15.0

#: How long (seconds) a receiver is left alone that wants to be without saying for how long, and at most.
TOO_OFTEN, LONGEST_WISH = 60.0, 1800.0


@dataclass(frozen=True, slots=True)
class Report(Message):
    """One event: `text` is the JSON body, `id` the same at every try, so that it counts once."""

    id: str = ""


class WebhookChannel:
    """Implements `Channel` for one address; a report cannot be edited. `close` it after use.

    Args:
        url: where to.
        secret: of Standard Webhooks, base64 with or without `whsec_`.
        clock: the present, which is part of what is signed.
    """

    def __init__(self, url: str, secret: str, clock: Clock) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._client: aiohttp.ClientSession | None = None

    async def send(
        self, chat_id: int, message: Message, *, silent: bool, reply_to: int | None
    ) -> Outcome:
        """Post a report."""
        del chat_id, silent, reply_to
        if not isinstance(message, Report):
            return Never("refused", "not a report")
        try:
            async with self._opened().post(
                self._url, data=message.text.encode(), headers=self._headers(message),
                allow_redirects=False,
            ) as answer:  # fmt: skip
                return outcome_of(answer.status, answer.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            not_sent = isinstance(error, aiohttp.ClientConnectorError)
            return Later(type(error).__name__, ambiguous=not not_sent)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> Outcome:
        """Leave it as it is: another event is another report."""
        del chat_id, message
        return Sent(message_id)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    def _headers(self, report: Report) -> dict[str, str]:
        from standardwebhooks import Webhook  # noqa: PLC0415 -- loaded for whoever reports

        now = self._clock.now()
        return {
            "Content-Type": "application/json",
            "User-Agent": "Liaison",
            "webhook-id": report.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self._secret).sign(report.id, now, report.text),
        }

    def _opened(self) -> aiohttp.ClientSession:
        if self._client is None:
            self._client = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TOTAL, connect=CONNECT), trust_env=False
            )
        return self._client


def outcome_of(status: int, retry_after: str | None) -> Outcome:
    """What the receiver's status means. Of a refusal the number is kept: the writer counts its tries."""
    if 200 <= status < 300:
        return Sent(0)
    if status == 410:
        return Never("refused", "http 410")
    if status in (429, 503):
        wish = float(retry_after[:6]) if retry_after and retry_after.isdecimal() else TOO_OFTEN
        return Later(f"http_{status}", retry_after=min(wish, LONGEST_WISH))
    return Later(f"http_{status}")


def body(kind: str, at: str, data: dict[str, Any]) -> str:
    """The JSON of a report, as the specification lays it out."""
    return json.dumps(
        {"type": f"filing.{kind}", "timestamp": at, "data": data},
        ensure_ascii=False,
        separators=(",", ":"),
    )
