"""Browsers signed in to the pages, for the tests of pages. No assertion lives here."""

from contextlib import AsyncExitStack, asynccontextmanager
from http.cookies import SimpleCookie

from aiohttp import ClientSession, DummyCookieJar

from bot import web_sessions


class Browser:
    """Keeps cookies and says where its forms were, as browsers do; follows nothing by itself."""

    def __init__(self, client, address):
        self._client, self.address, self.cookies = client, address, {}
        self.headers = {"Sec-Fetch-Site": "same-origin", "Origin": address}

    async def get(self, path):
        return await self._ask("GET", path)

    async def text(self, path):
        """The text of a page that must open."""
        answer = await self.get(path)
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status} {await answer.text()}")
        return await answer.text()

    async def post(self, path, data=None, headers=None):
        return await self._ask(
            "POST", path, data=data or {}, headers=self.headers if headers is None else headers
        )

    async def _ask(self, method, path, **options):
        answer = await self._client.request(
            method, self.address + path, cookies=self.cookies, allow_redirects=False, **options
        )
        for header in answer.headers.getall("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return answer


@asynccontextmanager
async def browser(address):
    """A browser at the application served at `address`, signed in as nobody."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as client:
        yield Browser(client, address)


async def session_of(database, officer, clock):
    """The secret of a fresh session of this officer, as its cookie would hold it."""
    async with database.transaction() as session:
        code = await web_sessions.make_link(session, officer.id, now=clock.now())
        opened = await web_sessions.use_link(
            session, code, now=clock.now(), timezone="Asia/Shanghai"
        )
    return opened.secret


@asynccontextmanager
async def browsers(address, database, clock):
    """`await sign(officer)` gives a browser of its own, signed in as this officer or by this token; all closed afterwards."""
    async with AsyncExitStack() as stack:

        async def sign(who):
            opened = await stack.enter_async_context(browser(address))
            if isinstance(who, str):
                await opened.post("/sign-in", {"token": who})
            else:
                await sign_in(opened, database, who, clock)
            return opened

        yield sign


async def sign_in(signed, database, officer, clock):
    """Sign a browser in as an officer."""
    signed.cookies["liaison_session"] = await session_of(database, officer, clock)
