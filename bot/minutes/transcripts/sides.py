"""Whose side each speaker is on, from the people and customers that are known. Nobody is guessed."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from bot.crm.model import Account
from bot.minutes.model import Side, Speaker, Transcript

_MAILBOXES = """
gmail googlemail outlook hotmail live msn yahoo icloud me aol gmx web proton protonmail qq 163 126 foxmail sina
sohu yeah 139 189 aliyun
"""
ANYBODYS = frozenset(_MAILBOXES.split())  # who has a mailbox there works anywhere
_ENDS = "com net org co cn io ai de uk in fr us hk tw sg jp info biz edu gov ac"
_SUFFIXES = frozenset(_ENDS.split())
_FORMS = "inc ltd llc gmbh ag co corp corporation limited company plc sa bv the group"
_LEGAL = frozenset(_FORMS.split())
_LEGAL_ZH = re.compile(r"(?:股份)?有限(?:责任)?公司|集团|公司")
_ROLES = {
    Side.CUSTOMER: ("customer", "client", "prospect", "buyer", "客户", "客户方", "甲方", "买方"),
    Side.OURS: ("rep", "sales", "sales rep", "salesperson", "seller", "销售", "我方", "乙方", "客户经理"),
}
_WORDS = re.compile(r"[^\W_]+")


class Named(Protocol):
    """Anybody with a name and an e-mail address; the roster's people are."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...


class _Known:
    """Who and what is ours, who and what is a customer's, folded so that spelling does not matter."""

    def __init__(self, ours: Iterable[Named], contacts: Iterable[Account], domains: Iterable[str]) -> None:
        people, accounts = list(ours), list(contacts)
        self.spelled = {
            folded(name): name for name in (*(a.contact for a in accounts), *(p.name for p in people)) if name
        }
        self.ours = {folded(person.name) for person in people} - {()}
        self.customers = {folded(account.contact) for account in accounts} - {()}
        self.emails = {person.email.lower() for person in people if person.email}
        found = {
            *(domain.lower().strip("@ .") for domain in domains),
            *(mail.rpartition("@")[2] for mail in self.emails),
        }
        self.domains = {domain for domain in found if domain and stem(domain) not in ANYBODYS}
        self.companies = {stem(domain) for domain in self.domains}
        self.accounts = {company_of(account.name) for account in accounts} - {""}


def sides(
    transcript: Transcript, ours: Iterable[Named] = (), contacts: Iterable[Account] = (), domains: Iterable[str] = ()
) -> Transcript:
    """The transcript with each speaker's side. `ours`: our roster; `contacts`: the accounts with their contacts.

    `domains`: of our own e-mail, beside those of the roster. The strongest word counts: an e-mail address, what the
    recording tool says, a full name, a company beside the name. A name known to both sides stays unknown. Names are
    spelled as the roster or the CRM does.
    """
    known = _Known(ours, contacts, domains)
    found = [replace(speaker, side=_side(speaker, known)) for speaker in transcript.speakers]
    told = {company for speaker in found if speaker.side is Side.OURS and (company := company_of(speaker.affiliation))}
    told -= {"internal", "external", "guest"}
    if told or known.companies:
        found = [_by_company(speaker, known, told) for speaker in found]
    names = _spelling(transcript.speakers, known)
    speakers = tuple(replace(speaker, name=names[speaker.name]) for speaker in found)
    turns = tuple(replace(turn, speaker=names.get(turn.speaker, turn.speaker)) for turn in transcript.turns)
    return replace(transcript, speakers=speakers, turns=turns)


def _side(speaker: Speaker, known: _Known) -> Side:
    domain = speaker.email.rpartition("@")[2]
    if speaker.email in known.emails or domain in known.domains:
        return Side.OURS
    if domain and known.domains and stem(domain) not in ANYBODYS:
        return Side.CUSTOMER
    said = {"internal": Side.OURS, "external": Side.CUSTOMER, "内部": Side.OURS, "外部": Side.CUSTOMER}
    said |= {role: side for side, roles in _ROLES.items() for role in roles}
    by_tool = said.get(speaker.affiliation.casefold()) or said.get(re.sub(r"\s?\d+$", "", speaker.name.casefold()))
    return by_tool or _by_name(speaker.name, known)


def _by_name(name: str, known: _Known) -> Side:
    """By the whole name; where a company stands before or behind it ("宏达-王强"), by that part which is a name."""
    parts = [folded(name), *map(folded, re.split(r"[-–—_/|｜·]", name)[:4])]
    ours, theirs = any(part in known.ours for part in parts), any(part in known.customers for part in parts)
    if ours == theirs:
        companies = {company_of(part) for part in re.split(r"[-–—_/|｜·]", name)[1:]}
        return Side.CUSTOMER if not ours and companies & known.accounts else Side.UNKNOWN
    return Side.OURS if ours else Side.CUSTOMER


def _by_company(speaker: Speaker, known: _Known, told: set[str]) -> Speaker:
    """By the company beside the name: ours, an account, or another where ours is known and named on this call."""
    company = company_of(speaker.affiliation)
    if speaker.side is not Side.UNKNOWN or not company:
        return speaker
    words = set(company.split())
    if company in told or known.companies & {*words, company.replace(" ", "")}:
        return replace(speaker, side=Side.OURS)
    return replace(speaker, side=Side.CUSTOMER) if _is_account(company, known.accounts) else speaker


def _is_account(company: str, accounts: set[str]) -> bool:
    """ "Director of Sales, TechFlow" names the account TechFlow."""
    return any(
        f" {account} " in f" {company} " or (not account.isascii() and account in company) for account in accounts
    )


def _spelling(speakers: Iterable[Speaker], known: _Known) -> dict[str, str]:
    """How each name is written from now on; two never become one."""
    names = {speaker.name: known.spelled.get(folded(speaker.name), speaker.name) for speaker in speakers}
    taken = list(names.values())
    return {name: spelled if taken.count(spelled) == 1 else name for name, spelled in names.items()}


def folded(name: str) -> tuple[str, ...]:
    """A name whatever its case, its marks and the order of its parts."""
    plain = unicodedata.normalize("NFKD", name[:200]).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(sorted(_WORDS.findall(plain)))


def company_of(name: str) -> str:
    """A company without what the law adds to its name."""
    bare = _LEGAL_ZH.sub("", unicodedata.normalize("NFKC", name[:200])).casefold()
    return " ".join(word for word in _WORDS.findall(bare) if word not in _LEGAL)


def stem(domain: str) -> str:
    """What a domain is called: `acme` of eu.acme.co.uk."""
    parts = [part for part in domain.split(".") if part]
    while len(parts) > 1 and parts[-1] in _SUFFIXES:
        parts.pop()
    return parts[-1] if parts else ""
