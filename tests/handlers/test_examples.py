"""A call as an example: redacted, read by its owner, said yes to, read by the team, withdrawn."""

import json

import pytest

from bot.minutes.calls import store
from bot.minutes.calls.model import Call
from bot.minutes.examples import service
from bot.minutes.examples.model import Example, State
from bot.minutes.keeping import service as keeping
from bot.team import store as people
from tests.conftest import Office
from tests.handlers.deals import bring
from tests.handlers.test_keeping import answer
from tests.handlers.test_minutes import drafted, press

CALL = """Title: Acme pilot
Date: 2026-06-10

Anna Berg: Good morning Maria, thanks for making the time. Omar sends his regards.
Maria Rossi: Happy to. We at Acme like it, Anna, but 12,000 euros is more than the price we budgeted for.
Anna Berg: I hear you. Twelve thousand euros buys 15 percent less downtime. I will send you the offer by Friday.
Maria Rossi: Good. Call me on 0171 5551234 or write to maria.rossi@acme.example, says Ms Rossi to Ms Berg.
Anna Berg: As we did for Kraftwerk, I'll send the SOC 2 report tomorrow. My boss Jonas Weber agrees.
Maria Rossi: Then we have decided to go with the two-week pilot. It is 12,000 euros, as you said.
"""
SECRETS = (
    "Anna",
    "Berg",
    "Maria",
    "Rossi",
    "Omar",
    "Weber",
    "Acme",
    "Kraftwerk",
    "12,000",
    "5551234",
    "@",
    "Twelve",
    "2026-06",
)


def of(office: Office, one: Call) -> Example | None:
    with office.app.db.read() as db:
        return service.of_call(db, 1, one.id)


def published(office: Office, one: Call, by: str = "anna", **answers: str) -> Example:
    office.fill(by, office.form(by, f"/minutes publish {one.id}"), **answers)
    office.say("anna", f"/example yes {one.id}", how="button")
    found = of(office, one)
    assert found
    return found


@pytest.fixture
def call(east: Office) -> Call:
    bring(east)
    one = drafted(east, text=CALL, found=None)
    press(east, "anna", one, "Post to East")
    with east.app.db.read() as db:
        found = store.by_id(db, 1, one.id)
    assert found
    return found


def test_names_customers_and_numbers_are_replaced_the_same_throughout(east: Office, call: Call) -> None:
    one = published(east, call, lesson="How to hold a price")
    kept = json.dumps(one.body, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in kept] == []
    said = [f"{turn.speaker}: {turn.text}" for turn in one.transcript.turns]
    assert said[0].startswith("Rep A: Good morning Contact A, thanks for making the time.")
    assert "We at Customer A like it, Rep A, but [amount 1] is" in said[1]
    assert "[amount 1], as you said" in said[5]
    assert "[phone 1] or write to [e-mail 1]" in said[3]
    assert "Ms Contact A to Ms Rep A" in said[3]
    assert "two-week pilot" in said[5]
    assert {each.owner for each in one.minutes.todos} <= {"Rep A", "Contact A", None}


def test_in_chinese_too(east: Office) -> None:
    bring(east)
    text = (
        "李伟：孟总好，宏达医疗那边三十八万的报价您看了吗？\n"
        "孟凡：小李，价格太高，我们预算只有三十万。\n"
        "李伟：我周五前发您新报价，您电话还是13800138000吧？\n"
        "孟凡：对，那先试用两周，我们定了。\n"
    )
    one = drafted(east, "li", text, found=None)
    press(east, "li", one, "发到 East")
    east.fill("li", east.form("li", f"/minutes publish {one.id}"))
    found = of(east, one)
    assert found
    said = "\n".join(f"{turn.speaker}：{turn.text}" for turn in found.transcript.turns)
    for secret in ("李伟", "孟", "宏达", "三十", "138"):
        assert secret not in said, said
    assert "销售A：联系人A好，客户A那边[金额1]的报价" in said
    assert "[电话1]" in said


def test_its_owner_reads_it_and_says_yes_before_anybody_else_may(east: Office, call: Call) -> None:
    told = east.fill("weber", east.form("weber", f"/minutes publish {call.id}"), lesson="Holds the price")
    assert told is None
    assert "I asked Anna Berg" in east.heard("bot:weber", "reply:")[-1]
    (asked,) = east.heard("bot:anna", "example-asked")
    assert asked.startswith(
        "**Jonas Weber would like East to learn from your call with Acme. Is that all right?**\n> Holds the price"
    )
    one = of(east, call)
    assert one
    assert one.state is State.ASKED
    for who in ("weber", "omar"):
        assert "No examples yet" in answer(east, who, "/examples") or "还没有示范" in answer(east, who, "/examples")
        assert "Only whoever sent the call" in answer(east, who, f"/example yes {call.id}")
    assert "everybody on East can read it" in answer(east, "anna", f"/example yes {call.id}")
    assert east.heard("bot:weber", "example-published") == ["Anna Berg said yes: the call with Acme is an example."]
    for who in ("weber", "omar", "olga"):
        assert "1 example" in answer(east, who, "/examples")
        shown = answer(east, who, f"/example show {call.id}")
        assert shown.startswith("**Holds the price** · East")
        assert [secret for secret in SECRETS if secret in shown] == []
    east.fill("anna", east.form("anna", f"/minutes publish {call.id}"))
    assert "an example already" in east.heard("bot:anna", "reply:")[-1]


def test_more_is_left_out_until_its_owner_is_content(east: Office, call: Call) -> None:
    east.fill("anna", east.form("anna", f"/minutes publish {call.id}"), more="SOC 2")
    form = east.form("anna", f"/example hide {call.id}")
    east.fill("anna", form, more="downtime\n\n  pilot ")
    one = of(east, call)
    assert one
    kept = json.dumps(one.body)
    assert [word for word in ("SOC 2", "downtime", "pilot") if word in kept] == []
    assert one.more == ("SOC 2", "downtime", "pilot")
    assert one.state is State.ASKED
    assert "[left out 1]" in kept


@pytest.mark.parametrize("stage", ["asked", "published"])
def test_no_means_that_nothing_is_kept(east: Office, call: Call, stage: str) -> None:
    east.fill("weber", east.form("weber", f"/minutes publish {call.id}"))
    if stage == "published":
        answer(east, "anna", f"/example yes {call.id}")
    assert "not yours to withdraw" in answer(east, "omar", f"/example no {call.id}")
    said = answer(east, "anna", f"/example no {call.id}")
    assert said.startswith("Withdrawn" if stage == "published" else "Not published")
    assert of(east, call) is None
    assert "No examples yet" in answer(east, "omar", "/examples")
    assert bool(east.heard("bot:weber", "example-asked")) is (stage == "asked")


def test_it_goes_with_its_call(east: Office, call: Call) -> None:
    published(east, call)
    with east.app.db.begin() as db:
        assert keeping.erase(db, call, east.app.now())
    assert of(east, call) is None


def test_what_is_not_settled_or_not_read_is_not_published(east: Office, call: Call) -> None:
    draft = drafted(east, text=CALL.replace("pilot", "trial"))
    form = east.form("anna", f"/minutes publish {draft.id}")
    east.fill("anna", form)
    assert "not settled yet" in east.heard("bot:anna", "reply:")[-1]
    assert "not yours to read" in answer(east, "omar", f"/minutes publish {call.id}")
    for wrong in ("x", "", "99999999999999999999"):
        assert "Say which call" in answer(east, "anna", f"/minutes publish {wrong}x")


def test_whoever_has_left_says_no_yes(east: Office, call: Call) -> None:
    with east.app.db.begin() as db:
        left = people.person.update().where(people.person.c.id == east.person("anna").id)
        db.execute(left.values(active=False))
    east.fill("weber", east.form("weber", f"/minutes publish {call.id}"))
    assert "has left and cannot say yes" in east.heard("bot:weber", "reply:")[-1]
