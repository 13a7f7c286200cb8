"""`/me`, `/language` and `/help`: what concerns the speaker alone."""

from bot.chat import drill_rights, edit_buttons, mobile_dialogue
from bot.chat.filing_rows import named
from bot.chat.officer_card import mobile_of
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from directory import officers
from directory.texts import Translate
from notifications.wording import Wording

_LANGUAGES = {"zh": "zh-CN", "en": "en"}


async def me(talk: Talk, _words: str) -> None:
    """`/me`, in the private chat only."""
    _ = talk.html
    linked = talk.speaker.linked
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /me。"))
        return
    if linked is None:
        await talk.reply(refusal("stranger", _))
        return
    words = Wording(_)
    held = _("、").join(
        words.post(post) for post in officers.POSTS_BY_RANK if post in talk.speaker.posts
    )
    language = _("中文") if talk.speaker.locale == "zh-CN" else _("英文")
    lines = [
        bold(linked.name),
        named(linked.court),
        _("岗位：{posts}", posts=held or _("今日无岗位")),
        *filter(None, (linked.department, linked.title)),
        _("办公电话：{phone}", phone=linked.desk_phone or "—"),
        _("语言：{language}（/language 更换）", language=language),
    ]
    if mobile := mobile_of(talk, linked):
        lines.append(_("手机 {mobile}", mobile=mobile))
    lines += await mobile_dialogue.seen_lines(talk, linked)
    lines.append(_("如有错误，请点“修改”。手机丢失时，请立即请管理员解除关联。"))
    rows = [*mobile_dialogue.buttons(talk, [linked]), edit_buttons.edit_buttons(talk, linked)]
    await talk.reply(joined(lines), rows)


async def language(talk: Talk, words: str) -> None:
    """`/language zh|en`, per person."""
    _ = talk.html
    linked = talk.speaker.linked
    if linked is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    wanted = words.strip().lower()
    if wanted not in _LANGUAGES:
        await talk.reply(_("请写明语言：/language zh（中文）或 /language en（英文）"))
        return
    await officers.set_language(talk.session, linked, wanted, now=talk.now)
    _ = talk.parts.texts.for_locale(_LANGUAGES[wanted])
    await talk.reply(joined([_("已切换为中文。群内仍用统一语言。")]))


async def help_(talk: Talk, _words: str) -> None:
    """`/help`, by what the speaker may do."""
    _ = talk.html
    lines = [bold(_("跨域立案值班台"))]
    if talk.speaker.officer is None:
        lines += [
            _("请向本院管理员索取邀请链接，点开即可关联（24 小时内有效，只能用一次）。"),
            _("/start 邀请码　关联本人"),
            _("/find 关键词　查询法院"),
            _("/court 代字　法院详情"),
        ]
        await talk.reply(joined(lines))
        return
    if talk.speaker.answers:
        lines += [
            _(
                "收到呼叫：点“签收”，审查后点结果；点错 2 分钟内可“撤销”。无人签收的，依次呼叫B岗、带班领导和省级协调员。"
            ),
            _("/pending　未办结的立案"),
            _("/ack 编号　签收"),
            _("/file　立案（本院为协作法院）：单行、多行粘贴或逐步填写"),
            _("/nudge 编号　催办（10 分钟一次）"),
            _("/swap　换班（带班领导：指定值班）　/handover　交接班"),
        ]
    if talk.speaker.is_coordinator:
        lines += _of_coordinators(_)
    if drill_rights.reach(talk.speaker) is not None:
        lines.append(_("/drill　演练：真实呼叫并标明【演练】，结束后发送各法院结果"))
    await talk.reply(joined([*lines, *_of_everybody(_)]))


def _of_everybody(translate: Translate) -> list[str]:
    """What every officer does."""
    _ = translate
    return [
        _("/report　通报：省级协调员编制、预览、发布；各院查看和下载"),
        _("/notice　我收到的通知；省级协调员：/notice 正文 发通知，/notice 查看回执、更正、撤回"),
        _("/training　我的培训：报名、签到、测验、上手练习；省级协调员：/training 主题 安排培训"),
        _(
            "/form　本院要填的表：接着填、更正；省级协调员：发起填报、查看进度、逐院督查，/form 代字 代填"
        ),
        _("/today　今日情况；设置每天几点发给您、是否发送"),
        _("/test　给自己发一次测试呼叫，看是否送达"),
        _("/duty [代字] [日期] [时间]　值班人员，例如 /duty 明天"),
        _("/leave　登记休假　/shift　排班（带班领导）　/closed　安排某日不办公"),
        _("/feed　订阅值班日历"),
        _("/find 关键词　查询法院和人员；在任何聊天中输入“@机器人 关键词”也可以"),
        _("/court 代字　法院详情"),
        _(
            "/edit [代字或姓名]　修改通讯录：本人、本院（带班领导、A岗、技术人员）、本省（省级协调员）"
        ),
        _("/ask 问题　提问（也可回复消息）　/faq [关键词]　常见问题"),
        _("/freshness　通讯录准确度：核对率、无B岗、无人关联"),
        _("/link 代字　在群内发送：把本群关联到本院"),
        _("/web　登录网页：值班看板、立案查询、送达情况、统计、通知、通讯录（仅私聊）"),
        _("/me　我的岗位　/language en　切换英文　/cancel　取消正在进行的操作"),
    ]


def _of_coordinators(translate: Translate) -> list[str]:
    """What only coordinators do."""
    _ = translate
    return [
        _("您是省级协调员：/pending 列出全省未办结的立案，您可以代为签收和登记结果。"),
        _("/rules　本省规则：到岗确认、自动交接班、自动演练、通讯录核对、答疑人员"),
        _("/export　下载通讯录表格；改好后发回，核对后导入"),
        _("/supervise 编号　督办：值班人员、B岗、带班领导和法院群立即收到"),
    ]
