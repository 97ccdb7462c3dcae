"""Declares every table of the bot, for whoever makes or migrates a database."""

from bot.blockers import store as blockers
from bot.chat.telegram import store as telegram
from bot.chat.web import store as web_chat
from bot.crm import store as crm
from bot.crm.changes import store as changes
from bot.crm.past import store as crm_past
from bot.crm.push import store as crm_push
from bot.crm.runs import store as crm_runs
from bot.inbox import store as inbox
from bot.kpi.alerts import store as alerts
from bot.kpi.digest import store as kpi_digest
from bot.kpi.frozen import store as kpi_frozen
from bot.kpi.past import store as kpi_past
from bot.library import store as library
from bot.library.uses import store as library_uses
from bot.minutes.calls import store as calls
from bot.minutes.examples import store as call_examples
from bot.minutes.keeping import store as call_keeping
from bot.outbox import store as outbox
from bot.standup import store as standup
from bot.standup.deals import store as standup_deals
from bot.standup.focus import store as standup_focus
from bot.team import store as team
from bot.team.accounts import store as accounts
from bot.todos import store as todos
from bot.web import store as web
