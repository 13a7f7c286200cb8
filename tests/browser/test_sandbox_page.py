"""The page with the phones in a real browser: pressing, writing, asking, and nobody shut out."""

import pytest
import telegram as ptb
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.sandbox import Limits, LocalTelegram


@pytest.fixture
async def server():
    async with LocalTelegram(limits=Limits.lifted()) as running:
        yield running


@pytest.fixture
async def bot(server):
    async with ptb.Bot("123456:TEST", base_url=f"{server.api_url}/bot") as client:
        yield client


@pytest.fixture
def people(server):
    phones = [
        server.add_phone(name, label=label)
        for name, label in (("王建国", "A岗"), ("李娜", "B岗"), ("赵志强", "带班领导"))
    ]
    for phone in phones[:2]:
        phone.start()
    return phones


@pytest.fixture
def group(server, people):
    return server.add_group("大连海事法院立案组", people, announced=False)


def keys(*labels):
    row = [ptb.InlineKeyboardButton(label, callback_data=f"do:{label}") for label in labels]
    return ptb.InlineKeyboardMarkup([row])


def phone(page, person):
    return page.locator(f"#phone-{person.id}")


async def opened(page, server, lang="zh", width=1440, height=900):
    await page.set_viewport_size({"width": width, "height": height})
    foreign = []
    page.on(
        "request", lambda r: None if r.url.startswith(server.page_url) else foreign.append(r.url)
    )
    await page.goto(f"{server.page_url}?lang={lang}")
    await expect(page.locator("#desk")).to_be_visible()
    return foreign


async def take(bot, kind):
    """The next update of one kind."""
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=3):
            offset = update.update_id + 1
            if getattr(update, kind):
                return getattr(update, kind)


async def test_a_message_appears_is_pressed_and_changes_in_place(
    browser_page, server, bot, people, group
):
    foreign = await opened(browser_page, server)
    await bot.send_message(
        group.id, "<b>待签收</b> KY-1", parse_mode="HTML", reply_markup=keys("签收", "稍后")
    )
    screen = phone(browser_page, people[0])
    await expect(screen.locator(".bubble strong", has_text="待签收")).to_be_visible()
    await expect(phone(browser_page, people[1]).locator(".key", has_text="签收")).to_be_visible()
    await screen.locator(".key", has_text="签收").click()
    query = await take(bot, "callback_query")
    assert query.from_user.id == people[0].id
    await query.answer("您已签收")
    await query.edit_message_text("已签收 王建国", reply_markup=keys("登记立案"))
    await expect(screen.locator(".toast")).to_have_text("您已签收")
    await expect(phone(browser_page, people[1]).locator(".toast")).not_to_be_visible()
    for person in people:
        await expect(phone(browser_page, person).locator(".bubble")).to_have_count(1)
        await expect(phone(browser_page, person).locator(".edited")).to_have_text("已编辑")
    await expect(screen.locator(".key")).to_have_text(["登记立案"])
    assert foreign == []


async def test_an_alert_waits_for_ok_and_gives_the_focus_back(browser_page, server, bot, people):
    await bot.send_message(people[0].id, "待签收", reply_markup=keys("签收"))
    await opened(browser_page, server)
    screen = phone(browser_page, people[0])
    await screen.locator(".key").focus()
    await browser_page.keyboard.press("Enter")
    await (await take(bot, "callback_query")).answer("只有管辖法院可以签收", show_alert=True)
    await expect(screen.locator("dialog p")).to_have_text("只有管辖法院可以签收")
    await browser_page.keyboard.press("Enter")
    await expect(screen.locator("dialog")).to_have_count(0)
    await expect(screen.locator(".key")).to_be_focused()


async def test_the_command_menu_is_used_with_the_keyboard_alone(browser_page, server, bot, people):
    commands = [ptb.BotCommand("find", "查法院"), ptb.BotCommand("pending", "未办结")]
    await bot.set_my_commands(commands)
    await opened(browser_page, server)
    line = phone(browser_page, people[0]).locator("textarea")
    await line.focus()
    await browser_page.keyboard.type("/p")
    option = phone(browser_page, people[0]).locator("[role=option]")
    await expect(option).to_have_text(["/pending未办结"])
    await browser_page.keyboard.press("ArrowDown")
    await browser_page.keyboard.press("Enter")
    await expect(line).to_have_value("/pending ")
    await browser_page.keyboard.type("今天")
    await browser_page.keyboard.press("Enter")
    own = phone(browser_page, people[0]).locator(".own .text")
    await expect(own.last).to_have_text("/pending 今天")
    assert people[0].messages()[-1].text == "/pending 今天"
    # The paper clip: a file goes out as a document of one's own.
    sheet = {"name": "通讯录.csv", "mimeType": "text/csv", "buffer": "姓名\n王建国\n".encode()}
    await phone(browser_page, people[0]).locator("input[type=file]").set_input_files(sheet)
    await expect(phone(browser_page, people[0]).locator(".own .file")).to_have_text("通讯录.csv")
    assert people[0].messages()[-1].file == sheet["buffer"]


async def test_an_inline_query_lists_and_sends(browser_page, server, bot, people):
    await opened(browser_page, server)
    screen = phone(browser_page, people[0])
    await screen.locator("textarea").fill("@liaison_bot 甘井子")
    query = await take(bot, "inline_query")
    assert query.query == "甘井子"
    content = ptb.InputTextMessageContent("甘井子区人民法院 辽0211")
    result = ptb.InlineQueryResultArticle("1", "甘井子区人民法院", content, description="辽0211")
    await query.answer([result], is_personal=True, cache_time=0)
    await screen.locator("[role=option]", has_text="甘井子区人民法院").click()
    await expect(screen.locator(".own .text").last).to_have_text("甘井子区人民法院 辽0211")
    await expect(screen.locator("textarea")).to_have_value("")


async def test_start_block_and_unblock(browser_page, server, bot, people):
    await opened(browser_page, server)
    leader = phone(browser_page, people[2])
    await leader.get_by_role("button", name="开始").click()
    await expect(leader.locator(".own .text")).to_have_text("/start")
    await leader.locator(".more summary").click()
    await leader.get_by_role("button", name="停用机器人").click()
    await expect(leader.locator(".gate")).to_contain_text("已停用机器人")
    assert people[2].id in server.world.blocked
    await leader.locator(".gate button").click()
    await expect(leader.locator("textarea")).to_be_visible()


async def test_a_new_page_flashes_unless_it_is_silent(browser_page, server, bot, people, group):
    await opened(browser_page, server)
    screen = phone(browser_page, people[0])
    await expect(screen.locator(".empty")).to_be_visible()
    await bot.send_message(group.id, "静", disable_notification=True)
    await expect(screen.locator(".bubble", has_text="静音")).to_be_visible()
    assert "ringing" not in await screen.get_attribute("class")
    await bot.send_message(people[0].id, "响")
    await expect(screen.locator(".badge")).to_have_text("1")
    assert "ringing" in await screen.get_attribute("class")
    await screen.locator(".tab", has_text="私聊").click()
    await expect(screen.locator(".bubble", has_text="响")).to_be_visible()
    await expect(screen.locator(".badge")).to_have_count(0)


async def test_text_from_a_message_never_becomes_markup(browser_page, server, bot, people):
    await opened(browser_page, server)
    await bot.send_message(people[0].id, "<img src=x onerror=alert(1)> 一𠮷<b>")
    text = phone(browser_page, people[0]).locator(".other .text")
    await expect(text).to_have_text("<img src=x onerror=alert(1)> 一𠮷<b>")
    await bot.send_message(people[1].id, "𠮷<b>粗<i>斜</i></b>末", parse_mode="HTML")
    html = phone(browser_page, people[1]).locator(".other .text")
    await expect(html).to_have_text("𠮷粗斜末")
    assert await html.inner_html() == "𠮷<strong>粗<em>斜</em></strong>末"


async def test_a_reply_the_bot_asks_for_is_a_reply(browser_page, server, bot, people, group):
    await opened(browser_page, server)
    asked = await bot.send_message(group.id, "哪个法院？", reply_markup=ptb.ForceReply())
    screen = phone(browser_page, people[0])
    await expect(screen.locator(".asked")).to_have_text("回复 哪个法院？")
    await screen.locator("textarea").fill("甘井子")
    await browser_page.keyboard.press("Enter")
    await expect(screen.locator(".own .text")).to_have_text("甘井子")
    message = (await bot.get_updates())[-1].message
    assert message.reply_to_message.message_id == asked.message_id
    await expect(screen.locator(".asked")).not_to_be_visible()
    offered = ptb.ReplyKeyboardMarkup([["民事一审", "执行"]])
    await bot.send_message(people[0].id, "哪一类？", reply_markup=offered)
    await screen.locator(".tab", has_text="私聊").click()
    await screen.locator(".reply-keys .key", has_text="执行").click()
    await expect(screen.locator(".own .text").last).to_have_text("执行")
    await expect(screen.locator(".reply-keys")).not_to_be_visible()


async def test_a_reply_asked_of_one_member_is_asked_of_no_other(
    browser_page, server, bot, people, group
):
    await opened(browser_page, server)
    await bot.send_message(
        group.id,
        f'<a href="tg://user?id={people[0].id}">王建国</a> 为什么？',
        parse_mode="HTML",
        reply_markup=ptb.ForceReply(selective=True),
    )
    asked = phone(browser_page, people[0]).locator(".asked")
    await expect(asked).to_have_text("回复 王建国 为什么？")
    other = phone(browser_page, people[1])
    await expect(other.locator(".other .text")).to_have_text("王建国 为什么？")
    await expect(other.locator(".asked")).not_to_be_visible()


async def test_any_message_can_be_replied_to_and_the_reply_taken_back(
    browser_page, server, bot, people, group
):
    await opened(browser_page, server)
    said = await bot.send_message(group.id, "请回复本消息")
    screen = phone(browser_page, people[0])
    await screen.locator(".message", has_text="请回复本消息").locator(".reply").click()
    await expect(screen.locator(".asked")).to_have_text("回复 请回复本消息")
    await expect(screen.locator("textarea")).to_be_focused()
    await screen.get_by_label("取消回复").click()
    await expect(screen.locator(".asked")).not_to_be_visible()
    await screen.locator(".message", has_text="请回复本消息").locator(".reply").click()
    await screen.locator("textarea").fill("缺授权委托书")
    await browser_page.keyboard.press("Enter")
    await expect(screen.locator(".own .quote")).to_contain_text("请回复本消息")
    message = (await bot.get_updates())[-1].message
    assert message.reply_to_message.message_id == said.message_id
    await expect(screen.locator(".asked")).not_to_be_visible()


async def test_a_link_to_the_bot_itself_presses_start(browser_page, server, bot, people):
    await bot.send_message(people[0].id, "https://t.me/liaison_bot?start=CODE-1 请点")
    await opened(browser_page, server)
    screen = phone(browser_page, people[0])
    await screen.locator(".text a").click()
    await expect(screen.locator(".own .text").last).to_have_text("/start CODE-1")


async def test_the_phones_shown_are_chosen_and_stay_chosen(browser_page, server, people):
    for number in range(4):
        server.add_phone(f"同事{number}")
    await opened(browser_page, server)
    await expect(browser_page.locator(".phone")).to_have_count(5)
    await browser_page.locator("#picker summary").click()
    await browser_page.get_by_role("checkbox", name="同事3").check()
    await browser_page.get_by_role("checkbox", name="同事0").uncheck()
    await expect(browser_page.get_by_role("checkbox", name="同事0")).to_be_focused()
    await expect(browser_page.locator(".phone")).to_have_count(5)
    await browser_page.reload()
    await expect(phone(browser_page, list(server.phones.values())[-1])).to_be_visible()


async def test_the_strip_shows_what_the_host_program_says(browser_page, server, people):
    links = [{"label": "值班台", "url": "http://127.0.0.1:8080/board"}]
    server.set_banner({"note": "已过 12 分钟", "links": links})
    await opened(browser_page, server)
    await expect(browser_page.locator("#note")).to_have_text("已过 12 分钟")
    await expect(browser_page.locator("#links a")).to_have_attribute("href", links[0]["url"])


async def test_the_page_says_when_the_server_is_gone_and_recovers(browser_page, server, people):
    await opened(browser_page, server)
    await expect(browser_page.locator(".phone")).to_have_count(3)
    await server.stop()
    await expect(browser_page.locator("#offline")).to_be_visible()
    await server.start()
    await expect(browser_page.locator("#offline")).not_to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize(("lang", "start"), [("zh", "开始"), ("en", "Start")])
async def test_nobody_is_shut_out(
    browser_page, server, bot, people, group, lang, start, width, height
):
    commands = [ptb.BotCommand("find", "查法院")]
    await bot.set_my_commands(commands)
    people[0].home = group
    people[2].home = None
    await bot.send_message(
        group.id,
        "<b>待签收</b> <code>KY-1</code> /find <blockquote>引</blockquote>",
        parse_mode="HTML",
        disable_notification=True,
        reply_markup=keys("签收", "稍后"),
    )
    people[0].says("收到", chat=group)
    await bot.send_message(people[1].id, "待签收")
    links = [{"label": "值班台", "url": "http://127.0.0.1/"}]
    server.set_banner({"note": "演练", "links": links, "en": {"note": "Drill"}})
    # Colours are judged at rest, not in the middle of a flash.
    await browser_page.emulate_media(reduced_motion="reduce")
    await opened(browser_page, server, lang, width, height)
    await expect(browser_page.locator("#note")).to_have_text({"zh": "演练", "en": "Drill"}[lang])
    leader = phone(browser_page, people[2])
    await leader.locator(".tab").last.click()
    await expect(leader.get_by_role("button", name=start, exact=True)).to_be_visible()
    await phone(browser_page, people[1]).locator("textarea").fill("/")
    await expect(phone(browser_page, people[1]).locator("[role=option]")).to_have_count(1)
    result = await Axe().run(browser_page)
    assert result.response["violations"] == [], result.generate_report()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await browser_page.evaluate(overflow) <= 0
    assert await browser_page.get_attribute("html", "lang") == ("en" if lang == "en" else "zh-CN")
