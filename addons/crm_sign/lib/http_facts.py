"""What is known about the browser behind a click on a public page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HttpFacts:
    """Facts of one HTTP request, kept as evidence.

    :param ip: address of the visitor, as the server sees it
    :param user_agent: what the browser says it is, cut to 255 characters by the engine
    :param session: the secret that `_check_code` gave to this browser, None before
    """

    ip: str = ""
    user_agent: str = ""
    session: str | None = None
