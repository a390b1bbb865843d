"""The public register of French companies (API Recherche d'entreprises)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from odoo.addons.crm_base.lib.errors import (
    ClientError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
)
from odoo.addons.crm_base.lib.http_rules import HttpLimits
from odoo.addons.crm_base.providers.http import HttpClient

# https://recherche-entreprises.api.gouv.fr, read in June 2026: no key, an explicit
# User-Agent is asked for, 7 calls per second.
BASE_URL = "https://recherche-entreprises.api.gouv.fr"
USER_AGENT = "crm-suite (fiche client)"
# Somebody is looking at the screen.
LIMITS = HttpLimits(
    connect_seconds=3, read_seconds=6, total_seconds=8, max_bytes=1_000_000
)

OK = "ok"
UNAVAILABLE = "unavailable"
BUSY = "busy"
REFUSED = "refused"
MALFORMED = "malformed"


@dataclass(frozen=True)
class RegisterReply:
    """What a question brought: data, or the kind of trouble. Never an exception.

    :param data: decoded JSON
    :param delay_seconds: wait the register asks for
    :param cause: technical words for the log
    """

    state: str
    data: object = None
    delay_seconds: int = 0
    cause: str = ""

    def to_json(self) -> bytes:
        return json.dumps(
            {
                "state": self.state,
                "data": self.data,
                "delay_seconds": self.delay_seconds,
                "cause": self.cause,
            }
        ).encode()


class RegisterClient:
    """:param base_url: of the register, or of a stand-in
    :param guard_private: refuse internal addresses
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        guard_private: bool = True,
        limits: HttpLimits | None = None,
    ) -> None:
        self._http = HttpClient(
            base_url,
            limits=limits or LIMITS,
            guard_private=guard_private,
            user_agent=USER_AGENT,
        )

    def search(self, query: str, limit: int = 10) -> object:
        """Return the decoded answer; raises the errors of ``ClientError``."""
        params = {"q": query, "per_page": limit, "page": 1}
        return self._http.request("GET", "/search", params=params).json()

    def ask(self, query: str) -> RegisterReply:
        """Ask once. A question is not a message: no retry, any trouble is an answer."""
        try:
            return RegisterReply(OK, self.search(query))
        except RateLimitedError as error:
            return RegisterReply(
                BUSY, delay_seconds=int(error.delay_seconds or 0), cause=str(error)
            )
        except MalformedAnswerError as error:
            return RegisterReply(MALFORMED, cause=str(error))
        except RefusedError as error:
            return RegisterReply(REFUSED, cause=str(error))
        except ClientError as error:
            return RegisterReply(UNAVAILABLE, cause=str(error))
