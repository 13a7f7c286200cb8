"""Makes `officers_demo.csv`: invented people for every court of the demo, the same ones at each run.

Run `python -m directory.demo_data.make_officers` after a change to the courts. Nobody in it exists:
titles say 虚构, and no telephone number begins with the zeros that these begin with.
"""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20190825

#: Posts of each court with the title that goes with them.
POSTS = (
    ("A", "审判员（虚构）", "立案庭"),
    ("B", "法官助理（虚构）", "立案庭"),
    ("leader", "庭长（虚构）", "立案庭"),
    ("technician", "工程师（虚构）", "立案庭"),
)
COORDINATOR = ("coordinator", "省级协调员（虚构）", "立案庭")

#: Area codes of cities, as in 2019.
AREAS = {
    "沈阳市": "024", "抚顺市": "024", "本溪市": "024", "铁岭市": "024", "大连市": "0411",
    "鞍山市": "0412", "丹东市": "0415", "锦州市": "0416", "营口市": "0417", "阜新市": "0418",
    "辽阳市": "0419", "朝阳市": "0421", "盘锦市": "0427", "葫芦岛市": "0429",
    "宁波市": "0574", "长沙市": "0731", "武汉市": "027", "福州市": "0591", "厦门市": "0592",
    "南昌市": "0791", "海口市": "0898", "南京市": "025", "青岛市": "0532", "长春市": "0431",
}  # fmt: skip

#: Of courts that no city names, by how their codes begin.
SEATS = {
    "最": "010", "辽": "024", "辽74": "0427", "浙": "0571", "湘": "0731", "鄂": "027", "闽": "0591",
    "赣": "0791", "琼": "0898", "苏": "025", "鲁": "0531", "吉": "0431",
}  # fmt: skip

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
)
FIRST = "志文建国晓雅思海春秋明立永嘉欣子宇佳德振玉金庆若景清云静书新向学乐正大"
SECOND = "华军伟芳敏静丽强磊洋艳勇杰娟涛超平刚桂英霞宁琳峰莹斌颖波辉雪梅鑫宏彤远航健然"


def main() -> None:
    """Write the file beside this one."""
    with (HERE / "officers_demo.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ("court_code", "name", "post", "title", "department", "desk_phone", "mobile")
        )
        writer.writerows(officers())


def officers() -> Iterator[tuple[str, ...]]:
    """One row a post of every court; no name comes twice."""
    names = _names(random.Random(SEED))  # noqa: S311 -- invented names, no secrets
    number = 0
    for court in _courts():
        code = court["code"]
        area = _area(court)
        posts = (*POSTS, COORDINATOR) if court["level"] == "high" else POSTS
        for post, title, department in posts:
            number += 1
            phone = f"{area}-0000{number:04}"
            yield code, next(names), post, title, department, phone, f"1900000{number:04}"


def _area(court: dict[str, str]) -> str:
    """The area code of the city that the directory or the court's own name says, else of its seat."""
    for city, area in AREAS.items():
        if court["city"] == city or court["name"].startswith(city.removesuffix("市")):
            return area
    return next(SEATS[start] for start in (court["code"][:3], court["code"][0]) if start in SEATS)


def _courts() -> Iterator[dict[str, str]]:
    for name in ("courts_liaoning.csv", "courts_partners.csv"):
        with (HERE / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _names(dice: random.Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        given = dice.choice(FIRST) + dice.choice(SECOND)
        name = dice.choice(SURNAMES) + (given if dice.random() < 0.8 else given[-1])
        if name not in seen:
            seen.add(name)
            yield name


if __name__ == "__main__":
    main()
