"""The pages about calls: the list, the minutes beside the transcript, and the team's examples."""

import re
from collections.abc import Mapping

from bot.app import App
from bot.minutes.examples import store
from bot.team.model import Person
from bot.web.minutes.call import CALL, call
from bot.web.minutes.calls import PAGE, calls
from bot.web.minutes.examples import EXAMPLE, example, examples
from bot.web.minutes.examples import PAGE as EXAMPLES
from bot.web.pages import Page
from bot.web.say import Area

PAGES: Mapping[str, Page] = {PAGE: calls, CALL: call, EXAMPLES: examples, EXAMPLE: example}


def _stand(app: App) -> int:
    return round(app.now().timestamp() * 1e6)


def _written(app: App, who: Person, before: int) -> str:
    """The page of the example that was made of a call of one's own since then, to be read before saying yes."""
    with app.db.read() as db:
        number, at = store.last_of(db, app.workspace, who.id)
    return f"{EXAMPLES}/{number}" if at and round(at.timestamp() * 1e6) >= before else ""


AREA = Area(
    re.compile(
        r"/minutes #(?:keep|change|drop|only|post|deal|step) \d{1,15}(?: \S{1,200})?"
        r"|/minutes publish \d{1,15}|/example (?:yes|no|hide) \d{1,15}|/forget call \d{1,15}(?: now)?"
    ),
    re.compile(r"/minutes(?:/\d{1,15}(?:#item-\d{1,6})?)?|/examples(?:/\d{1,15})?"),
    _stand,
    _written,
)
