"""What goes wrong on purpose: scripted answers, lost acknowledgements, silence."""

from dataclasses import dataclass, field

from .refusal import Refusal, too_many

HOWS = ("429:", "500", "hang", "drop", "post-then-drop", "post-then-hang", "error:", "html")


@dataclass
class Mishap:
    """`how` happens to the next `times` calls of a method ("*": any), once `after` of them went well."""

    method: str
    how: str
    times: int = 1
    after: int = 0

    def __post_init__(self) -> None:
        if not self.how.startswith(HOWS):
            raise ValueError(f"{self.how!r} is none of {HOWS}")

    def due(self, method: str) -> bool:
        """Whether it happens to this call."""
        if self.times < 1 or self.method not in ("*", method):
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True

    def refusal(self) -> Refusal | None:
        """The refusal that it stands for, if it is one."""
        kind, _, rest = self.how.partition(":")
        if kind == "429":
            return too_many(int(rest))
        return Refusal(rest) if kind == "error" else None


@dataclass
class Script:
    """All mishaps that still wait."""

    mishaps: list[Mishap] = field(default_factory=list)

    def next(self, method: str) -> Mishap | None:
        """The first mishap that this call meets."""
        return next((mishap for mishap in self.mishaps if mishap.due(method)), None)
