"""What was said in a made-up season beside its filings: notices, trainings, questions, bulletins, their days. Plain data.

The days of the launch, of the holidays and of the two dispatch meetings are Liaoning's of 2019, the words are
invented. Who does what upon them is `notifications.season_story`; figures in braces are filled in by what was counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

#: The zone of every time in it.
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Told:
    """One notice; `posts` and `cities` narrow the home province, empty means all.

    `confirm_after` ends the time to confirm; `edited` is another text so long after; `recalled` when it is
    taken back; `attachments` are names of files.
    """

    key: str
    at: datetime
    posts: tuple[str, ...]
    text: str
    confirm_after: timedelta = timedelta(days=1)
    cities: tuple[str, ...] = ()
    edited: tuple[timedelta, str] | None = None
    recalled: timedelta | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """One training session and its notice; `untrained_since` narrows it to who was not trained since that day."""

    key: str
    announced: datetime
    starts: datetime
    minutes: int
    title: str
    place: str
    posts: tuple[str, ...]
    text: str
    untrained_since: date | None = None
    quiz: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, by whoever holds `post` at some court; nobody answers before `after` working minutes."""

    key: str
    at: datetime
    post: str
    text: str
    answer: str | None
    after: int = 30
    #: Whether an appointed officer answers or the coordinator, to whom it must climb first.
    by_coordinator: bool = False
    published: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """One bulletin, published by the coordinator; `meeting` when the dispatch meeting has its ZIP."""

    key: str
    first: date
    last: date
    at: datetime
    layout: str = "states"
    meeting: bool = False


_DAY = timedelta(days=1)


def _at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2019, month, day, hour, minute, tzinfo=ZONE)


_SCANS = (
    "<b>跨域立案技术要点</b>\n"
    "1. 高拍仪扫描分辨率 {dpi} dpi，彩色，每份材料单独一个 PDF，不超过 20 MB。\n"
    "2. 内外网交换每 5 分钟一次，提交后请等到“已送达管辖法院”再让当事人离开。\n"
    "3. 平台无法登录时先换内网口，再在群里说明法院和现象，不要反复重启。\n"
    "4. 群内不得出现当事人信息和材料照片。"
)

_FOR_ALL = ("A", "B", "leader")

NOTICES: tuple[Told, ...] = (
    Told(
        "plan", _at(8, 18, 10, 40), _FOR_ALL,
        "<b>全省法院跨域立案服务上线安排</b>\n"
        "今日 9:30，大连海事法院作为管辖法院收到宁波海事法院协作提交的第一件跨域立案。\n"
        "1. 全省 {courts} 家法院分批上线，8 月 25 日前全部开通；\n"
        "2. 每院确定专职责任人 A岗、B岗、带班领导和一名技术人员；\n"
        "3. 收到呼叫后 30 分钟内签收，A岗无人应答时由 B岗、带班领导依次接替；\n"
        "4. 各院请在群内使用实名和部门，不发任何敏感内容。",
        confirm_after=2 * _DAY, attachments=("跨域立案上线安排.docx", "跨域立案工作规程（试行）.pdf"),
    ),
    Told(
        "technical", _at(8, 19, 9, 10), ("technician",), _SCANS.format(dpi=200),
        edited=(timedelta(hours=5, minutes=20), _SCANS.format(dpi=300) + "\n<i>（更正：分辨率由 200 dpi 改为 300 dpi）</i>"),
        attachments=("扫描与上传要点.pdf",),
    ),
    Told(
        "window", _at(8, 20, 8, 50), ("A", "B"),
        "<b>跨域立案窗口办公时间</b>\n"
        "窗口与立案大厅同时开放：上午 8:30–11:30，下午 13:30–17:00。午间和下班后收到的立案从下一办公时段起计时；"
        "各院时间不同的，请回复本院实际办公时间，由省院统一登记。",
    ),
    Told(
        "second_batch", _at(8, 21, 9, 0), ("A", "leader"),
        "<b>沈阳、大连两地法院第二批上线</b>\n"
        "今日起沈阳、大连两地基层法院开通。上线前请确认：窗口标识已挂出、高拍仪可用、A岗和 B岗已关联账号、"
        "收取清单已备好。上线当日由省院逐院打一次测试呼叫。",
        cities=("沈阳市", "大连市"),
    ),
    Told(
        "receipt", _at(8, 22, 10, 30), ("A",),
        "<b>必须出具材料收取清单</b>\n"
        "协作法院收取材料后当场出具《材料收取清单》，写明份数和页数，由当事人核对。近两日有法院未出具，请即补正。",
        attachments=("材料收取清单样式.docx",),
    ),
    Told(
        "publicity", _at(8, 23, 14, 30), ("B",),
        "<b>公众宣传材料</b>\n"
        "海报、折页和大屏画面已下发，请在立案大厅、诉讼服务中心和辖区人民法庭张贴播放，8 月 26 日前完成。",
        attachments=("跨域立案海报.jpg",),
    ),
    Told(
        "all_on_line", _at(8, 25, 16, 0), ("leader",),
        "<b>全省 {courts} 家法院全部上线</b>\n"
        "截至今日，全省三级法院全部开通跨域立案服务。请带班领导逐日查看本院未签收和未反馈的立案，"
        "对长期无人应答的责任人及时调整。",
    ),
    Told(
        "stop_wrong", _at(8, 26, 15, 40), ("technician",),
        "<b>平台维护停机</b>\n今晚 18:00 至 22:00 平台维护，其间不能提交。", recalled=timedelta(minutes=25),
    ),
    Told(
        "stop", _at(8, 26, 16, 20), ("technician",),
        "<b>平台维护停机（以本条为准）</b>\n"
        "平台维护时间为今晚 22:00 至次日 2:00，不影响办公时间。此前一条通知时间有误，已撤回。",
    ),
    Told(
        "contacts", _at(8, 29, 9, 20), _FOR_ALL,
        "<b>核对法官通讯录</b>\n"
        "请发送 /me 核对本人岗位和办公电话，有变动的当日更正。通讯录只登记办公电话供群内查阅，"
        "手机号码由系统按岗位遮盖。",
        confirm_after=2 * _DAY,
    ),
    Told(
        "mid_autumn", _at(9, 11, 9, 30), ("leader",),
        "<b>中秋节值班</b>\n"
        "9 月 13 日至 15 日放假，其间收到的立案 9 月 16 日 8:30 起计时。请各院排出值班表，假期前一日 17:00 前交接完毕。",
    ),
    Told(
        "national_day", _at(9, 26, 9, 0), ("A", "leader"),
        "<b>国庆节值班与调休</b>\n"
        "10 月 1 日至 7 日放假；9 月 29 日（星期日）、10 月 12 日（星期六）调休上班，照常计时。"
        "放假前请清空待签收、待反馈的立案，10 月 8 日上午由带班领导检查积压。",
        confirm_after=2 * _DAY,
    ),
    Told(
        "meeting_october", _at(10, 11, 9, 0), ("leader",),
        "<b>第一次视频调度会</b>\n"
        "10 月 15 日 14:00 召开全省跨域立案视频调度会，通报上线以来情况。按期率居前的法院介绍经验，居后的法院表态发言，"
        "名单以 10 月 14 日通报为准。",
    ),
    Told(
        "after_october", _at(10, 15, 16, 40), ("leader",),
        "<b>第一次视频调度会情况</b>\n"
        "通报期内全省作为管辖法院 {total} 件，按期率 {rate}，平均应答 {mean} 分钟（工作时间）。\n"
        "介绍经验：{best}。\n表态发言：{last}。",
    ),
    Told(
        "drill", _at(11, 8, 9, 30), ("A", "B"),
        "<b>全国跨域立案演练</b>\n"
        "11 月 11 日全国统一演练，呼叫标有【演练】，请按正式立案签收、反馈；演练不计入统计和通报。",
    ),
    Told(
        "meeting_december", _at(12, 12, 9, 0), ("leader",),
        "<b>第二次视频调度会</b>\n"
        "12 月 17 日 14:00 召开第二次视频调度会，通报 10 月中旬以来情况，介绍经验和表态发言的法院以当日上午的通报为准。",
    ),
    Told(
        "after_december", _at(12, 17, 16, 30), _FOR_ALL,
        "<b>第二次视频调度会情况</b>\n"
        "通报期内全省作为管辖法院 {total} 件，按期率 {rate}，平均应答 {mean} 分钟（工作时间）。\n"
        "介绍经验：{best}。\n表态发言：{last}。\n元旦值班表请于 12 月 27 日前排定。",
        confirm_after=2 * _DAY,
    ),
)  # fmt: skip

_LESSON = "<b>{title}</b>\n内容：收件与核对、出具收取清单、扫描提交、签收与反馈、超时后的接替；课后答疑，并有六道小题。"

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "first", _at(8, 19, 15, 0), _at(8, 21, 14, 0), 90, "跨域立案操作培训（第一场）",
        "省法院视频会议系统一号会场", ("A", "technician"), _LESSON,
    ),
    Lesson(
        "second", _at(8, 20, 15, 30), _at(8, 23, 9, 30), 90, "跨域立案操作培训（第二场）",
        "省法院视频会议系统一号会场", ("B", "leader"), _LESSON,
    ),
    Lesson(
        "repeat", _at(8, 30, 10, 0), _at(9, 4, 14, 30), 60, "跨域立案操作补训",
        "省法院视频会议系统二号会场", ("A", "B"), _LESSON + "本场只通知上线以来尚未参加培训的 A岗、B岗。",
        untrained_since=date(2019, 8, 18),
    ),
    Lesson(
        "winter", _at(12, 3, 15, 0), _at(12, 6, 14, 30), 60, "跨域立案年末轮训（B岗）",
        "省法院视频会议系统一号会场", ("B",), _LESSON,
    ),
)  # fmt: skip

#: The quiz of every session: the question, its choices, the place of the right one.
QUIZ: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("签收时限按哪一家法院的办公时间计算？", ("协作法院", "管辖法院", "省高级人民法院"), 1),
    ("是否登记立案由谁决定？", ("协作法院", "管辖法院", "两院商定"), 1),
    ("材料不全时怎样告知？", ("分次告知", "一次性全部告知", "请当事人自行查询"), 1),
    ("协作法院收取材料后应当场出具什么？", ("受理通知书", "缴费通知书", "材料收取清单"), 2),
    ("A岗无法应答时由谁接替？", ("B岗", "技术人员", "等待 A岗返回"), 0),
    ("误点“签收”后多长时间内可以撤销？", ("2 分钟", "30 分钟", "当日"), 0),
)

QUESTIONS: tuple[Asked, ...] = (
    Asked(
        "saturday", _at(8, 20, 9, 25), "B", "调休上班的周六收到的立案，30 分钟从当天算吗？",
        "算。调休上班日与工作日一样计时，放假的工作日不计时。", 22, published=True,
    ),
    Asked(
        "scanner", _at(8, 20, 14, 10), "technician", "高拍仪扫出来的 PDF 超过 20 MB，平台不收，怎么办？",
        "改用 300 dpi 灰度，按材料拆成多个文件，每个不超过 20 MB；仍然过大的在备注里写明分卷。", 35, published=True,
    ),
    Asked(
        "original", _at(8, 21, 10, 5), "A", "协作法院核对过原件，管辖法院还需要再看原件吗？",
        "立案阶段不再要求。协作法院核对原件后在清单上注明“与原件核对无异”，审理中需要的由承办人另行通知。", 50, published=True,
    ),
    Asked(
        "tribunal", _at(8, 22, 9, 40), "A", "人民法庭可以作为收件点吗？账号怎么开？",
        "可以。由所属基层法院的技术人员统一开通，签收和反馈仍由基层法院的责任人负责。", 41, published=True,
    ),
    Asked(
        "receipt_copy", _at(8, 23, 10, 20), "B", "收取清单要不要扫描一并提交？",
        "要。清单作为最后一份材料提交，管辖法院据此核对份数。", 18,
    ),
    Asked(
        "enforcement", _at(8, 26, 9, 0), "A", "申请执行也按 30 分钟签收吗？网上查控结果要不要附？",
        "执行立案同样 30 分钟内签收；查控在立案后由执行部门办理，不需要附。", 165, by_coordinator=True, published=True,
    ),
    Asked(
        "group", _at(9, 3, 15, 10), "technician", "群里能发报错截图吗？截图上有案号。",
        "可以发截图，但案号和当事人姓名要先遮住；只要编号和时间就能查到。", 27,
    ),
    Asked(
        "mediation", _at(9, 17, 9, 50), "A", "转诉前调解的，反馈选哪一个？调解不成再立案还算这一件吗？",
        "选“转诉前调解”，本件即告办结；调解不成的由当事人另行提交，另立一件。", 190, by_coordinator=True, published=True,
    ),
    Asked(
        "returned", _at(10, 22, 14, 0), "B", "对方退回说不属其管辖，我们是重新填一件还是转送？",
        "点“转送”即可，材料和经过随件转过去，时限从新的管辖法院收到时重新计算。", 24,
    ),
    Asked(
        "year_end", _at(12, 20, 13, 32), "A", "年底结案期间立案庭人手不足，A岗、B岗可以临时由同一个人担任吗？", None,
    ),
)  # fmt: skip

#: Who answers the home province's questions first: these posts of its high court.
ANSWERERS = ("A", "technician")


def _weekly() -> tuple[Issue, ...]:
    """Every whole week from the launch to the second meeting, published on the next Monday at work."""
    mondays = [date(2019, 8, 19) + 7 * _DAY * number for number in range(17)]
    return tuple(
        Issue(f"week_{monday:%m%d}", monday, monday + 6 * _DAY, datetime.combine(_next_monday(monday), time(9, 20), ZONE))
        for monday in mondays
    )  # fmt: skip


def _next_monday(monday: date) -> date:
    """A week later; on 8 October in the week of the National Day."""
    following = monday + 7 * _DAY
    return max(following, date(2019, 10, 8)) if following == date(2019, 10, 7) else following


ISSUES: tuple[Issue, ...] = (
    *_weekly(),
    Issue("august", date(2019, 8, 18), date(2019, 8, 31), _at(9, 2, 9, 40)),
    Issue("september", date(2019, 9, 1), date(2019, 9, 30), _at(10, 8, 9, 40)),
    Issue("october", date(2019, 10, 1), date(2019, 10, 31), _at(11, 1, 9, 40)),
    Issue("november", date(2019, 11, 1), date(2019, 11, 30), _at(12, 2, 9, 40)),
    Issue("meeting_1", date(2019, 8, 18), date(2019, 10, 13), _at(10, 14, 16, 0), "measures", meeting=True),
    Issue("meeting_2", date(2019, 10, 14), date(2019, 12, 15), _at(12, 17, 10, 0), "measures", meeting=True),
)  # fmt: skip

#: The notices that report a meeting, and the bulletin each of them quotes.
REPORTS = {"after_october": "meeting_1", "after_december": "meeting_2"}


@dataclass(frozen=True, slots=True)
class Contested:
    """A figure of a bulletin that a court contests so long after its publication; the coordinator decides."""

    issue: str
    after: timedelta
    reason: str
    decided_after: timedelta
    decision: str
    #: What the filing counts as from then on; None: the contest is refused.
    counts_as: Literal["in_time"] | None


CONTESTS: tuple[Contested, ...] = (
    Contested(
        "august", timedelta(hours=5), "该件到达时本院内外网交换中断，窗口未收到呼叫，恢复后立即签收，有机房记录",
        timedelta(hours=23), "经核实机房记录，交换中断属实，同意更正", counts_as="in_time",
    ),
    Contested(
        "september", timedelta(hours=6), "当日 A岗外出参加培训",
        timedelta(hours=24), "A岗外出应由 B岗接替，不予更正", counts_as=None,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inspection:
    """The form of the inspection: whom it is sent to, when it is due, when nothing more is taken."""

    key: str
    at: datetime
    due: datetime
    closed: datetime
    posts: tuple[str, ...]
    text: str


INSPECTION = Inspection(
    "inspection", _at(10, 21, 9, 30), _at(11, 8, 17, 0), _at(11, 15, 16, 0), ("A", "technician"),
    "<b>“六个统一”督查填报</b>\n"
    "请对照窗口、标识、流程、硬件、公示、专人六项逐项填报，每院一份，11 月 8 日 17:00 前完成。"
    "督查组同时到现场核查，到过的法院由督查组代填。",
)  # fmt: skip
