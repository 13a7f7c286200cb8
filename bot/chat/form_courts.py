"""The courts of a form, listed by state and city: each is a button that opens its sheet, and so a province is inspected (逐院督查)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat import drafts
from bot.chat.notice_panel import redraw
from bot.chat.replies import Buttons, Talk, bold
from bot.models import Draft
from notifications import form_words
from notifications.form_models import Form
from notifications.form_progress import Counts, CourtSheet
from notifications.form_report import FormReport

#: So many courts stand on a page.
PAGE = 10

#: How a state is written in callback data; `m`: all that have not handed in.
_STATES = {"f": "filled", "p": "partly", "b": "blank", "u": "unreached"}
MISSING = "m"


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: a state, a city by its place among the form's (None: all), a page from 0."""

    state: str
    city: int | None = None
    page: int = 0

    @classmethod
    def parse(cls, text: str) -> "View | None":
        """What `str` gave; None for anything else."""
        state, _dot, rest = text.partition(".")
        city, _dot, page = rest.partition(".")
        known = (
            state in {*_STATES, MISSING} and page.isdecimal() and (city == "-" or city.isdecimal())
        )
        return cls(state, None if city == "-" else int(city), int(page)) if known else None

    def __str__(self) -> str:
        """As callback data holds it."""
        return f"{self.state}.{'-' if self.city is None else self.city}.{self.page}"


def _data(draft: Draft, form: Form, view: View) -> str:
    return drafts.encode(draft, f"c={form.id}.{view}")


def state_buttons(talk: Talk, draft: Draft, form: Form, counts: Counts) -> list[dict[str, str]]:
    """A button for each state in which there are courts."""
    _ = talk.html
    labels = {
        "f": (_("已填报 {count}", count=counts.filled), counts.filled),
        "p": (_("填报中 {count}", count=counts.partly), counts.partly),
        "b": (_("未开始 {count}", count=counts.blank), counts.blank),
        "u": (_("未送达 {count}", count=counts.unreached), counts.unreached),
    }
    return [
        {"text": label, "data": _data(draft, form, View(state))}
        for state, (label, count) in labels.items()
        if count
    ]


def inspect_button(talk: Talk, draft: Draft, form: Form) -> dict[str, str]:
    """逐院督查: to the courts that have not handed in."""
    _ = talk.html
    return {"text": _("逐院督查"), "data": _data(draft, form, View(MISSING))}


async def show(talk: Talk, draft: Draft, report: FormReport, form: Form, wanted: str) -> None:
    """A page of courts in a state, of one city or all; each button opens that court's sheet."""
    _ = talk.html
    view = View.parse(wanted) or View(MISSING)
    some = [one for one in report.sheets if _is(one, view.state)]
    cities = _cities(report)
    if view.city is not None and view.city < len(cities):
        some = [one for one in some if _city(one) == cities[view.city]]
    last = max(0, (len(some) - 1) // PAGE)
    view = replace(view, page=min(view.page, last))
    shown = some[view.page * PAGE : (view.page + 1) * PAGE]
    lines = [bold(report.title()), _head(talk, view, len(some), cities)]
    lines += [report.line(one) for one in shown]
    if form.closed_at is None and shown and view.state != "f":
        lines += ["", _("点代字即代该院填报（督查代填），提交后接着同市的下一个法院。")]
    await redraw(
        talk, draft, lines, [*_sheets(form, shown), *_moves(talk, draft, form, view, last, cities)]
    )


async def choose_city(talk: Talk, draft: Draft, report: FormReport, form: Form, state: str) -> None:
    """The cities in which courts are in a state, each a button with how many."""
    _ = talk.html
    state = state if state in {*_STATES, MISSING} else MISSING
    some = [one for one in report.sheets if _is(one, state)]
    buttons = [
        {"text": _("{city} {count}", city=city, count=count),
         "data": _data(draft, form, View(state, number))}
        for number, city in enumerate(_cities(report))
        if (count := sum(_city(one) == city for one in some))
    ]  # fmt: skip
    rows = [buttons[at : at + 3] for at in range(0, len(buttons), 3)]
    back = [{"text": _("返回"), "data": _data(draft, form, View(state))}]
    lines = [bold(report.title()), _head(talk, View(state), len(some), [])]
    await redraw(talk, draft, lines, [*rows, back])


def _cities(report: FormReport) -> list[str]:
    """The form's cities, in the order of their courts' codes."""
    return list(dict.fromkeys(_city(one) for one in report.sheets))


def _is(one: CourtSheet, state: str) -> bool:
    return not one.handed_in if state == MISSING else one.state == _STATES[state]


def _city(one: CourtSheet) -> str:
    return one.city or one.province


def _head(talk: Talk, view: View, count: int, cities: Sequence[str]) -> str:
    _ = talk.html
    states = {
        "f": _("已填报"), "p": _("填报中"), "b": _("未开始"), "u": _("未送达"), MISSING: _("未填报"),
    }  # fmt: skip
    data = {"state": states[view.state], "count": count}
    if view.city is None or view.city >= len(cities):
        return _("{state} {count} 个法院", **data)
    return _("{city}：{state} {count} 个法院", city=cities[view.city], **data)


def _sheets(form: Form, shown: Sequence[CourtSheet]) -> Buttons:
    buttons = [{"text": one.code, "data": form_words.data(form.id, one.code)} for one in shown]
    return [buttons[at : at + 5] for at in range(0, len(buttons), 5)]


def _moves(
    talk: Talk, draft: Draft, form: Form, view: View, last: int, cities: Sequence[str]
) -> Buttons:
    """To other pages and cities, and back."""
    _ = talk.html

    def button(text: str, to: View) -> dict[str, str]:
        return {"text": text, "data": _data(draft, form, to)}

    pages = []
    if view.page:
        pages.append(button(_("上一页"), replace(view, page=view.page - 1)))
    pages.append(button(_("刷新"), view))
    if view.page < last:
        pages.append(button(_("下一页"), replace(view, page=view.page + 1)))
    places = []
    if len(cities) > 1:
        town = {"text": _("选城市"), "data": drafts.encode(draft, f"t={form.id}.{view.state}")}
        places.append(town)
    if view.city is not None:
        places.append(button(_("全部城市"), replace(view, city=None, page=0)))
    back = [{"text": _("返回"), "data": drafts.encode(draft, f"n={form.id}")}]
    return [pages, places, back]
