"""What is wrong in some rows of any CRM. Each takes a deal's row, its moves, and a time that is yet to come."""

from collections.abc import Sequence

GONE = "kofi.mensah"  # left before the roster was written, and still owns deals


def _stranger(deal: list[str], moves: list[Sequence[str]], later: str) -> None:
    deal[3] = GONE


def _slip(deal: list[str], moves: list[Sequence[str]], later: str) -> None:
    name = deal[4]
    deal[4] = name[:2] + name[3] + name[2] + name[4:]


def _no_deal(deal: list[str], moves: list[Sequence[str]], later: str) -> None:
    moves.append((f"X{deal[0][1:]}", *moves[-1][1:]))


def _ahead(deal: list[str], moves: list[Sequence[str]], later: str) -> None:
    moves.append((deal[0], moves[-1][2], moves[-1][1] or moves[-1][2], later))


def _free(deal: list[str], moves: list[Sequence[str]], later: str) -> None:
    deal[5] = "0"


def _credit(deal: list[str], moves: list[Sequence[str]], later: str) -> None:
    deal[5] = f"-{deal[5]}"


def _nameless(deal: list[str], moves: list[Sequence[str]], later: str) -> None:
    deal[2] = ""


def _unpriced(deal: list[str], moves: list[Sequence[str]], later: str) -> None:
    deal[5] = ""


FAULTS = (_stranger, _slip, _no_deal, _ahead, _free, _credit, _nameless, _unpriced)
