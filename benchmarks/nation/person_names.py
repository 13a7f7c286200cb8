"""Invented names as common as real ones: surnames by their share of the people, given names by decade."""

from collections.abc import Mapping

from benchmarks.nation.dice import Dice, Weighted

#: The hundred most frequent surnames; shares of the first twenty in 1/1000 as the census counts them,
#: those after fall off evenly.
_FREQUENT = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_SHARES = (71, 70, 68, 51, 45, 31, 22, 20, 20, 19, 15, 14, 13, 13, 12, 12, 11, 11, 11, 10)

#: Surnames that are read in a way of their own (解 xiè, 仇 qiú, 单 shàn, 查 zhā, 翟 zhái, 区 ōu …),
#: rare ones and double ones; shares in 1/10,000.
_RARE = (
    "解仇单查翟区盖乐朴缪冼宓郗尧鲜繁召逄么员洗黑祭折种秘訾亓仉阚郤佘麴卞庞柴阮欧阎翁岳耿焦辛聂关"
    "褚娄詹牛尚殷骆车季柯温纪虞牟冉甘祝游谷惠芦计晏茅蔺符滕戚鄢霍丛冀鲍项屈麦"
)
_DOUBLE = [
    "欧阳",
    "尉迟",
    "上官",
    "司马",
    "诸葛",
    "夏侯",
    "皇甫",
    "东方",
    "慕容",
    "司徒",
    "令狐",
    "长孙",
    "宇文",
    "轩辕",
    "澹台",
    "万俟",
]

#: Whole given names of a decade, then the characters from which its other names are made.
_DECADES: Mapping[int, tuple[str, str, str]] = {
    1960: (
        "建国 建军 志强 国强 卫东 建华 建平 志刚 永强 国庆 玉兰 秀英 桂英 秀兰 玉梅 丽华 红梅 淑珍 凤英 玉珍",
        "建国志永玉秀桂春淑凤文德明庆正",
        "华军平英兰珍强生民芳清林荣忠义",
    ),
    1970: (
        "伟 勇 军 磊 强 敏 静 丽 艳 芳 娟 红 海燕 晓东 海涛 建伟 春梅 丽娟 红霞 晓燕 志军 俊杰 雪梅 爱民",
        "晓海志春丽红建文雪爱俊立永少国",
        "东涛伟梅娟霞燕军杰辉玲萍斌峰波",
    ),
    1980: (
        "静 丽 婷 磊 洋 超 鹏 杰 娜 敏 丹 倩 鑫 婷婷 丹丹 晓明 志伟 海龙 雪莹 佳佳 思远 文静 晶晶 立新 俊峰",
        "晓文海志佳思雪立子宇俊丽振世新",
        "明伟龙莹远静峰鹏娜颖琳博宁超楠",
    ),
    1990: (
        "婷 欣 鑫 浩 宇 雨欣 梓涵 子轩 浩然 欣怡 嘉豪 思雨 文博 宇航 佳怡 雅婷 俊杰 雪晴 天宇 梦瑶 诗涵 逸飞",
        "雨子浩欣嘉思文宇佳雅俊天梦诗逸",
        "轩然怡豪涵博航婷杰晴瑶飞宸琪桐",
    ),
}

_SURNAMES = Weighted(
    [
        *((name, 10 * share) for name, share in zip(_FREQUENT, _SHARES, strict=False)),
        *((name, max(15, 95 - rank)) for rank, name in enumerate(_FREQUENT[len(_SHARES) :])),
        *((name, 5) for name in dict.fromkeys(_RARE)),
        *((name, 3) for name in _DOUBLE),
    ]
)
_BORN = Weighted([(1960, 18), (1970, 32), (1980, 34), (1990, 16)])
_WHOLE = {decade: tuple(words[0].split()) for decade, words in _DECADES.items()}


def invented(dice: Dice) -> str:
    """A name nobody was asked for; somebody may well bear it, as 王伟 is borne by 290,000."""
    decade = dice.weighted(_BORN)
    surname = dice.weighted(_SURNAMES)
    if dice.hits(0.3):
        return surname + dice.one_of(_WHOLE[decade])
    _, first, second = _DECADES[decade]
    return surname + dice.one_of(first) + dice.one_of(second)
