"""Promises, requests and plans as Chinese says them, clause by clause."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.minutes.offline.cues import Cue, Kind

_VERBS = """
发|发送|发给|发到|发出|转发|给|提供|整理|确认|核实|核对|申请|约|预约|安排|问|请示|汇报|跟进|联系|准备|出一|出个|出份|做一|做个|做份|做好|做完|
拉一|拉个|拉上|拉着|拉会|同步|提交|反馈|回复|答复|回您|回你|打电话|寄|快递|改|修改|更新|起草|拟|写|沟通|协调|邀请|落实|对接|签|盖章|走流程|走完|走审批|
订|定一|催|查|看一下|测|测试|试|评估|算|核算|报|报价|补|传|上传|开通|部署|装|拜访|过去|上门|介绍|引荐|推|推送|打印|归档|备案|付|打款|开票|开发票|
开好|开通|开账号|开个|说一声|说一下|说说|打个招呼|打声招呼|打招呼|写进|放到|放进|调|换|留|送|拿|取|录|跑|教|选|挑|回话|回信|回电|出具|出方案|
去要|去拿|去取|去问|去查|去找|去跑|去办|去谈|去签|要一下|反映|打报告|打个报告|导|报告|申报|占|锁|加到|加进|加个|弄|拍|拎|单列|转给|转到|转过|打样|打板|重新打|腾|张罗|过目|备|给到|说说|盯|抄送|抄给|配|做|写|出|拉|采购|
请|找|叫|派|带|通知|告诉|讨论|商量|研究|敲定|定下来|排|排期|搭|导出|导入|梳理|列|收集|汇总|审|审核|批|统计|复核|对一下|交|弄|处理|解决|办
"""
VERB = "(?:" + "|".join(part.strip() for part in _VERBS.replace("\n", "").split("|") if part.strip()) + ")"
_STRONG = re.compile(
    r"反映|打报告|打个报告|拍给|拎出来|转给|转到|加到|加进|锁|占[一个]|腾|给到|改图|改好|改完|打样|重新[打做出寄算报]|弄个|弄好|抄送|写个|写一|写份|拟|导出|导一下|统计|"
    r"谈|争取|请.{1,8}(?:看|来|做|出|查)|算[个一份下]|带过去|要一下|带给|"
    r"发给|发到|发您|发你|发过|发一|发份|发出|转发|发|寄|整理|确认|核实|申请|约|安排|答复|回复|"
    r"反馈|提供|提交|跟进|联系|准备|起草|拟|上传|开通|预约|催|盖章|走流程|走审批|"
    r"拜访|上门|请示|汇报|协调|落实|报价|开票|打款|评估|核算|对接|同步|"
    r"出一|出个|出份|做一|做个|做份|做好|改|问|查|打电话|梳理|汇总|收集|拉个|拉一|邀请|列|补|测|签|"
    r"付|敲定|商量|讨论|通知|开好|开通|打.{0,2}招呼|说一[声下]|写进|让.{1,8}看|落实|跑|"
    r"找.{1,6}(?:签|批|要|拿)|给(?:您|你|我|他|王|李|张)"
)
_SELF = (
    r"(?:我(?:们)?(?:这边|这里|这儿|来|自己|方|先|也|就|都|再|会|要|去|得|可以|能|马上|尽快|一定|"
    r"回头|回去|回来|需要|负责|跟|和|让|叫|请|把|今天|今晚|明天|后天|下周|"
    r"本周|这周|周|月底|下午|上午|晚上|稍后|待会|一会|等会|后续|接下来|直接|重新|单独|另外|还|之后|"
    r"那边|部门|公司|给|帮|替|\d)?)"
)
_PROMISE = re.compile(rf"(?P<task>{_SELF}.{{0,40}}?{VERB}.*)")
_BARE = re.compile(  # no 我, but to somebody: 明天下午给您答复
    rf"^(?:那|好|行|嗯|然后|另外|再|还有|同时|最后|顺便)?[，、]?(?P<task>.{{0,24}}?(?:给到?|发到?|跟|向|"
    rf"帮|陪|替|回)(?:您|你)(?:们)?.{{0,24}}?{VERB}?.*)"
)
_UNSAID = re.compile(  # nobody named, a day or "at once" and something done: 会后就能发, 明天顺丰走
    rf"^(?:那|好|行|嗯|可以|没问题|OK|ok|然后|另外|再|还有|同时|最后|顺便|就|[，、])*(?P<task>(?!.*(?:您|你|客户|他们))[^？?]{{0,24}}?"
    rf"(?:{VERB}|走|出结果|送到|到位).*)",
)
_SOON = re.compile(r"马上|会后|晚点|稍后|待会|一会儿?|等会|回头|尽快|立刻|第一时间|随后|就发|就给")
_REQUEST = re.compile(
    rf"(?P<how>(?:您|你)(?:们)?(?:那边|这边)?(?:能不能|能否|可不可以|可否|方便)|麻烦|劳烦|辛苦|"
    rf"拜托|请(?!问|教|客)|能不能|能否|可不可以|可否|是否可以|"
    rf"方便(?=.{{0,12}}(?:吗|不))|帮(?:忙|我|我们|着)|"
    rf"(?:您|你)(?:们)?(?:那边|这边|那里|来|要|得|月|明|下|后|本|给我|发我|帮我|跟我|告诉我|约吧|"
    rf"定吧|需要|先|把|负责|再|给我|发我|帮我|跟我|告诉我|"
    rf"发一|寄|记得|回头|回去|看看能|能|可以|"
    rf"今天|明天|后天|下周|这周|本周|周)|记得|需要(?:您|"
    rf"你)(?:们)?|还(?:得|要)(?:您|你)(?:们)?)"
    rf"(?P<task>.{{0,40}}?{VERB}.*)"
)
_YOU = re.compile(rf"(?P<how>(?:您|你)(?:们)?)(?P<task>.{{0,30}}?{VERB}.*)")
_WANTED = re.compile(  # 样机要提前寄三台: whoever can should
    rf"^(?:那|还有|另外|[，、])*(?P<task>[^我您你？?]{{2,14}}(?:要|得|需要)(?:提前|先|尽快|再|给我|给我们)?[^我您你？?]{{0,8}}{VERB}[^？?]*)$|"
    rf"(?P<see>.{{2,14}}我们?要(?:提前)?(?:看到|拿到|收到)[^？?]*)$"
)
_ORDER = re.compile(  # 写进合同里, 把型号拍给我, 记得带上
    r"^(?:那|那就|好|行|就|先|再|还|一定|最好|直接|顺便|也|[，、])*(?P<task>(?:把|写进|写到|加上|加进|发我|发给我|给我|寄|帮我|"
    r"提前|按|别忘|记得|抄送)[^？?]{0,40}|[^我您你？?]{2,16}(?:给我|发我|发过来|寄过来|写进.{0,6}|给过来)(?:吧|就行|一下|看看)?)$"
)
_TOGETHER = re.compile(
    r"(?:咱们|咱|我们(?=(?:一起|约|定|找|下|周|再|就|先|改|月|\d))|大家|双方|"
    r"两边|下次(?=.{0,3}(?:会|碰|见|聊|约|定))|^那?(?=(?:周|星期|礼拜|下周|明天|后天|[\d一二三四五六七八九十]+[号月]).{0,8}(?:碰|聊|见|开会|再会)))(?P<task>.{0,30}?(?:约|开个会|开会|碰(?:一|个|下|面)?|聊|"
    r"过一(?:下|遍)|见面?|对一(?:下|遍)|安排|定|讨论|签|走|做|评审|演示|培训|启动).*)"
)
_ASSIGNED = re.compile(
    rf"(?:^|[，,、：:]|由|让|请|叫|安排|然后|那)(?P<who>[\u4e00-\u9fff]{{1,3}}(?:总|工|老师|姐|哥|"
    rf"经理|主任|总监|部长|院长|处长|科长|博士)?|"
    rf"[A-Z][A-Za-z]+)"
    rf"(?:这边|那边|来|会|去|负责|你|您|要|把|今天|明天|后天|下周|周|本周|这周|月底|在)(?P<task>.{{0,40}}?{VERB}.*)"
)
_GIVE_ME = re.compile(
    r"^(?!.*(?:我.{0,12}|您|你|不|没)(?:给|发|寄|转)我)(?P<task>.{2,30}(?:给|发|寄|"
    r"转)我(?:们)?(?:一份|一下|一个|看看|看一下|就行|即可|吧)?)$"
)
_ASKS = re.compile(r"(?:行吗|好吗|可以吗|怎么样|成吗|方便吗|好不好|行不行|可以不)[？?]?$")
_OFFER = re.compile(rf"(?:要不要我|需不需要我|要不我|我要不要|需要我)(?P<task>.{{0,30}}?{VERB}.*)")
_MINE = re.compile(
    r"我(?:们)?(?:这边|可以|来|去|会|一会|马上|尽快|回头|回去|需要|负责|得|要|跟|让|叫|再|把|帮|按|先|"
    r"今|明|后天|下|周|月|重新|争取|\d)"
)
_NOW = re.compile(
    r"请假|今天(?:主要|就是|先|咱们)?.{0,4}(?:过一[下遍]|聊|讲|看一下|沟通)|拜.{0,2}年|介绍一下|我先(?:说|讲|问|确认一下您|介绍)|(?:共享|分享).{0,4}屏幕|问(?:您|你|一)(?:下|个|"
    r"一下|句)|跟(?:您|你|大家|各位)(?:说|讲|汇报|过|介绍|聊|报告|"
    r"确认一下|同步一下|解释|核对一下|坦白)|"
    r"给(?:您|你|大家|各位|您们|你们)(?:讲|说|介绍|演示|看|展示|举|解释|报(?:个|一)|算一|透)|(?:^|"
    r"我)(?:再)?(?:补充|总结|重复|确认)一(?:下|句)|"
    r"我(?:们)?现在|我这就|刚(?:才|刚)|上次|之前(?:就|已|都|给|发|我|那|也|做|用|找|跟|有|问)|已经|"
    r"去年|昨天|前天|上周|上个月|以前|当时|曾经|"
    r"我(?:们)?(?:的|最|很|觉得|认为|想|希望|担心|怕|知道|理解|明白|看到|看(?:了|过)|听|问过|发现|"
    r"做了|发了|给了|用|在用|也是|是|没|不)|"
    r"给(?:您|你)(?:添|带来)|请(?:坐|进|稍等|讲|说)|请放心|您(?:放心|说|讲|看(?!.{0,8}一下))|(?:您|"
    r"你)(?:要|来)(?:是|说|讲|看)|麻烦(?:的|了$|在|"
    r"不)|很麻烦|太麻烦|比较麻烦|多少|什么|怎么|哪|为什么|吧？$|了吗|过吗|没有[？?]|有没有"
)
_OVER = re.compile(
    r"我是|今天(?:主要|就是|先).{0,4}(?:过|聊|讲)|拜.{0,2}年|上次|已经|刚|去年|昨天|上周|觉得|担心|多少|什么|怎么|哪|了吗|没有[？?]"
)
_HARD = re.compile(
    r"麻烦|劳烦|辛苦|拜托|请|能不能|能否|可|帮|记得|需要|还|方便|是否|把|(?:给|发|帮|跟|告诉)我|吧$|[约定排订]吧"
)
_NOT = re.compile(
    r"不(?!错|好意思|过|仅|但|同|止|管|论|断|介意|客气|可以)|没(?!问题|关系|事)(?!.{0,2}(?:的话))|"
    r"别(?!的|人)|无法|可能(?!.{0,6}要)|也许|看情况|再说|"
    r"再看|考虑|看看吧|争取不|或许|说不定|如果(?!.{0,12}(?:我|的话))|要是|万一|假如|未必|难"
)
_NOT_HARMLESS = re.compile(
    r"能不能|可不可以|要不要|是不是|需不需要|差不多|不超过|不晚于|不迟于|对不对|好不好|行不行|"
    r"有没有问题|要不我|没问题"
)
_CUT = re.compile(r"[，,；;。！!]|——|…+")
REPORT = re.compile(
    r"答复|回复|回话|回信|反馈|给.{0,3}(?:消息|准数|结果|准信|说法)|告诉(?:您|你)|通知(?:您|你)|再跟(?:您|你)说|同步"
)
_ACCEPT = re.compile(
    r"^(?:一定|肯定|必须|嗯|哦|啊|那|行|好|可以|没问题|没有问题|OK|ok|Ok|收到|明白|成|中|对|是|当然|必须的|应该的|"
    r"放心|您放心|你放心|包在我身上|交给我|我来|我会|好的|好嘞|好呀|好吧|"
    r"了解|知道了|记下了|记住了|妥|得嘞|没毛病|不客气)"
)
_REFUSED = re.compile(
    r"不行|不太行|不(?:太|大|是很)?方便|做不了|没办法|不能|不好办|恐怕|够呛|不一定|再说|看情况|我看看|考虑|不可能|"
    r"不用|先不|难办|有点难|不合适|给不了|暂时"
)
_CONNECT = re.compile(r"^(?:另外|然后|还有|再|同时|此外|最后|第[一二三四]|顺便|以及)")


_NOD = re.compile(r"^(?:好的?|行|嗯|可以|那|没问题|OK|ok)[，,]")
_ONLY_DAY = re.compile(
    r"(?:最迟|最晚|最好|大概|差不多|就|那|争取|暂定|估计|应该)*(?:在|是)?(?:(?:这|本|下|下下)?个?(?:周|星期|礼拜)[一二三四五六日天末]?|明天|后天|大后天|今天|"
    r"今晚|明早|月底|月初|年底|年前|[\d一二三四五六七八九十]+月[\d一二三四五六七八九十]+[号日]?|[\d一二三四五六七八九十]+[号日])"
    r"(?:早上|上午|中午|下午|晚上|下班|[\d一二三四五六七八九十]+点半?)*(?:之?前|以前|左右)?(?:吧|可以|就行|都行|行不行|怎么样|行吗)?"
)


_RUN_ON = re.compile(  # where nobody put a comma
    r"(?:不过|但是|但|那|然后|所以|另外|还有就是|还有|因为)(?=(?:我|您|你|咱|麻烦|请))|"
    r"(?<![给跟帮让向和替叫请要等果管要把为的说])(?=(?:我|您|你)(?:们)?(?:这边)?(?:把|去|来|先|可以|让|得|明天|今天|今晚|回去|晚点|下午|月底|待会|一会|帮|给))|(?=麻烦(?:您|你))"
)
_LONG = 16  # characters without a comma from which a voice was written down without any


def _pieces(sentence: str) -> Iterator[str]:
    for part in _CUT.split(sentence.rstrip("。！!")):
        start = 0
        for match in _RUN_ON.finditer(part) if len(part) > _LONG else ():
            if match.start() - start >= 4:
                yield part[start : match.start()].strip()
                start = match.end()
        yield part[start:].strip()


def clauses(sentence: str) -> Iterator[str]:
    """Clauses by their commas; what goes on with the one before without a doer of its own is left with it."""
    kept = ""
    for piece in _pieces(sentence):
        if not piece:
            continue
        if kept and _goes_on(piece, kept):
            kept = f"{kept}，{piece}"
            continue
        if kept:
            yield kept
        kept = piece
    if kept:
        yield kept


def _goes_on(piece: str, kept: str) -> bool:
    if _ONLY_DAY.fullmatch(piece) or _ONLY_DAY.fullmatch(_NOD.sub("", kept)):
        return True
    if len(kept) <= 4 or re.match(r"(?:但|不过|可是|而且|因为|所以)", piece) or _NOT_REAL(piece):
        return bool(
            re.fullmatch(
                r".{0,3}(?:周[一二三四五六日天]|明天|后天|今天|月底|下周|本周|这周|"
                r"[\d一二三四五六七八九十]+月[\d一二三四五六七八九十]+[号日]).{0,8}",
                kept,
            )
        )
    if (
        _CONNECT.match(piece)
        or re.match(r"(?:那|这|然后|就)?(?:我|您|你|咱|大家|他|她)|[\u4e00-\u9fff]{1,2}[总工]", piece)
        or re.match(r"请|麻烦|辛苦|能不能|可以", piece)
    ):
        return False
    return bool(re.search(r"我|您|你|麻烦|请|咱", kept)) and len(kept) < 80 and not re.search(r"[？?]", kept)


def _NOT_REAL(piece: str) -> bool:
    return bool(_NOT.search(_NOT_HARMLESS.sub("", piece)))


def cue(clause: str, *, dated: bool, asked: bool) -> Cue | None:
    """What a clause is about. `dated`: it names a day. `asked`: it asks."""
    if _NOT.search(_NOT_HARMLESS.sub("", clause)):
        return None
    found = _cue(clause, dated=dated, asked=asked)
    if found is None or not kept_already(clause, dated):
        return found
    if found.how in _LOOSE:
        return None
    return replace(found, strength=min(found.strength, 0.2))


_LOOSE = ("wanted", "order", "you", "unsaid")  # openings that say little of themselves


def kept_already(clause: str, dated: bool) -> bool:
    """Whether it is over, done at once, or thought rather than done."""
    bare = _NOT_HARMLESS.sub("", clause)
    return bool(_NOW.search(bare)) and not (dated and _STRONG.search(clause) and not _OVER.search(clause))


def _cue(clause: str, *, dated: bool, asked: bool) -> Cue | None:
    if match := _OFFER.search(clause):
        return Cue(Kind.OFFER, match["task"], 0.6, how="offer")
    if match := _GIVE_ME.search(clause):
        return Cue(Kind.REQUEST, match["task"], 0.7, how="give me")
    first = _PROMISE.search(clause)
    ask = _REQUEST.search(clause)
    if ask and (not first or ask.start() <= first.start()):
        return _asked(ask, dated)
    together = _TOGETHER.search(clause)
    if together:
        return Cue(Kind.TOGETHER, together["task"], 0.6 if dated else 0.3, how="together")
    if asked:
        offers = first and _ASKS.search(clause) and _STRONG.search(clause)
        return Cue(Kind.OFFER, clause, 0.6, how="offer") if offers else None
    you = _YOU.search(clause)
    if first and (not you or first.start() <= you.start() or clause[you.start() - 1] in "给发跟向帮陪替回"):
        return _promise(first["task"] if first.start() > 12 else clause, dated)
    return _others(clause, dated, you)


def _asked(ask: re.Match[str], dated: bool) -> Cue:
    strong = bool(_STRONG.search(ask["task"]))
    hard = bool(_HARD.search(ask["how"]))
    strength = 0.75 if hard and strong else 0.5 if strong and (dated or hard) else 0.3
    return Cue(Kind.REQUEST, ask["task"], strength, how=ask["how"])


def _others(clause: str, dated: bool, you: re.Match[str] | None) -> Cue | None:
    strong = bool(_STRONG.search(clause))
    if (match := _BARE.search(clause)) and _STRONG.search(match["task"]):
        return Cue(Kind.PROMISE, match["task"], 0.8 if dated else 0.6, how="bare")
    if (match := _ASSIGNED.search(clause)) and match["who"][0] not in "你您这那本下上每今明":
        return Cue(Kind.ASSIGNED, match["task"], 0.7 if dated or strong else 0.3, match["who"], "assigned")
    if match := _WANTED.search(clause):
        return Cue(Kind.REQUEST, match["task"] or match["see"], 0.3, how="wanted")
    if you:
        return Cue(Kind.REQUEST, you["task"], 0.4 if strong else 0.2, how="you")
    if match := _ORDER.search(clause):
        return Cue(Kind.REQUEST, match["task"], 0.4 if strong else 0.3, how="order")
    if (dated or _SOON.search(clause)) and (match := _UNSAID.search(clause)):
        return Cue(Kind.PROMISE, match["task"], 0.4 if strong else 0.2, how="unsaid")
    return None


def _promise(task: str, dated: bool) -> Cue:
    to = bool(re.search(r"(?:给|发|跟|向|帮|回)(?:您|你)", task))
    strong = bool(_STRONG.search(task))
    if strong and (dated or to):
        return Cue(Kind.PROMISE, task, 0.95 if dated else 0.85, how="i to you" if to else "i")
    mine = bool(_MINE.search(task))
    return Cue(Kind.PROMISE, task, 0.6 if strong and mine else 0.5 if dated else 0.3, how="i do" if mine else "i")


DO = re.compile(rf"^(?:那|行|可以|好|嗯|对|啊|你|您|先|就|[，,、])*(?:{VERB})(?:一?[个下份]|上)?(?:吧|呀|嘛|呗|啊)")


_PROMISED = re.compile(  # 明天顺丰走, 今晚就给您
    rf"^(?:那|就|[，,、])*(?:明天|今天|后天|今晚|明早|明儿|马上|会后|待会儿?|晚点|下周|(?:这|下)?(?:周|礼拜|星期)[一二三四五六日天]|[^，。]{{1,6}}(?:之前|前))"
    rf"[^？?，。]{{0,10}}?(?:{VERB}|走|到)"
)


def accepted(text: str) -> bool | None:
    """Whether an answer takes a request on; None where it says neither yes nor no."""
    first = text[:60]
    if _REFUSED.search(_NOT_HARMLESS.sub("", first)):
        return False
    if _ACCEPT.match(first) or re.search(
        r"没问题|没有问题|可以的|我来|我会|包在我|我.{0,6}(?:就去|这就|去问|去找|去拿|去办)", first
    ):
        return True
    return True if DO.match(first) or _PROMISED.match(first) else None


WHEN = re.compile(r"多久|什么时候|啥时候|几号|哪天|几时|什么时间|何时")
