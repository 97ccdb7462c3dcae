"""Which language a call is in: English, Chinese, or one that the bot does not read."""

import re
from collections import Counter
from collections.abc import Iterable

_SAMPLE = 60_000  # characters that decide
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_OTHER = re.compile(r"[\u0370-\u1cff\uac00-\ud7af]")  # Greek, Cyrillic, Hebrew, Arabic, Indian scripts, Thai, Hangul
_WORD = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff']+")
_ENGLISH_WORDS = """
the to and of a in it you i that is for we on be with this have are not do at but so can what there just if they
was your or from as will about our would my by an me how know think yeah okay like get all it's i'll we'll
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN_WORDS = """
der die das und ist nicht wir ich sie ein eine zu mit auf für den es aber auch wie haben sind noch
le la les des et est pas nous vous je un une que qui pour dans avec mais sur ce oui c'est
el los las y es no que por con una para pero como más está del sí lo se muy
o os e não é um uma que com mas muito está eu você
il lo gli è non che per con ma sono anche come di
het een van niet ik je dat en maar ook we zijn
nie jest się na to że ale jak tak czy
và là của có không được cho trong một các này với
yang dan tidak ini itu untuk dengan kita saya akan bisa
ve bir bu için ne ama çok da var değil
"""
_FOREIGN = frozenset(_FOREIGN_WORDS.split()) - _ENGLISH


def language_of(texts: Iterable[str]) -> str:
    """`zh`, `en`, or "" for another language, of which enough was said to be sure."""
    sample, long = [], 0
    for text in texts:
        sample.append(text)
        long += len(text)
        if long > _SAMPLE:
            break
    said = " ".join(sample)[:_SAMPLE]
    han, kana, other, latin = (len(form.findall(said)) for form in (_HAN, _KANA, _OTHER, _LATIN))
    wide = han + kana + other
    if (kana * 6 > wide and kana > 10) or (other * 2 > han and other * 3 > latin and other > 20):
        return ""
    if han * 4 > latin:  # a Chinese character says about as much as four letters
        return "zh"
    return "en" if _reads_english(said.lower()) else ""


def _reads_english(said: str) -> bool:
    words = Counter(_WORD.findall(said))
    ours = sum(words[word] for word in _ENGLISH)
    theirs = [words[word] for word in _FOREIGN if len(word) > 1 and words[word]]
    return len(theirs) < 4 or sum(theirs) < 8 or sum(theirs) < ours * 2
