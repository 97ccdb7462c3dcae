"""The pages about numbers: the board, why a number is what it is, its deals, alerts, and how good the data is."""

import re
from collections.abc import Mapping

from bot.web.kpi.alerts import PAGE, alerts
from bot.web.kpi.data import data
from bot.web.kpi.deal import DEAL, deal
from bot.web.kpi.numbers import board, deals, why
from bot.web.pages import Page
from bot.web.say import Area

PAGES: Mapping[str, Page] = {
    "/numbers": board,
    "/numbers/why": why,
    "/numbers/deals": deals,
    "/numbers/data": data,
    PAGE: alerts,
    DEAL: deal,
}
AREAS = (
    Area(
        re.compile(r"/alert (?:ack|snooze|explain|normal|false|assign|known) \d{1,15}"),
        re.compile(PAGE),
    ),
    Area(
        re.compile(r"/deal #(?:step|move|remark|dead|owner) [^\r\n]{1,100}"),
        re.compile(DEAL + r"\?key=[\w.~%+-]{1,900}", re.ASCII),
    ),
)
