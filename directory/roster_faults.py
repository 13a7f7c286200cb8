"""What can be wrong with a file of shifts, rotations and leave, and what to do about it, as data; see `directory.import_faults`."""

from directory.import_faults import Reason


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


BAD_KIND = Reason(_("不是排班类别"), _("应为 值班、轮班 或 休假"))
BAD_PLANNED_POST = Reason(_("不能为此岗位排班"), _("应为 A岗、B岗 或 带班领导"))
COURT_UNKNOWN = Reason(
    _("没有代字为“{code}”的法院"), _("请改正代字，或先用 directory import 导入该院")
)
PERSON_UNKNOWN = Reason(_("该院没有名为“{name}”的在任人员"), _("请改正姓名；该院人员：{choices}"))
PERSON_AMBIGUOUS = Reason(_("该院有 {count} 人名为“{name}”"), _("请把姓名改写为编号：{choices}"))
PERSON_WITHOUT_POST = Reason(
    _("{name} 在 {day} 没有 A岗、B岗 或 带班领导 的岗位，不能签收"),
    _("请先在人员表中登记其岗位，或改排他人"),
)
SEVERAL_NAMES = Reason(_("值班和休假每行只写一人"), _("请分成几行；轮班才写多人"))
TOO_LONG_A_SHIFT = Reason(_("自 {first} 至 {last} 超过一年"), _("请核对两个日期"))
REVERSED = Reason(_("起始日期 {first} 晚于截止日期 {last}"), _("请核对两个日期"))
DAYS_WITHOUT_ROTATION = Reason(_("只有轮班才写轮班天数"), _("请清空此格，或把类别改为 轮班"))
LEAVE_WITH_POST = Reason(_("休假不分岗位"), _("请清空此格"))
OVERLAPS_ROW = Reason(_("与 {other} 同一岗位的日期重叠"), _("请改成不重叠，或删去一行"))
ALREADY_PLANNED = Reason(
    _("{first} 至 {last} 已排 {name}"), _("如要以文件为准，请加 --replace；否则请改正日期")
)
ALREADY_ROTATING = Reason(
    _("该岗位已有自 {first} 起的轮班"), _("如要以文件为准，请加 --replace；否则请删去此行")
)
REPLACES = Reason(_("将替代已排的 {name}（{first} 至 {last}）"), _("如不对，请去掉 --replace"))
ENDS_ROTATION = Reason(_("将结束自 {first} 起的轮班"), _("如不对，请去掉 --replace"))
ASSIGNED_BEFORE = Reason(
    _("{first} 至 {last} 已指定或换班给 {name}，仍以其为准"), _("如要改变，请用 /shift 重新指定")
)
ON_LEAVE = Reason(
    _("{name} 自 {first} 至 {last} 休假"), _("届时呼叫将改由下一岗位接替，可改排他人")
)
