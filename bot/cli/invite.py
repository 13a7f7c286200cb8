"""`invite OFFICER` and `unlink OFFICER`: tie a chat account to a person, and cut it off. Rules are in `directory`."""

import asyncio
import sys
from typing import Annotated

import aiohttp
import typer

from bot.cli.database import opened
from bot.settings import Settings, load
from bot.texts import load_texts
from directory import feeds, officers
from directory.clock import SystemClock
from directory.errors import OfficerNotFound
from directory.models import Officer
from notifications import signed_links

#: How long (seconds) the chat is asked for the bot's name before the link is printed without it.
PATIENCE = 5.0

Person = Annotated[
    str,
    typer.Argument(
        metavar="OFFICER",
        help="法院代字:姓名，或人员编号 · court code:name, or the officer's id",
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(invite)
    app.command()(unlink)


def invite(officer: Person) -> None:
    """打印邀请链接和邀请码（一次有效，24 小时）。 Print an invitation link and its code."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    person, code, bot = asyncio.run(_invite(settings, officer))
    if bot is None:
        bot = "<bot>"
        print(_unnamed(settings), file=sys.stderr)
    print(_("{person} 的邀请，24 小时内有效，只能用一次：", person=officers.subject(person)))
    print(f"https://t.me/{bot}?start={code}")
    print(code)


async def _invite(settings: Settings, words: str) -> tuple[Officer, str, str | None]:
    """The person, the code, and the bot's user name where the chat gave it."""
    async with opened(settings) as database, database.transaction() as session:
        person = await officers.find(session, words)
        code = await officers.invite(session, person, now=SystemClock().now())
    return person, code, await bot_name(settings)


def _unnamed(settings: Settings) -> str:
    _ = load_texts().for_locale(settings.locale)
    if settings.telegram_token is None:
        return _("未设置 LIAISON_TELEGRAM_TOKEN：请把链接中的 <bot> 换成机器人的用户名。")
    return _(
        "{address} 没有说出机器人的用户名（令牌或网络有误）：请把链接中的 <bot> 换成它。",
        address=settings.telegram_api_url,
    )


async def bot_name(settings: Settings) -> str | None:
    """The bot's user name as the chat's server tells it; None when it cannot be asked within `PATIENCE`.

    What went wrong is not passed on: such texts hold the address, and the address the token.
    """
    if settings.telegram_token is None:
        return None
    address = f"{settings.telegram_api_url}/bot{settings.telegram_token.get_secret_value()}/getMe"
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False) as client,
            client.post(address, proxy=settings.telegram_proxy) as response,
        ):
            answer = await response.json(content_type=None)
        name = answer["result"]["username"]
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, LookupError, TypeError):
        return None
    return str(name)


def unlink(officer: Person) -> None:
    """立即解除人员的聊天账号（例如手机遗失），并留下记录。 Unlink a lost phone at once; recorded."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    person, was_linked = asyncio.run(_unlink(settings, officer))
    who = officers.subject(person)
    if was_linked:
        print(_("{person} 的聊天账号已解除关联，未用的邀请码一并作废。", person=who))
    else:
        print(_("{person} 没有关联聊天账号；未用的邀请码已作废。", person=who))
    print(_("网页登录、签收链接和值班日历地址也已失效。"))


async def _unlink(settings: Settings, words: str) -> tuple[Officer, bool]:
    async with opened(settings) as database, database.transaction() as session:
        try:
            person = await officers.find(session, words)
        except OfficerNotFound:
            # Somebody who left may still have the account: it goes as well.
            person = await officers.find(session, words, departed=True)
        now = SystemClock().now()
        # What the lost phone still holds: links in letters, and the address of the calendar.
        await signed_links.void(session, person.id, now=now)
        await feeds.revoke(session, officer_id=person.id, by="cli", now=now)
        return person, await officers.unlink(session, person, who="cli", now=now)
