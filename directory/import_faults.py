"""What can be wrong with a directory file and what to do about it, as data. Decides nothing and shows nothing.

The texts are msgids; whoever shows a fault translates `reason.what` and `reason.remedy` with `data`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is wrong.

    `line` counts the lines of a text file, `row` what a spreadsheet shows at the left; they differ
    when a cell holds a line break. `column` is the heading as the file writes it.
    """

    file: str
    sheet: str | None = None
    line: int | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong and the remedy, both msgids."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or only doubtful when it is a warning."""

    place: Place
    reason: Reason
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


class Unreadable(Exception):
    """A cell or a file that cannot be read; caught where its place is known."""

    def __init__(self, reason: Reason, **data: object) -> None:
        super().__init__(reason.what)
        self.reason = reason
        self.data = data


# Files
FILE_MISSING = Reason(_("找不到文件"), _("请检查路径和文件名"))
FILE_UNREADABLE = Reason(_("文件无法读取"), _("请检查文件权限"))
FILE_KIND = Reason(_("不认识这种文件"), _("请用 .csv 或 .xlsx 文件"))
FILE_TOO_BIG = Reason(_("文件超过 {megabytes} MB"), _("请分成几个文件"))
FILE_EMPTY = Reason(_("文件里没有任何内容"), _("第一行应为列名，用 directory template 可得到模板"))
ENCODING = Reason(
    _("文件既不是 UTF-8 也不是 GB18030 编码"), _("请在表格软件中另存为“CSV UTF-8”后重试")
)
CSV_BROKEN = Reason(_("CSV 格式错误"), _("请检查此行附近的引号是否成对"))
XLSX_BROKEN = Reason(_("不是可以读取的 XLSX 文件"), _("请在表格软件中重新另存为 .xlsx，不要加密"))
XLSX_UNSAFE = Reason(
    _("XLSX 文件展开后过大或结构可疑，未予读取"), _("请把内容复制到一个新的工作簿后重试")
)
XLSX_ERROR_CELL = Reason(_("单元格 {cell} 是公式错误值"), _("请改成数值或文字，或清空该单元格"))

# Headings
NO_KIND = Reason(_("看不出是法院表还是人员表"), _("法院表须有 {courts}；人员表须有 {officers}"))
UNKNOWN_COLUMN = Reason(_("没有这一列"), _("可用的列：{columns}"))
DUPLICATE_COLUMN = Reason(_("这一列出现了两次"), _("请只保留一列"))
MISSING_COLUMN = Reason(_("缺少必需的列 {columns}"), _("请补上，用 directory template 可得到模板"))
UNNAMED_COLUMN = Reason(_("此格所在的列没有列名"), _("请在第一行补上列名，或清空此格"))
TOO_FEW_CELLS = Reason(
    _("此行只有 {found} 格，而列名有 {wanted} 个"), _("请补足逗号，空格留空即可")
)
TOO_MANY_CELLS = Reason(
    _("此行有 {found} 格，而列名只有 {wanted} 个"), _("请删去多余的格，含逗号的内容要加双引号")
)

# Cells
NEEDED = Reason(_("此格不能为空"), _("请填写"))
TOO_LONG = Reason(_("内容有 {length} 个字，最多 {limit} 个"), _("请缩短"))
BAD_CODE = Reason(_("不是法院代字"), _("应如 最高法、辽、辽02、辽0211"))
BAD_LEVEL = Reason(_("不是法院层级"), _("应为 最高、高级、中级、基层 或 人民法庭"))
BAD_POST = Reason(_("不是岗位"), _("应为 A岗、B岗、带班领导、技术人员 或 省级协调员"))
BAD_DATE = Reason(_("不是日期"), _("请写成 2026-11-24 或 2026/11/24"))
BAD_MOBILE = Reason(_("不是手机号"), _("请写 11 位数字，前面可带 +86"))
BAD_INTEGER = Reason(_("不是整数"), _("请只写数字"))
OUT_OF_RANGE = Reason(_("数值超出范围"), _("应在 {lowest} 与 {highest} 之间"))
BAD_HOURS = Reason(
    _("办公时间有误：{fault}"),
    _(
        "请写成“08:30-11:30 13:30-17:00”，分季节时写成“05-01/09-30: 08:30-11:30 14:00-17:30; 10-01/04-30: 08:30-11:30 13:30-17:00”"
    ),
)
BAD_TIMEZONE = Reason(_("没有这个时区"), _("请写成 Asia/Shanghai 或 Asia/Urumqi"))
DATES_REVERSED = Reason(_("起始日期 {first} 晚于截止日期 {last}"), _("请核对两个日期"))

# Courts
DUPLICATE_COURT = Reason(_("此代字在 {other} 已出现过"), _("每个法院只写一行，请删去一行"))
LEVEL_AGAINST_CODE = Reason(_("层级与代字不符：按代字应为{level}"), _("请核对代字和层级"))
PROVINCE_AGAINST_CODE = Reason(_("省份与代字不符：按代字应为{province}"), _("如确实如此可不改"))
PARENT_NOWHERE = Reason(
    _("上级法院不在文件中，也不在通讯录中"), _("请在同一次导入中加上该法院，或改正代字")
)
PARENT_IS_ITSELF = Reason(_("上级法院绕回到了自己"), _("请改正上级代字"))
GROUP_CLEARED = Reason(_("群号将被清除"), _("如要保留，请填上群号或去掉整列"))

# People
COURT_NOWHERE = Reason(_("没有代字为“{code}”的法院"), _("请在同一次导入中加上该法院，或改正代字"))
COORDINATOR_BELOW = Reason(
    _("省级协调员只能写在高级法院名下"), _("请把法院代字改为高级法院的代字，例如 {code}")
)
DUPLICATE_POST = Reason(
    _("此人的这一岗位在 {other} 已出现过"), _("请删去一行；若是同名的另一人，请在“编号”列区分")
)
CONTRADICTION = Reason(
    _("与 {other} 同一人的内容“{earlier}”不一致"),
    _("请改成一致；若是同名的另一人，请在“编号”列区分"),
)
NAME_AMBIGUOUS = Reason(_("该院有 {count} 人叫这个名字"), _("请加“编号”列写明是谁：{choices}"))
ID_ELSEWHERE = Reason(_("编号属于 {court} 的人员"), _("请清空编号按新人导入，或改正编号"))
ID_NOT_OURS = Reason(_("编号过大，不是通讯录给出的编号"), _("请清空编号按新人导入，或改正编号"))
ID_TAKEN_BY_NAME = Reason(
    _("通讯录中没有此编号，已按法院代字和姓名认作编号 {officer}"),
    _("如是另一人，请让两人都写上编号"),
)
ACCOUNT_TWICE = Reason(
    _("此聊天账号在 {other} 已写给另一人"), _("一个聊天账号只能属于一人，请改正")
)
ACCOUNT_TAKEN = Reason(
    _("此聊天账号已关联 {name}（{court}）"), _("请改正，或先运行 python bot.py unlink {officer}")
)
ACCOUNT_RELEASED = Reason(
    _("此聊天账号原属已离任的 {name}（{court}），将改为关联此人"), _("如不对，请改正聊天账号")
)
MASK_WITHOUT_NUMBER = Reason(_("手机号被遮蔽，而通讯录中没有原号码，将留空"), _("请填写完整号码"))
MASK_OF_ANOTHER = Reason(
    _("遮蔽的手机号与通讯录中的号码不符，将保留原号码"), _("如已换号，请填写完整号码")
)
POST_OVER = Reason(
    _("此人的这一岗位已于 {last} 截止"), _("如仍在岗，请填写截止日期或补上该列并留空")
)
REPLACED_COURT_NOWHERE = Reason(_("--replace-courts 中的“{code}”不是已有的法院"), _("请改正代字"))
REPLACED_WITHOUT_OFFICERS = Reason(
    _("用了 --replace-courts，但文件中没有人员表"), _("请加上人员文件，或去掉 --replace-courts")
)
REPLACED_BY_NOBODY = Reason(
    _("文件中没有 {code} 的任何人员，该院现有人员将全部离任"), _("如不对，请补上该院人员")
)

# After the export
CHANGED_SINCE = Reason(
    _("此内容在文件导出之后已由 {who} 于 {at} 更改，现为“{stored}”"),
    _("请重新导出后再改；确要以文件为准，由管理员导入时加 --overwrite"),
)
JOINED_SINCE = Reason(
    _("此人在文件导出之后由 {who} 于 {at} 加入或返岗，文件中没有，将会离任"),
    _("请重新导出后再改；确要以文件为准，由管理员导入时加 --overwrite"),
)
