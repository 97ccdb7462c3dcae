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

    `permanent`: trying again cannot help (the channel is archived). `gone`: permanent, because the person cannot be
    reached there any more. `unsure`: no acknowledgement came, so it may stand there all the same. `retry_after`:
    seconds that the platform asked us to wait. `locked_out`: it takes nothing from us until the operator mends
    something (a token was revoked); `why` says what. `moved_to`: the chat goes on under this id.
    """

    def __init__(
        self,
        why: str,
        *,
        permanent: bool = False,
        gone: bool = False,
        unsure: bool = False,
        retry_after: float | None = None,
        locked_out: bool = False,
        moved_to: str = "",
    ) -> None:
        super().__init__(why)
        self.permanent = permanent or gone
        self.gone = gone
        self.unsure = unsure
        self.retry_after = retry_after
        self.locked_out = locked_out
        self.moved_to = moved_to
