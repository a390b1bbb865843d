"""The closed family of errors that clients of outside services raise.

Callers branch on the type, never on the text. The text is technical English for
the log; models turn the type into a translated sentence for people.
"""

from __future__ import annotations


class ClientError(Exception):
    """A call to an outside service did not give what was asked.

    :param message: what happened, free of secrets
    :param remote_code: the service's own code, e.g. ``card_declined``
    :param status: HTTP status, when an answer came
    :param request_id: the service's name for the request, for its support desk
    """

    is_transient = False

    def __init__(
        self,
        message: str,
        *,
        remote_code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remote_code = remote_code
        self.status = status
        self.request_id = request_id

    def __str__(self) -> str:
        facts = {"status": self.status, "code": self.remote_code}
        facts["request"] = self.request_id
        known = ", ".join(f"{name} {value}" for name, value in facts.items() if value)
        return f"{self.message} ({known})" if known else self.message


class ConfigurationError(ClientError):
    """Our side is not set up: bad address, missing key, forbidden target."""


class AuthenticationError(ClientError):
    """The service does not accept our credentials or rights."""


class RefusedError(ClientError):
    """The service understood and said no; repeating the call will not help."""


class MalformedAnswerError(ClientError):
    """The answer is not what the service's contract says: bad JSON, too large."""


class UnavailableError(ClientError):
    """No usable answer: network, timeout, or the service's own failure.

    :param delay_seconds: wait asked by the service (Retry-After), if any
    """

    is_transient = True

    def __init__(
        self, message: str, *, delay_seconds: float | None = None, **facts
    ) -> None:
        super().__init__(message, **facts)
        self.delay_seconds = delay_seconds


class RateLimitedError(UnavailableError):
    """Too many calls; ``delay_seconds`` says how long to wait, when known."""
