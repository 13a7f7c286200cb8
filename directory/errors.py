"""What can go wrong in the directory, as one tree. A docstring is the message, the attributes are its data.

DirectoryError
├── CourtNotFound
├── ProvinceNotFound
├── OfficerNotFound
├── OfficerAmbiguous
├── InvitationRefused
├── AccountAlreadyLinked
├── GroupNotVouchedFor
├── TokenExists
├── TokenNotFound
├── ImportRefused
├── ImportNotFound
├── ImportUndone
├── ImportForgotten
├── UndoRefused
├── DaysReversed
├── NotPlannable
├── NotOfTheCourt
├── ShiftTaken
├── SchemaOutdated
├── SchemaNewer
├── DatabaseUnreachable
└── DatabaseBusy
"""

from typing import ClassVar


class LiaisonError(Exception):
    """出错了。"""

    #: Set by the subclass's docstring; also the msgid under which the text is translated.
    template: ClassVar[str] = "出错了。"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.template = (cls.__doc__ or "").strip()

    def __init__(self, **data: object) -> None:
        self.data = data
        for name, value in data.items():
            setattr(self, name, value)
        super().__init__(self.template.format(**data))


class DirectoryError(LiaisonError):
    """通讯录出错。"""


class CourtNotFound(DirectoryError):
    """没有代字或名称为“{words}”的法院。请核对后再试，或用 /find 查找。"""


class ProvinceNotFound(DirectoryError):
    """没有名为“{province}”的省份。请写全称，例如 辽宁省。"""


class OfficerNotFound(DirectoryError):
    """找不到人员“{words}”。请写成“法院代字:姓名”，例如 辽0211:张伟。"""


class OfficerAmbiguous(DirectoryError):
    """“{words}”有 {count} 人，请改用编号：{choices}。"""


class InvitationRefused(DirectoryError):
    """邀请码无效、已用过或已过期。请向本院管理员重新索取。"""


class AccountAlreadyLinked(DirectoryError):
    """此聊天账号已关联 {name}（{court}）。如需更换，请先解除关联。"""


class GroupNotVouchedFor(DirectoryError):
    """只有 {court} 的人员或其省级协调员可以把本群关联到该院。"""


class TokenExists(DirectoryError):
    """名为“{name}”的令牌已存在。请换一个名称，或先 token revoke {name}。"""


class TokenNotFound(DirectoryError):
    """没有名为“{name}”的有效令牌。用 token list 查看。"""


class ImportRefused(DirectoryError):
    """文件未导入：共 {count} 处错误，一处也没有写入。"""


class ImportNotFound(DirectoryError):
    """没有编号为 {number} 的导入。用 directory imports 查看。"""


class ImportUndone(DirectoryError):
    """导入 {number} 已由 {who} 撤销过，没有改动。"""


class ImportForgotten(DirectoryError):
    """导入 {number} 的更改记录已不在，无法撤销。请用备份或原来的文件改回。"""


class UndoRefused(DirectoryError):
    """导入 {number} 未撤销：有 {count} 处在导入之后又变了，一处也没有写入。请先处理以上各处。"""


class DaysReversed(DirectoryError):
    """起始日期 {first} 晚于截止日期 {last}。请核对后重试。"""


class NotPlannable(DirectoryError):
    """不能为“{post}”排班。可以排班的岗位：A岗、B岗、带班领导。"""


class NotOfTheCourt(DirectoryError):
    """{name} 不是 {court} 的在任人员，不能在该院排班。"""


class ShiftTaken(DirectoryError):
    """{first} 至 {last} 已排 {name}，没有改动。如要改由他人，请由带班领导指定。"""


class SchemaOutdated(DirectoryError):
    """数据库结构为 {found}，本版本需要 {needed}。请先运行：python bot.py db upgrade"""


class SchemaNewer(DirectoryError):
    """数据库结构 {found} 比本程序新。请先安装新版程序，再用它运行：python bot.py db upgrade"""


class DatabaseUnreachable(DirectoryError):
    """无法连接数据库（{why}）。请检查 LIAISON_DATABASE_URL 和数据库服务是否在运行。"""


class DatabaseBusy(DirectoryError):
    """另一个 serve 正在使用此 SQLite 数据库（{path}）。SQLite 只能运行一个；要运行多个请改用 PostgreSQL。"""
