"""What a provider raises to speak to the exchange engine."""


class IgnoreExchange(Exception):
    """The event does not concern us: keep it, do nothing, say why.

    Raised by `_process_incoming_<provider>`; whatever the method did before is
    undone and the exchange becomes "ignored" with the reason as its cause.

    :param reason: sentence shown to the reader of the log
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason
