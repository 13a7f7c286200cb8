"""Files over HTTP from a process of its own: as fast as the connections allow, or at a fixed rate. Prints JSON.

A bare client over a stream, so that the load costs little of a processor that is shared with what is measured.
Reads `{"address", "token", "connections", "count", "rate", "prefix", "courts": [[collaborating, jurisdiction], …]}`.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(slots=True)
class Seen:
    """What came back. Instants are monotonic seconds, which all processes of a machine share."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    answered: dict[str, float] = field(default_factory=dict)
    #: How late a request left that had its time.
    late: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Post:
    """One request, and when it leaves (None: when a connection is free)."""

    reference: str
    request: bytes
    due: float | None


def posts(spec: dict[str, Any]) -> list[Post]:
    """Every request, written out beforehand."""
    host = urlsplit(spec["address"]).netloc
    courts = spec["courts"]
    begin = time.monotonic() + 0.05
    found = []
    for number in range(spec["count"]):
        collaborating, jurisdiction = courts[number % len(courts)]
        reference = f"{spec['prefix']}-{number:06d}"
        body = json.dumps(
            {
                "reference": reference,
                "collaborating_court": collaborating,
                "jurisdiction_court": jurisdiction,
                "case_type": "civil_first_instance",
                "drill": False,
            },
            ensure_ascii=False,
        ).encode()
        head = (
            f"POST /api/v1/filings HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: Bearer {spec['token']}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        due = begin + number / spec["rate"] if spec["rate"] else None
        found.append(Post(reference, head.encode() + body, due))
    return found


async def connection(host: str, port: int, waiting: "asyncio.Queue[Post]", seen: Seen) -> None:
    """Send one request after the other over one connection."""
    reader, writer = await asyncio.open_connection(host, port)
    while not waiting.empty():
        post = waiting.get_nowait()
        if post.due is not None:
            await asyncio.sleep(max(0.0, post.due - time.monotonic()))
            seen.late.append(time.monotonic() - post.due)
        began = time.monotonic()
        writer.write(post.request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        ended = time.monotonic()
        seen.latencies.append(ended - began)
        seen.statuses[int(head[9:12])] += 1
        seen.answered[post.reference] = ended
    writer.close()
    await writer.wait_closed()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise AssertionError(f"an answer without a length: {head!r}")


async def main(spec: dict[str, Any]) -> None:
    """File everything, then print what was seen."""
    target = urlsplit(spec["address"])
    seen = Seen()
    waiting: asyncio.Queue[Post] = asyncio.Queue()
    for post in posts(spec):
        waiting.put_nowait(post)
    cpu, began = time.process_time(), time.monotonic()
    await asyncio.gather(
        *(
            connection(str(target.hostname), int(target.port or 80), waiting, seen)
            for _ in range(spec["connections"])
        )
    )
    ended = time.monotonic()
    print(
        json.dumps(
            {
                "began": began,
                "seconds": ended - began,
                "cpu": time.process_time() - cpu,
                "statuses": seen.statuses,
                "latencies": seen.latencies,
                "answered": seen.answered,
                "late": seen.late,
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin)))
