"""The published list with 10,000 questions: read in, asked, renewed after one change; on both databases."""

import random
import time
from datetime import UTC, datetime

from sqlalchemy import update

from benchmarks import report, stage
from benchmarks.report import milliseconds, percentile
from directory.database import Database
from notifications.faq_search import FaqSearcher
from notifications.question_models import FaqEntry

ENTRIES, ASKED = 10_000, 500

_ABOUT = (
    "立案 签收 补正 退回 撤销 催办 换班 值班 通讯录 手机 邀请码 管辖法院 协作法院 案件类型 编号 时限 午休 节假日 演练 材料 "
    "扫描 身份核验 材料收取清单 再审申请 刑事自诉 国家赔偿 执行 行政 民事一审 B岗 A岗 带班领导 协调员 电子送达 缴费 诉前调解 "
    "人民法庭 海事 铁路"
)
_ASKING = (
    "怎么填写 点错了怎么办 要多久 由谁负责 如何修改 能不能代办 需要哪些材料 看不到消息 没有反应 超过时限怎么办 如何导入 "
    "怎样查询 可以撤回吗 什么时候开始计算 由哪个法院决定"
)
_AT = datetime(2026, 11, 1, tzinfo=UTC)


async def measure() -> None:
    """Fill the list, read it in, ask it, change one entry."""
    rows = []
    async with stage.opened(0) as ground:
        for engine in stage.ENGINES:
            report.say(f"questions: {engine}")
            async with ground.fresh(engine) as url:
                database = Database.connect(url)
                try:
                    rows.append((engine, *await _measured(database)))
                finally:
                    await database.close()
    report.table(
        f"{ENTRIES:,} published questions",
        ("database", "read in", "processor", "p50", "p99", "processor p50", "p99", "renewal"),
        rows,
        [
            f"{ASKED} questions as people ask them, each with the look whether the list changed; renewal: the first after one change"
        ],
    )


async def _measured(database: Database) -> tuple[str, ...]:
    chance = random.Random(1)
    async with database.transaction() as session:
        session.add_all(_entry(chance) for _ in range(ENTRIES))
    searcher = FaqSearcher(database)
    async with database.reading() as session:
        began, worked = time.perf_counter(), time.process_time()
        await searcher.refresh(session)
        read_in, processor = time.perf_counter() - began, time.process_time() - worked
        taken, used = [], []
        for _ in range(ASKED):
            began, worked = time.perf_counter(), time.process_time()
            await searcher.find(session, _question(chance))
            taken.append(time.perf_counter() - began)
            used.append(time.process_time() - worked)
    async with database.transaction() as session:
        one = update(FaqEntry).where(FaqEntry.id == ENTRIES // 2)
        await session.execute(one.values(revision=FaqEntry.revision + 1))
    async with database.reading() as session:
        began = time.perf_counter()
        await searcher.find(session, "签收点错了怎么办")
        renewed = time.perf_counter() - began
    return (
        f"{read_in:.2f} s",
        f"{processor:.2f} s",
        *(
            milliseconds([percentile(spans, share)])
            for spans in (taken, used)
            for share in (0.5, 0.99)
        ),
        milliseconds([renewed]),
    )


def _question(chance: random.Random) -> str:
    return "".join(chance.sample(_ABOUT.split(), 2)) + chance.choice(_ASKING.split())


def _entry(chance: random.Random) -> FaqEntry:
    about, asking = _ABOUT.split(), _ASKING.split()
    return FaqEntry(
        question="".join(chance.sample(about, chance.randint(2, 3))) + chance.choice(asking),
        answer="".join(chance.sample((*about, *asking), 14)),
        province="辽宁省",
        published_at=_AT,
        published_by="测试数据",
    )
