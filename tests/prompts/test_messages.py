"""Templates: values are safe wherever they stand, and read as the reader writes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from jinja2 import UndefinedError

import prompts
from prompts.templates import environment


def said(template: str, language: str = "en", **values: object) -> str:
    return environment(language).from_string(template).render(values)


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("{{ x }}", {"x": "**a**_b"}, "\\*\\*a\\*\\*\\_b"),
        ("{{ x }}", {"x": prompts.Marked("**a**")}, "**a**"),
        ("{{ x }}", {"x": -5}, "\\-5"),
        ("{{ _('**Hello** {name}', name=x) }}", {"x": "*Li*"}, "**Hello** \\*Li\\*"),
        ("{{ _('{day}', day=x|day) }}", {"x": date(2026, 6, 11)}, "Thu 11 Jun"),
        ("{{ _n('{n} reply to {x}', '{n} replies to {x}', 1, x=x) }}", {"x": "_a"}, "1 reply to \\_a"),
        ("{{ _n('{n} reply', '{n} replies', 1200) }}", {}, "1,200 replies"),
        ("{{ x|join(', ') }}", {"x": ["a*", prompts.Marked("**b**")]}, "a\\*, **b**"),
        ("{{ x|listing }}", {"x": ["a*", "b", "c"]}, "a\\*, b and c"),
        ("{{ x|oneline }}", {"x": "\n - a\n  - b\n"}, "\\- a - b"),
        ("{{ x|quoted }}", {"x": "a\n> b"}, "> a\n> \\> b"),
        ("{% macro deal(d) %}**{{ d }}**{% endmacro %}{{ deal(x) }}", {"x": "a*"}, "**a\\***"),
        ("{% set y %}**{{ x }}**{% endset %}{{ y }}", {"x": "a*"}, "**a\\***"),
    ],
)
def test_values_are_escaped_once(template: str, values: dict[str, object], text: str) -> None:
    assert said(template, **values) == text


def test_what_a_template_made_can_stand_in_another() -> None:
    inner = said("**{{ x }}**", x="a*")
    assert said("{{ x }}!", x=inner) == "**a\\***!"


@pytest.mark.parametrize("value", [{}, {"x": None}])
def test_a_missing_value_is_a_fault_and_not_a_word(value: dict[str, object]) -> None:
    with pytest.raises((UndefinedError, ValueError)):
        said("{{ x }}", **value)


@pytest.mark.parametrize(
    ("template", "value", "english", "chinese"),
    [
        ("{{ x|day }}", date(2026, 6, 11), "Thu 11 Jun", "6月11日 周四"),
        ("{{ x|day }}", datetime(2026, 6, 11, 23, 30, tzinfo=UTC), "Thu 11 Jun", "6月11日 周四"),
        ("{{ x|long_day }}", date(2026, 6, 1), "Mon 1 Jun 2026", "2026年6月1日 周一"),
        ("{{ x|clock }}", time(9, 5), "09:05", "09:05"),
        ("{{ x|number }}", 1234567, "1,234,567", "1,234,567"),
        ("{{ x|number }}", 1234.5, "1,234.5", "1,234.5"),
        ("{{ x|number }}", 3.0, "3", "3"),
        ("{{ x|percent }}", 0.38, "38%", "38%"),
        ("{{ x|ago }}", timedelta(seconds=30), "less than a minute", "不到一分钟"),
        ("{{ x|ago }}", timedelta(minutes=1), "1 minute", "1 分钟"),
        ("{{ x|ago }}", timedelta(hours=2, minutes=59), "2 hours", "2 小时"),
        ("{{ x|ago }}", timedelta(days=1), "1 day", "1 天"),
        ("{{ x|listing }}", ["A", "B", "C"], "A, B and C", "A、B和C"),
        ("{{ x|listing }}", ["A"], "A", "A"),
        ("{{ x|listing }}", [], "", ""),
    ],
)
def test_the_reader_s_way(template: str, value: object, english: str, chinese: str) -> None:
    assert said(template, "en", x=value) == english
    assert said(template, "zh", x=value) == chinese


def test_every_template_can_be_read() -> None:
    for language in prompts.LANGUAGES:
        for name in environment(language).list_templates(filter_func=lambda name: name.endswith(".message.md")):
            environment(language).get_template(name)


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("zh", "不到一分钟"), ("zh-CN", "不到一分钟"), ("zh_Hans", "不到一分钟"), ("de", "less than a minute")],
)
def test_the_nearest_language_answers(language: str, spoken: str) -> None:
    assert prompts.words(language)("less than a minute") == spoken


def test_an_unknown_text_is_said_in_english() -> None:
    _ = prompts.words("zh").__call__
    assert _("{n} is not in the catalogue", n=3) == "3 is not in the catalogue"


def test_labels_are_plain_text() -> None:
    _ = prompts.words("en")
    assert _("Ask {name}", name="A*") == "Ask A*"
    assert _.n("{n} day", "{n} days", 1) == "1 day"
    assert _.n("{n} day", "{n} days", 2) == "2 days"


def test_directions() -> None:
    assert [prompts.direction(language) for language in ("en", "zh-CN", "he", "ar-EG")] == ["ltr", "ltr", "rtl", "rtl"]
