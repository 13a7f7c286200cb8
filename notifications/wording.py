"""The small words of messages in the reader's language: times, minutes, people. Whole messages are in `templates/`."""

from collections.abc import Iterable
from datetime import date

from directory.erased_names import number_of
from directory.roster import POSTS
from directory.texts import Translate
from notifications.day_texts import day_said
from notifications.messages import (
    AnswerView,
    CardView,
    ClockView,
    LocalTime,
    OnDutyLine,
    PagedView,
    Signature,
    StandingIn,
)

#: So many people are named in one line; a court with more says how many there are.
MOST_NAMES = 6

#: So many of the latest pages to one person are told.
MOST_TIMES = 3


class Wording:
    """Plain text, not HTML: the template escapes it. One object for one language."""

    def __init__(self, translate: Translate) -> None:
        self._ = translate

    def when(self, time: LocalTime) -> str:
        """`09:05`; with the date when it is not today, with the year when it is not this year."""
        _ = self._
        data = {"month": time.month, "day": time.day, "month_name": time.month_name}
        if time.today:
            return time.time
        if time.this_year:
            return _("{month}月{day}日 {time}", time=time.time, **data)
        return _("{year}年{month}月{day}日 {time}", time=time.time, year=time.year, **data)

    def day(self, iso: str) -> str:
        """A local day, kept as `2019-08-24`, with its weekday."""
        return day_said(date.fromisoformat(iso), self._)

    def span(self, start: LocalTime, end: LocalTime) -> str:
        """`12:00–13:30`, each end with its date when it is not today."""
        return f"{self.when(start)}–{self.when(end)}"

    def minutes(self, count: int) -> str:
        """A duration in whole minutes, in hours and minutes from an hour on."""
        _ = self._
        if count < 60:
            return _("{minutes} 分钟", minutes=count)
        hours, minutes = divmod(count, 60)
        return _("{hours} 小时 {minutes} 分钟", hours=hours, minutes=minutes)

    def took(self, answer: AnswerView) -> str:
        """How long it took, by both clocks where they differ, and whether that was too long."""
        _ = self._
        data = {"wall": self.minutes(answer.wall), "working": self.minutes(answer.working)}
        if answer.wall == answer.working:
            return _("用时 {wall}，超时", **data) if answer.late else _("用时 {wall}", **data)
        if answer.late:
            return _("用时 {wall}（工作时间 {working}），超时", **data)
        return _("用时 {wall}（工作时间 {working}）", **data)

    def post(self, post: str) -> str:
        """A post as people call it."""
        _ = self._
        names = {
            "A": _("A岗"),
            "B": _("B岗"),
            "leader": _("带班领导"),
            "technician": _("技术人员"),
            "coordinator": _("省级协调员"),
            "group": _("法院群"),
            "acknowledger": _("签收人"),
        }
        return names.get(post, post)

    def person(self, who: Signature) -> str:
        """A name with the post and, for somebody of another court, the court."""
        _ = self._
        name, post = self.name(who.name), self.post(who.post) if who.post else None
        if post and who.court:
            return _("{name}（{court} {post}）", name=name, court=who.court, post=post)
        aside = post or who.court
        return _("{name}（{post}）", name=name, post=aside) if aside else name

    def name(self, name: str) -> str:
        """A name; of somebody erased, what stands in its place, in the reader's language."""
        _ = self._
        number = number_of(name)
        return name if number is None else _("已删除人员 {number}", number=number)

    def signed(self, who: str) -> str:
        """A person as events keep them, `张伟（A岗）`, or `system`, in the reader's language; any other text as it is."""
        if who == "system":
            _ = self._
            return _("系统")
        name, bracket, post = who.removesuffix("）").partition("（")
        code = next((code for code, title in POSTS.items() if title == post), None)
        return self.person(Signature(name, code)) if bracket and code else self.name(who)

    def away(self, reason: str) -> str:
        """Why a person cannot be paged on some day, today or not; see `unreachable`."""
        _ = self._
        return _("休假") if reason == "on_leave" else self.unreachable(reason)

    def people(self, names: str) -> str:
        """Several people as events keep them: `李敏（B岗）、王芳（B岗）`."""
        return self._listed(self.signed(name) for name in names.split("、"))

    def unreachable(self, reason: str) -> str:
        """Why chat does not reach a person, as a predicate after the name."""
        _ = self._
        reasons = {
            "unlinked": _("未关联聊天账号"),
            "blocked": _("聊天账号无法送达"),
            "left": _("已离任"),
            "on_leave": _("今日休假"),
            "absent": _("今日未到岗"),
            "kicked": _("机器人不在群内"),
            "refused": _("消息未被接受"),
            "unknown_chat": _("聊天账号不存在"),
            "gone": _("聊天账号已注销"),
        }
        return reasons.get(reason, _("暂时无法呼叫"))

    def duty(self, people: Iterable[OnDutyLine], *, phones: bool = False) -> str:
        """Today's people with posts, who cannot be reached and, for those who will ring, desk phones."""
        lines = [self._duty(person, phones=phones) for person in people]
        return self._listed(lines)

    def _duty(self, person: OnDutyLine, *, phones: bool) -> str:
        _ = self._
        notes = [self.post(person.post)]
        if person.unreachable:
            notes.append(self.unreachable(person.unreachable))
        if phones and person.phone:
            notes.append(f"☎ {person.phone}")
        return _("{name}（{post}）", name=person.name, post=_("，").join(notes))

    def in_vain(self, people: Iterable[PagedView]) -> str:
        """Who was paged and when, without an answer."""
        _ = self._
        every = [
            f"{self.person(Signature(paged.name, paged.post))} "
            + _("、").join(self.when(time) for time in paged.at[-MOST_TIMES:])
            for paged in people
        ]
        # Of many people the last paged tell most: they stand next to the reader in the line.
        return _("；").join(every[-MOST_NAMES:])

    def standing_in(self, why: StandingIn) -> str:
        """Why this reader was paged instead of another: `A岗 张伟 未关联聊天账号，改呼B岗`."""
        _ = self._
        post = self.post(why.post) if why.post else ""
        instead = self.post(why.instead) if why.instead else ""
        names = self._listed(self.signed(name) for name in why.names)
        match why.reason:
            case "no_group":
                text = _("法院群未关联")
            case "no_such_post" | "empty":
                text = _("{post}今日无人", post=post)
            case "handed_over":
                return _("{name}转来", name=names) if names else _("同事转来")
            case "snoozed":
                return _("您此前选择了“稍后”，现再次提醒")
            case reason if not names:
                text = _("{post}{fault}", post=post, fault=self.unreachable(reason))
            case reason:
                fault = self.unreachable(reason)
                text = _("{post} {names} {fault}", post=post, names=names, fault=fault)
        if not instead:
            return text
        text = _("{why}，改呼{post}", why=text, post=instead)
        also = _("；").join(map(self.standing_in, why.also))
        return _("{why}（{also}）", why=text, also=also) if also else text

    def because(self, card: CardView) -> str:
        """Why it was returned: `不属本院管辖，建议由宁波海事法院管辖`; "" when nobody said."""
        _ = self._
        if card.marks.proposed_court:
            return _("不属本院管辖，建议由{court}管辖", court=card.marks.proposed_court)
        reasons = {"not_ours": _("不属本院管辖"), "other": _("其他")}
        return reasons.get(card.marks.return_reason or "", "")

    def ask(self, card: CardView) -> str:
        """What is wanted of the reader, in plain words."""
        _ = self._
        if card.clock is not None and card.clock.phase == "result":
            asks = {
                "leader": _("请督促签收人尽快反馈结果。"),
                "coordinator": _("请联系该院督促反馈结果；必要时您可以代为登记结果。"),
            }
            return asks.get(card.ask or "", _("请尽快审查，并按下方按钮反馈结果。"))
        asks = {
            "A": _("请立即签收；暂时无法处理，请按“转B岗”。"),
            "leader": _("请督促值班人员立即签收，或由您直接签收。"),
            "coordinator": _("请联系该院督促签收；必要时您可以代为签收。"),
            "group": _("请值班人员立即签收。"),
        }
        return asks.get(card.ask or "", _("请立即签收。"))

    def after_correction(self, card: CardView) -> str:
        """What a correction means for the reader."""
        _ = self._
        if card.view == "collaborating":
            return _("请补正后按“已补正”，反馈时限将重新计算。")
        return _("等待协作法院补正；补正后反馈时限将重新计算。")

    def used(self, clock: ClockView, as_of: LocalTime) -> str:
        """`已用 22/30 工作分钟（截至 11:30）`."""
        _ = self._
        data = {"used": clock.used, "target": clock.target, "time": self.when(as_of)}
        if clock.working:
            return _("已用 {used}/{target} 工作分钟（截至 {time}）", **data)
        return _("已用 {used}/{target} 自然分钟（截至 {time}）", **data)

    def headline(self, headline: str) -> str:
        """Where the filing stands, in two to six characters; a result stands for itself."""
        _ = self._
        names = {
            "waiting": _("待签收"),
            "not_acknowledged": _("尚未签收"),
            "acknowledged": _("已签收"),
            "no_result": _("尚未反馈结果"),
            "registered": _("已登记立案"),
            "withdrawn": _("已撤回"),
        }
        return names.get(headline) or self.result(headline)

    def way(self, way: str) -> str:
        """A fallback way by its name; the number of letters stays with it: `mailtos*2`."""
        _ = self._
        names = {
            "wecombot": _("企业微信"),
            "dingtalk": _("钉钉"),
            "feishu": _("飞书"),
            "mailtos": _("邮件"),
        }
        name, _star, count = way.partition("*")
        said = names.get(name, name)
        return f"{said}×{count}" if count else said

    def result(self, result: str) -> str:
        """A result as the court calls it."""
        _ = self._
        names = {
            "registered": _("登记立案"),
            "correction": _("一次性补正"),
            "not_accepted": _("不予受理"),
            "returned": _("退回"),
            "mediation": _("转诉前调解"),
        }
        return names.get(result, result)

    def first(self, card: CardView, headline: str | None = None) -> str:
        """The first line, all that a locked phone shows: what it is, where it stands, which, whose."""
        _ = self._
        return _(
            "【{kind}】{state}　{reference}　{court}",
            kind=_("演练") if card.drill else _("跨域立案"),
            state=headline or self.headline(card.headline),
            reference=card.reference,
            court=card.jurisdiction_court,
        )

    def due(self, card: CardView) -> str:
        """Until when the answer or the result is due, by how much that was missed, and by whom."""
        _ = self._
        if card.clock is None:
            return ""
        due = self._due(card.clock)
        # The court that filed must not take another's deadline for its own.
        return _("管辖法院{due}", due=due) if card.view == "collaborating" else due

    def _due(self, clock: ClockView) -> str:
        _ = self._
        data = {"time": self.when(clock.due), "over": self.minutes(clock.over)}
        answer = clock.phase == "answer"
        if not clock.overdue:
            return (
                _("应于 {time} 前签收", **data) if answer else _("应于 {time} 前反馈结果", **data)
            )
        if not clock.over:
            return (
                _("应于 {time} 前签收，已超时", **data)
                if answer
                else _("应于 {time} 前反馈结果，已超时", **data)
            )
        if answer:
            return _("应于 {time} 前签收，已超时 {over}", **data)
        return _("应于 {time} 前反馈结果，已超时 {over}", **data)

    def act(self, what: str, by: Signature, at: LocalTime, took: str) -> str:
        """One thing done: `已签收　李娜（B岗）　09:34　用时 4 分钟`."""
        _ = self._
        return _(
            "{what}　{who}　{time}　{took}",
            what=what, who=self.person(by), time=self.when(at), took=took,
        )  # fmt: skip

    def pauses(self, clock: ClockView) -> str:
        """When the clock stands still: `12:00–13:30 暂停计时`."""
        _ = self._
        spans = _("、").join(self.span(start, end) for start, end in clock.pauses)
        return _("{spans} 暂停计时", spans=spans)

    def _listed(self, items: Iterable[str]) -> str:
        _ = self._
        every = list(items)
        text = _("、").join(every[:MOST_NAMES])
        if len(every) <= MOST_NAMES:
            return text
        return _("{names}等 {count} 人", names=text, count=len(every))
