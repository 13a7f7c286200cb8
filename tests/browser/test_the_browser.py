import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer


@pytest.mark.parametrize("time", [1, 2])
async def test_a_page_of_ours_opens_with_chinese_letters_and_nothing_from_elsewhere(
    browser_page, time
):
    async def page(_request: web.Request) -> web.Response:
        text = "<title>待签收</title><p>跨域立案</p><img src='http://example.com/x.png'>"
        return web.Response(text=text, content_type="text/html")

    application = web.Application()
    application.router.add_get("/", page)
    refused = []
    browser_page.on("requestfailed", lambda request: refused.append(request.url))
    async with TestServer(application, host="127.0.0.1") as server:
        await browser_page.goto(str(server.make_url("/")))
        assert await browser_page.title() == "待签收"
        assert await browser_page.inner_text("p") == "跨域立案"
    assert refused == ["http://example.com/x.png"]
