"""The first steps of a new officer in words: what a page looks like, the buttons, silence, and the practice. Decides nothing."""

from dataclasses import dataclass

from markupsafe import Markup

from directory.texts import Translate
from notifications.ladder import Ladder
from notifications.told import Said, bold, joined
from notifications.wording import Wording

#: The word with which callback data of these buttons begins.
WORD = "onboard"

#: The messages before the practice.
LESSONS = ("1", "2", "3")

#: How long (minutes) the practice filing stays open.
OPEN_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Scene:
    """What the words need to know: the reader's court, its ladder, and whether the reader answers filings."""

    court: str
    ladder: Ladder
    answers: bool


def data(officer_id: int, nonce: str, action: str) -> str:
    """Callback data of a button."""
    return f"{WORD}:{officer_id}:{nonce}:{action}"


class Lessons:
    """The messages in one language; `translate` gives HTML."""

    def __init__(self, scene: Scene, officer_id: int, nonce: str, translate: Translate) -> None:
        self._scene = scene
        self._officer_id = officer_id
        self._nonce = nonce
        self._ = translate
        self._words = Wording(translate)

    def offer(self) -> Said:
        """The line under a greeting, with its buttons."""
        _ = self._
        text = _("用三分钟熟悉一下：三条说明，再签收一件只发给您本人的演练。")
        if not self._scene.answers:
            text = _("用一分钟熟悉一下：三条说明。")
        return Said(text, [[self._button(_("开始"), "next", "primary"), self._skip()]])

    def lesson(self, stage: str) -> Said:
        """One of the three messages, by its stage."""
        _ = self._
        written = {"1": self._page, "2": self._buttons, "3": self._silence}[stage]()
        last = stage == LESSONS[-1]
        if not last:
            label = _("下一条（{number}/3）", number=int(stage) + 1)
        else:
            label = _("开始演练") if self._scene.answers else _("完成")
        return Said(joined(written), [[self._button(label, "next", "primary"), self._skip()]])

    def calling(self) -> Said:
        """The practice filing is on its way."""
        _ = self._
        return Said(
            _(
                "演练呼叫已发出，只发给您本人。请点演练卡片上的“签收”；{minutes} 分钟后自动结束。",
                minutes=OPEN_MINUTES,
            )
        )

    def finished(self, seconds: int | None) -> Said:
        """The end: `seconds` is how long the practice waited for 签收; None without a practice."""
        _ = self._
        if seconds is None:
            return Said(_("✅ 上手完成，已记录。发送 /help 查看使用说明，/training 查看培训。"))
        return Said(
            joined(
                [
                    bold(_("✅ 上手完成，签收用时 {time}", time=self._took(seconds))),
                    _("真实立案接下来要审查并点一个结果；现在可以在演练卡片上点一个试试。"),
                    _("已记录为“已掌握基本操作”。/help 查看使用说明，/training 查看培训。"),
                ]
            )
        )

    def unanswered(self) -> Said:
        """The practice ended in silence."""
        _ = self._
        return Said(
            _("演练已结束，您没有签收。真实立案此时已呼叫他人。可以再来一次："),
            [[self._button(_("再来一次"), "next", "primary"), self._skip()]],
        )

    def skipped(self) -> Said:
        """Somebody did not want it."""
        _ = self._
        return Said(_("已跳过。随时可以发送 /training 再做。"))

    def _page(self) -> list[str]:
        _ = self._
        return [
            bold(_("1/3　呼叫是什么样")),
            _("有跨域立案到{court}时，您和本院群会收到一张卡片：", court=self._scene.court),
            Markup("<blockquote>{}</blockquote>").format(self._sample()),
            _("卡片会自己更新：谁签收、结果如何，都在原消息上，不用翻找。"),
            _("卡片上没有当事人信息，也请不要在群里写。"),
        ]

    def _sample(self) -> str:
        """A page as the reader will get them, in the words of real ones."""
        _ = self._
        first = _(
            "【{kind}】{state}　{reference}　{court}",
            kind=_("跨域立案"),
            state=self._words.headline("waiting"),
            reference="KY-2019-000123",
            court=self._scene.court,
        )
        return joined([first, _("应于 {time} 前签收", time="10:00")])

    def _buttons(self) -> list[str]:
        _ = self._
        return [
            bold(_("2/3　按钮")),
            _("签收：我来办，停止计时，其他人不再被呼叫。"),
            _("转B岗：我办不了，请B岗。　稍后：过一会儿再提醒我。"),
            _("签收后：登记立案 · 一次性补正 · 不予受理 · 退回 · 转诉前调解。"),
            _("点错了：2 分钟内点“撤销”。查看：经过和应答时限。"),
        ]

    def _silence(self) -> list[str]:
        _ = self._
        ladder = self._scene.ladder
        lines = [bold(_("3/3　没有人签收时"))]
        lines += [
            _("{time}：{who}", time=self._took(step.after), who=who)
            for step in ladder.answer
            if step.after and (who := self._whom(step.notify))
        ]
        target = self._took(ladder.answer_target)
        if ladder.clock == "working":
            lines.append(_("应答时限 {time}，按工作时间计算；休假请用 /leave 登记。", time=target))
        else:
            lines.append(_("应答时限 {time}；休假请用 /leave 登记。", time=target))
        return lines

    def _whom(self, targets: tuple[str, ...]) -> str:
        _ = self._
        named = (target for target in targets if target != "fallback")
        return _("、").join(self._words.post(target) for target in named)

    def _took(self, seconds: int) -> str:
        _ = self._
        if seconds < 60:
            return _("{seconds} 秒", seconds=seconds)
        return self._words.minutes(seconds // 60)

    def _skip(self) -> dict[str, str]:
        _ = self._
        return self._button(_("跳过"), "skip")

    def _button(self, label: str, action: str, style: str | None = None) -> dict[str, str]:
        button = {"text": str(label), "data": data(self._officer_id, self._nonce, action)}
        return {**button, "style": style} if style else button
