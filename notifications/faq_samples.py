"""The questions that ship with the demo, marked as samples: about filing across regions and about this desk. No rules."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One question with its answer, in Chinese and in English."""

    question: str
    answer: str
    question_en: str
    answer_en: str


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "签收时限从什么时候开始算？午休、下班和节假日算不算？",
        "从管辖法院收到的时刻起，按管辖法院的办公时间计算：午休、下班、节假日暂停，调休上班日照常计时。默认 15 分钟提醒，30 分钟为超时；"
        "省、法院或两院之间可以另定。每条呼叫都写明应于几点几分前签收。",
        "From when does the time to acknowledge count? Do lunch, nights and holidays count?",
        "From the moment the jurisdiction court receives it, in that court’s office hours: lunch, nights and holidays pause "
        "the clock, make-up working days count. By default a warning comes after 15 minutes and 30 is late; a province, a "
        "court or a pair of courts may settle otherwise. Every page says by when.",
    ),
    Sample(
        "签收或者结果点错了怎么办？",
        "2 分钟内由本人点“撤销”，状态和计时恢复原状。超过 2 分钟不能撤销，请电话告知对方法院。已经转送其他法院的退回不能撤销。",
        "I pressed the wrong button (acknowledge or a result). What now?",
        "Press Undo within 2 minutes: state and clock are as before. Later it cannot be undone; telephone the other court. "
        "A return that was sent on cannot be undone.",
    ),
    Sample(
        "协作法院和管辖法院分别负责什么？",
        "协作法院：核对形式和身份，出具材料收取清单，扫描、提交材料，送达结果。管辖法院：审查材料，由它单独决定是否登记立案。",
        "What does the collaborating court do, and what the jurisdiction court?",
        "The collaborating court checks form and identity, gives the receipt (材料收取清单), scans, submits and serves the "
        "result. The jurisdiction court examines the papers; it alone decides whether to register.",
    ),
    Sample(
        "哪些案件可以跨域立案？",
        "2019 年起：民事一审、行政一审、执行。2021 年 2 月 1 日起增加：刑事自诉、国家赔偿、民事申请再审。四级法院和人民法庭都可以作为收件点。",
        "Which cases can be filed across regions?",
        "Since 2019: first-instance civil and administrative cases, enforcement. Since 1 February 2021 also private "
        "prosecution, state compensation and civil retrial applications. All four levels of court and the tribunals take papers.",
    ),
    Sample(
        "材料不全，一次性补正怎么写？",
        "管辖法院点“一次性补正”后回复提示消息，一次写全需要补正的全部内容。协作法院补齐后点“已补正”，反馈时限从那时重新计算。",
        "Papers are missing: how is a correction written?",
        "The jurisdiction court presses Correction and replies to the message with everything that must be supplemented, in one "
        "go. The collaborating court presses Supplemented when done; the result clock starts anew.",
    ),
    Sample(
        "收到的立案不属于本院管辖，怎么退回？",
        "点“退回”→“不属本院管辖”，再回复有管辖权的法院的代字或名称。协作法院点“转送”即另立一件（编号加 -2），重新计时，前后经过都在“查看”里。",
        "A filing is not for our court. How is it returned?",
        "Press Returned, then Not this court’s jurisdiction, and reply with the code or name of the right court. The "
        "collaborating court presses Send on: a new filing (the reference with -2) with a clock of its own; Details tells both.",
    ),
    Sample(
        "我去开会、出差或者休假，收到呼叫没法处理怎么办？",
        "临时走不开的点“转B岗”。事先知道的：/leave 登记休假，/swap 与同事换班，由带班领导批准。带班领导用 /shift 安排谁值班。",
        "I am in a meeting, travelling or on leave and cannot take a page. What do I do?",
        "For now press To post B. Known beforehand: /leave enters leave, /swap changes duty with a colleague, approved by the "
        "duty leader; a leader’s /shift says who stands there.",
    ),
    Sample(
        "一直没有人签收，系统会怎么处理？",
        "默认（本院可调）：5 分钟再次提醒值班人员，10 分钟呼叫B岗并在群里再提醒，15 分钟呼叫带班领导，30 分钟呼叫省级协调员。协作法院可以点“催办”，10 分钟一次。",
        "Nobody acknowledges. What happens?",
        "By default (the court may change it): the officer on duty again after 5 minutes, post B and the group after 10, the "
        "duty leader after 15, the provincial coordinator after 30. The collaborating court may nudge, once in 10 minutes.",
    ),
    Sample(
        "群里可以发当事人姓名、身份证号或者材料照片吗？",
        "不可以。群里和私聊都只写编号、两个法院、案件类型和时间；当事人姓名、证件号、银行卡号、手机号和材料图片一律不发，材料在立案平台上看。",
        "May a party’s name, an ID number or a picture of papers be sent to the group?",
        "No. Chats carry the reference, the two courts, the case type and times; never a party’s name, an ID, bank card or "
        "mobile number, or pictures of papers. Papers are read on the filing platform.",
    ),
    Sample(
        "法院重名（铁西区、鼓楼区）怎么分清？",
        "用法院代字，例如 辽0211。/find 认代字、院名、旧名、拼音和案号，重名的会列出代字供您点选。代字不随区划调整改变。",
        "Courts have the same name (铁西区, 鼓楼区). How do I tell them apart?",
        "By the court’s code, such as 辽0211. /find takes codes, names, former names, pinyin and case numbers, and shows codes "
        "where names are alike. A code outlives changes of divisions.",
    ),
    Sample(
        "手机丢了或者换了聊天账号怎么办？",
        "请立即告知本院管理员解除关联（unlink），原账号马上失效；再领取新的邀请链接（24 小时内有效，只能用一次），点开即可重新关联。",
        "I lost my phone, or have a new chat account. What now?",
        "Tell your administrator at once to unlink it: the old account is worth nothing from then on. Then open a new "
        "invitation link (24 hours, one use).",
    ),
    Sample(
        "演练要不要签收？计入统计吗？",
        "要签收。演练的第一行是【演练】，走的是和真实立案一样的全过程；不计入统计，结束后自动撤回。",
        "Must drills be acknowledged? Are they counted?",
        "Yes, acknowledge them. A drill begins with 【演练】 and goes the whole path for real; it is kept out of the statistics "
        "and withdrawn at its end.",
    ),
)
