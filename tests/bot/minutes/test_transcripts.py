"""A call reads the same from whatever tool wrote it down."""

import codecs
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BotError
from bot.minutes.model import Transcript
from bot.minutes.transcripts import read
from tests.bot.minutes import renderings
from tests.bot.minutes.renderings import ALL, TIMED, Call, Said

NAMES = [
    "Dana Lee",
    "José Núñez",
    "Siobhán O'Brien",
    "Nguyễn Văn An",
    "Jean-Luc Weiß",
    "Will Adeyemi",
    "A",
    "Speaker 1",
]
NAMES += ["李娜", "欧阳建国", "说话人 2", "أحمد علي", "Ravi S. Iyer", "van der Berg", "anna@acme.example", "Ōta Ken"]

WORDS = [
    "so",
    "the",
    "price",
    "of",
    "38,400",
    "10:30",
    "note:",
    "R&D",
    "a<b",
    "@channel",
    "{{ 7*7 }}",
    "${HOME}",
    "是的，",
    "报价。",
]
WORDS += [
    "https://x.example/a?b=c",
    "-->",
    "50%",
    "“quoted”",
    "it's",
    "(pause)",
    "[sic]",
    "**bold**",
    "#1",
    "e.g.",
    "—",
    "🙂",
]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join).map(lambda said: "Well " + said)


@st.composite
def calls(draw: st.DrawFn) -> list[Said]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    at, call = 0, []
    for text in draw(st.lists(SENTENCES, min_size=1, max_size=12)):
        end = at + draw(st.integers(1, 900))
        call.append(Said(draw(st.sampled_from(names)), text, at, end))
        at = end
    return call


@pytest.mark.parametrize("form", ALL)
@given(calls())
@settings(max_examples=60)
def test_every_rendering_reads_back(form: str, call: list[Said]) -> None:
    found = read(ALL[form](call).encode())
    assert [turn.text for turn in found.turns] == [said.text for said in call]
    assert [turn.speaker.casefold() for turn in found.turns] == [said.who.casefold() for said in call]
    assert [turn.i for turn in found.turns] == list(range(len(call)))
    assert {turn.speaker for turn in found.turns} == {speaker.name for speaker in found.speakers}
    if form in TIMED:
        assert [turn.start for turn in found.turns] == [said.start for said in call]


SHORT = [
    Said("Dana Lee", "Hi Tom, shall we start with the plan?", 0, 9),
    Said("Tom Baker", "Sure. I have a hard stop at half past ten: sorry & thanks.", 9, 15),
    Said("王强", "这个价格有点贵，超预算了。", 15, 20),
]


def turns(found: Transcript) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in found.turns]


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: text.encode("gbk"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace("\n", "\r\r\n").encode(),
        lambda text: ("\n\n  \n" + text + "\n\n\n").encode(),
    ],
    ids=["bom", "utf16", "utf16be", "le", "be", "utf32", "gbk", "crlf", "cr", "crcrlf", "blank"],
)
def test_encodings_and_line_ends(form: str, encode: object) -> None:
    assert callable(encode)
    found = read(encode(ALL[form](SHORT)))
    assert [text for _who, text in turns(found)] == [said.text for said in SHORT]
    assert [turn.speaker.casefold() for turn in found.turns] == [said.who.casefold() for said in SHORT]


def test_western_text_is_no_chinese() -> None:
    assert turns(read("José: We met the Müller family at the café, naïve as we are.".encode("cp1252"))) == [
        ("José", "We met the Müller family at the café, naïve as we are.")
    ]


def test_a_file_cut_off_in_a_character_is_read() -> None:
    data = renderings.plain(SHORT).encode()
    assert turns(read(data[:-5]))[-1] == ("王强", "这个价格有点贵，超预算")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Anna: Hi.\nstill me\n\nBen: Yes.", [("Anna", "Hi. still me"), ("Ben", "Yes.")], id="goes on"),
        pytest.param("李娜：这个\n方案\n王强：好", [("李娜", "这个方案"), ("王强", "好")], id="chinese lines meet"),
        pytest.param(
            "anna: hi\nbo: yes\nanna: ok", [("anna", "hi"), ("bo", "yes"), ("anna", "ok")], id="small letters"
        ),
        pytest.param("A: Yes.\nA: No.\nB: So: fine.", [("A", "Yes."), ("A", "No."), ("B", "So: fine.")], id="apart"),
        pytest.param("- **Anna**: hi\n- **Ben:** yes", [("Anna", "hi"), ("Ben", "yes")], id="bullets"),
        pytest.param("> Anna: hi\n> Ben: yes", [("Anna", "hi"), ("Ben", "yes")], id="quoted"),
        pytest.param(
            "Anna: One thing.\nThe question is: who pays?\nBen: We do.",
            [("Anna", "One thing. The question is: who pays?"), ("Ben", "We do.")],
            id="a sentence is no name",
        ),
        pytest.param("00:09 Anna\nHi there.\n\n00:12 Ben\nYes.", [("Anna", "Hi there."), ("Ben", "Yes.")], id="above"),
        pytest.param("Anna Berg\n0:09\nHi.\nBo\n0:12\nYes.", [("Anna Berg", "Hi."), ("Bo", "Yes.")], id="stacked"),
        pytest.param("June 8, 2026, 10:00AM\n5m 3s\n\nAnna   0:03\nHi.", [("Anna", "Hi.")], id="a date is no name"),
        pytest.param("0:09\nHi there.\n0:12\nYes.", [("", "Hi there."), ("", "Yes.")], id="times alone"),
        pytest.param(
            "Anna  0:09  \nsee you at\n\nBen  0:12  \nThursday 15:00\n\nAnna  0:15  \nFine.",
            [("Anna", "see you at"), ("Ben", "Thursday 15:00"), ("Anna", "Fine.")],
            id="a time said is no beginning",
        ),
        pytest.param(
            "Deal: Acme\nDate: 2026-06-08\n\nAnna: Hi.\nBo: Yes.", [("Anna", "Hi."), ("Bo", "Yes.")], id="a head"
        ),
        pytest.param(
            "Anna: Bye.\n\n## Action items\n- Send it\n\n**Notes:**\nGood call", [("Anna", "Bye.")], id="what follows"
        ),
        pytest.param("Anna & Ben: Q&#39;s &lt;3 &nope", [("Anna & Ben", "Q's <3 &nope")], id="entities"),
        pytest.param("Anna: a\u202eb\u200bc\ufeff\x07 d", [("Anna", "abc d")], id="unseen letters"),
        pytest.param(
            "1\n00:00:05,000 --> 00:00:06,000\nBen: later\n\n2\n00:00:01,000 --> 00:00:09,000\nAnna: sooner\n",
            [("Ben", "later"), ("Anna", "sooner")],
            id="order of the file",
        ),
        pytest.param(
            "WEBVTT\n\nNOTE by hand\n\n00:01.000 --> 00:02.000 line:0\n<v.loud Anna>Hi <i>you</i></v> <v Ben>No</v>\n",
            [("Anna", "Hi you"), ("Ben", "No")],
            id="two voices in a cue",
        ),
        pytest.param(
            "1\n00:00:01,000 --> 00:00:02,000\nAnna: Hi.\nBen: Yes.\n\n2\n00:00:02,000 --> 00:00:03,000\nBen: So.\n",
            [("Anna", "Hi."), ("Ben", "Yes."), ("Ben", "So.")],
            id="two names in a cue",
        ),
        pytest.param(
            "WEBVTT\n\n00:01.000 --> 00:02.000\nAnna: Hi.\n\n00:02.000 --> 00:03.000\nso\n\n00:03.000 --> 00:04.000\n",
            [("Anna", "Hi."), ("", "so")],
            id="a speaker is missing, a cue is empty",
        ),
        pytest.param(
            "0:00:01.000,0:00:02.000\n>> ANNA BERG: Hi.\n>> Who is it?\n",
            [("Anna Berg", "Hi."), ("", "Who is it?")],
            id="sbv",
        ),
        pytest.param(
            "1\n00:00:01,000 --> 00:00:02,000\nAnna: 42\n\n43\n2\n00:00:02,000 --> 00:00:03,000\nBen: 7",
            [("Anna", "42 43"), ("Ben", "7")],
            id="a number said is no cue's number",
        ),
        pytest.param(
            '[{"speaker": {"name": "Anna"}, "text": "Hi"}, {"speaker": 2, "text": "Yes"}]',
            [("Anna", "Hi"), ("2", "Yes")],
            id="any list of utterances",
        ),
        pytest.param(
            '{"speaker": "Anna", "text": "Hi"}\n{"speaker": "Ben", "text": "Yes"}',
            [("Anna", "Hi"), ("Ben", "Yes")],
            id="json lines",
        ),
        pytest.param('{"segments": [{"start": 0.5, "text": " Hi"}], "text": "Hi"}', [("", "Hi")], id="whisper"),
    ],
)
def test_how_people_and_tools_write(text: str, expected: list[tuple[str, str]]) -> None:
    assert turns(read(text.encode())) == expected


def test_overlapping_cues_keep_their_times() -> None:
    found = read(b"WEBVTT\n\n00:05.000 --> 00:09.500\n<v A>one\n\n00:01.250 --> 01:00:00.000\n<v B>two\n")
    assert [(turn.start, turn.end) for turn in found.turns] == [(5.0, 9.5), (1.25, 3600.0)]
    assert found.seconds == 3598.75


def test_what_stands_beside_a_name_is_kept_apart() -> None:
    found = read("Anna (Acme): Hi.\nBen Ode (she/her): Yes.\n王强（宏达医疗）: 好\nKim | Orbit: No.".encode())
    assert [(one.name, one.affiliation) for one in found.speakers] == [
        ("Anna", "Acme"),
        ("Ben Ode", ""),
        ("王强", "宏达医疗"),
        ("Kim", "Orbit"),
    ]
    found = read(b"Anna (Acme): Hi.\nAnna (Orbit): Yes.")
    assert [one.name for one in found.speakers] == ["Anna (Acme)", "Anna (Orbit)"]


@pytest.mark.parametrize(
    ("text", "name", "on", "title"),
    [
        (renderings.meet(SHORT), "", date(2026, 6, 8), "Weekly call"),
        (renderings.markdown(SHORT), "", date(2026, 6, 8), "Second talk"),
        (renderings.feishu(SHORT), "", date(2026, 6, 8), ""),
        (renderings.gong(SHORT), "", date(2026, 6, 8), ""),
        (renderings.fireflies(SHORT), "", date(2026, 6, 8), "call"),
        (renderings.own(SHORT), "", date(2026, 6, 8), "call"),
        (renderings.zoom(SHORT), "GMT20260608-100000_Recording.transcript.vtt", date(2026, 6, 8), ""),
        (renderings.teams(SHORT), "", None, ""),
        ("会议主题：方案沟通\n会议时间：2026/06/08 10:00\n\n李娜：好\n王强：行", "", date(2026, 6, 8), "方案沟通"),
        ("Date: 8 June 2026\n\nAnna: On May 1, 2025 we met.", "", date(2026, 6, 8), ""),
        ("Anna: On May 1, 2025 we met.", "", None, ""),
        ("Date: 2026-13-45\n\nAnna: Hi.", "call-2026-06-08.txt", date(2026, 6, 8), ""),
    ],
)
def test_day_and_title(text: str, name: str, on: date | None, title: str) -> None:
    found = read(text.encode(), name)
    assert (found.on, found.title) == (on, title)


def test_gong_with_its_parties_apart() -> None:
    both = json.loads(renderings.gong(SHORT))
    said, parties = (json.dumps({key: both[key]}).encode() for key in ("callTranscripts", "calls"))
    for found in (read(said, beside=[parties]), read(said + b"\n" + parties), read(parties + said)):
        assert [turn.speaker for turn in found.turns] == ["Dana Lee", "Tom Baker", "王强"]
    assert [turn.speaker for turn in read(said).turns] == ["1000", "1001", "1002"]
    with pytest.raises(BotError, match="who was on the call"):
        read(parties)


def test_the_language_of_the_call() -> None:
    assert read(renderings.plain(SHORT[:2]).encode()).language == "en"
    assert read(renderings.plain(SHORT[2:]).encode()).language == "zh"
    assert read("李娜：这个 pipeline 的 CRM integration 我们下周三之前 review 一下".encode()).language == "zh"


@given(st.data())
def test_pasted_text_reads_as_the_file(data: st.DataObject) -> None:
    call: Call = data.draw(calls())
    form = data.draw(st.sampled_from(sorted(ALL)))
    assert read(ALL[form](call).strip().encode()).turns == read(ALL[form](call).encode(), f"{form}.txt").turns
