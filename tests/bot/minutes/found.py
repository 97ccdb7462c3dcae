"""The minutes of one call, as an engine might make them: tests of what becomes of minutes do not hang on any engine."""

from datetime import date, time

from bot.minutes.dates.when import Due
from bot.minutes.model import Minutes, Moment, MomentKind, Objection, ObjectionKind, Point, Todo, Topic

CALL = """Title: Acme demo
Date: 2026-06-10

Anna Berg: Good morning Maria, thanks for making the time.
Maria Rossi: Happy to. We like it, but the price is more than we budgeted for.
Anna Berg: I hear you. I will send you the volume quote by Friday.
Maria Rossi: Good. And I need the SOC 2 report before our IT signs off.
Anna Berg: I'll send the SOC 2 report tomorrow.
Maria Rossi: Then let's meet on Tuesday at 10 to walk through the pilot.
Anna Berg: Deal. I will set up the pilot workshop for Tuesday.
"""

FOUND = Minutes(
    summary=(
        Point("They like it, but the price is more than they budgeted for.", (1,)),
        Point("They need the SOC 2 report before their IT signs off.", (3,)),
    ),
    topics=(Topic("Price and pilot", 0, 6, (Point("They need the SOC 2 report.", (3,)),)),),
    decisions=(Point("They walk through the pilot on Tuesday.", (5, 6)),),
    todos=(
        Todo("Send Maria Rossi the volume quote", "Anna Berg", Due(date(2026, 6, 12)), "by Friday", (2,), 0.97),
        Todo("Send the SOC 2 report", "Anna Berg", Due(date(2026, 6, 11)), "tomorrow", (3, 4), 0.92),
        Todo("Walk through the pilot", None, Due(date(2026, 6, 16), time(10)), "on Tuesday at 10", (5,), 0.55),
        Todo("Set up the pilot workshop", "Anna Berg", Due(date(2026, 6, 16)), "for Tuesday", (6,), 0.74),
    ),
    objections=(
        Objection("The price is more than we budgeted for.", ObjectionKind.PRICE, (1,)),
        Objection("I need the SOC 2 report before our IT signs off.", ObjectionKind.SECURITY, (3,), answered=True),
    ),
    moments=(
        Moment(MomentKind.PRICE, "They like it, but the price is more than they budgeted for.", (1,)),
        Moment(MomentKind.NEXT_STEP, "Walk through the pilot", (5,)),
    ),
)
