"""What Block Kit takes, as tables by the type of a block, an element or another part."""

_PICK = "action_id confirm focus_on_load placeholder"
_TYPED = "action_id initial_value dispatch_action_config focus_on_load placeholder"
_FEW = "action_id confirm focus_on_load options"

BLOCKS = {
    "section": "text fields accessory expand",
    "header": "text",
    "context": "elements",
    "divider": "",
    "actions": "elements",
    "image": "alt_text image_url slack_file title",
    "input": "label element hint optional dispatch_action",
    "markdown": "text",
    "rich_text": "elements",
    "file": "external_id source",
}
ELEMENTS = {
    "button": "text action_id value url style confirm accessibility_label",
    "overflow": "action_id options confirm",
    "checkboxes": f"{_FEW} initial_options",
    "radio_buttons": f"{_FEW} initial_option",
    "static_select": f"{_PICK} options option_groups initial_option",
    "multi_static_select": f"{_PICK} options option_groups initial_options max_selected_items",
    "external_select": f"{_PICK} initial_option min_query_length",
    "users_select": f"{_PICK} initial_user",
    "multi_users_select": f"{_PICK} initial_users max_selected_items",
    "conversations_select": f"{_PICK} initial_conversation default_to_current_conversation filter",
    "channels_select": f"{_PICK} initial_channel",
    "datepicker": f"{_PICK} initial_date",
    "timepicker": f"{_PICK} initial_time timezone",
    "datetimepicker": "action_id confirm focus_on_load initial_date_time",
    "plain_text_input": f"{_TYPED} multiline min_length max_length",
    "number_input": f"{_TYPED} is_decimal_allowed min_value max_value",
    "email_text_input": _TYPED,
    "url_text_input": _TYPED,
    "image": "alt_text image_url slack_file",
}
OTHERS = {
    "option": "text value description url",
    "option_group": "label options",
    "confirm": "title text confirm deny style",
    "modal": (
        "type title blocks submit close private_metadata callback_id clear_on_close notify_on_close external_id "
        "submit_disabled"
    ),
    "home": "type blocks private_metadata callback_id external_id",
}
NEEDED = {
    "header": "text",
    "context": "elements",
    "actions": "elements",
    "image": "alt_text",
    "input": "label element",
    "markdown": "text",
    "button": "text",
    "overflow": "options",
    "checkboxes": "options",
    "radio_buttons": "options",
    "number_input": "is_decimal_allowed",
    "option": "text value",
    "option_group": "label options",
    "confirm": "text",
    "modal": "title blocks",
    "home": "blocks",
}
INPUTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
IN_ACTIONS = set(ELEMENTS) - INPUTS - {"image"}
IN_SECTION = set(ELEMENTS) - INPUTS
IN_INPUT = set(ELEMENTS) - {"button", "overflow", "image"}

# Text objects, by where they stand: how many characters; whether they must be plain.
TEXTS = {
    "section.text": (3000, False),
    "section.fields": (2000, False),
    "header.text": (150, True),
    "context.elements": (3000, False),
    "image.title": (2000, True),
    "input.label": (2000, True),
    "input.hint": (2000, True),
    "button.text": (75, True),
    "option.text": (75, True),
    "option.description": (75, True),
    "option_group.label": (75, True),
    "confirm.title": (100, True),
    "confirm.text": (300, False),
    "confirm.confirm": (30, True),
    "confirm.deny": (30, True),
    "modal.title": (24, True),
    "modal.submit": (24, True),
    "modal.close": (24, True),
    "*.placeholder": (150, True),
}
# Strings: at least, at most so many characters.
STRINGS = {
    "*.block_id": (0, 255),
    "*.action_id": (1, 255),
    "*.private_metadata": (0, 3000),
    "*.callback_id": (0, 255),
    "*.external_id": (0, 255),
    "button.value": (0, 2000),
    "button.url": (1, 3000),
    "button.accessibility_label": (1, 75),
    "option.value": (1, 150),
    "option.url": (1, 3000),
    "image.alt_text": (1, 2000),
    "image.image_url": (1, 3000),
    "markdown.text": (1, 12000),
    "plain_text_input.initial_value": (0, 3000),
}
NUMBERS = {"plain_text_input.max_length": (1, 3000), "plain_text_input.min_length": (0, 3000)}
LISTS = {
    "section.fields": (1, 10),
    "context.elements": (1, 10),
    "actions.elements": (1, 25),
    "overflow.options": (1, 5),
    "checkboxes.options": (1, 10),
    "radio_buttons.options": (1, 10),
    "static_select.options": (1, 100),
    "multi_static_select.options": (1, 100),
    "static_select.option_groups": (1, 100),
    "option_group.options": (1, 100),
}
PATTERNS = {
    "button.style": r"primary|danger",
    "confirm.style": r"primary|danger",
    "datepicker.initial_date": r"\d{4}-\d\d-\d\d",
    "timepicker.initial_time": r"([01]\d|2[0-3]):[0-5]\d",
}
