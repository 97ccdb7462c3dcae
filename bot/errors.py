"""The errors that cross rooms: one for people to read, one for the delivery pump to decide on."""


class BotError(Exception):
    """Something a person can mend. Its text is one plain sentence, in their language, safe to show:
    what is wrong, where, what to do."""


class FormError(BotError):
    """A form that cannot be taken as it was filled in. What was typed stays in the form.

    `faults` maps a field's name to the sentence that stands beside it.
    """

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


class ChatError(Exception):
    """A platform refused or lost a message.

    `permanent`: trying again cannot help (the person is gone, the channel is archived).
    `retry_after`: seconds that the platform asked us to wait, if it did.
    """

    def __init__(self, why: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.permanent = permanent
        self.retry_after = retry_after
