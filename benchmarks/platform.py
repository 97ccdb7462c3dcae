"""`python -m benchmarks.platform`: a Slack and a Telegram that take every message after 20 ms, in a process of their
own, so that only the sender's CPU is measured. Prints its port."""

import asyncio
import itertools

from aiohttp import web

DELAY = 0.02
ids = itertools.count(1)


async def post_message(request: web.Request) -> web.Response:
    await request.read()
    await asyncio.sleep(DELAY)
    return web.json_response({"ok": True, "channel": "D1", "ts": f"1718000000.{next(ids):06}", "message": {}})


async def auth_test(request: web.Request) -> web.Response:
    return web.json_response(
        {"ok": True, "url": "https://x.example/", "team_id": "T1", "user_id": "UB", "bot_id": "B1"}
    )


async def send_message(request: web.Request) -> web.Response:
    form = await request.post()
    await asyncio.sleep(DELAY)
    chat = {"id": int(str(form["chat_id"])), "type": "private", "first_name": "P"}
    message = {"message_id": next(ids), "date": 1718000000, "chat": chat, "text": str(form["text"])}
    return web.json_response({"ok": True, "result": message})


async def get_me(request: web.Request) -> web.Response:
    me = {"id": 1, "is_bot": True, "first_name": "Paceline", "username": "paceline_bot"}
    return web.json_response({"ok": True, "result": me})


async def users_list(request: web.Request) -> web.Response:
    profiles = [{"id": f"U{n}", "profile": {"email": f"p{n}@example.com"}, "name": f"p{n}"} for n in range(1, 201)]
    return web.json_response({"ok": True, "members": profiles, "response_metadata": {"next_cursor": ""}})


async def yes(request: web.Request) -> web.Response:
    return web.json_response({"ok": True, "result": True})


async def main() -> None:
    app = web.Application()
    app.router.add_post("/api/chat.postMessage", post_message)
    app.router.add_post("/api/auth.test", auth_test)
    app.router.add_post("/bot{token}/sendMessage", send_message)
    app.router.add_post("/bot{token}/getMe", get_me)
    app.router.add_route("*", "/api/users.list", users_list)
    app.router.add_route("*", "/{rest:.*}", yes)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
