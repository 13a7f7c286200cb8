"""Courts and officers for tests, written straight into the tables. No rule of the product is used or checked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from directory.clock import Clock
from directory.database import Database
from directory.models import Court, Officer, OfficerPost

PROVINCES = {
    "京": "北京市",
    "辽": "辽宁省",
    "浙": "浙江省",
    "沪": "上海市",
    "新": "新疆维吾尔自治区",
}

NAMES = {
    "辽": "辽宁省高级人民法院",
    "辽02": "辽宁省大连市中级人民法院",
    "辽0211": "辽宁省大连市甘井子区人民法院",
    "辽72": "大连海事法院",
    "浙": "浙江省高级人民法院",
    "浙72": "宁波海事法院",
}


@dataclass(frozen=True, slots=True)
class Liaoning:
    """The people and courts of the first filing: 浙72 collaborates, 辽72 has jurisdiction."""

    high_court: Court
    jurisdiction: Court
    collaborating: Court
    coordinator: Officer
    a: Officer
    b: Officer
    leader: Officer
    filing_officer: Officer


class Builders:
    """Makes rows, each call in a transaction of its own unless a `session` is given."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def court(
        self,
        code: str = "辽72",
        name: str | None = None,
        *,
        session: AsyncSession | None = None,
        **columns: object,
    ) -> Court:
        """A court; name, level and province follow from the code unless given."""
        now = self._clock.now()
        digits = len(code) - 1
        values: dict[str, object] = {
            "level": {0: "high", 2: "intermediate"}.get(digits, "basic"),
            "province": PROVINCES.get(code[0], f"{code[0]}省"),
            "parent_code": {0: None, 2: code[0]}.get(digits, code[:3]),
            "aliases": [],
            "created_at": now,
            "updated_at": now,
        }
        court = Court(code=code, name=name or NAMES.get(code, f"{code}法院"), **values | columns)
        async with self._writing(session) as writing:
            writing.add(court)
        return court

    async def officer(
        self,
        court: Court | str,
        name: str = "张伟",
        post: str | None = "A",
        telegram_id: int | None = None,
        *,
        session: AsyncSession | None = None,
        **columns: object,
    ) -> Officer:
        """An officer of `court` holding `post` (None: no post), linked when `telegram_id` is given."""
        now = self._clock.now()
        values: dict[str, object] = {
            "linked_at": now if telegram_id is not None else None,
            "created_at": now,
            "updated_at": now,
        }
        officer = Officer(
            court_code=court if isinstance(court, str) else court.code,
            name=name,
            telegram_id=telegram_id,
            posts=[OfficerPost(post=post)] if post is not None else [],
            **values | columns,
        )
        async with self._writing(session) as writing:
            writing.add(officer)
        return officer

    async def liaoning(self, session: AsyncSession | None = None) -> Liaoning:
        """Two provinces, the two maritime courts with their groups, and everybody linked."""
        async with self._writing(session) as writing:
            high = await self.court("辽", session=writing)
            await self.court("浙", session=writing)
            dalian = await self.court("辽72", group_chat_id=-1001, session=writing)
            ningbo = await self.court("浙72", group_chat_id=-1002, session=writing)
            return Liaoning(
                high_court=high,
                jurisdiction=dalian,
                collaborating=ningbo,
                coordinator=await self.officer(high, "周琳", "coordinator", 104, session=writing),
                a=await self.officer(
                    dalian, "王建国", "A", 101, desk_phone="0411-8000101", session=writing
                ),
                b=await self.officer(dalian, "李敏", "B", 102, session=writing),
                leader=await self.officer(dalian, "赵强", "leader", 103, session=writing),
                filing_officer=await self.officer(ningbo, "陈洁", "A", 105, session=writing),
            )

    @asynccontextmanager
    async def _writing(self, session: AsyncSession | None) -> AsyncIterator[AsyncSession]:
        if session is not None:
            yield session
            await session.flush()
        else:
            async with self._database.transaction() as own:
                yield own
