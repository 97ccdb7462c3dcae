"""The frame around every page: templates, words, who is signed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

import prompts
from bot.app import App
from bot.team.model import Person, Role
from bot.team.roles import Action, may

HERE = Path(__file__).parent
N_ = prompts.N_

ROLES = {
    Role.REP: N_("Rep"),
    Role.MANAGER: N_("Manager"),
    Role.SUPPORT: N_("Support"),
    Role.OBSERVER: N_("Observer"),
    Role.ADMIN: N_("Admin"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the bar at the top; `label` is looked up in the reader's language. `under`: other pages that belong
    to it; `needs`: what its reader must be allowed to; `rare`: on a phone it stands in the menu with one's name;
    `without`: only for those who are not allowed to."""

    path: str
    label: str
    under: tuple[str, ...] = ()
    needs: Action | None = None
    rare: bool = False
    without: Action | None = None

    def leads_to(self, path: str) -> bool:
        """Whether a page is this one, or belongs to it."""
        return any(path == one or path.startswith(f"{one}/") for one in (self.path, *self.under))

    def shown_to(self, who: Person | None) -> bool:
        if who is None or (self.without is not None and may(who, self.without)):
            return False
        return self.needs is None or may(who, self.needs)


class Frame:
    """Renders templates of `folders` in the reader's language. `links` stand in the bar at the top."""

    def __init__(self, app: App, folders: Sequence[Path], links: Sequence[Link]) -> None:
        self.app = app
        self.links = tuple(links)
        self.templates = Environment(
            loader=FileSystemLoader([HERE / "templates", *folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self,
        request: Request,
        who: Person | None,
        template: str,
        values: Mapping[str, Any],
        status: int = 200,
    ) -> HTMLResponse:
        """A page for `who`, or for somebody who is not signed in."""
        language = who.language if who else self.language(request)
        shown: dict[str, Any] = {
            "who": who,
            "language": language,
            "links": [link for link in self.links if link.shown_to(who)],
            "path": request.url.path,
            "roles": ROLES,
        }
        shown |= {"now": self.app.now(), **_words(language), **values}
        return HTMLResponse(self.templates.get_template(template).render(shown), status)

    def language(self, request: Request) -> str:
        """What a stranger's browser asks for, of the languages we speak; else what the operator set."""
        wanted = request.headers.get("accept-language", "")[:200].split(",")
        for each in wanted:
            spoken = each.split(";")[0].strip().lower()[:2]
            if spoken in prompts.LANGUAGES:
                return spoken
        return self.app.settings.language


def _words(language: str) -> dict[str, Callable[..., str]]:
    _ = prompts.words(language)
    return {
        "_": _,
        "_n": _.n,
        "day": lambda when: prompts.day(when, language),
        "clock": prompts.clock,
        "number": lambda value: prompts.number(value, language),
        "ago": lambda passed: prompts.ago(passed, language),
        "listing": lambda items: prompts.listing(items, language),
    }
