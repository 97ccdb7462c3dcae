"""Calls of the demo's people, invented like them: what was said, as a recording tool writes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """A call that `key` had so many days ago. `posted`: its minutes are with the team already; `lesson`: what its team
    learns from it, "" when it is no example. `text` begins after the date."""

    key: str
    days: int
    name: str
    text: str
    posted: bool = True
    lesson: str = ""


ACME = """\
[00:00:03] Lin Yue: Good morning, Wang Lei, thanks for making the time. I have the numbers from the demo with me.
[00:00:11] Wang Lei: Morning. Let me say it straight away: the shop managers liked it.
[00:00:19] Lin Yue: Glad to hear that. What did they like most?
[00:00:23] Wang Lei: The morning report. They see what runs out before it runs out.
[00:00:31] Lin Yue: And what stands in the way?
[00:00:34] Wang Lei: Honestly, your price is a good deal above what we budgeted for this year.
[00:00:43] Lin Yue: I understand. Most retailers of your size have the cost back within two quarters, from waste alone.
[00:00:55] Wang Lei: That is what everybody says. Northwind quoted us 20 percent less last week.
[00:01:04] Lin Yue: Do they count the connectors in? We do. I will send you a line by line comparison by Friday.
[00:01:16] Wang Lei: Please do. And I need the SOC 2 report before IT signs anything.
[00:01:24] Lin Yue: I'll send the SOC 2 report tomorrow morning.
[00:01:31] Wang Lei: Then there is my boss. The CFO decides, and she has not seen any of this.
[00:01:40] Lin Yue: Would a pilot help her? Two stores, four weeks, and you pay only if the waste goes down.
[00:01:50] Wang Lei: That is fair. Okay, let's do the pilot in the Hongqiao and Wujiaochang stores.
[00:02:01] Lin Yue: Agreed. I can't promise you a discount on top of that, to be clear.
[00:02:08] Wang Lei: I did not expect one. I'll bring the list of stores and the CFO to the next meeting.
[00:02:17] Lin Yue: Then let's meet on Tuesday at 10 to walk through the pilot plan.
[00:02:23] Wang Lei: Tuesday at ten is fine.
[00:02:27] Lin Yue: Perfect. Talk to you on Tuesday.
"""

DENTAL = """\
[00:00:02] Lin Yue: Hi Ellen, did the new schedule survive the first week?
[00:00:08] Ellen Hu: It did. Reception calls it a gift, which they never say about software.
[00:00:17] Lin Yue: And the dentists?
[00:00:19] Ellen Hu: Two of four. The older two say it takes too much clicking to enter a treatment.
[00:00:29] Lin Yue: We can shorten that form. I will set up a template with them on Thursday.
[00:00:38] Ellen Hu: Good. One more thing, patient data. Where does it sit?
[00:00:46] Lin Yue: On your own server, nothing leaves the practice. I'll send you the data protection sheet today.
[00:00:56] Ellen Hu: Then I have decided: we take it for both practices.
[00:01:03] Lin Yue: Wonderful. I'll prepare the contract for both by Monday.
[00:01:09] Ellen Hu: And I'll ask my accountant about paying yearly.
"""

HONGDA = """\
[00:00:04] 陈洁：孟主任好，上次演示之后科室反馈怎么样？
[00:00:10] 孟凡：护士站都说好用，就是价格比我们预算高出不少。
[00:00:19] 陈洁：理解。预算大概在什么范围？我看能不能分期。
[00:00:27] 孟凡：今年只批了三十万，多的要等明年。
[00:00:35] 陈洁：那我周五前给您一版分两年付的报价。
[00:00:43] 孟凡：可以。另外数据不能出院，信息科要先看你们的安全方案。
[00:00:53] 陈洁：安全白皮书我明天发您邮箱。
[00:01:00] 孟凡：你们敢保证系统不宕机吗？
[00:01:05] 陈洁：没有人能保证百分之百不宕机，我们把可用性写进合同，达不到就退费。
[00:01:16] 孟凡：这个说法实在。有的厂家还跟我提返点，我当场就拒绝了。
[00:01:27] 陈洁：我们也不做这个。要不先在两个病区试用两周，您看效果再定？
[00:01:37] 孟凡：行，那就定了，先在两个病区试用两周。
[00:01:45] 陈洁：好，下周二上午十点我带工程师来开启动会。
[00:01:53] 孟凡：下周二可以，我叫上信息科的同事。
"""

CALLS = (
    Spoken("lin", 6, "bright-dental.txt", DENTAL),
    Spoken("chen", 1, "宏达医疗.txt", HONGDA, lesson="先认预算，再用试用把价格异议变成下一步"),
    Spoken("lin", 0, "acme.txt", ACME, posted=False),
)
