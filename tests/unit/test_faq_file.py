"""The published list as a workbook: every cell a text as it was written."""

from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from python_calamine import CalamineWorkbook

from bot.texts import load_texts
from notifications.faq_file import workbook
from notifications.question_models import FaqEntry

AT = datetime(2019, 8, 19, 17, 0, tzinfo=UTC)


def test_each_question_is_a_row_and_nothing_a_formula():
    entries = [
        FaqEntry(
            question="=1+1 怎么填？", answer="<r>点“登记立案”</r>", province="辽宁省", sample=False,
            published_at=AT, published_by="周琳（省级协调员）", helpful=3,
        ),
        FaqEntry(
            question="演练？", answer="https://example.org 见这里", province=None, sample=True,
            published_at=AT, published_by="示例", helpful=0,
        ),
    ]  # fmt: skip
    texts = load_texts().for_locale("en")
    made = workbook(entries, texts, ZoneInfo("Asia/Shanghai"))
    head, first, second = (
        CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()
    )
    assert head == [
        "No.",
        "Question",
        "Answer",
        "Province",
        "Published by",
        "Published on",
        "Helpful",
    ]
    assert first == [
        1, "=1+1 怎么填？", "<r>点“登记立案”</r>", "辽宁省", "周琳 (provincial coordinator)", "2019-08-20", 3,
    ]  # fmt: skip
    assert second[3:] == ["nation", "sample", "2019-08-20", 0]
