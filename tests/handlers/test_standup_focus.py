"""A question that is pushed down: asked once, in the next standup of those it concerns; their answers come back."""

from datetime import date, timedelta

from bot.blockers import service as blockers
from bot.standup import board, service, store
from tests.conftest import Office
from tests.handlers.deals import HALF_PAST, bring

TEXTS = {"en": "Demo to offer is down: what stops yours?", "zh": "演示到报价转化率降了：你的卡在哪？"}
TODAY, TOMORROW = date(2026, 6, 11), date(2026, 6, 12)


def push(office: Office, *people: str, key: str = "alert-1", until: date = date(2026, 6, 18)) -> int:
    with office.app.db.begin() as db:
        ids = [office.person(one).id for one in people]
        return service.focus(db, 1, key=key, people=ids, texts=TEXTS, until=until, now=office.app.now())


def came_back(office: Office, key: str = "alert-1") -> list[tuple[str, str, date]]:
    with office.app.db.read() as db:
        return [(one.person.key, one.text, one.day) for one in service.focus_answers(db, 1, key)]


def prompt(office: Office, key: str) -> str:
    return office.heard(f"bot:{key}", "standup-prompt:")[-1]


def test_it_is_asked_once_in_each_ones_words_and_comes_back(east: Office) -> None:
    assert push(east, "anna", "li") == 2
    assert push(east, "anna", "li") == 0
    east.run(HALF_PAST)
    assert f"One more question: {TEXTS['en']}" in prompt(east, "anna")
    assert TEXTS["zh"] in prompt(east, "li")
    assert "question" not in prompt(east, "omar")
    form = east.form("anna", "/standup")
    asked = next(f for f in form.fields if f.name.startswith("focus-"))
    assert (asked.label, asked.required) == (TEXTS["en"], False)
    for _ in range(2):
        east.fill("anna", form, done="a", blocker__kind="none", **{asked.name: "they wait for\ntheir CFO"})
    east.say("li", "完成：拜访远航\n计划：写方案\n卡点：无\n关注：价格太高")
    assert came_back(east) == [("anna", "they wait for; their CFO", TODAY), ("li", "价格太高", TODAY)]
    assert "**Focus**  they wait for; their CFO" in east.heard("bot:anna", "reply:")[-1]
    east.say("anna", "/history")
    assert "Focus: they wait for; their CFO" in east.heard("bot:anna", "reply:")[-1]
    east.run(HALF_PAST + timedelta(days=1, minutes=1), step=600)
    assert "One more question" not in prompt(east, "anna")


def test_three_lines_are_the_three_answers_all_the_same(east: Office) -> None:
    push(east, "anna")
    east.run(HALF_PAST)
    east.say("anna", "met Acme\ncall Wang\nnone")
    with east.app.db.read() as db:
        slot = store.slot_on(db, 1, east.person("anna").id, TODAY)
        assert slot is not None
        assert board.answered(db, slot).answers == {"done": ("met Acme",), "next": ("call Wang",), "blocker": ()}
    assert came_back(east) == []


def test_one_a_standup_and_none_after_its_last_day(east: Office) -> None:
    push(east, "anna", key="old", until=date(2026, 6, 10))
    push(east, "anna", key="first")
    push(east, "anna", key="second")
    east.run(HALF_PAST)
    east.fill("anna", east.form("anna", "/standup"), done="a", blocker__kind="none", **{_field(east): "one"})
    east.run(HALF_PAST + timedelta(days=1, minutes=1), step=600)
    east.fill("anna", east.form("anna", "/standup"), done="a", blocker__kind="none", **{_field(east): "two"})
    assert (came_back(east, "first"), came_back(east, "second")) == (
        [("anna", "one", TODAY)],
        [("anna", "two", TOMORROW)],
    )
    assert came_back(east, "old") == []


def _field(office: Office) -> str:
    return next(f.name for f in office.form("anna", "/standup").fields if f.name.startswith("focus-"))


def test_what_is_taken_back_is_not_asked(east: Office) -> None:
    push(east, "anna", "li")
    with east.app.db.begin() as db:
        service.drop_focus(db, 1, "alert-1")
    east.run(HALF_PAST)
    assert "One more question" not in prompt(east, "anna")


def test_blockers_are_counted_by_kind_in_a_stage_of_the_crm(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    east.say("anna", "Done: a\nNext: b\nBlockers: Acme says the price is too high; Kraftwerk: legal has the contract")
    east.say("li", "完成：a\n计划：b\n卡点：宏达医疗嫌价格太贵")
    with east.app.db.read() as db:
        everything = blockers.named(db, 1, since=TODAY, until=TODAY)
        demo = blockers.named(db, 1, stage="Demo", since=TODAY, until=TODAY)
        annas = blockers.named(db, 1, stage="Demo", owners=["anna"], since=TODAY, until=TODAY)
        later = blockers.named(db, 1, since=TOMORROW, until=TOMORROW)
    assert [(one.category.value, one.count, one.deals) for one in everything] == [
        ("price", 2, ("Acme", "宏达医疗")),
        ("approval", 1, ("Kraftwerk pilot",)),
    ]
    assert [(one.category.value, one.deals) for one in demo] == [("price", ("Acme", "宏达医疗"))]
    assert [one.deals for one in annas] == [("Acme",)]
    assert later == []
