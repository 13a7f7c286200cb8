"""`/form`: the forms of one's own court, or of one that is inspected, with how far each is. Filling is `form_dialogue`'s."""

from datetime import datetime

from bot.chat import form_list, notice_rights, notice_words
from bot.chat.filing_rows import named
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined, quoted
from directory.errors import CourtNotFound
from directory.models import Court
from notifications import form_rules, form_words, forms
from notifications.form_models import Form, FormSheet
from notifications.form_words import FormWords

#: So many forms are listed.
MOST = 10


async def command(talk: Talk, words: str) -> None:
    """`/form` lists those of one's own court, for coordinators those they look after; `/form CODE` those of a court that one inspects."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif not talk.private:
        await talk.reply(_("请在私聊中填报。"))
    elif words:
        await _of_court(talk, words)
    elif notice_rights.reach(talk.speaker) is not None:
        await form_list.listed(talk)
    else:
        await listed(talk, officer.court)


async def _of_court(talk: Talk, words: str) -> None:
    _ = talk.html
    found = await talk.court_meant(words)
    signer = notice_rights.signer(talk.speaker)
    if found.choices:
        head = _("“{words}”可能是以下法院，请改写代字：", words=quoted(words))
        await talk.reply(joined([head, *map(named, found.choices[:MOST])]))
    elif found.court is None:
        await talk.reply(talk.fault(CourtNotFound, words=words))
    elif signer is None or not form_rules.filler(signer, found.court.code, found.court.province):
        await talk.reply(_("只有该院人员和所在省的协调员可以填报。"))
    else:
        await listed(talk, found.court)


async def listed(talk: Talk, court: Court) -> None:
    """The open forms of a court that the speaker may fill."""
    _ = talk.html
    found = await forms.of_court(talk.session, court.code, now=talk.now, most=MOST)
    head = [bold(_("填报情况")) + "　" + court.name]
    if not found:
        await talk.reply(joined([*head, _("目前没有需要填报的表。")]))
        return
    own = talk.speaker.officer is not None and court.code == talk.speaker.officer.court_code
    lines = [line for n, one in enumerate(found, 1) for line in _line(talk, n, *one, own=own)]
    buttons = [
        {
            "text": str(number),
            "data": form_words.data(form.id, None if own else court.code),
        }
        for number, (form, *_sheet) in enumerate(found, 1)
    ]
    rows = [buttons[start : start + 5] for start in range(0, len(buttons), 5)]
    await talk.reply(joined([*head, *lines]), rows)


def _line(
    talk: Talk,
    number: int,
    form: Form,
    sheet: FormSheet,
    corrected_at: datetime | None,
    *,
    own: bool,
) -> list[str]:
    """One form: its title, how far the court is, until when."""
    _ = talk.html
    words = FormWords(form, notice_words.zone(talk), _, talk.now)
    title = _("{number}. {title}", number=number, title=form.title)
    if sheet.filled_at is not None:
        return [title, words.filled(sheet, corrected_at, own=own)]
    questions = forms.questions_of(form)
    data = {
        "done": form_rules.answered(questions, sheet.answers),
        "count": len(questions),
        "time": words.when(form.due_at),
    }
    if talk.now >= form.due_at:
        return [title, _("已答 {done}/{count}，已逾期（截止 {time}）", **data)]
    return [title, _("已答 {done}/{count}，截止 {time}", **data)]
