"""The queue in front of `filings.receive`: requests that wait at the same time share one durable commit."""

import asyncio
from collections import deque

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from directory.clock import Clock
from directory.database import Database
from notifications import filings
from notifications.desk import DeskRules
from notifications.filings import Receipt, Submission

#: How long (seconds) what was submitted may take to be stored when the desk stops.
STOP_SECONDS = 4.0

#: How long (seconds) a commit is held back for those who may come along.
COMPANY_SECONDS = 0.005

#: How many submissions share one transaction at the most.
BATCH = 128

log = structlog.get_logger(__name__)


class IntakeQueue:
    """Takes submissions one by one and stores those that wait together in one transaction.

    A commit that must reach the disk costs the same for one filing as for fifty. Whatever is there when
    the previous commit is done goes into the next, which waits a few milliseconds for as many as filed
    at the same time just before. Who files alone waits for nobody.
    """

    def __init__(self, database: Database, desk: DeskRules, clock: Clock) -> None:
        self._database = database
        self._desk = desk
        self._clock = clock
        self._waiting: deque[tuple[Submission, asyncio.Future[Receipt]]] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to take submissions."""
        self._task = asyncio.create_task(self._work(), name="intake")

    async def stop(self) -> None:
        """Store what was submitted, then stop; what the database does not take in time is refused."""
        self._closing = True
        self._arrived.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=STOP_SECONDS)
            self._task.cancel()
            await asyncio.wait([self._task])
        _fail(list(self._waiting), ConnectionError("the intake is closed"))

    async def submit(self, submission: Submission) -> Receipt:
        """Store a filing and its first pages; returns only once they are durable.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: nothing of this submission was stored, or it is not
                known whether it was: send it again.
            ConnectionError: the desk is stopping; send it again later.
        """
        if self._closing or self._task is None:
            raise ConnectionError("the intake is closed")
        if self._task.done():  # Whatever ended it: the next filing is taken in all the same.
            await self.start()
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append((submission, answer))
        self._arrived.set()
        return await answer

    async def _work(self) -> None:
        expected = 0
        while not (self._closing and not self._waiting):
            await self._arrived.wait()
            self._arrived.clear()
            await asyncio.sleep(0)  # Whoever arrives in this same turn of the loop comes along.
            while self._waiting:
                await self._company(expected)
                count = min(BATCH, len(self._waiting))
                batch = [self._waiting.popleft() for _ in range(count)]
                try:
                    await self._store(batch)
                except Exception as error:
                    log.exception("intake_failed")
                    _fail(batch, error)
                expected = min(BATCH, count + len(self._waiting))

    async def _company(self, expected: int) -> None:
        """Wait a moment while fewer are here than a moment ago: those just answered may have more."""
        try:
            async with asyncio.timeout(COMPANY_SECONDS):
                while len(self._waiting) < expected and not self._closing:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            return

    async def _store(self, batch: list[tuple[Submission, asyncio.Future[Receipt]]]) -> None:
        try:
            async with self._database.transaction() as session:
                receipts = await filings.receive(
                    session, [item for item, _ in batch], self._desk, now=self._clock.now()
                )
        except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
            _fail(batch, error)
        except Exception as error:  # noqa: BLE001 -- whatever it is, those who wait must hear of it
            if len(batch) == 1:
                _fail(batch, error)
                return
            for single in batch:  # One faulty submission must not take the others with it.
                await self._store([single])
        else:
            for (_, answer), receipt in zip(batch, receipts, strict=True):
                if not answer.done():
                    answer.set_result(receipt)


def _fail(batch: list[tuple[Submission, asyncio.Future[Receipt]]], error: Exception) -> None:
    for _, answer in batch:
        if not answer.done():
            answer.set_exception(error)
