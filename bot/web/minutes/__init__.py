"""The pages about calls: the list, the minutes beside the transcript, and the team's examples."""

import re
from collections.abc import Mapping

from bot.web.minutes.call import CALL, call
from bot.web.minutes.calls import PAGE, calls
from bot.web.pages import Page
from bot.web.say import Area

PAGES: Mapping[str, Page] = {PAGE: calls, CALL: call}
AREA = Area(
    re.compile(
        r"/minutes #(?:keep|change|drop|only|post|deal|step) \d{1,15}(?: \S{1,200})?"
        r"|/minutes publish \d{1,15}|/example (?:yes|no|hide|withdraw) \d{1,15}|/forget call \d{1,15}(?: now)?"
    ),
    re.compile(r"/minutes(?:/\d{1,15}(?:#item-\d{1,6})?)?|/examples(?:/\d{1,15})?"),
)
