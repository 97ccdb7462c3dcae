"""Numbers that carry a check: cards, and the papers of many countries. Pure."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

_FORM = re.compile(
    r"[A-Z]{5}\d{4}[A-Z]|\d{2}[A-Z]{5}\d{4}[A-Z]\d?Z[A-Z0-9]"  # India: PAN, GST
    r"|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"  # UK: national insurance
    r"|[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"  # Italy
    r"|[XYZ]-?\d{7}-?[A-Z]|\d{8}-?[A-HJ-NP-TV-Z]"  # Spain
    r"|\d{6}[-+A]\d{3}[0-9A-Y]"  # Finland
    r"|\d{7}[A-W][A-IW]?"  # Ireland
    r"|[A-Z]{3}\d{7}"  # India: voters
    r"|[A-Z]\d{6}\(?[0-9A]\)?|[A-Z][12]\d{8}"  # Hong Kong, Taiwan
    r"|[A-Z]\d{7,8}|[A-Z]{2}\d{7}"  # passports
    r"|[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}"  # China: companies
    r"|(?:AT)?U\d{8}|(?:DE|PT|EL|EE|LT|SI|FI|HU|DK|LU|MT)\d{8,9}|FR ?[0-9A-Z]{2} ?\d{3} ?\d{3} ?\d{3}"
    r"|NL\d{9}B\d{2}|IT\d{11}|ES[A-Z]\d{7}[0-9A-Z]|BE0?\d{9}|SE\d{12}|PL\d{10}|GB\d{9}"
    r"|IE\d{7}[A-Z]{1,2}|CHE-?\d{3}\.?\d{3}\.?\d{3}"  # VAT
)


def luhn(text: str) -> bool:
    """Whether the digits in it may be a payment card's: 13 to 19 of them, and their check holds."""
    digits = [int(c) for c in text if c.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6, 9):
        return False
    doubled = (sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def paper(token: str) -> bool:
    """Whether letters and digits are a number of a person's or a company's papers, by form or by their check."""
    bare = re.sub(r"[-./ ]", "", token)
    if not 8 <= len(bare) <= 20 or sum(map(str.isdigit, bare)) < 4 or not any(map(str.isalpha, bare)):
        return False
    return bool(_FORM.fullmatch(token)) or any(valid(bare) for valid in _checks())


@cache
def _checks() -> tuple[Callable[[str], bool], ...]:
    from importlib import import_module  # python-stdnum has a module a number; a hundred of them are not needed

    names = (
        "cn.ric",
        "cn.uscc",
        "es.cif",
        "es.nif",
        "eu.vat",
        "fi.hetu",
        "ie.pps",
        "in_.gstin",
        "it.codicefiscale",
        "pt.cc",
        "mx.rfc",
    )
    modules: list[Any] = [import_module(f"stdnum.{name}") for name in names]
    return tuple(module.is_valid for module in modules)
