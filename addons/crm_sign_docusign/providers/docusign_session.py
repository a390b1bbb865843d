"""The way to one account: sign-in, token, address, errors. No operation here."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from odoo.addons.crm_base.lib.errors import (
    AuthenticationError,
    ConfigurationError,
    MalformedAnswerError,
)
from odoo.addons.crm_base.lib.http_rules import HttpLimits
from odoo.addons.crm_base.providers.http import HttpAnswer, HttpClient

from .. import const
from ..lib import grant, refusals
from .token_cache import TOKENS, TokenCache

# A request carries files: more time and size than other calls.
LIMITS = HttpLimits(read_seconds=60, total_seconds=110, max_bytes=60_000_000)
ADDRESS_SECONDS = 86_400
_USER_AGENT = "crm-suite-sign"


@dataclass(frozen=True)
class DocusignConfig:
    """How to reach one DocuSign account.

    :param oauth_url: the sign-in host
    :param user_guid: the person the application speaks for
    :param private_key: RSA key of the application, PEM
    :param account_id: empty: the default account of that person
    :param guard_private: refuse internal addresses
    """

    oauth_url: str
    integration_key: str
    user_guid: str
    private_key: str
    account_id: str = ""
    guard_private: bool = True

    def __repr__(self) -> str:
        return f"DocusignConfig(oauth_url={self.oauth_url!r})"

    @property
    def cache_key(self) -> tuple[str, ...]:
        """What a token belongs to; the key itself is not kept."""
        digest = hashlib.sha256(self.private_key.encode()).hexdigest()
        return (self.oauth_url, self.integration_key, self.user_guid, digest)


@dataclass(frozen=True)
class AccountAddress:
    """Where the calls of an account go."""

    account_id: str
    name: str
    base_uri: str


class DocusignSession:
    """Authorized calls; usable as a context manager.

    :param cache: tokens and addresses shared with other sessions
    :param clock: Unix time
    :raise ConfigurationError: a setting is missing or an address may not be called
    """

    def __init__(
        self,
        config: DocusignConfig,
        cache: TokenCache = TOKENS,
        clock: Callable[[], float] = time.time,
        limits: HttpLimits = LIMITS,
    ) -> None:
        for name in ("integration_key", "user_guid", "private_key"):
            if not getattr(config, name):
                raise ConfigurationError(f"{name.replace('_', ' ')} is missing")
        self.config = config
        self._cache, self._clock, self._limits = cache, clock, limits
        self._oauth = self._make_http(config.oauth_url)
        self._api: HttpClient | None = None

    def __enter__(self) -> DocusignSession:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        for http in (self._oauth, self._api):
            if http is not None:
                http.close()

    def _make_http(self, base_url: str) -> HttpClient:
        if self.config.guard_private and not base_url.startswith("https://"):
            raise ConfigurationError("DocuSign is only called over https")
        return HttpClient(
            base_url,
            limits=self._limits,
            guard_private=self.config.guard_private,
            user_agent=_USER_AGENT,
        )

    # -- access ------------------------------------------------------------------

    def _token(self) -> str:
        key = self.config.cache_key
        now = self._clock()
        if token := self._cache.get(key, now):
            return token
        assertion = grant.build_assertion(
            self.config.private_key,
            integration_key=self.config.integration_key,
            user_guid=self.config.user_guid,
            oauth_url=self._oauth.base_url,
            scope=const.SCOPE,
            now=int(now),
        )
        answer = self._oauth.request(
            "POST",
            "/oauth/token",
            data={"grant_type": grant.GRANT_TYPE, "assertion": assertion},
            check=False,
        )
        body = _json_or_none(answer)
        if error := refusals.grant_error_from(
            answer.status, body, trace=_trace(answer)
        ):
            raise error
        try:
            token, seconds = str(body["access_token"]), float(body["expires_in"])
        except (KeyError, TypeError, ValueError):
            raise MalformedAnswerError("DocuSign's token has another shape") from None
        self._cache.put(key, token, now, seconds)
        return token

    def _authorized(self, send: Callable[[str], HttpAnswer]) -> HttpAnswer:
        """Make a call; once more with a fresh token when ours is not accepted."""
        token = self._token()
        answer = send(token)
        error = self._error(answer)
        if (
            isinstance(error, AuthenticationError)
            and error.remote_code in refusals.TOKEN_CODES
        ):
            self._cache.forget(self.config.cache_key, token)
            error = self._error(answer := send(self._token()))
        if error:
            raise error
        return answer

    def _error(self, answer: HttpAnswer):
        delay_seconds = None
        reset = answer.header("X-RateLimit-Reset") or ""
        if reset.isdigit():
            delay_seconds = float(reset) - self._clock()
        retry_after = answer.header("Retry-After") or ""
        if retry_after.isdigit():
            delay_seconds = float(retry_after)
        is_failure = not 200 <= answer.status < 300
        return refusals.error_from(
            answer.status,
            _json_or_none(answer) if is_failure else None,
            trace=_trace(answer),
            delay_seconds=delay_seconds,
        )

    def address(self) -> AccountAddress:
        """Return the account and the address its calls go to.

        :raise ConfigurationError: the person is no member of the chosen account
        """
        key = (*self.config.cache_key, self.config.account_id)
        now = self._clock()
        if found := self._cache.get(key, now):
            return found
        answer = self._authorized(
            lambda token: self._oauth.request(
                "GET", "/oauth/userinfo", headers=_bearer(token), check=False
            )
        )
        found = _choose_account(answer.json(), self.config.account_id)
        self._cache.put(key, found, now, ADDRESS_SECONDS)
        return found

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
    ) -> HttpAnswer:
        """Make one call of the account and return its answer.

        :param path: after ``/accounts/{accountId}``
        :raise ClientError: what the answer means, if it is no success
        """
        address = self.address()
        if self._api is None:
            self._api = self._make_http(address.base_uri)
        path = f"/restapi/v2.1/accounts/{quote(address.account_id)}{path}"
        api = self._api
        return self._authorized(
            lambda token: api.request(
                method,
                path,
                json=json,
                params=params,
                headers=_bearer(token),
                check=False,
            )
        )


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _trace(answer: HttpAnswer) -> str | None:
    return answer.header("X-DocuSign-TraceToken")


def _json_or_none(answer: HttpAnswer) -> Any:
    try:
        return answer.json()
    except MalformedAnswerError:
        return None


def _choose_account(body: Any, wanted: str) -> AccountAddress:
    try:
        accounts = list(body["accounts"])
        if wanted:
            chosen = [a for a in accounts if a["account_id"].lower() == wanted.lower()]
        else:
            chosen = [a for a in accounts if a.get("is_default") in (True, "true")]
            chosen = chosen or accounts[:1]
        if not chosen:
            raise ConfigurationError("the user is not a member of this account")
        account = chosen[0]
        return AccountAddress(
            account_id=account["account_id"],
            name=account.get("account_name") or "",
            base_uri=account["base_uri"],
        )
    except (AttributeError, KeyError, TypeError):
        raise MalformedAnswerError("DocuSign's user info has another shape") from None
