"""Runs by hand: `python -m tests.platforms.slack --port 9001 --people 5`."""

import argparse
import contextlib
import sys
import threading

from .server import SIGNING_SECRET, Slack
from .talk import HELP, Talk

NAMES = ("ann", "bob", "cleo", "dan", "eve", "finn", "gina", "hugo", "ida", "jan")


def write(line: str) -> None:
    sys.stdout.write(line.rstrip("\n") + "\n")
    sys.stdout.flush()


def people(slack: Slack, count: int) -> None:
    """So many people, U1 and on, and a channel of theirs."""
    names = [NAMES[i] if i < len(NAMES) else f"rep{i + 1}" for i in range(count)]
    users = [slack.add_user(f"U{i}", name) for i, name in enumerate(names, 1)]
    slack.add_channel("C1", "sales", users)


def greeting(slack: Slack) -> str:
    """What to set, so that Paceline talks to this Slack."""
    lines = [f"PACELINE_SLACK_API_URL={slack.url}", f"PACELINE_SLACK_BOT_TOKEN={slack.bot_token}"]
    if slack.courier:
        lines.append(f"PACELINE_SLACK_SIGNING_SECRET={slack.signing_secret}")
    else:
        lines.append(f"PACELINE_SLACK_APP_TOKEN={slack.app_token}")
    return "\n".join([*lines, "", HELP])


def main() -> None:
    options = argparse.ArgumentParser(description="A Slack on loopback, to talk to by hand.")
    options.add_argument("--port", type=int, default=9001)
    options.add_argument("--people", type=int, default=5)
    options.add_argument("--request-url", default="", help="where to deliver over HTTP; Socket Mode without it")
    options.add_argument("--signing-secret", default=SIGNING_SECRET)
    given = options.parse_args()
    slack = Slack(port=given.port, request_url=given.request_url, signing_secret=given.signing_secret)
    with slack, contextlib.suppress(KeyboardInterrupt):
        write(greeting(slack))
        people(slack, given.people)
        talk = Talk(slack, write)
        for line in sys.stdin:
            talk.hear(line)
        threading.Event().wait()  # nobody types any more, the bot may go on


if __name__ == "__main__":
    main()
