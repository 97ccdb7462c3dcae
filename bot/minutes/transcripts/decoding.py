"""Bytes into text, whatever the encoding; and what is plainly no text, by its first bytes. Nothing is unpacked."""

import codecs
import re

from bot.errors import BotError
from prompts import N_, Words

MOST_BYTES = 20_000_000

_PACKED = N_("{name} is a packed file, not a transcript. Unpack it and send the text inside (TXT, VTT, SRT or JSON).")
_DOCUMENT = N_("{name} is a document, not a transcript. Save it as plain text (TXT, VTT or SRT) and send that.")
_RECORDING = N_("{name} is a recording or a picture. Send its transcript instead (TXT, VTT, SRT or JSON).")
_BINARY = N_("{name} holds no text that can be read. Send the transcript as plain text (TXT, VTT, SRT or JSON).")

_OFFICE = (".docx", ".doc", ".xlsx", ".xls", ".pptx", ".ppt", ".odt", ".pages", ".rtf", ".pdf")
_KINDS = [
    (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)|\x1f\x8b|BZh[1-9]|\xfd7zXZ\0|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd", _PACKED),
    (rb"%PDF-|\{\\rtf|\xd0\xcf\x11\xe0|\s{0,99}<(?:!doctype|html|\?xml)", _DOCUMENT),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|RIFF|OggS|ID3|\xff[\xf2\xf3\xfb]|fLaC|\x1aE\xdf\xa3|.{4}ftyp",
        _RECORDING,
    ),
]
_MAGIC = [(re.compile(start, re.DOTALL | re.IGNORECASE), why) for start, why in _KINDS]
_BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_COMMON_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")


def decoded(data: bytes, name: str, _: Words) -> str:
    """The text of a file, each line ended by \\n. Raises `BotError` for what is too large or no text."""
    if len(data) > MOST_BYTES:
        raise BotError(
            _("{name} is larger than {n} MB. Send one call at a time.", name=name, n=MOST_BYTES // 1_000_000)
        )
    for start, why in _MAGIC:
        if start.match(data[:200]):
            office = why is _PACKED and name.lower().rstrip("”").endswith(_OFFICE)
            raise BotError(_(_DOCUMENT if office else why, name=name))
    text = _text(data)
    if text is None or len(_CONTROL.findall(text)) > 2 + len(text) // 200:
        raise BotError(_(_BINARY, name=name))
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")


def _text(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    if b"\0" in data[:4000]:
        return _wide(data)
    try:
        return data.decode()
    except UnicodeDecodeError as fault:
        return _other(data, fault)


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: spaces and line breaks have their zero on one side only."""
    even, odd = data[:4000:2].count(0), data[1:4000:2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        return None
    return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")


def _other(data: bytes, fault: UnicodeDecodeError) -> str:
    """GBK where its pairs are those of common characters, a UTF-8 with a few bad bytes, or Western European."""
    lenient = data.decode("utf-8", "replace")
    if lenient.count("\ufffd") <= 2 + len(lenient) // 1000 and fault.start > 0 and not lenient.isascii():
        damaged = lenient.replace("\ufffd", "")
        if not damaged.isascii() or fault.start >= len(data) - 3:
            return damaged
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "ignore")
        if len(text.encode("gb18030", "ignore")) < len(data) * 0.999:
            return data.decode("cp1252", "replace")
    pairs = _PAIR.findall(data)
    common = sum(1 for pair in pairs if _COMMON_PAIR.match(pair))
    return text if common * 10 > len(pairs) * 7 else data.decode("cp1252", "replace")
