"""Our small Markdown: what it makes of texts, and that no text of a person can become markup."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from bot import markdown
from bot.markdown import Block, Span, escape, html, parse, plain

# Letters alone rarely make trouble; these do.
SPITEFUL = st.text(
    st.sampled_from("ab 1.,*_`[]()<>&\"'\\-#~!/:@\n\r\t\x00\u2028\u202e\u2067\u2069\u200f\u05d3\u4e2d\U0001f600")
)
ANY = st.one_of(st.text(), SPITEFUL)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("plain", [Span("plain")]),
        ("a **b** c", [Span("a "), Span("b", bold=True), Span(" c")]),
        ("中**文**字", [Span("中"), Span("文", bold=True), Span("字")]),
        ("_a_ b", [Span("a", italic=True), Span(" b")]),
        ("snake_case_name", [Span("snake_case_name")]),
        ("__init__", [Span("__init__")]),
        ("a * b ** c", [Span("a * b ** c")]),
        ("2 ** 3 ** 4", [Span("2 ** 3 ** 4")]),
        ("**open", [Span("**open")]),
        ("****", [Span("****")]),
        ("**a _b_**", [Span("a ", bold=True), Span("b", bold=True, italic=True)]),
        ("**a _b** c_", [Span("a ", bold=True), Span("b", bold=True, italic=True), Span(" c", italic=True)]),
        ("`a **b** \\` c`", [Span("a **b** ` c", code=True)]),
        ("`open **b**", [Span("`open "), Span("b", bold=True)]),
        ("[A](https://a.example/x_y_(z)?q=1)", [Span("A", link="https://a.example/x_y_(z)?q=1")]),
        ("[A](https://a.example/x\\_y)", [Span("A", link="https://a.example/x_y")]),
        ("**[A \\[1\\]](/board)**", [Span("A [1]", bold=True, link="/board")]),
        ("[A](mailto:li@example.com)", [Span("A", link="mailto:li@example.com")]),
        ("\\*\\*a\\*\\* \\\\ \\d", [Span("**a** \\ \\d")]),
        ("@channel <!here>", [Span("@channel <!here>")]),
    ],
)
def test_spans(text: str, spans: list[Span]) -> None:
    assert parse(text) == (Block("paragraph", (tuple(spans),)),)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\\\evil.example",
        "vbscript:x",
        "a.html",
        "https://",
        "/ a",
    ],
)
def test_other_addresses_are_text(address: str) -> None:
    assert "<a" not in html(f"[A]({address})")


def test_blocks() -> None:
    text = "Head\nline\n- one\n- **two**\n\n> said\n> twice\n```\na  \\*b\n\n- c\n```\nend"
    assert parse(text) == (
        Block("paragraph", ((Span("Head"),), (Span("line"),))),
        Block("item", ((Span("one"),),)),
        Block("item", ((Span("two", bold=True),),)),
        Block("quote", ((Span("said"),), (Span("twice"),)), spaced=True),
        Block("pre", ((Span("a  *b"),), (), (Span("- c"),))),
        Block("paragraph", ((Span("end"),),)),
    )
    assert plain(text) == "Head\nline\n- one\n- two\n\nsaid\ntwice\na  *b\n\n- c\nend"
    assert html(text) == (
        '<p dir="auto">Head<br>line</p><ul><li dir="auto">one</li><li dir="auto"><strong>two</strong></li></ul>'
        '<blockquote dir="auto">said<br>twice</blockquote><pre dir="auto">a  *b\n\n- c</pre><p dir="auto">end</p>'
    )


def test_an_unclosed_fence_ends_with_the_text() -> None:
    assert parse("```\na")[0] == Block("pre", ((Span("a"),),))


def test_html_is_escaped() -> None:
    assert html("<script>alert(1)</script> & **<b>**") == (
        '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt; &amp; <strong>&lt;b&gt;</strong></p>'
    )
    assert html('[x](/a?b="c")') == ('<p dir="auto"><a href="/a?b=&quot;c&quot;" rel="noopener noreferrer">x</a></p>')


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes += attrs


@given(ANY)
def test_any_text_makes_only_our_tags(text: str) -> None:
    tags = Tags(html(text))
    assert tags.found <= {"p", "br", "ul", "li", "blockquote", "pre", "strong", "em", "code", "a"}
    for name, value in tags.attributes:
        assert name in ("dir", "href", "rel")
        if name == "href":
            assert re.match(r"(?i)https?://|mailto:|/(?![/\\])", value or "")


@given(ANY)
def test_nothing_visible_is_lost(text: str) -> None:
    """Only the signs of markup go, and what no reader sees."""

    def visible(text: str) -> str:
        return "".join(c for c in text if c.isprintable() and not c.isspace() and c not in "*_`[]()>\\-")

    links = any(span.link for block in parse(text) for line in block.lines for span in line)
    assert links or visible(plain(text)) == visible(text)


def normalised(text: str) -> str:
    """What `escape` says that it does to the white space and the invisible characters of a text."""
    text = re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)
    text = re.sub("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", text)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", text).strip("\n")


@given(ANY)
def test_escaped_text_reads_as_itself(text: str) -> None:
    shown = plain(escape(text)).replace("\u2068", "").replace("\u2069", "")
    assert normalised(shown) == normalised(text)
    assert Tags(html(escape(text))).found <= {"p", "br"}


@given(
    ANY, st.sampled_from(["{}", "a {} b", "- {}", "> {}", "**x {} y**", "_x {} y_", "[{}](/x)", "`{}`", "```\n{}\n```"])
)
def test_escaped_text_reads_as_itself_wherever_it_stands(text: str, around: str) -> None:
    """On one line, as a name is; what surrounds it keeps its meaning."""
    name = " ".join(normalised(text).split()) or "x"
    shown = plain(around.format(escape(name))).replace("\u2068", "").replace("\u2069", "")
    assert name in shown
    frame = [(block.kind, {span._replace(text="") for line in block.lines for span in line}) for block in parse(around)]
    filled = parse(around.format(escape(name)))
    assert [
        (block.kind, {span._replace(text="") for line in block.lines for span in line}) for block in filled
    ] == frame


@given(ANY)
def test_both_rooms_escape_alike(text: str) -> None:
    assert prompts.escape(text) == escape(text)


def test_no_name_turns_the_line_around() -> None:
    assert escape("\u202eevil") == "evil"
    assert escape("\u2067x") == "x"
    assert escape("דוד 3") == "\u2068דוד 3\u2069"
    assert escape("Li\nדוד") == "Li\n\u2068דוד\u2069"
    typed = "a \u202eb\nopen \u2067c\nd\u2069"  # never escaped: what a person typed into the chat
    assert plain(typed) == "a b\nopen \u2067c\u2069\nd"


@pytest.mark.parametrize(
    "unit", [*"*[_`\\>", "_ ", "** ", "[a](", "[](", "a\n", "_a ", "`\\`", "[a](b(", "**_a_** ", "\u2067"]
)
def test_time_grows_with_the_length_alone(unit: str) -> None:
    """Twenty thousand characters of the worst kind; square time would take minutes, a slow machine does not."""
    text = unit * (20_000 // len(unit))
    began = time.process_time()
    html(text)
    html(escape(text))
    assert time.process_time() - began < 5.0


@given(st.text("ab *_`[]\\ \u3000中", max_size=14))
def test_the_short_ways_read_a_line_as_the_long_one_does(line: str) -> None:
    assert markdown._spans(line) == markdown._any_spans(line)
