"""`paceline ask`, and the library's part of `import` and `export`."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.cli import WORKSPACE, now, open_database
from bot.errors import BotError
from bot.library import exports, files, service, store
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
            language = asked.language or ""
            done = service.import_starter(connection, WORKSPACE, now(), language, dry_run=asked.dry_run)
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
        _read(Shelf(db, WORKSPACE, settings))
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
    if asked.out is not None:
        exports.export_to(asked.out, cards)
        print(f"{len(cards)} cards written to {asked.out}", file=sys.stderr)
    elif asked.json:
        for line in files.json_lines(cards):
            print(line)
    else:
        sys.stdout.write(files.csv_text(cards))
    return 0


def ask(asked: argparse.Namespace) -> int:
    """`paceline ask TEXT` and `paceline ask --batch FILE`"""
    text = " ".join(asked.text).strip()
    if not text and asked.batch is None:
        raise BotError("Say what the customer said: paceline ask “your competitor is cheaper”.")
    settings, db = open_database()
    with db.read() as connection:
        if not store.count(connection, WORKSPACE):
            raise BotError(EMPTY)
    shelf = Shelf(db, WORKSPACE, settings)
    queries = _queries(asked.batch) if asked.batch is not None else []
    _read(shelf)
    if asked.batch is not None:
        return _batch(shelf, queries, asked)
    answer = service.ask(db, shelf, _wanted(asked, text), now())
    _print(_line(_body(answer)) if asked.json else _said(answer, settings.language))
    return 0


def _read(shelf: Shelf) -> None:
    """Make the vectors that are missing, and say when meaning is not compared."""
    left = shelf.search.embed_all(_progress("reading the cards"))
    if not shelf.search.model:
        print("Semantic search is off: there is no model for this machine. Words are compared.", file=sys.stderr)
    elif left:
        print("The model does not answer: where it has not read the cards, words are compared.", file=sys.stderr)


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


def _batch(shelf: Shelf, queries: Sequence[tuple[Any, str]], asked: argparse.Namespace) -> int:
    """A line in, a line out. Nothing of it is kept among what people asked."""
    for qid, text in queries:
        began = time.perf_counter()
        found = shelf.search.find(_wanted(asked, text))
        _print(_line(_result(qid, found, (time.perf_counter() - began) * 1000)))
    return 0


def _queries(path: Path) -> list[tuple[Any, str]]:
    """The id and the text of each line, all of them read before the first is answered."""
    found = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            query = json.loads(line)
            qid, text = query["id"], query["text"]
        except (ValueError, KeyError, TypeError, RecursionError):
            qid = text = None
        if not isinstance(text, str):
            raise BotError(f"{path}, line {number}: expected an object with id and text.")
        found.append((qid, text))
    return found


def _line(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


def _print(text: str) -> None:
    """A question may hold half a character, which no terminal takes."""
    print(text.encode(errors="replace").decode())


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
