"""Where the filings behind a bulletin's figures are listed: the page's and the HTTP API's addresses. Lists none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from notifications.bulletin_figures import Period, Sheet
from notifications.statistics_series import start_of

#: Filings sent as collaborating court; every other name is a `figure_filings.Figure`.
SENT = "sent"

#: The address of the filings behind a figure: of which line (empty: all), which figure, which days.
Links = Callable[[str, str, Period], str]

#: The path of the HTTP API's list.
API = "/api/v1/filings"


def page_links(public_url: str, sheet: Sheet) -> Links:
    """Addresses of the page `/filings`, absolute under `public_url`, or below the page's own host without one."""

    def address(key: str, opens: str, period: Period) -> str:
        days = {"since": period.first.isoformat(), "until": period.last.isoformat()}
        return f"{public_url.rstrip('/')}/filings?{_query(sheet, key, opens, days)}"

    return address


def api_links(sheet: Sheet, timezone: str) -> Links:
    """Paths of the HTTP API."""
    zone = ZoneInfo(timezone)

    def address(key: str, opens: str, period: Period) -> str:
        until = start_of(period.last + timedelta(days=1), zone)
        days = {"since": _instant(start_of(period.first, zone)), "until": _instant(until)}
        return f"{API}?{_query(sheet, key, opens, days)}"

    return address


def _query(sheet: Sheet, key: str, opens: str, days: dict[str, str]) -> str:
    asked = {
        "figure": "total" if opens == SENT else opens,
        "role": "collaborating" if opens == SENT else "jurisdiction",
        **days,
        "as_of": _instant(sheet.as_of),
    }
    if sheet.province is not None:
        asked["province"] = sheet.province
    if key:
        asked["province" if sheet.province is None else "court"] = key
    return urlencode(asked)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
