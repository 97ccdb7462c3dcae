"""`/help`: what there is, in the order that people want it."""

from collections.abc import Mapping

from bot.app import App
from bot.message import Message, Reply
from bot.team.model import Person, Role
from prompts import LANGUAGES, N_, render, words

# command -> what it does, and for whom; shown by /help and while somebody types a slash
SHOWN: Mapping[str, tuple[str, frozenset[Role]]] = {
    "/standup": (N_("Answer today's standup, or change your answer"), frozenset(Role)),
    "/blockers": (N_("What stands in the way, and who owns it"), frozenset(Role)),
    "/deals": (N_("Your open deals, those that need a look first"), frozenset({Role.REP, Role.MANAGER, Role.ADMIN})),
    "/deal": (N_("How a deal stands, and what to change: /deal Acme"), frozenset({Role.REP, Role.MANAGER, Role.ADMIN})),
    "/ask": (N_("What to say to an objection, from your team's library"), frozenset(Role)),
    "/talktrack": (N_("A talk track filled in for a deal: /talktrack price Acme"), frozenset(Role)),
    "/library": (N_("The talk tracks that there are, and what waits for a look"), frozenset(Role)),
    "/alerts": (N_("What strays in your teams' numbers, and how sure that is"), frozenset({Role.MANAGER, Role.ADMIN})),
    "/minutes": (
        N_("Minutes and to-dos of a call: drop its transcript, or see those that there are"),
        frozenset({Role.REP, Role.MANAGER, Role.ADMIN}),
    ),
    "/todo": (N_("What you owe, and by when: /todo add send the quote by Friday"), frozenset(Role)),
    "/examples": (N_("Calls that your team learns from"), frozenset(Role)),
    "/forget": (
        N_("Erase a call for good: /forget call 12"),
        frozenset({Role.REP, Role.MANAGER, Role.ADMIN}),
    ),
    "/digest": (
        N_("Your numbers: what strays, when you hear of it, and now"),
        frozenset({Role.REP, Role.MANAGER, Role.ADMIN}),
    ),
    "/leave": (N_("Say when you are off, such as “until Friday”"), frozenset(Role)),
    "/history": (N_("What you answered on other days"), frozenset({Role.REP, Role.MANAGER})),
    "/me": (N_("Your language, and when you are asked"), frozenset(Role)),
    "/why": (N_("Why you were asked, or not: /why 2026-06-11"), frozenset(Role)),
    "/numbers": (
        N_("The numbers of your deals, beside what is usual"),
        frozenset({Role.REP, Role.MANAGER, Role.ADMIN}),
    ),
    "/baseline": (
        N_("Freeze the numbers, so that later ones are shown against them"),
        frozenset({Role.MANAGER, Role.ADMIN}),
    ),
    "/team": (N_("Who covers what, with overlaps and gaps"), frozenset({Role.MANAGER, Role.ADMIN})),
    "/questions": (N_("The questions of your team's standup"), frozenset({Role.MANAGER, Role.ADMIN})),
    "/hours": (N_("When your team's standup is"), frozenset({Role.MANAGER, Role.ADMIN})),
    "/here": (N_("Show your team's board in this channel"), frozenset({Role.MANAGER, Role.ADMIN})),
    "/invite": (N_("Link somebody's Telegram account, with their name"), frozenset({Role.MANAGER, Role.ADMIN})),
    "/outbox": (N_("Messages that did not get through"), frozenset({Role.ADMIN})),
    "/usage": (
        N_("What the language model was used for, and what it cost"),
        frozenset({Role.MANAGER, Role.ADMIN}),
    ),
    "/retention": (N_("How long calls are kept: /retention calls 180"), frozenset({Role.ADMIN})),
    "/holidays": (N_("Set days off and make-up workdays"), frozenset({Role.ADMIN})),
    "/login": (N_("A sign-in link for the pages"), frozenset(Role)),
}


# Slack has commands of its own by these names; there ours are reached behind one name, as route.py takes them.
KEPT: Mapping[str, frozenset[str]] = {"slack": frozenset({"/leave", "/me", "/invite", "/help"})}


def commands(who: Person, platform: str = "") -> list[tuple[str, str]]:
    """What `who` may type after a slash on a platform, and what it does, in their language."""
    _ = words(who.language)
    kept = KEPT.get(platform, frozenset())
    shown = [(command, _(text)) for command, (text, roles) in SHOWN.items() if who.role in roles]
    return [(f"/paceline {command[1:]}" if command in kept else command, text) for command, text in shown]


def help(app: App, who: Person, msg: Message) -> Reply:
    """All that I do"""
    return Reply(render("help/help.message.md", who.language, commands=commands(who, msg.place.platform)), private=True)


def listed() -> list[tuple[str, dict[str, str]]]:
    """The commands for a platform's own menu: each without its slash, and what it does by language."""
    return [
        (command[1:], {speaks: words(speaks)(text) for speaks in LANGUAGES}) for command, (text, _) in SHOWN.items()
    ]
