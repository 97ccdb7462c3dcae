"""Promises, requests and plans as English says them, clause by clause."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.minutes.offline.cues import Cue, Kind
from bot.minutes.offline.phrases import phrases

_VERBS = """
send, email, e-mail, mail, forward, get, give, provide, book, schedule, set up, set, put, prepare, draft, check,
double-check, confirm, ask, talk, speak, follow, circle, loop, introduce, connect, invite, write, review, look
into, look at, look up, find, dig, pull, return, sign, countersign, chase, call, ring, ping, text, run,
circulate, upload, ship, order, raise, file, escalate, fix, arrange, organi[sz]e, reach, finali[sz]e, submit,
nominate, collect, gather, test, bring, quote, requote, revise, resend, drop, share, update, report, come back,
go back, have, get back, be back, work, build, create, compile, document, investigate, clarify, verify, approve,
request, propose, present, pass, hand, deliver, complete, finish, fill, install, configure, enable, extend,
renew, redline, amend, map, export, import, sort, line up, take care, take, handle, own, let, make sure,
discuss, negotiate, pick, print, scan, post, sync, reply, respond, answer, tell, assign, train, visit, drive,
fly, pencil, block, move, reschedule, swap, replace, refund, credit, invoice, pay, transfer, cancel, adjust,
calculate, estimate, model, analy[sz]e, compare, evaluate, track, record, add, include, remove, delete, correct,
shoot, show, log, dig out, win, win back, sound, walk, touch base, liaise, coordinate, push, press,
nudge, remind, warn, notify, inform, consult, measure,
sample, cost, price, re-?send, re-?run, rerun, redo, rework, name, rewrite, rebuild, recalculate, scope
"""
VERB = "(?:" + "|".join(part.strip() for part in _VERBS.split(",")) + ")"
_ADVERBS = (
    r"(?:(?:also|just|then|definitely|certainly|probably|of course|personally|quickly|go ahead and|"
    r"make sure to|"
    r"make sure (?:that )?(?:I|we)|try to|try and|be sure to|absolutely|gladly|happily|actually|still|"
    r"at least|first|now|"
    r"go and|have to|need to|take it on myself to|make a note to|go back and|see if I can|be happy to|be able to)\s+)*"
)
_I = r"\bI(?:['’]ll| will| shall|['’]m going to| am going to|['’]m gonna|['’]ll be)\b"
_WEAK = (
    r"(?:\bI (?:can|could|need to|have to|should|must|gotta|want to|wanna|would|ought to)\b|\bI['’]ve got to\b|"
    r"\bI['’](?:ll|d) (?:have|need|want|like) to\b|\bI['’]d\b|\blet me\b|"
    r"\b(?:I['’]m |I['’]d be |we['’]re )?(?:happy|glad) to\b|\b(?:I|we) (?:promise|commit|agree)(?: you)? to\b|"
    r"\bon my list to\b|\bmy (?:action|job|task|to-?do) is to\b|\bI['’]?m? ?(?:am )?on the hook to\b|"
    r"\bremind me to\b|\bleave it (?:to|with) me\b)"
)
_WE = (
    r"\b(?:we|the team|my team|our side)(?:['’]ll| will|['’]re going to| are going to| can|['’]re gonna|['’]d| could)\b"
)
_PROMISE = re.compile(rf"(?P<how>{_I}|{_WEAK}|{_WE})\s+{_ADVERBS}(?P<task>(?P<verb>{VERB})\b.*)", re.IGNORECASE)
_ANY = re.compile(rf"(?P<how>{_I}|{_WEAK}|{_WE})\s+{_ADVERBS}(?P<task>(?P<verb>[a-z-]+)\b.*)", re.IGNORECASE)
_POLITE = (
    r"(?:(?:also|please|just|then|kindly|possibly|maybe|be so kind (?:as )?to|have to|need to|go ahead and|quickly|"
    r"be able to|be willing to|make sure to|perhaps|still)\s+)*"
)
_REQUEST = re.compile(
    rf"(?P<how>\b(?:could|can|would|will) (?:you|one of you|someone|somebody)(?: guys| two| all| both)?\b|\bplease\b|"
    rf"\b(?:would|do) you mind\b|\bI(?:['’]d| would)? (?:need|like|want|ask) you to\b|\bwe(?:['’]d|"
    rf" would)? (?:need|like) you to\b|\bany chance you (?:could|can)\b|"
    rf"\bif you (?:could|can|would)\b|\byou(?:['’]ll| will| need to| have to| should| could|['’]re going to|"
    rf"['’]d| must)\b|"
    rf"\b(?:someone|somebody) (?:should|needs to|has to|must|ought to|will have to|from your (?:side|"
    rf"team) (?:should|to))\b|"
    rf"\bmake sure (?:that )?you\b|\b(?:can|could|may|might) I (?:also |just |perhaps )?(?:ask|get|"
    rf"trouble) you (?:to|for)\b|\bmind\b|(?:^|\bthen |\band |\bso )you(?= (?:send|prepare|draft|write|give|"
    rf"get|ask|check|bring)\b))\s+"
    rf"{_POLITE}(?P<task>(?P<verb>{VERB}|have|sending|getting|checking|sharing|confirming|asking|forwarding|"
    rf"looking into|introducing|shoot|show)\b.*)",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"\b(?:we|I)(?:['’]d| would|['’]ll| will)?(?: also| still| just| really)? (?:need|want|(?<=d )(?:like|love))"
    r"(?: to (?:see|have|get))?(?P<from> from you(?: is)?)? (?:is )?"
    r"(?P<task>(?:the|a|an|your|that|those|some|two|three|one|last|this|all|it|proof|everything)\b.*|"
    r"[\w ,'-]{3,60}? from (?:you|your side|your team)\b.*)",
    re.IGNORECASE,
)
_PLEASE = re.compile(  # "And references, please"
    r"^\W*(?:(?:and|also|then|oh|plus|yes|okay)\s+)*(?P<task>(?!(?:no|yes|yeah|okay|ok|sure|oh|and|well|just|"
    r"hold|wait|go|do|then|also|plus)\b|come\b|one moment|if you)[\w' -]{3,50}?),?\s+please\b",
    re.IGNORECASE,
)
_SEE = re.compile(
    r"\b(?:I|we)(?:['’]d| would)(?: also| really| still)? (?:like|love|want|need) to (?:see|have|get) ", re.IGNORECASE
)
_MAY_HAVE = re.compile(
    r"\b(?:can|could|may) (?:I|we) (?:also |please )?(?:get|have|see) (?P<task>(?:the|a|an|your|those|some|"
    r"two|three|one|all)\b.*)",
    re.IGNORECASE,
)
_TELL = re.compile(  # "Send me the plan": an order, from its first word
    r"^\W*(?:(?:and|then|so|okay|ok|yeah|yes|well|fine|good|great|cool|but|also|just|right|perfect|sure|do|brilliant|"
    r"[A-Z][a-z]+),?\s+)*(?:just |also |then |please )*"
    r"(?P<task>(?:send|shoot|e-?mail|mail|forward|give|get|put|write|draw|prepare|share|bring|add|include|pick|"
    r"tell|ask|check|have|take|pull|sort|book|set|call|ring|drop|keep|copy|cc|loop|confirm|sign|"
    r"fill|find|make sure|let|run|price (?=both|the|it|a|that|up)|text|ping|talk to|speak to|show|"
    r"leave (?!(?:it|that|this) (?:to|"
    r"with))|nominate|schedule|line)\b\s+(?!to\b|a look\b|care\b|"
    r"(?:it|that) easy\b|in touch\b|on\b|you\b|me (?:just |quickly )?(?:show|check|share|see|start|walk|explain|"
    r"put|ask|be|get|think|know if|say|know when you|until|till|a (?:day|week|moment|minute|second|sec|bit|"
    r"few|couple)|some time|one moment|\d+|"
    r"two|three|five|ten)\b|us (?!have|the|a)\b).+)",
    re.IGNORECASE,
)
_OFFER = re.compile(
    rf"\b(?:shall|should) (?:I|we)\s+{_ADVERBS}(?P<task>{VERB}\b.*)|\b(?:do|would) you (?:want|like) (?:me|us) to\s+"
    rf"{_ADVERBS}(?P<same>{VERB}\b.*)|\b(?:how|what) about I\s+{_ADVERBS}(?P<also>{VERB}\b.*)|"
    rf"\b(?:what if|would it help if|how would it be if) (?:I|we)\s+{_ADVERBS}(?P<too>(?!only\b)[a-z]+\b.*)|"
    rf"^\W*(?:do you )?want me to\s+(?P<short>{VERB}\b.*)",
    re.IGNORECASE,
)
_OWE = re.compile(r"\b(?:I|we) owe (?:you|him|her|them) (?P<task>.*)", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:let['’]s|let us|we should|we need to|shall we|why don['’]t we|we could|we will|can we|could we|we['’]ll|"
    r"we have to|we(?= (?:regroup|reconvene|meet|talk|speak)\b))\s+"
    r"(?:also |just |then |maybe |plan to |please |aim to |try to )*"
    r"(?P<task>(?:schedule|book|set up|reconnect|meet|speak again|talk again|regroup|catch up|"
    r"touch base|put (?:something|some time|a)|"
    r"reconvene|arrange|organi[sz]e|plan|do (?:a|an|another) (?:\w+ )?(?:call|session|demo|workshop|meeting|"
    r"review|visit|walkthrough)|have (?:a|an|another) (?:call|meeting|"
    r"session|demo|workshop)|"
    r"get (?:a|an|the|something) .{0,30}(?:in the diary|on the calendar|booked|scheduled)|send|draft|"
    r"prepare|review|run|sign|talk|speak|"
    r"sync|get together|follow up|circle back|loop in|bring in|sit down|visit|finali[sz]e)\b.*)",
    re.IGNORECASE,
)
_HAVE = re.compile(  # "you'll have it by Friday": what was promised before
    r"\byou(?:['’]ll| will|['’]d| can|['’]re going to) (?:also )?(?:have|get|receive|see|expect|find) "
    r"(?P<task>(?:it|that|them|those|everything|an? (?:answer|reply|call|mail|email|draft|quote|offer|"
    r"proposal)|something|"
    r"this|our|my|the|both|all)\b.*)|"
    r"\b(?:it|that|they|everything|the [\w ]{2,30}?)(?:['’]ll| will| should) be "
    r"(?P<there>(?:with you|in your (?:inbox|mail|hands)|on your desk|over|ready)\b.*)|"
    r"^\W*expect (?P<wait>(?:it|that|them|the|a|an|my|our)\b.*)|\bI['’]ll have (?P<over>(?:it|that|this|both|them|"
    r"everything|all|the [\w ]{2,30}?) (?:over|ready|done|for you|with you|sent|back)\b.*)",
    re.IGNORECASE,
)
_MEETING = re.compile(  # "we'll speak again on Friday" is a plan for two, and no promise of one
    r"\bwe(?:['’]ll| will|['’]re going to) (?:all )?(?:meet|speak|talk|reconnect|regroup|reconvene|"
    r"catch up|sync|see each)\b",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    rf"(?:^|[,;:]\s*|\b(?:and|so|then|but|"
    rf"that)\s+)(?P<who>(?!(?:It|That|This|They|We|He|She|You|I|What|There|Then|So|Who|"
    rf"Which)\b)[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+)?)(?:,? (?:from|on|in) [\w ]{{2,20}})?"
    rf"(?:['’]ll| will| is going to| can| to|['’]s going to| shall| has to| needs to| should|,? you['’]ll|"
    rf",? you will|,? you)\s+"
    rf"(?:(?:also|then|just|please|kindly)\s+)*(?P<task>(?:{VERB})\b.*)"
)
_THIRD = re.compile(
    rf"\b(?:he|she|they|my (?:\w+ )?(?:director|manager|boss|colleague|assistant|team|engineer|counsel|"
    rf"lawyer)|our [\w ]{{2,30}}?|the \w+ team|"
    rf"somebody|someone|legal|finance|procurement)\s?(?:['’]ll| will| is going to| can)\s+(?:also |"
    rf"then )?(?P<task>(?:{VERB})\b.*)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:can['’]?t|cannot|won['’]t|not|never|don['’]t|doesn['’]t|didn['’]t|isn['’]t|might|may|maybe|"
    r"perhaps|unlikely|would have|could have|"
    r"if (?:I|we) (?:get|find|have) (?:time|a moment|a minute)|wish|used to|hopefully|no need|no promises|"
    r"in theory|one day|some ?day|at some point|sometime|eventually|let['’]s see|we['’]ll see|nobody|"
    r"no one)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"^(?:yesterday|last (?:week|month|year))\b", re.IGNORECASE)
_NAMED = r"(?-i:[A-Z]\w+) (?:will|to|can|you|sends?|has|gets?|needs)"
_DOER = (
    r"(?:I|you|we|let me|let['’]s|please|could|can|would|will|shall|should|if|once|when|what|that|it|they|he|she|"
    rf"send|give|have|just|{_NAMED})\b"
)
_CUT = re.compile(
    r"\s*(?:[,;:–—]|--|\s-\s|\.\.\.|…)\s*(?:(?:and|but|so|then|or|also|because|which|though|although|just) )*"
    rf"(?={_DOER})"
    r"|\s*,?\s*\b(?:but|and then|and also|because|cause)\s+(?=(?:I|you|we|let me|let['’]s|please|could|can)\b|"
    rf"{_NAMED}\b)"
    r"|\s*,?\s*\bso\s+(?=(?:I|you|we)(?:['’]ll| will| need| have|['’]d)\b|let me\b|let['’]s|please\b)"
    r"|\s+(?:and|then|or)\s+(?=(?:I|we|you)(?:['’](?:ll|d|m)| will| can| could| need to| have to| owe)\b|"
    rf"(?:could|can) you\b|let me\b|let['’]s|please\b|(?-i:[A-Z]\w+) (?:will|to)\b)",
    re.IGNORECASE,
)
_RUN_ON = re.compile(  # where nobody put a comma
    r"\s+(?=(?:I['’]ll|I will|I['’]m gonna|I['’]m going to|let me|could you|can you|would you|let['’]s|we['’]ll|"
    r"you['’]ll|please|just (?:send|shoot)|then send) )",
    re.IGNORECASE,
)
_HOLDS = re.compile(  # words after which none begins
    r"(?:\b(?:that|if|when|what|how|where|which|who|whether|as|until|before|once|think|sure|promise|unless|than|"
    r"and|but|so|then|the|or|also|guess|why|because|after|while)|,)$",
    re.IGNORECASE,
)
_FILLERS = re.compile(r"\b(?:um+|uh+|erm?|hmm+|you know|i mean|kind of|sort of)\b[,.]*\s*(?:like,?\s+)?", re.IGNORECASE)
REPORT = re.compile(
    r"^send (?:it|that|them|everything|something|an? answer)\b|(?:get|come|circle) back to|"
    r"let (?:you|\w+) know|confirm\b|report back|tell you|update you|"
    r"follow up\b|give you an (?:answer|update)",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:(?:yes|yeah|yep|yup|sure|ok|okay|of course|certainly|absolutely|definitely|no problem|will do|"
    r"can do|happy to|gladly|with pleasure|you(?:['’]ll| will) (?:have|get|receive)|"
    r"you got it|consider it done|done|sounds good|fine|right|great|perfect|alright|all right|good|got it|"
    r"understood|agreed|not a problem|no worries|my pleasure|"
    r"i will|i can|i['’]ll|leave it (?:to|with) me|on it|i['’]m on it|please|deal|makes sense|that works|"
    r"works for me|fair enough|(?:it|that) (?:would|could|will|might)(?: help)?|oh|um|uh|hmm|mm-?hmm|mhm|well|"
    r"and|thanks|thank you|noted)\b[\s,.!—–-]*)+",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:can['’]t|cannot|won['’]t|not (?:sure|possible|really|able|yet|until|me|something|my|right)|"
    r"unfortunately|afraid|rather not|no[,.]|don['’]t think|no way|no need|not necessary|"
    r"hold off|let me think|we['’]ll see|depends|difficult|doubt)\b",
    re.IGNORECASE,
)
_ACCEPT = re.compile(
    r"\b(?:yes|yeah|yep|yup|sure|ok|okay|of course|certainly|absolutely|definitely|no problem|will do|"
    r"can do|happy to|gladly|you got it|"
    r"consider it done|done|fine|alright|all right|not a problem|no worries|i will|i can|i['’]ll|"
    r"leave (?:it|that) (?:to|with) me|on it|works for me|noted|deal|please|sounds good|perfect|great|"
    r"agreed|that works)\b",
    re.IGNORECASE,
)
_STRONG_VERB = re.compile(
    r"^(?:put .{1,60} together|go back to (?:\w+ )?(?:\w+)|have (?:my|our|the) .{1,40} (?:look|"
    r"check|send|call|review|do|test|prepare|write)|tell \w+ to|bring (?:you|the|a|some|our|over|"
    r"round|along))\b|"
    r"^(?:send|e-?mail|forward|book|schedule|set up|prepare|draft|confirm|introduce|invite|circulate|"
    r"nominate|submit|revise|resend|"
    r"chase|arrange|organi[sz]e|escalate|follow up|get back to (?:you|him|her|everyone|everybody)|"
    r"come back to (?:you|everyone)|put together|loop|reach out|share|"
    r"check with|ask|talk to|speak (?:to|with)|"
    r"get (?!back (?:to (?!you)|here)|here|there)(?:you|it|that|them|this|back|the|a|me|us|him|her|"
    r"[A-Z])|let (?:you|me|us) know|find out|"
    r"look into|run (?:it|this|that) (?:by|past)|upload|sign|return|provide|review|write|call|quote|order|"
    r"ship|double-check|fill (?:in|out)|drop|dig|raise|file|reply|ping|pull (?:together|the|a)|line up|"
    r"clarify|redline|countersign|compile|finali[sz]e|collect|gather|give (?:you|me|us|him|her|"
    r"them) (?:a (?:call|ring|shout)|an answer|the|my|our|access|feedback)|pass (?:it|that|this|the)|push|"
    r"print|post|connect|block|pencil)\b",
    re.IGNORECASE,
)


def clauses(sentence: str) -> Iterator[str]:
    """Where a new doer begins, a new clause does. Without what a voice fills its pauses with."""
    sentence = _FILLERS.sub("", sentence)
    start = 0
    for match in _CUT.finditer(sentence):
        if match.start() > start:
            yield from _run_on(sentence[start : match.start()].strip())
        start = match.end()
    yield from _run_on(sentence[start:].strip())


def _run_on(clause: str) -> Iterator[str]:
    start = 0
    for match in _RUN_ON.finditer(clause):
        before = clause[start : match.start()].rstrip()
        if len(before) > 12 and not _HOLDS.search(before[-12:]):
            yield before
            start = match.end()
    if clause[start:]:
        yield clause[start:]


def cue(clause: str, *, dated: bool, asked: bool) -> Cue | None:
    """What a clause is about. `dated`: it names a day. `asked`: its sentence ends in a question mark."""
    found = _cue(clause, dated=dated, asked=asked)
    if found is None:
        return None
    before = clause[: clause.find(found.task)]
    kind = found.kind
    negated = _NOT.search(before) and not (
        kind is Kind.REQUEST and re.search(r"\bwhy don['’]t\b", before, re.IGNORECASE)
    )
    if negated or _NOT.match(found.task) or phrases("now.en")["always"].search(found.task):
        return None
    return replace(found, strength=min(found.strength, 0.2)) if kept_already(found.task, dated) else found


def kept_already(task: str, dated: bool) -> bool:
    """Whether this call itself keeps the promise."""
    now = phrases("now.en")
    return bool(now["always"].search(task) or (not dated and now["undated"].search(task)))


def _cue(clause: str, *, dated: bool, asked: bool) -> Cue | None:
    if match := _OFFER.search(clause):
        return Cue(Kind.OFFER, next(part for part in match.groups() if part), 0.6, how="offer")
    if match := _HAVE.search(clause):
        task = next(part for part in match.groups() if part)
        return Cue(
            Kind.PROMISE, "send " + task if not match["there"] else "have it " + task, 0.6 if dated else 0.3, how="have"
        )
    if (match := _NEED.search(clause)) and "from you" in clause.lower():
        return Cue(Kind.REQUEST, "send " + match["task"], 0.6, how="need from")
    if (match := _SEE.search(clause)) and not asked:
        return Cue(Kind.REQUEST, "send " + clause[match.end() :], 0.4, how="need")
    if match := _REQUEST.search(clause):
        strong = bool(_STRONG_VERB.match(match["task"])) or dated
        told = bool(re.match(r"you\b", match["how"], re.IGNORECASE))
        strength = 0.7 if strong and not told else 0.45 if strong else 0.3
        return Cue(Kind.REQUEST, match["task"], strength, how=match["how"].lower())
    if (match := _OWE.search(clause)) and not asked:
        return Cue(Kind.PROMISE, "send " + match["task"], 0.6, how="owe")
    if match := _MAY_HAVE.search(clause):
        return Cue(Kind.REQUEST, "send " + match["task"], 0.4, how="may have")
    if asked and not _TOGETHER.search(clause):
        return None
    if _MEETING.search(clause):
        return _others(clause, dated)
    return _promise(clause, dated) or _ordered(clause, dated) or _others(clause, dated)


def _ordered(clause: str, dated: bool) -> Cue | None:
    if match := _TELL.search(clause):
        strong = bool(_STRONG_VERB.match(match["task"]))
        return Cue(Kind.REQUEST, match["task"], 0.45 if strong or dated else 0.3, how="order")
    if match := _NEED.search(clause):
        return Cue(Kind.REQUEST, "send " + match["task"], 0.3, how="need")
    if match := _PLEASE.search(clause):
        return Cue(Kind.REQUEST, "send " + match["task"], 0.4, how="please")
    return None


def _promise(clause: str, dated: bool) -> Cue | None:
    match = _PROMISE.search(clause)
    if match:
        how = " ".join(match["how"].lower().replace("’", "'").split())
        certain = bool(re.match(rf"{_I}|{_WE}", match["how"], re.IGNORECASE))
        strong = bool(_STRONG_VERB.match(match["task"]))
        if certain and (strong or dated):
            return Cue(Kind.PROMISE, match["task"], 0.95 if dated else 0.85, how=how)
        if strong or dated:
            return Cue(Kind.PROMISE, match["task"], 0.75 if dated else 0.6, how=how)
        if how in ("we'd", "we could", "we can"):
            return None
        return Cue(Kind.PROMISE, match["task"], 0.4 if certain else 0.3, how=how)
    if match := _ANY.search(clause):
        how = " ".join(match["how"].lower().replace("’", "'").split())
        return Cue(Kind.PROMISE, match["task"], 0.5 if dated else 0.2, how=how)
    return None


def _others(clause: str, dated: bool) -> Cue | None:
    if match := _ASSIGNED.search(clause):
        return Cue(
            Kind.ASSIGNED,
            match["task"],
            0.75 if dated or _STRONG_VERB.match(match["task"]) else 0.4,
            match["who"],
            "assigned",
        )
    if match := _TOGETHER.search(clause):
        return Cue(Kind.TOGETHER, match["task"], 0.6 if dated else 0.35, how="together")
    if match := _THIRD.search(clause):
        return Cue(Kind.ASSIGNED, match["task"], 0.6 if dated else 0.4, how="third")
    return None


def accepted(text: str) -> bool | None:
    """Whether an answer takes a request on; None where it says neither yes nor no."""
    first = text[:160]
    if _REFUSED.search(first):
        return False
    return True if _YES.match(first) or _ACCEPT.search(first[:60]) else None


WHEN = re.compile(r"\b(?:by when|when|how soon|how long|what (?:day|date|time)|which (?:day|week))\b", re.IGNORECASE)
