"""What can go wrong with filings and messages, as one tree. What users may well meet is a return value instead.

NotificationError
└── BadReference
"""

from directory.errors import LiaisonError


class NotificationError(LiaisonError):
    """通知出错。"""


class BadReference(NotificationError):
    """编号“{reference}”不合规：1–64 个字，只能用文字、数字和 -_./()（）〔〕号，不能有空格。"""
