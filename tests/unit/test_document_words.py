"""What is said of a file's plan fits one message, however many courts and lines it concerns."""

import pytest

from bot.chat import document_words
from bot.texts import load_texts
from directory.import_courts import FieldChange
from directory.import_faults import MASK_WITHOUT_NUMBER, Fault, Place
from directory.import_officers import Departed, HeavyDeparture, OfficerChanged
from directory.import_plan import Plan
from directory.import_scope import Scoped
from notifications.messages import LONGEST
from notifications.told import html, joined


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_plan_of_a_whole_province_fits_one_message(locale: str) -> None:
    codes = [f"辽{number:04}" for number in range(120)]
    moved = FieldChange("department", "立案庭", "诉讼服务中心（立案庭）")
    plan = Plan(
        added=(),
        changed=tuple(OfficerChanged(n, c, "欧阳建国", (moved,), ()) for n, c in enumerate(codes)),
        departed=tuple(Departed(1000 + n, c, "王建国", ()) for n, c in enumerate(codes)),
        warnings=tuple(
            Fault(Place("全省.xlsx", "人员", n, n, "手机", "138****1234"), MASK_WITHOUT_NUMBER, {})
            for n in range(40)
        ),
        heavy=tuple(HeavyDeparture(code, 2, 3) for code in codes),
    )
    not_theirs = Fault(
        Place("全省.xlsx", "人员", 7, 7, "法院代字", "浙0101"), MASK_WITHOUT_NUMBER, {}
    )
    scoped = Scoped((), (not_theirs,) * 40, without_accounts=True, fewer=())
    lines = document_words.plan_lines(plan, scoped, html(load_texts(), locale))
    # What stands around the plan: the file's name, courts named in part.
    assert len(joined(lines)) <= LONGEST - 350
    # The numbers come first, and nothing is left out without being counted.
    assert "120" in lines[0]
    assert sum("⚠️" in line for line in lines) >= 5
