"""The commands as Telegram's menu lists them, in Chinese and English, for private chats and for groups."""

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from directory.texts import CHINESE, ENGLISH, Texts, Translate

#: Telegram's language code → ours; without one the installation's language is shown.
_LANGUAGES: dict[str | None, str] = {"zh": CHINESE, "en": ENGLISH}


async def set_menus(bot: Bot, texts: Texts, locale: str) -> None:
    """Set every menu: two kinds of chats, two languages, and for all other languages `locale`.

    Raises:
        telegram.error.TelegramError: Telegram is out of reach.
    """
    for language, spoken in {None: locale, **_LANGUAGES}.items():
        _ = texts.for_locale(spoken)
        for scope, names in (
            (BotCommandScopeAllPrivateChats(), PRIVATE),
            (BotCommandScopeAllGroupChats(), GROUP),
        ):
            described = descriptions(_)
            commands = [BotCommand(name, described[name]) for name in names]
            await bot.set_my_commands(commands, scope=scope, language_code=language)


#: What is offered where, the likeliest first.
PRIVATE = (
    "pending",
    "today",
    "file",
    "duty",
    "leave",
    "shift",
    "feed",
    "find",
    "court",
    "edit",
    "export",
    "freshness",
    "ack",
    "nudge",
    "ask",
    "faq",
    "drill",
    "notice",
    "report",
    "form",
    "training",
    "web",
    "swap",
    "closed",
    "handover",
    "supervise",
    "rules",
    "test",
    "me",
    "language",
    "cancel",
    "help",
    "start",
)
GROUP = (
    "pending",
    "today",
    "file",
    "duty",
    "find",
    "court",
    "ack",
    "nudge",
    "ask",
    "faq",
    "drill",
    "link",
    "cancel",
    "help",
)


def descriptions(translate: Translate) -> dict[str, str]:
    """Each command in a few words."""
    _ = translate
    return {
        "pending": _("未办结的立案"),
        "today": _("今日情况：值班、待办、收到和签收"),
        "file": _("立案：单行、多行粘贴或逐步填写"),
        "duty": _("值班人员：今日或指定日期"),
        "leave": _("登记休假"),
        "feed": _("订阅值班日历"),
        "shift": _("排班：带班领导指定谁值班"),
        "find": _("查询法院和人员"),
        "court": _("法院详情：地址、电话、办公时间"),
        "edit": _("修改通讯录：本人、本院"),
        "export": _("下载通讯录表格，改好发回导入（省级协调员）"),
        "freshness": _("通讯录准确度：核对率、无B岗、无人关联"),
        "ack": _("按编号签收"),
        "nudge": _("按编号催办"),
        "supervise": _("按编号督办（省级协调员）"),
        "ask": _("提问：由本省答疑人员答复"),
        "faq": _("常见问题：浏览、查找"),
        "test": _("测试：给自己发一次呼叫"),
        "drill": _("演练：本院、一市、全省"),
        "notice": _("通知：发送（省级协调员），查看和确认"),
        "form": _("填报：本院要填的表；代填（省级协调员）"),
        "training": _("培训：报名、签到、测验；安排培训（省级协调员）"),
        "report": _("通报：编制、发布（省级协调员），查看"),
        "closed": _("安排某日不办公、由谁代班（带班领导、协调员）"),
        "swap": _("换班：选班次、选同事"),
        "handover": _("交接班"),
        "rules": _("本省值班规则（省级协调员）"),
        "link": _("把本群关联到本院"),
        "web": _("登录网页：看板、立案、送达、统计"),
        "me": _("我的岗位和语言"),
        "language": _("切换语言：zh 或 en"),
        "cancel": _("取消正在进行的操作"),
        "help": _("使用说明"),
        "start": _("用邀请码关联本人"),
    }
