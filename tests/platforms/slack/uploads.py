"""The methods files.*: an upload in three steps."""

from .calls import Call
from .chat import blocks_of
from .payloads import file_body
from .refusal import Refusal
from .things import File, Json
from .world import World


def upload_url(world: World, call: Call) -> Json:
    """files.getUploadURLExternal."""
    name, length = call.text("filename"), call.text("length")
    if not name or not length.isdigit() or int(length) < 1:
        raise Refusal("invalid_arguments")
    file = File(world.next_id("F"), name, name, world.bot.id, size=int(length), created=int(world.now()))
    file.alt = call.text("alt_txt")
    world.files[file.id] = file
    return {"ok": True, "upload_url": f"{world.files_url}/upload/v1/{file.id}", "file_id": file.id}


def complete(world: World, call: Call) -> Json:
    """files.completeUploadExternal: shares what was uploaded."""
    wanted = call.json("files") or []
    if not wanted:
        raise Refusal("invalid_arguments")
    files = []
    for one in wanted:
        file = world.files.get(one.get("id", ""))
        if file is None or not file.data:
            raise Refusal("file_not_found")
        file.title = one.get("title") or file.name
        files.append(file)
    where = call.text("channel_id") or call.text("channels")
    if where:
        _share(world, call, files, where)
    for file in files:
        file.done = True
    # Where it was shared is filled in later, which is why it is not to be looked for here.
    bodies = [{**file_body(world, file), "shares": {}, "channels": [], "groups": [], "ims": []} for file in files]
    return {"ok": True, "files": bodies}


def _share(world: World, call: Call, files: list[File], where: str) -> None:
    channel = world.reach(where)  # a user's id does not do here
    if channel.archived:
        raise Refusal("is_archived")
    for file in files:
        file.channels.append(channel.id)
    comment, thread = call.text("initial_comment"), call.text("thread_ts")
    blocks = [] if comment else blocks_of(world, call)
    world.post(channel, world.bot, comment, blocks, files=files, thread_ts=thread, subtype="file_share")


def info(world: World, call: Call) -> Json:
    """files.info."""
    file = world.files.get(call.text("file"))
    if file is None or not file.done:
        raise Refusal("file_not_found")
    shared: dict[str, list[str]] = {"channels": [], "groups": [], "ims": []}
    for channel_id in file.channels:
        channel = world.channels[channel_id]
        shared["ims" if channel.im else "groups" if channel.private else "channels"].append(channel_id)
    return {"ok": True, "file": {**file_body(world, file), **shared}, "comments": []}
