"""The page with the phones: one template, its words in two languages, its static files. What happens is in `phones_api`."""

import json
from functools import cache
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, PackageLoader

from bot.texts import load_texts
from directory.texts import CHINESE, ENGLISH, Translate

_HERE = Path(__file__).parent
_LANGUAGES = {"zh": CHINESE, "en": ENGLISH}
#: Nothing comes from elsewhere, nothing runs that is not in a file of ours.
_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"


def page_routes() -> list[web.AbstractRouteDef]:
    """`/` and its static files."""
    return [
        web.get("/", _page),
        web.static("/phones/static", _HERE / "static"),
    ]


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("bot.sandbox"), autoescape=True)


async def _page(request: web.Request) -> web.Response:
    """The page; `?lang=en` for English, Chinese otherwise."""
    language = "en" if request.query.get("lang") == "en" else "zh"
    _ = load_texts().for_locale(_LANGUAGES[language])
    words = json.dumps(script_words(_), ensure_ascii=False).replace("<", "\\u003c")
    html = _templates().get_template("phones.html").render(_=_, language=language, words=words)
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return web.Response(text=html, content_type="text/html", headers=headers)


def script_words(_: Translate) -> dict[str, str]:
    """The words the page's scripts use; `{n}` and the like are filled there."""
    return {
        "private": _("私聊"),
        "members": _("{n} 人"),
        "edited": _("已编辑"),
        "silent": _("静音"),
        "pinned": _("置顶"),
        "forwarded": _("转发"),
        "send": _("发送"),
        "attach": _("发送文件"),
        "reply_to": _("回复"),
        "no_reply": _("取消回复"),
        "answers": _("可选回答"),
        "type_here": _("输入消息"),
        "menu": _("命令"),
        "start": _("开始"),
        "not_started": _("此人尚未与机器人对话。按“开始”后，机器人才能给此人发消息。"),
        "blocked": _("此人已停用机器人，收不到任何消息。"),
        "block": _("停用机器人"),
        "unblock": _("恢复机器人"),
        "more": _("更多"),
        "chats": _("会话"),
        "messages": _("消息"),
        "empty": _("这里还没有消息"),
        "unread": _("{n} 条未读"),
        "no_answer": _("机器人没有回答"),
        "no_results": _("没有结果"),
        "results": _("查询结果"),
        "copied": _("已复制：{text}"),
        "ok": _("确定"),
        "offline": _("与本机电报的连接已断开，正在重连……"),
        "photo": _("图片"),
        "joined": _("{names} 加入了群"),
        "left": _("{names} 离开了群"),
        "migrated": _("此群已升级为超级群"),
        "created": _("群已建立"),
        "pinned_by": _("{names} 置顶了一条消息"),
        "language": _("手机语言：{code}"),
        "newest": _("查看最新消息"),
    }
