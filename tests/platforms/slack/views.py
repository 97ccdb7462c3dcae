"""The methods views.*: forms and home tabs."""

import time

from .blocks import view_faults
from .calls import Call
from .payloads import view_body
from .refusal import Refusal, faulty
from .things import Json
from .world import Trigger, World, completed

SIZE = 250_000
DEEPEST = 3


def open_view(world: World, call: Call) -> Json:
    """views.open: takes the place of the form that was open."""
    body = _body(call, "modal")
    trigger = _trigger(world, call)
    for view in world.views.values():
        if view.user == trigger.user and view.body["type"] == "modal":
            view.open = False
    return {"ok": True, "view": view_body(world.add_view(body, trigger.user))}


def push(world: World, call: Call) -> Json:
    """views.push: on top of the form that was acted in."""
    body = _body(call, "modal")
    trigger = _trigger(world, call)
    below = world.views.get(trigger.view)
    if below is None:
        raise Refusal("invalid_trigger_id")
    depth = [view for view in world.views.values() if view.open and (view.root or view.id) == (below.root or below.id)]
    if len(depth) >= DEEPEST:
        raise Refusal("push_limit_reached")
    return {"ok": True, "view": view_body(world.add_view(body, trigger.user, previous=below))}


def update(world: World, call: Call) -> Json:
    """views.update."""
    named = [v for v in world.views.values() if v.body.get("external_id") == call.text("external_id") != ""]
    view = world.views.get(call.text("view_id")) or next(iter(named), None)
    if view is None or not view.open:
        raise Refusal("not_found")
    body = _body(call, view.body["type"])
    if call.text("hash") and call.text("hash") != view.hash:
        raise Refusal("hash_conflict")
    view.body, view.hash = body, world.stamp()
    world.tell("view", view)
    return {"ok": True, "view": view_body(view)}


def publish(world: World, call: Call) -> Json:
    """views.publish: the home tab of one person."""
    user = world.users.get(call.text("user_id"))
    if user is None or user.deleted:
        raise Refusal("user_not_found")
    body, home = _body(call, "home"), world.homes.get(user.id)
    if call.text("hash") and home and call.text("hash") != home.hash:
        raise Refusal("hash_conflict")
    if home is None:
        world.homes[user.id] = world.add_view(body, user.id)
    else:
        home.body, home.hash = body, world.stamp()
        world.tell("view", home)
    return {"ok": True, "view": view_body(world.homes[user.id])}


def _body(call: Call, kind: str) -> Json:
    body = call.json("view")
    if not isinstance(body, dict):
        raise faulty("invalid_arguments", ["missing required field: view"])
    faults = view_faults(body, kind)
    if faults:
        raise faulty("invalid_arguments", ["failed to match all allowed schemas [json-pointer:/view]", *faults])
    if len(str(body)) > SIZE:
        raise Refusal("view_too_large")
    return {**body, "blocks": completed(body["blocks"])}


def _trigger(world: World, call: Call) -> Trigger:
    trigger = world.triggers.get(call.text("trigger_id"))
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if time.monotonic() - trigger.at > world.trigger_within:
        raise Refusal("expired_trigger_id")
    trigger.used = True
    return trigger
