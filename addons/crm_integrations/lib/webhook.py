"""Why a message that knocks at the door of a connection is not taken."""

from __future__ import annotations

NO_SECRET = "no_secret"  # noqa: S105 - the name of a reason
NOT_AN_EVENT = "not_an_event"


class WebhookRefusedError(Exception):
    """The message cannot be trusted, or says nothing.

    :param reason: ``no_secret``, ``no_header``, ``bad_header``, ``no_match``,
        ``too_old``, ``in_future`` or ``not_an_event``
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
