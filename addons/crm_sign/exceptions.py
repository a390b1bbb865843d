"""Refusals of the engine that a public page shows."""


class SignRefused(Exception):
    """What a signer asked for is refused; nothing was signed.

    Not a UserError: the page catches it and the facts noted before (a wrong code,
    for instance) are kept.

    :param code: for the page, e.g. ``wrong_code``, ``not_your_turn``
    :param sentence: for the signer, in his language
    """

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
