"""What somebody else wrote, handed to /ask as it stands: "What do I say to this?" """

from prompts import words

MOST = 600  # characters that /ask takes


def ask(text: str) -> str:
    """The sentence that asks what to say to `text`, whatever that holds; "" when it holds no words."""
    text = text.replace("\0", "").strip()
    return f"/ask {cut(text)}" if text else ""


def cut(text: str, most: int = MOST) -> str:
    """At most so many characters, an ellipsis among them where some are left out, after a whole word if it can be."""
    if len(text) <= most:
        return text
    space = next((at for at in range(most - 1, most // 2, -1) if text[at].isspace()), most - 1)
    return text[:space].rstrip() + "…"


def no_words(language: str) -> str:
    """What is said of a message that is only a picture."""
    _ = words(language)
    return _("There are no words in that message. Write what the customer said after /ask.")
