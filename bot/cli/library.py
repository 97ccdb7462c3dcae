"""`paceline ask`, and the library's part of `import` and `export`."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.cli import WORKSPACE, now, open_database
from bot.db import Database
from bot.errors import BotError
from bot.library import files, service, store
from bot.library.model import Band, Found, Wanted
from bot.library.shelf import Shelf
from bot.tables import fault_lines
from prompts import words

EMPTY = (
    "The library is empty. Fill it with `paceline import library FILE` (CSV, XLSX, JSON lines, or a folder of "
    "Markdown), or begin with the cards that come with Paceline: `paceline import library --starter`."
)


def take(asked: argparse.Namespace) -> int:
    """`paceline import library FILE | --starter`"""
    if asked.file is None and not asked.starter:
        raise BotError("Name a file or folder of cards, or give --starter for the cards that come with Paceline.")
    if asked.file is not None and not asked.file.exists():
        raise BotError(f"There is no file {asked.file}.")
    settings, db = open_database()
    with db.begin() as connection:
        if asked.file is None:
            done = service.import_starter(connection, WORKSPACE, now(), asked.language or "")
        else:
            done = service.import_cards(connection, WORKSPACE, asked.file, now(), dry_run=asked.dry_run)
    _ = words(settings.language)
    for column in done.unknown:
        print(_("Column “{column}” is not known and was passed over.", column=column), file=sys.stderr)
    if done.faults:
        for line in fault_lines(done.faults, _):
            print(line, file=sys.stderr)
        counted = _.n("{n} fault; nothing was imported.", "{n} faults; nothing was imported.", len(done.faults))
        raise BotError(f"{asked.file.name if asked.file else 'starter'}: {counted}")
    for owner in done.strangers:
        said = _("“{owner}” is not on the roster; those cards have no owner yet.", owner=owner)
        print(said, file=sys.stderr)
    if not done.dry_run:
        Shelf(db, WORKSPACE, settings).search.embed_all(_progress("reading the cards"))
    _report(done, as_json=asked.json)
    return 0


def _report(done: service.Import, *, as_json: bool) -> None:
    counts = {name: getattr(done, name) for name in ("added", "changed", "unchanged", "dry_run")}
    if as_json:
        print(json.dumps(counts))
        return
    verb = "would be " if done.dry_run else ""
    print(f"{done.added} {verb}added, {done.changed} {verb}changed, {done.unchanged} unchanged")


def give(asked: argparse.Namespace) -> int:
    """`paceline export library`"""
    _settings, db = open_database()
    with db.read() as connection:
        cards = store.cards(connection, WORKSPACE)
    if asked.json:
        for line in files.json_lines(cards):
            print(line)
    else:
        sys.stdout.write(files.csv_text(cards))
    return 0


def ask(asked: argparse.Namespace) -> int:
    """`paceline ask TEXT` and `paceline ask --batch FILE`"""
    if not asked.text and asked.batch is None:
        raise BotError("Say what the customer said: paceline ask “your competitor is cheaper”.")
    settings, db = open_database()
    with db.read() as connection:
        if not store.count(connection, WORKSPACE):
            raise BotError(EMPTY)
    shelf = Shelf(db, WORKSPACE, settings)
    shelf.search.embed_all(_progress("reading the cards"))
    if not shelf.search.model:
        print("Semantic search is off: there is no model for this machine. Words are compared.", file=sys.stderr)
    if asked.batch is not None:
        return _batch(db, shelf, asked)
    wanted = _wanted(asked, " ".join(asked.text))
    answer = service.ask(db, shelf, wanted, now())
    print(json.dumps(_body(answer), ensure_ascii=False) if asked.json else _said(answer, settings.language))
    return 0


def _wanted(asked: argparse.Namespace, text: str) -> Wanted:
    return Wanted(text, asked.language or "", asked.industry or "", asked.product or "", asked.stage or "")


def _body(answer: service.Answer) -> dict[str, Any]:
    titles = {hit.card_id: hit.score for hit in answer.found.hits}
    choices = [{"id": c.key, "title": c.title, "score": titles[c.id]} for c in answer.choices]
    return {
        "band": answer.found.band.value,
        "text": answer.text,
        "card": answer.card.key if answer.card else None,
        "sources": [answer.card.key] if answer.card else [],
        "choices": [] if answer.card else choices,
        "confidence": answer.found.confidence,
    }


def _said(answer: service.Answer, language: str) -> str:
    _ = words(language)
    if answer.card:
        return f"{answer.card.title} · {answer.card.key}\n\n{answer.text}"
    if answer.choices:
        close = "\n".join(f"  {card.key}  {card.title}" for card in answer.choices)
        return _("Not sure which card you mean. The closest:") + "\n" + close
    return _("Not in the library.")


def _batch(db: Database, shelf: Shelf, asked: argparse.Namespace) -> int:
    """A line in, a line out. Nothing of it is kept among what people asked."""
    for number, line in enumerate(_lines(asked.batch), 1):
        if not line.strip():
            continue
        try:
            query = json.loads(line)
            qid, text = query["id"], str(query["text"])
        except (ValueError, KeyError, TypeError):
            raise BotError(f"{asked.batch}, line {number}: expected an object with id and text.") from None
        began = time.perf_counter()
        found = shelf.search.find(_wanted(asked, text))
        print(json.dumps(_result(qid, found, (time.perf_counter() - began) * 1000), ensure_ascii=False))
    return 0


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except OSError:
        raise BotError(f"There is no file {path}.") from None
    except UnicodeDecodeError:
        raise BotError(f"{path} is not in UTF-8.") from None


def _result(qid: Any, found: Found, ms: float) -> dict[str, Any]:
    return {
        "qid": qid,
        "band": found.band.value,
        "answered": found.band is Band.ANSWER,
        "confidence": found.confidence,
        "results": [[hit.key, hit.score] for hit in found.hits],
        "ms": round(ms, 2),
    }


def _progress(what: str) -> Callable[[int, int], None]:
    """On stderr, when there is enough to wait for."""

    def show(done: int, of: int) -> None:
        if of > 100:
            print(f"\r{what}: {done:,} of {of:,}", end="\n" if done == of else "", file=sys.stderr, flush=True)

    return show
