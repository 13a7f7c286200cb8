"""Details of events as machines store them, and as people in both languages read them."""

import re

import pytest

from bot.texts import load_texts
from notifications import event_words

TEXTS = load_texts()

CASES = [
    ("paged", "王建国（A岗）", "王建国（A岗）", "王建国 (post A)"),
    ("paged", "已删除人员 7（A岗）", "已删除人员 7（A岗）", "erased person 7 (post A)"),
    ("paged", "李敏（B岗）；A: handed_over", "李敏（B岗），A岗转交", "handed over by post A"),
    ("escalated", "李敏（B岗）；A: unlinked", "A岗未关联聊天账号", "post A has no linked chat account"),
    ("paged", "李敏（B岗）；A: empty", "A岗今日无人", "Nobody holds post A today"),
    ("delivered", "telegram 辽72 A", "电报 辽72 A岗", "Telegram 辽72 post A"),
    ("delivered", "telegram 辽72 group", "电报 辽72 法院群", "Telegram 辽72"),
    ("delivery_failed", "telegram A: blocked", "电报 A岗：聊天账号无法送达", "cannot be reached"),
    ("delivery_failed", "telegram 辽72 group: kicked", "机器人不在群内", "the bot is not in the group"),
    ("delivery_failed", "无人可呼叫", "无人可呼叫", "nobody can be paged"),
    ("refused", "acknowledge: stranger", "签收：未关联聊天账号", "has no linked chat account"),
    ("refused", "nudge: not_collaborating", "催办：不是协作法院人员", "not of the collaborating court"),
    ("refused", "result: technician", "反馈结果：今日不在应答岗位", "no answering post today"),
    ("undone", "acknowledged", "签收", "Acknowledge"),
    ("result", "登记立案", "登记立案", "Registered"),
    ("correction", "缺营业执照", "缺营业执照", "缺营业执照"),
    ("withdrawn", "电话 13800138000", "电话 138****8000", "138****8000"),
    ("received", "", "", ""),
    ("paged", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "stored", "chinese", "english"), CASES)
def test_a_detail_is_said_in_words_of_the_readers_language(kind, stored, chinese, english):
    said = {
        locale: event_words.detail(kind, stored, TEXTS.for_locale(locale), limit=60)
        for locale in ("zh-CN", "en")
    }
    assert chinese in said["zh-CN"]
    assert english.casefold() in said["en"].casefold()
    assert not re.search(r"[a-z]+_[a-z]+|: |；", said["zh-CN"])


def test_free_text_is_cut():
    said = event_words.detail("noted", "长" * 80, TEXTS.for_locale("zh-CN"), limit=60)
    assert len(said) == 60


def test_a_word_that_nobody_knows_is_kept():
    said = event_words.detail("delivered", "pigeon 辽72 A", TEXTS.for_locale("zh-CN"), limit=60)
    assert said == "pigeon 辽72 A岗"
