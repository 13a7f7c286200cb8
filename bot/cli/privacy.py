"""`privacy report`, `privacy erase` and `directory purge`: what is stored of a person, and its end. Rules are in `directory`."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.database import opened
from bot.cli.operator import operator
from bot.settings import Settings, load
from bot.tables import METADATA
from bot.texts import load_texts
from directory import exports, officers, privacy, retention
from directory.clock import SystemClock
from directory.errors import DirectoryError
from directory.import_tables import COLUMNS
from directory.texts import CHINESE, Translate

#: What is erased and purged lies in the tables of every layer: they must be known by then.
TABLES = METADATA

privacy_app = typer.Typer(
    help="个人信息 · personal data", no_args_is_help=True, add_completion=False
)

Person = Annotated[
    str,
    typer.Argument(
        metavar="OFFICER",
        help="法院代字:姓名，或人员编号 · court code:name, or the officer's id",
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(privacy_app, name="privacy")


@privacy_app.command()
def report(
    officer: Person,
    *,
    file: Annotated[
        Path | None, typer.Option("--json", help="写成 JSON 文件 · write it as JSON instead")
    ] = None,
) -> None:
    """列出系统中关于一个人的全部信息，并留下记录。 Everything stored about a person; recorded."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    told = asyncio.run(_report(settings, officer))
    if file is None:
        print("\n".join(_lines(told, _, chinese=settings.locale == CHINESE)))
        return
    content = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    exports.replace_file(file, content.encode())
    print(_("已写出 {file}", file=file))


async def _report(settings: Settings, words: str) -> dict[str, Any]:
    async with opened(settings) as database, database.transaction() as session:
        person = await officers.find(session, words, departed=True)
        return await privacy.report(session, person, who=operator(), now=SystemClock().now())


def _lines(told: Mapping[str, Any], _: Translate, *, chinese: bool) -> Iterator[str]:
    """The report for people: a heading and a line a row, empty fields left out."""
    card: Mapping[str, Any] = told["card"]
    yield _("关于 {person} 存有以下信息（{at}）：", person=card["name"], at=told["made_at"])
    headings = {
        "card": _("人员名片"),
        "posts": _("担任的岗位"),
        "changes": _("此人资料的变更"),
        "disclosures": _("谁看过此人的手机号"),
        "seen": _("此人看过谁的手机号"),
        "look_ups": _("查询人员次数"),
        "verifications": _("定期核对记录"),
        "corrections": _("报告的错误"),
        "shifts": _("排班记录"),
        "leaves": _("休假记录"),
        "swaps": _("换班记录"),
        "check_ins": _("到岗记录"),
        "records": _("对此人的操作"),
    }
    words = {c.field: c.chinese for c in COLUMNS["officers"]} if chinese else {}
    for name, heading in headings.items():
        rows: Sequence[Mapping[str, Any]] = [card] if name == "card" else told[name]
        yield ""
        yield _("【{heading}】{count} 条", heading=heading, count=len(rows))
        yield from (f"  {_fields(row, words)}" for row in rows)
    yield ""
    yield _("其他提到此人的记录（只列条数）：")
    yield from (f"  {name}: {count}" for name, count in told["counts"].items())
    yield _("在册期间含全部手机号的完整导出：{count} 次", count=told["full_exports"])


def _fields(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    return "　".join(
        f"{words.get(name, name)}={value}"
        for name, value in row.items()
        if value not in (None, "", {}, [])
    )


@privacy_app.command()
def erase(officer: Person) -> None:
    """删除已离任人员的全部个人信息，不可恢复。 Erase the data of somebody who left; for good."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    erased, rewritten = asyncio.run(_erase(settings, officer))
    rows = sum(erased.rows.values())
    print(
        _(
            "已删除人员 {officer} 的个人信息，涉及 {rows} 条记录；立案经过保留，姓名不再出现。",
            officer=erased.officer_id,
            rows=rows,
        )
    )
    if erased.shared_name:
        print(_("名册中另有同名人员：无法判断属于谁的记录保留原样。"))
    if settings.database_url.startswith("sqlite"):
        if not rewritten:
            raise NotRewritten(officer=erased.officer_id)
        print(_("数据库文件已重写，其中不再含有这些内容。"))
    else:
        print(_("数据库日志归档（WAL）中仍有旧内容，随归档到期消失。"))
    print(_("此前的备份和导出文件中仍有这些内容，请按期销毁，见 docs/privacy.md。"))


class NotRewritten(DirectoryError):
    """个人信息已删除，但数据库正忙，文件中仍有残留。请稍后再次运行 privacy erase {officer}。"""


async def _erase(settings: Settings, words: str) -> tuple[privacy.Erased, bool]:
    async with opened(settings) as database:
        async with database.transaction() as session:
            person = await officers.find(session, words, departed=True)
            done = await privacy.erase(session, person, who=operator(), now=SystemClock().now())
        return done, await privacy.rewrite(database, done.rows)


def purge(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出条数 · print the counts, take nothing away")
    ] = False,
) -> None:
    """清除保存期已过的数据，见 docs/privacy.md。 Take away what has been kept long enough."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    for purged in asyncio.run(_purge(settings, dry_run=dry_run)):
        days = purged.rule.kept.days
        print(
            _(
                "{rule}：{count} 条（保存 {days} 天）",
                rule=purged.rule.key,
                count=purged.count,
                days=days,
            )
        )
    if dry_run:
        print(_("以上只是预览，没有清除。去掉 --dry-run 即可清除。"))
    else:
        print(_("已清除。"))


async def _purge(settings: Settings, *, dry_run: bool) -> list[retention.Purged]:
    now = SystemClock().now()
    async with opened(settings) as database:
        if dry_run:
            async with database.reading() as session:
                return await retention.purge(session, now=now, dry_run=True)
        async with database.transaction() as session:
            return await retention.purge(session, now=now)
