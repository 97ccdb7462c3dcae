"""Which blocks and forms Slack refuses, and what it makes of what people type."""

import pytest

from tests.platforms.slack.blocks import message_faults, view_faults
from tests.platforms.slack.payloads import typed
from tests.platforms.slack.scene import actions, button, field, menu, modal, plain, section
from tests.platforms.slack.things import Json


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
        ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
        ([section(block_id="b" * 256)], "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
        ([section(block_id="b"), section(block_id="b")], "block_id 'b' already exists [json-pointer:/blocks]"),
        ([{"type": "sektion"}], "unsupported type: sektion [json-pointer:/blocks/0/type]"),
        ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
        ([actions()], "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        ([actions(*[button(action_id=f"a{n}") for n in range(26)])], "no more than 25 items allowed"),
        ([actions(button(), button())], "action_id 'act' already exists [json-pointer:/blocks/0]"),
        ([actions(button("x" * 76))], "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
        ([actions(button(value="x" * 2001))], "must be less than 2001 characters"),
        ([actions(button(action_id="x" * 256))], "must be less than 256 characters"),
        ([actions(button(style=""))], "must match primary|danger [json-pointer:/blocks/0/elements/0/style]"),
        ([actions(menu(count=101))], "no more than 100 items allowed"),
        ([actions(menu("overflow", 6))], "no more than 5 items allowed"),
        ([actions(menu("checkboxes", 11))], "no more than 10 items allowed"),
        ([actions(menu("radio_buttons", 11))], "no more than 10 items allowed"),
        ([actions(menu(options=[{"text": plain("x" * 76), "value": "v"}]))], "must be less than 76 characters"),
        ([actions(menu(options=[{"text": plain("x"), "value": "v" * 151}]))], "must be less than 151 characters"),
        ([actions(menu(initial_option={"text": plain("?"), "value": "?"}))], "initial option was not found in options"),
        ([section(accessory={"type": "plain_text_input", "action_id": "t"})], "unsupported type: plain_text_input"),
    ],
)
def test_faults_of_a_message(blocks: list[Json], fault: str) -> None:
    assert any(fault in found for found in message_faults(blocks)), message_faults(blocks)


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
        (modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (modal(field({"type": "plain_text_input", "action_id": "a", "initial_value": "x" * 3001})), "less than 3001"),
        (modal(field({"type": "plain_text_input", "action_id": "a", "max_length": 3001})), "no more than 3000"),
        (modal(field({"type": "number_input", "action_id": "a"})), "missing required field: is_decimal_allowed"),
        (modal(field(menu("overflow"))), "unsupported type: overflow [json-pointer:/view/blocks/0/element/type]"),
        (modal(field(menu("checkboxes", initial_options=[]))), "no fewer than 1 items allowed"),
        ({key: value for key, value in modal().items() if key != "submit"}, "missing required field: submit"),
        ({"type": "home", "blocks": []}, "must be one of: modal [json-pointer:/view/type]"),
    ],
)
def test_faults_of_a_form(view: Json, fault: str) -> None:
    assert any(fault in found for found in view_faults(view, "modal")), view_faults(view, "modal")


def test_no_fault() -> None:
    option = {"text": plain("Option 1"), "value": "v1"}
    blocks = [section(accessory=menu("overflow")), actions(button(), menu(initial_option=option)), {"type": "divider"}]
    assert message_faults(blocks) == []
    assert view_faults(modal(section(), field(menu("checkboxes", initial_options=[option]))), "modal") == []


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("hi <@U1>", "hi <@U1>"),
        ("see https://x.org/?a=1&b=2.", "see <https://x.org/?a=1&amp;b=2>."),
        ("ann@example.com", "<mailto:ann@example.com|ann@example.com>"),
        ("example.com now", "<http://example.com|example.com> now"),
        ("Q3.numbers", "Q3.numbers"),
    ],
)
def test_what_people_type_is_marked_up(text: str, sent: str) -> None:
    assert typed(text) == sent
