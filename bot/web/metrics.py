"""Figures for Prometheus, in a registry of their own. No reference, no person, no address with a name in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.web.parts import Health

#: Methods that are counted by name; anything else a client may invent is `OTHER`.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "OTHER"

#: Upper bounds (seconds) of the latency histogram.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class _Watched(Collector):
    """A number that another part of the product counts up by itself, read when Prometheus asks."""

    name: str
    text: str
    value: Callable[[], int]
    kind: type[CounterMetricFamily | GaugeMetricFamily] = CounterMetricFamily

    def collect(self) -> Iterable[Metric]:
        yield self.kind(self.name, self.text, value=self.value())


class Metrics:
    """What is counted while the process lives."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "liaison_http_requests",
            "HTTP requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "liaison_http_request_seconds",
            "Seconds until an HTTP request was answered.",
            ("method", "route"),
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self._filings = Counter(
            "liaison_filings_received",
            "New filings taken in over HTTP.",
            ("drill",),
            registry=self._registry,
        )
        gauges = {
            "database_up": "1 when the database can be reached.",
            "chat_connected": "1 when the chat was reached at the last try.",
            "loop_lag_seconds": "By how much the process was late at the last look.",
            "loop_idle_seconds": "Seconds since the loop last finished a cycle.",
            "outbox_waiting": "Messages and edits that are due or will be.",
            "outbox_failed": "Messages given up for good.",
            "oldest_undelivered_seconds": "Age of the oldest message that should have left; 0: none.",
            "uncounted_filings": "Settled filings that statistics have yet to count; 10000: that or more.",
        }
        self._gauges = {
            name: Gauge(f"liaison_{name}", text, registry=self._registry)
            for name, text in gauges.items()
        }

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; `route` is a template, never an address."""
        known = method if method in _METHODS else _OTHER
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def watch(self, name: str, text: str, total: Callable[[], int]) -> None:
        """Show `liaison_<name>_total`, counted elsewhere since the start; `total` must never fall."""
        self._registry.register(_Watched(f"liaison_{name}", text, total))

    def gauge(self, name: str, text: str, value: Callable[[], int]) -> None:
        """Show `liaison_<name>`, as another part of the product knows it."""
        self._registry.register(_Watched(f"liaison_{name}", text, value, GaugeMetricFamily))

    def count_filing(self, *, drill: bool) -> None:
        """Count one new filing."""
        self._filings.labels(str(drill).lower()).inc()

    def exposition(self, health: Health) -> bytes:
        """Everything as Prometheus reads it. Figures that are not known now are NaN."""
        unknown = float("nan")
        outbox = health.outbox
        idle = health.loop_idle_seconds
        uncounted = health.uncounted_filings
        values = {
            "database_up": float(outbox is not None),
            "chat_connected": float(health.chat == "connected"),
            "loop_lag_seconds": health.loop_lag_seconds,
            "loop_idle_seconds": unknown if idle is None else idle,
            "outbox_waiting": unknown if outbox is None else outbox.waiting,
            "outbox_failed": unknown if outbox is None else outbox.failed,
            "oldest_undelivered_seconds": (
                unknown if outbox is None else outbox.oldest_undelivered_seconds or 0.0
            ),
            "uncounted_filings": unknown if uncounted is None else uncounted,
        }
        for name, value in values.items():
            self._gauges[name].set(value)
        return generate_latest(self._registry)


METRICS = web.AppKey("metrics", Metrics)


def count_filing(app: web.Application, *, drill: bool) -> None:
    """Count one new filing of `app`."""
    app[METRICS].count_filing(drill=drill)
