"""The forms that a coordinator looks after, as a list; each is `form_panel`'s, a new one `form_draft`'s."""

from bot.chat import drafts, form_draft, form_panel, notice_rights, notice_words
from bot.chat.notice_panel import redraw
from bot.chat.replies import Talk, bold
from bot.models import Draft
from notifications import form_facts, forms
from notifications.form_facts import Where
from notifications.form_models import Form
from notifications.notice_models import Notice

#: So many forms stand in a list.
MOST = 8


async def listed(talk: Talk) -> None:
    """The forms that a coordinator looks after, and those that courts of the province fill."""
    draft = await drafts.begin(
        talk.session,
        kind=form_panel.KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={},
        lifetime=form_panel.LIFETIME,
        now=talk.now,
    )
    await _list(talk, draft)


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A button under the list or a form."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    number, _dot, rest = value.partition(".")
    if notice_rights.reach(talk.speaker) is None:
        talk.refuse(_("只有省级协调员可以查看填报情况。"))
        return
    if word == "list":
        talk.answer()
        await _list(talk, draft)
        return
    if word == "new":
        talk.answer()
        await form_draft.begin(talk)
        return
    both = word in form_panel.OF_NOTICE
    form = None
    if number.isdecimal():
        form = await forms.hold(talk.session, int(number), its_notice=both)
    if form is None or not await form_panel.sees(talk, form):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    else:
        await form_panel.act(talk, draft, form, word, rest)


async def _list(talk: Talk, draft: Draft) -> None:
    _ = talk.html
    where = Where(form_panel.province(talk))
    found = await form_facts.looked_after(talk.session, where, most=MOST)
    sums = await form_facts.filled(talk.session, [one.id for one in found], where)
    lines = [bold(_("填报情况"))]
    sent = await form_facts.notices_of(talk.session, found)
    lines += [_line(talk, one, sums.get(one.id, (0, 0)), sent[one.notice_id]) for one in found]
    if not found:
        lines.append(_("尚未发起填报。"))
    lines.append(_("本院填报、代某院填报：/form 法院代字"))
    numbers = [
        {"text": _("填报 {number}", number=one.id), "data": drafts.encode(draft, f"n={one.id}")}
        for one in found
    ]
    new = [{"text": _("发起填报"), "data": drafts.encode(draft, "new"), "style": "primary"}]
    await redraw(talk, draft, lines, [new, numbers[:4], numbers[4:]])


def _line(talk: Talk, form: Form, sums: tuple[int, int], notice: Notice) -> str:
    """A form in a list: number, until when or that it is over, title, how many courts have handed in; or when it leaves."""
    _ = talk.html
    data = {"number": form.id, "title": form.title, "filled": sums[0], "courts": sums[1]}
    if not notice.written_up_to:
        state = notice_words.words(talk).state(notice)
        return _("{number}　{state}　{title}", state=state, **data)
    if notice.recalled_at is not None:
        return _("{number}　（已撤回）　{title}　{filled}/{courts}", **data)
    if form.closed_at is not None:
        return _("{number}　（已结束）　{title}　{filled}/{courts}", **data)
    due = notice_words.when(talk, form.due_at)
    return _("{number}　{time} 截止　{title}　{filled}/{courts}", time=due, **data)
