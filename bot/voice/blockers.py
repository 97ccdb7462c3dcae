"""Blockers in words: the card that a manager gets, the list, the question of the third day."""

from collections.abc import Mapping, Sequence

from bot.blockers.model import Blocker, State
from bot.message import Button, Choices, Reply
from bot.team.model import Person
from bot.voice import labels
from prompts import render, words


def card(one: Blocker, names: Mapping[int, str], age: int, language: str, *, decide: bool = False) -> Reply:
    """One blocker, with what its reader may do. `decide`: its third day has come, and a decision is asked for."""
    text = render(
        "blockers/card.message.md",
        language,
        one=one,
        raiser=names.get(one.raised_by, ""),
        owner=names.get(one.owner_id or 0, ""),
        category=labels.category(one.category, language),
        stage=labels.stage(one.stage, language),
        state=_begin(labels.blocker_state(one.state, language)),
        age=age,
        decide=decide and one.live,
    )
    if not one.live:
        return Reply(text)
    return Reply(text, _decisions(one, language) if decide else _moves(one, language))


def _moves(one: Blocker, language: str) -> tuple[Button | Choices, ...]:
    _ = words(language)
    moves: list[Button | Choices] = []
    if one.state is State.OPEN:
        moves.append(Button(_("Acknowledge"), f"/blocker ack {one.id}", "primary"))
    return (
        *moves,
        Button(_("Update"), f"/blocker update {one.id}"),
        Button(_("Hand over"), f"/blocker hand {one.id}"),
        Button(_("Resolved"), f"/blocker resolve {one.id}"),
    )


def _decisions(one: Blocker, language: str) -> tuple[Button | Choices, ...]:
    _ = words(language)
    return (
        Button(_("Assign"), f"/blocker hand {one.id}", "primary"),
        Button(_("Escalate"), f"/blocker escalate {one.id}"),
        Button(_("Accept"), f"/blocker accept {one.id}"),
        Button(_("Resolved"), f"/blocker resolve {one.id}"),
    )


def listed(
    blockers: Sequence[Blocker], names: Mapping[int, str], ages: Mapping[int, int], who: Person, stages: Sequence[str]
) -> Reply:
    """All that stand open, by stage in the order of `stages`, with a button for each to see and move it."""
    language, order = who.language, {stage: n for n, stage in enumerate(stages)}
    groups: dict[str, list[Blocker]] = {}
    for one in blockers:
        groups.setdefault(one.stage, []).append(one)
    ranked = sorted(groups, key=lambda s: (s == "", order.get(s, len(order)), s))
    text = render(
        "blockers/list.message.md",
        language,
        groups=[(labels.stage(stage, language), [(b, names, ages[b.id]) for b in groups[stage]]) for stage in ranked],
        shorten=labels.shorten,
        count=len(blockers),
    )
    buttons = tuple(
        Button(labels.shorten(b.text, 28), f"/blocker show {b.id}") for stage in ranked for b in groups[stage]
    )
    return Reply(text, buttons[:20])


def moved(one: Blocker, by: str, owner: str, language: str) -> Reply:
    """What whoever raised a blocker reads when it moves."""
    state = _begin(labels.blocker_state(one.state, language))
    return Reply(render("blockers/moved.message.md", language, one=one, by=by, owner=owner, state=state))


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]
