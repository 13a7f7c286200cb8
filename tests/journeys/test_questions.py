"""Questions: answered in the group's thread and published; climbing while nobody answers; answered by what is published."""

from datetime import timedelta

import pytest

from notifications import faq, questions

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


async def test_a_question_is_answered_in_the_groups_thread_and_published(
    liaoning, phones, groups, app, clock
):
    a, b, boss = phones["A岗"], phones["B岗"], phones["省级协调员"]
    group = groups["辽72"]
    asked = await a.says("/ask 电子送达地址确认书要不要当事人签字？", group)
    thread = a.expects("【提问】已转省级协调员 问：电子送达地址确认书", group)
    assert asked == thread
    copy = boss.expects("【答疑】已转省级协调员 大连海事法院　王建国（A岗） 问：电子送达地址确认书")

    # Only who answers for the province may; the asker's colleague hears so.
    await b.says("要的", group, reply_to=thread)
    b.expects("只有本省答疑人员和省级协调员可以答复", group)
    # An identity number is not taken; the answer without it is.
    await boss.says("要，例如 110101199003070038", reply_to=copy)
    boss.expects("没有提交")
    await boss.says("要签字，\n\n扫描后随材料一并上传。", reply_to=copy)
    said = a.expects(
        "【答复】 问：电子送达地址确认书 答：要签字， 扫描后随材料一并上传。 周琳（省级协调员）",
        group,
    )
    assert said.labels == ["已解决", "继续追问"]
    a.expects("【提问】已答复", group)

    # Asked on: the coordinator has it anew and answers in the group, in its thread.
    assert "只有提问人" in await b.presses("继续追问", said, group)
    await a.presses("继续追问", said, group)
    await a.says("没有扫描仪怎么办？", group, reply_to=a.expects("请写下还想问的内容", group))
    boss.expects("【答疑】已转省级协调员 问：没有扫描仪怎么办？ 回答")
    await boss.says("可以拍照上传，", group, reply_to=a.expects("【提问】已转省级协调员", group))
    again = a.expects("【答复】 问：没有扫描仪 答：可以拍照上传", group)
    await a.presses("已解决", again, group)
    a.expects("【答复】 问：没有扫描仪 ✅ 已解决", group)

    # Published in words of the coordinator's own; found by everybody at once.
    await boss.presses("发布", boss.expects("【答疑】已解决 是否收入常见问题"))
    await boss.presses("改答案", boss.expects("【发布到常见问题】"))
    await boss.says("要签字，可以扫描或拍照后上传。")
    await boss.presses("确认发布", boss.expects("【发布到常见问题】 可以扫描或拍照后上传"))
    boss.expects("【答疑】已解决 已收入常见问题")
    clerk = phones["协作法院A岗"]
    await clerk.says("/faq 送达地址签字")
    await clerk.presses("1", clerk.expects("常见问题：“送达地址签字”"))
    clerk.expects("要签字，可以扫描或拍照后上传。 —— 周琳 8月19日（周一） 有帮助 0")
    found = await clerk.asks_inline("问 送达地址")
    assert [line.title for line in found] == ["电子送达地址确认书要不要当事人签字？"]


async def test_a_question_that_nobody_answers_climbs(
    liaoning, phones, builders, app, clock, database, beijing, cut_off
):
    async with database.transaction() as session:
        session.add(
            await builders.court("最高法", "最高人民法院", level="supreme", session=session)
        )
    top = await builders.officer("最高法", "郑平", "coordinator", 109)
    technician = await builders.officer("辽72", "何技", "technician", 110)
    nation, expert = (
        phones.give_officer("全国协调员", top),
        phones.give_officer("技术人员", technician),
    )
    asker, boss = phones["A岗"], phones["省级协调员"]

    # The coordinator appoints whom to ask first.
    await boss.says("/rules")
    await boss.presses("答疑人员…")
    await boss.says("辽72:何技")
    boss.expects("辽宁省答疑人员 · 辽72:何技 移除 何技")

    await asker.says("/ask")
    await asker.says("平台打不开，报错 502 怎么处理？")
    asker.expects("【提问】已转本省答疑人员 问：平台打不开")
    expert.expects("【答疑】已转本省答疑人员 大连海事法院　王建国（A岗） 回答")
    boss.expects_nothing("【答疑】")
    await beijing("11:29")
    boss.expects_nothing("【答疑】")
    await beijing("11:31")
    boss.expects("【答疑】已转省级协调员 平台打不开 回答")
    asker.expects("【提问】已转省级协调员")
    nation.expects_nothing("【答疑】")
    clock.jump(clock.now() + timedelta(hours=21, minutes=31))
    await clock.settle()
    nation.expects("【答疑】已转全国协调员 平台打不开")

    # Whoever is first answers; who comes later sees by whom, without buttons.
    await nation.presses("回答")
    await nation.says("请清除浏览器缓存后重试。")
    asker.expects("【答复】 答：请清除浏览器缓存后重试。 郑平（省级协调员）")
    nation.expects("答复已发给提问人")
    late = expert.expects("【答疑】已答复 请清除浏览器缓存")
    await expert.says("重启路由器试试", reply_to=late)
    expert.expects("已由 郑平（省级协调员） 答复")
    assert asker.count("【答复】") == 1
    await asker.says("/ask 还有一个问题：材料太大传不上去")
    await cut_off(liaoning.a)
    await expert.says("请压缩后再传。", reply_to=expert.expects("【答疑】 材料太大"))
    expert.expects("提问人的聊天账号现在无法送达，请另行告知")
    async with database.reading() as session:
        assert await questions.earliest(session, clock.now()) is None


async def test_what_is_published_is_offered_first_and_is_enough(
    liaoning, phones, app, clock, database
):
    async with database.transaction() as session:
        await faq.publish_samples(session, now=clock.now())
    asker, boss = phones["A岗"], phones["省级协调员"]
    await asker.says("/ask 签收点错了怎么撤回？")
    offered = asker.expects("常见问题里有相近的 1. 签收或者结果点错了怎么办？")
    assert offered.labels[-2:] == ["没有帮助，继续提问", "取消"]
    await asker.presses(offered.labels[0], offered)
    asker.expects("2 分钟内由本人点“撤销”")
    await asker.presses("返回")
    await asker.presses(offered.labels[0])
    await asker.presses("有帮助，不用问了")
    asker.expects("✅ 已解决，没有另外提问。")
    boss.expects_nothing("【答疑】")

    # No help: it is asked all the same. Nobody floods.
    for number in range(3):
        await asker.says(f"/ask 签收点错了怎么撤回，第{number}次问？")
        await asker.presses("没有帮助，继续提问")
    assert boss.count("【答疑】已转省级协调员 签收点错了") == 3
    await asker.says("/ask 还有一个问题：材料太大传不上去")
    asker.expects("您已有 3 个问题在等答复")
    await asker.presses("已解决", asker.expects("【提问】 第0次问"))
    await asker.says("/ask 还有一个问题：材料太大传不上去")
    boss.expects("【答疑】 材料太大传不上去")

    # Inline: after courts, and alone after the word for it; most useful first on the list.
    found = [line.title for line in await asker.asks_inline("演练要签收吗")]
    assert "演练要不要签收？计入统计吗？" in found
    found = [line.title for line in await asker.asks_inline("大连海事")]
    assert found == ["大连海事法院（辽72）"]
    await boss.says("/faq")
    await boss.presses("导出表格")
    assert boss.phone.last().document == "常见问题 2019-08-19.xlsx"
    await asker.says("/faq")
    assert "导出表格" not in asker.phone.last().labels
    assert "1. 签收或者结果点错了怎么办？" in asker.expects("常见问题（12 条）").text
    await asker.presses("下一页 ›")
    await asker.presses("12")
    asker.expects("—— 示例")


async def test_a_colleagues_message_is_asked_on_and_linked_to_what_is_published(
    liaoning, phones, groups, app, clock, database
):
    async with database.transaction() as session:
        await faq.publish_samples(session, now=clock.now())
    a, b, boss, group = phones["A岗"], phones["B岗"], phones["省级协调员"], groups["辽72"]
    groups["辽72"].chat.type = "group"
    # Asked by replying to what somebody else wrote; with nothing typed yet the desk asks what.
    await b.says("演练要不要签收？计入统计吗？", group)
    theirs = a.phone.last(group)
    await a.says("/ask", group, reply_to=theirs)
    a.expects("常见问题里有相近的 1. 演练要不要签收", group)
    assert "只有发起人" in await b.presses("没有帮助，继续提问", chat=group)
    await a.presses("没有帮助，继续提问", chat=group)
    assert a.expects("【提问】已转省级协调员", group).reply_to == theirs.id
    await b.says("/ask", group)
    # What an administrator of the group hears people say to each other is no answer to it.
    group.add_bot(admin=True)
    await clock.settle()
    await b.says("好的，马上去看。", group, reply_to=theirs)
    b.expects_nothing("【提问】 好的，马上去看", group)
    await b.says("收件窗口的高拍仪坏了怎么办？", group, reply_to=b.expects("请写下您的问题", group))
    b.expects("【提问】 高拍仪坏了怎么办", group)

    # The group moves while it waits: the answer follows it.
    new = group.migrate()
    await clock.settle()
    await boss.says("要签收，不计入统计。", reply_to=boss.expects("【答疑】 演练要不要签收"))
    a.expects("【答复】 答：要签收，不计入统计。", new)

    # The same is on the list already: linked, not published twice.
    await boss.presses("发布", boss.expects("【答疑】已答复 演练要不要签收"))
    boss.expects("⚠️ 已有相同的问题：演练要不要签收？计入统计吗？")
    await boss.presses("关联到已有的")
    boss.expects("【答疑】已答复 已关联到常见问题中的同一问题")
    await boss.presses("回答", boss.expects("【答疑】 高拍仪坏了"))
    await boss.says("先用手机扫描件，当天报修。")
    await boss.presses("不发布", boss.expects("【答疑】已答复 高拍仪坏了"))
    boss.expects("【答疑】已答复 高拍仪坏了 不收入常见问题")
    async with database.reading() as session:
        assert (await faq.page(session, 0, order="newest", size=5)).count == 12


async def test_who_asked_in_a_group_that_is_gone_has_the_answer_personally(
    liaoning, phones, groups, app, clock
):
    a, boss, group = phones["A岗"], phones["省级协调员"], groups["辽72"]
    await a.says("/ask 收据模板在哪里下载？", group)
    group.kick_bot()
    await clock.settle()
    await boss.says("在平台首页下载。", reply_to=boss.expects("【答疑】 收据模板"))
    said = a.expects("【答复】 问：收据模板 答：在平台首页下载。")
    assert said.reply_to is None
    # Thanks for an answer is no question that climbs.
    await a.says("好的，谢谢！", reply_to=said)
    boss.expects("【答疑】已解决")
    a.expects("【答复】 ✅ 已解决")
