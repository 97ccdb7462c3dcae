"""How texts are found in the source."""

from pathlib import Path

import pytest

from prompts.gather import gathered


def house(root: Path, files: dict[str, str]) -> Path:
    for name, source in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(source, encoding="utf-8")
    return root


def test_texts_of_code_and_templates(tmp_path: Path) -> None:
    root = house(
        tmp_path,
        {
            "bot/a.py": 'X = {"p": N_("Price")}\nraise E(_("One " "text", n=1))\n'
            'y = _.n("{n} a", "{n} b", 3)\nz = _(x)\n',
            "handlers/b.py": 'f = lambda _: _("Price")\nother("no")\nfetch._("no")\n',
            "prompts/s/t.message.md": "{{ _('{n} a', n=1) }}\n"
            "{% if x %}{{ _n('{n} c', '{n} d', x|length) }}{% endif %}\n",
            "bot/web/templates/p.html": "<a title=\"{{ _('Close') }}\">{{ _.n('{n} e', '{n} f', n) }}</a>",
            "tests/c.py": '_("no")\n',
        },
    )
    found = {text.one: (text.many, text.files) for text in gathered(root).values()}
    assert found == {
        "Price": ("", ["bot/a.py", "handlers/b.py"]),
        "One text": ("", ["bot/a.py"]),
        "{n} a": ("{n} b", ["bot/a.py", "prompts/s/t.message.md"]),
        "Close": ("", ["bot/web/templates/p.html"]),
        "{n} e": ("{n} f", ["bot/web/templates/p.html"]),
        "{n} c": ("{n} d", ["prompts/s/t.message.md"]),
    }


def test_texts_that_follow_their_language_at_once(tmp_path: Path) -> None:
    source = 'a = words(x)("Price")\nb = words(x.y).n("{n} a", "{n} b", 3)\nc = other(x).n("no", "no", 3)\n'
    found = {text.one: text.many for text in gathered(house(tmp_path, {"bot/a.py": source})).values()}
    assert found == {"Price": "", "{n} a": "{n} b"}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("bot/a.py", 'x = _(f"Hello {name}")'),
        ("bot/a.py", 'x = _("Hello " + name)'),
        ("prompts/s/t.message.md", "{{ _('Hello ' ~ name) }}"),
    ],
)
def test_a_text_that_is_put_together_is_refused(tmp_path: Path, name: str, source: str) -> None:
    with pytest.raises(ValueError, match=r"a\.py:1|t\.message\.md:1"):
        gathered(house(tmp_path, {name: source}))
