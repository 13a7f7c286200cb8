"""`token create`, `token revoke`, `token list`: the HTTP API's bearer tokens. Their rules are in `directory.tokens`."""

import asyncio
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.database import opened
from bot.settings import Settings, load
from bot.texts import load_texts
from directory import tokens
from directory.clock import SystemClock
from directory.models import ApiToken
from directory.texts import Translate

token_app = typer.Typer(
    help="接口令牌 · tokens of the HTTP API", no_args_is_help=True, add_completion=False
)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(token_app, name="token")


class Role(StrEnum):
    """What a token is for; an unknown one is wrong usage."""

    INTAKE = "intake"
    READER = "reader"
    COORDINATOR = "coordinator"
    ADMIN = "admin"
    BOARD = "board"


Name = Annotated[str, typer.Argument(help="令牌的名称 · the token's name")]


@token_app.command()
def create(
    name: Name,
    role: Annotated[Role, typer.Option(help="角色 · role")],
    court: Annotated[
        str | None, typer.Option(help="只限一个法院（代字） · one court only (code)")
    ] = None,
    province: Annotated[
        str | None, typer.Option(help="只限一个省份，例如 辽宁省 · one province only")
    ] = None,
) -> None:
    """新建令牌，只显示一次密钥。 Make a token; its secret is printed once, alone on stdout."""
    if court is not None and province is not None:
        raise typer.BadParameter("--court 与 --province 只能用一个 · use only one of them")
    if not name.strip() or len(name) > ApiToken.name.type.length:
        raise typer.BadParameter("名称应为 1–64 个字 · a name has 1–64 characters")
    print(asyncio.run(_create(load(), name, role, court, province)))


async def _create(
    settings: Settings, name: str, role: Role, court: str | None, province: str | None
) -> str:
    async with opened(settings) as database, database.transaction() as session:
        return await tokens.create(
            session, name, role.value, court=court, province=province, now=SystemClock().now()
        )


@token_app.command()
def revoke(name: Name) -> None:
    """吊销令牌，立即生效。 Revoke a token, at once."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    asyncio.run(_revoke(settings, name))
    print(_("令牌“{name}”已吊销。", name=name))


async def _revoke(settings: Settings, name: str) -> None:
    async with opened(settings) as database, database.transaction() as session:
        await tokens.revoke(session, name, now=SystemClock().now())


@token_app.command("list")
def show() -> None:
    """列出全部令牌（不含密钥）。 List every token, without secrets."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    found = asyncio.run(_all(settings))
    if not found:
        print(_("还没有令牌。"))
    for token in found:
        print(_line(token, ZoneInfo(settings.timezone), _))


async def _all(settings: Settings) -> list[ApiToken]:
    async with opened(settings) as database, database.reading() as session:
        return list(await tokens.all(session))


def _line(token: ApiToken, zone: ZoneInfo, _: Translate) -> str:
    """One token: name, role, scope, since when, until when; separated by tabs for other programs."""

    def local(instant: datetime) -> str:
        return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    revoked = "" if token.revoked_at is None else _("{at} 吊销", at=local(token.revoked_at))
    scope = token.court_code or token.province or _("全国")
    return "\t".join((token.name, token.role, scope, local(token.created_at), revoked)).rstrip()
