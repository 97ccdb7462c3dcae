"""The pages, as plain functions: who looks, what the address asks for -> a template and its values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.app import App
from bot.team.model import Person
from bot.web.frame import Link


@dataclass(frozen=True, slots=True)
class Shown:
    """A template of `templates/` and the values it prints; `title` and the frame come from the template."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Forbidden(Exception):
    """This person may not see this page. `why` is a plain sentence in their language, with the next step."""


Page = Callable[[App, Person, Mapping[str, str]], Shown]
