"""Stripe through its official library, over the suite's own HTTP client.

The library encodes, signs and decodes; our client carries the bytes, so that the
caps, the refusal of redirects and the guard against internal addresses hold here
too. Nothing is global: each client has its key, its address and its connections.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import stripe

from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    ClientError,
    ConfigurationError,
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.crm_base.lib.http_rules import HttpLimits
from odoo.addons.crm_base.providers.http import HttpClient

from ..const import API_BASE_URL, API_VERSION

# The library would write whole messages, personal data included, to a debug log;
# our HTTP client writes method, path, status and duration.
logging.getLogger("stripe").setLevel(logging.WARNING)

LIST_PAGE = 100
# A charge with more refunds than this is not a real one.
LIST_MAX_PAGES = 10


@dataclass(frozen=True)
class StripeConfig:
    """How to reach one Stripe account.

    :param secret_key: ``sk_...`` or restricted ``rk_...``
    :param base_url: without ``/v1``
    :param guard_private: refuse internal addresses
    """

    secret_key: str
    base_url: str = API_BASE_URL
    guard_private: bool = True
    limits: HttpLimits | None = None

    def __repr__(self) -> str:
        return f"StripeConfig(base_url={self.base_url!r})"


@dataclass(frozen=True)
class StripeAnswer:
    """One decoded answer.

    :param data: the object, as plain dictionaries and lists
    :param is_replay: Stripe knew the idempotency key and did nothing new
    """

    data: dict[str, Any]
    status: int
    request_id: str
    duration_ms: int
    is_replay: bool = False

    def to_json(self) -> bytes:
        return json.dumps(self.data).encode()


@dataclass(frozen=True)
class StripeAccount:
    """The account behind a key."""

    account_id: str
    name: str
    country: str
    currency: str
    can_charge: bool
    is_live: bool


class _Transport(stripe.HTTPClient):
    """Carries the library's requests over our HTTP client."""

    name = "crm_suite"

    def __init__(self, http: HttpClient) -> None:
        super().__init__()
        self.http = http
        self.duration_ms = 0

    def request(self, method, url, headers, post_data=None, *, _usage=None):
        answer = self.http.request(
            method.upper(),
            url.removeprefix(self.http.base_url),
            data=post_data,
            headers=headers,
            check=False,
        )
        self.duration_ms = answer.duration_ms
        names = {name.lower(): value for name, value in answer.headers.items()}
        return answer.body, answer.status, names

    def close(self) -> None:
        self.http.close()


class StripeAccountClient:
    """Talks to one Stripe account; usable as a context manager.

    :raise ConfigurationError: no key, or an address that may not be called
    """

    def __init__(self, config: StripeConfig) -> None:
        if not config.secret_key:
            raise ConfigurationError("the secret key of Stripe is missing")
        http = HttpClient(
            config.base_url,
            limits=config.limits,
            guard_private=config.guard_private,
            user_agent="crm-suite-billing",
        )
        self._is_live = "_live_" in config.secret_key
        self._transport = _Transport(http)
        self._client = stripe.StripeClient(
            config.secret_key,
            base_addresses={"api": http.base_url},
            stripe_version=API_VERSION,
            http_client=self._transport,
            # Exchanges are what tries again, with the same idempotency key.
            max_network_retries=0,
        )

    def __enter__(self) -> StripeAccountClient:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def create_checkout_session(
        self, params: Mapping[str, Any], idempotency_key: str
    ) -> StripeAnswer:
        """Open a payment page; the same key gives the same page."""
        sessions = self._client.v1.checkout.sessions
        options = {"idempotency_key": idempotency_key}
        return self._ask(lambda: sessions.create(dict(params), options))

    def retrieve_checkout_session(self, session_id: str) -> StripeAnswer:
        """Read a payment page, with its payment intent when there is one."""
        sessions = self._client.v1.checkout.sessions
        params = {"expand": ["payment_intent"]}
        return self._ask(lambda: sessions.retrieve(session_id, params))

    def expire_checkout_session(
        self, session_id: str, idempotency_key: str
    ) -> StripeAnswer:
        """Close an open payment page.

        :raise RefusedError: it is no longer open
        """
        sessions = self._client.v1.checkout.sessions
        options = {"idempotency_key": idempotency_key}
        return self._ask(lambda: sessions.expire(session_id, {}, options))

    def find_checkout_sessions(self, payment_intent_id: str) -> StripeAnswer:
        """Find the payment page behind a payment."""
        sessions = self._client.v1.checkout.sessions
        params = {"payment_intent": payment_intent_id, "limit": 1}
        return self._ask(lambda: sessions.list(params))

    def list_refunds(self, payment_intent_id: str) -> StripeAnswer:
        """Read every refund of a payment; ``data`` is the whole list."""
        rows: list[dict[str, Any]] = []
        params: dict[str, Any] = {
            "payment_intent": payment_intent_id,
            "limit": LIST_PAGE,
        }
        for _page in range(LIST_MAX_PAGES):
            answer = self._ask(lambda: self._client.v1.refunds.list(dict(params)))
            page = answer.data.get("data")
            if not isinstance(page, list):
                raise MalformedAnswerError("Stripe's list has no data")
            rows += page
            if not answer.data.get("has_more") or not page:
                break
            params["starting_after"] = page[-1]["id"]
        return StripeAnswer(
            {"object": "list", "data": rows},
            answer.status,
            answer.request_id,
            answer.duration_ms,
        )

    def retrieve_account(self) -> StripeAccount:
        """Read the account of the key: the cheapest proof that the key works."""
        data = self._ask(self._client.v1.accounts.retrieve_current).data
        settings = (data.get("settings") or {}).get("dashboard") or {}
        profile = data.get("business_profile") or {}
        return StripeAccount(
            account_id=data.get("id") or "",
            name=settings.get("display_name") or profile.get("name") or "",
            country=data.get("country") or "",
            currency=(data.get("default_currency") or "").upper(),
            can_charge=bool(data.get("charges_enabled")),
            is_live=self._is_live,
        )

    def _ask(self, call: Callable[[], Any]) -> StripeAnswer:
        try:
            item = call()
        except stripe.StripeError as error:
            raise translate_error(error) from None
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # The library walks the answer; JSON of another shape trips it up.
            raise MalformedAnswerError(
                f"Stripe's answer has another shape ({type(error).__name__})"
            ) from None
        is_object = isinstance(item, stripe.StripeObject)
        data = item.to_dict() if is_object else {}
        if not data.get("object"):
            raise MalformedAnswerError("Stripe's answer is not one of its objects")
        headers = item.last_response.headers
        return StripeAnswer(
            data=_plain(data),
            status=item.last_response.code,
            request_id=headers.get("request-id") or "",
            duration_ms=self._transport.duration_ms,
            is_replay=headers.get("idempotent-replayed") == "true",
        )


def _plain(value: Any) -> Any:
    """Return the library's objects as dictionaries JSON can write."""
    if isinstance(value, stripe.StripeObject):
        value = value.to_dict()
    if isinstance(value, Mapping):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(child) for child in value]
    # The library decodes the fields declared as decimal strings.
    return str(value) if isinstance(value, Decimal) else value


# First match wins; https://docs.stripe.com/api/errors, read 2026-09.
_KINDS: tuple[tuple[type[Exception], type[ClientError]], ...] = (
    (stripe.RateLimitError, RateLimitedError),
    (stripe.AuthenticationError, AuthenticationError),
    (stripe.PermissionError, AuthenticationError),
    (stripe.APIConnectionError, UnavailableError),
)


def translate_error(error: stripe.StripeError) -> ClientError:
    """Return the member of our error family for an error of the library."""
    status = error.http_status
    if isinstance(error, stripe.APIError) and status and 200 <= status < 300:
        return MalformedAnswerError(
            "Stripe's answer is not JSON", status=status, request_id=error.request_id
        )
    kind = next((ours for theirs, ours in _KINDS if isinstance(error, theirs)), None)
    if kind is None:
        # 409: another call with the same key is still running.
        busy = status is None or status >= 500 or status == 409
        kind = UnavailableError if busy else RefusedError
    facts: dict[str, Any] = {
        "remote_code": error.code,
        "status": status,
        "request_id": error.request_id,
    }
    if issubclass(kind, UnavailableError):
        facts["delay_seconds"] = _delay_seconds(error)
    return kind(first_line(error), **facts)


def first_line(error: stripe.StripeError) -> str:
    """Return what Stripe says, for a log or a screen."""
    text = (error.user_message or "Stripe gave no reason").strip()
    return text.splitlines()[0][:300]


def _delay_seconds(error: stripe.StripeError) -> float | None:
    value = (error.headers or {}).get("retry-after") or ""
    return float(value) if value.isdigit() else None
