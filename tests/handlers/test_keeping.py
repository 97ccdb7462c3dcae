"""How long calls are kept, and erasing one: say this, expect that."""

from datetime import timedelta

import pytest

from bot.llm import store as answers
from bot.minutes.calls import service, store
from bot.minutes.calls.model import Call, State
from bot.minutes.keeping import service as keeping
from bot.minutes.keeping.store import Erased
from bot.todos import store as todos
from bot.voice import drafts
from jobs import minutes as jobs
from tests.bot.minutes.test_calls import CALL
from tests.conftest import Office
from tests.handlers.deals import bring
from tests.handlers.test_minutes import calls, drafted, message, press


def answer(office: Office, key: str, text: str, **more: object) -> str:
    office.say(key, text, **more)
    return office.heard(f"bot:{key}", "reply:")[-1]


@pytest.fixture
def admin(east: Office) -> Office:
    east.hire(
        "person,name,team,role,timezone,language,calendar\nroot,Ruth Adeyemi,East,admin,Europe/Berlin,en,DE\n"
        "zhao,赵敏,East,admin,Asia/Shanghai,zh,CN\n"
    )
    return east


def test_calls_are_kept_two_years_unless_an_admin_says_otherwise(admin: Office) -> None:
    assert "Calls are kept for 730 days" in answer(admin, "anna", "/retention")
    assert "admins" in answer(admin, "anna", "/retention calls 3")
    for wrong in ("0", "-4", "soon", "99999999"):
        assert "Give a number of days" in answer(admin, "root", f"/retention calls {wrong}")
    assert "Calls are kept for 180 days" in answer(admin, "root", "/retention calls 180")
    assert "通话保留 180 天" in answer(admin, "zhao", "/retention")
    assert "until somebody erases them" in answer(admin, "root", "/retention calls keep")
    with admin.app.db.read() as db:
        assert keeping.days(db, 1) is None


def test_what_was_kept_long_enough_is_erased_and_that_alone_is_told(admin: Office) -> None:
    bring(admin)
    old = drafted(admin)
    press(admin, "anna", old, "Post to East")
    answer(admin, "root", "/retention calls 30")
    admin.clock.now += timedelta(days=29)
    young = drafted(admin, text=CALL.replace("pilot", "trial"))
    jobs.keep(admin.app)
    assert state(admin, old) is State.POSTED
    admin.clock.now += timedelta(days=1, minutes=1)
    jobs.keep(admin.app)
    jobs.keep(admin.app)
    assert (state(admin, old), state(admin, young)) == (State.FORGOTTEN, State.DRAFT)
    assert message(admin, drafts.key(old)).text == "This call was erased."
    assert message(admin, drafts.key(young)).text != "This call was erased."
    (told,) = admin.heard("team:East", "minutes-posted")
    assert told == "This call was erased."
    with admin.app.db.read() as db:
        gone = keeping.of_call(db, 1, old.id)
        assert gone == Erased(old.id, admin.person("anna").id, admin.app.now(), None)
        owed = todos.of_call(db, 1, old.id)
    assert [one.task for one in owed if "SOC 2" in one.task]
    assert {one.phrase for one in owed} == {""}


def state(office: Office, one: Call) -> State:
    with office.app.db.read() as db:
        found = store.by_id(db, 1, one.id)
    assert found
    return found.state


@pytest.mark.parametrize(
    ("who", "may"), [("anna", True), ("weber", True), ("root", True), ("li", False), ("olga", False)]
)
def test_who_may_erase_a_call(admin: Office, who: str, may: bool) -> None:
    one = drafted(admin)
    asked = answer(admin, who, f"/forget call {one.id}")
    assert ("gone for good" in asked or "彻底删除" in asked) is may
    answer(admin, who, f"/forget call {one.id} now")
    assert (state(admin, one) is State.FORGOTTEN) is may


def test_a_question_comes_before_the_deed(admin: Office) -> None:
    one = drafted(admin)
    admin.say("anna", f"/forget call {one.id}")
    assert state(admin, one) is State.DRAFT
    form = admin.form("anna", f"/forget call {one.id}")
    assert form.says == f"/forget call {one.id} now"
    admin.fill("anna", form)
    assert state(admin, one) is State.FORGOTTEN
    assert answer(admin, "anna", f"/forget call {one.id} now") == "It is erased already."
    for wrong in ("/forget", "/forget me", "/forget call x", "/forget call 99999999999999999999"):
        assert "Say which call" in answer(admin, "anna", wrong)
    assert "not yours" in answer(admin, "anna", "/forget call 404")


def test_a_call_that_is_being_read_may_be_erased_and_no_draft_comes(admin: Office) -> None:
    with admin.app.db.begin() as db:
        one = service.take(db, admin.person("anna"), CALL.encode(), "a.txt", admin.app.now(), key="k")
    answer(admin, "anna", f"/forget call {one.id} now")
    from tests.handlers.test_minutes import work

    work(admin)
    assert state(admin, one) is State.FORGOTTEN
    with admin.app.db.read() as db:
        assert service.items(db, one) == []
        assert store.parts(db, one) == {}


def test_what_a_model_answers_too_late_is_forgotten_too(admin: Office) -> None:
    one = drafted(admin)
    answer(admin, "anna", f"/forget call {one.id} now")
    with admin.app.db.begin() as db:
        answers.keep(db, 1, "digest", "minutes", service.about(one), {"said": CALL}, admin.app.now())
        answers.keep(db, 1, "other", "minutes", "call:77", {"said": CALL}, admin.app.now())
    jobs.keep(admin.app)
    with admin.app.db.read() as db:
        assert answers.kept(db, 1, "digest") is None
        assert answers.kept(db, 1, "other") is not None


def test_buttons_of_an_erased_call_do_nothing(admin: Office) -> None:
    one = drafted(admin)
    answer(admin, "anna", f"/forget call {one.id} now")
    for verb in ("keep {} 3", "only {}", "show {}", "open {}", "change {} 3"):
        admin.say("anna", "/minutes #" + verb.format(one.id), how="button")
    assert state(admin, one) is State.FORGOTTEN
    assert calls(admin)[0].state is State.FORGOTTEN
