"""Time stamps (RFC 3161) and revocation lists, fetched through the guarded client.

Their addresses come from a setting or from somebody's certificate: internal
addresses are refused, answers are capped in time and size.
"""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import dataclass, field
from types import SimpleNamespace
from urllib.parse import urlsplit

import requests
from asn1crypto import core, tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.fetchers.api import FetcherBackend, Fetchers
from pyhanko_certvalidator.fetchers.requests_fetchers.cert_fetch_client import (
    RequestsCertificateFetcher,
)
from pyhanko_certvalidator.fetchers.requests_fetchers.crl_client import (
    RequestsCRLFetcher,
)
from pyhanko_certvalidator.fetchers.requests_fetchers.ocsp_client import (
    RequestsOCSPFetcher,
)

from odoo.addons.crm_base.lib.errors import (
    ClientError,
    MalformedAnswerError,
    RefusedError,
)
from odoo.addons.crm_base.lib.http_rules import HttpLimits
from odoo.addons.crm_base.providers.http import HttpClient

REPLY = "application/timestamp-reply"
LIMITS = HttpLimits(
    connect_seconds=5, read_seconds=10, total_seconds=20, max_bytes=10 * 1024 * 1024
)


@dataclass(frozen=True)
class TimeStampService:
    """A server that certifies when it has seen a hash.

    :param user: for a service that asks for a name and a password
    :param allow_private: a server inside the house (or of a test) may be called
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    allow_private: bool = False

    def make_client(self) -> GuardedTimeStamper:
        """Return the client that pyHanko asks for time stamps."""
        return GuardedTimeStamper(self)


class GuardedTimeStamper(TimeStamper):
    """Asks one service; its errors are those of our HTTP client.

    :raise ClientError: from the calls, according to what happened
    """

    def __init__(self, service: TimeStampService) -> None:
        super().__init__()
        self._service = service

    async def async_timestamp(self, message_digest, md_algorithm):
        """Return a stamp, which must be for the hash that was sent."""
        token = await super().async_timestamp(message_digest, md_algorithm)
        stamped = token["content"]["encap_content_info"]["content"].parsed
        if stamped["message_imprint"]["hashed_message"].native != message_digest:
            raise MalformedAnswerError("the time stamp is for something else")
        return token

    async def async_request_tsa_response(
        self, req: tsp.TimeStampReq
    ) -> tsp.TimeStampResp:
        """Send one request."""
        return await to_thread(self._ask, req.dump())

    def _ask(self, body: bytes) -> tsp.TimeStampResp:
        service = self._service
        client = HttpClient(
            service.url, limits=LIMITS, guard_private=not service.allow_private
        )
        headers = {"Content-Type": "application/timestamp-query", "Accept": REPLY}
        if service.user:
            token = requests.auth._basic_auth_str(service.user, service.password)
            headers["Authorization"] = token
        try:
            answer = client.request("POST", "", data=body, headers=headers)
        finally:
            client.close()
        kind = (answer.header("Content-Type") or "").split(";")[0].strip().lower()
        if kind != REPLY:
            raise MalformedAnswerError("the answer is not a time stamp")
        return _read_response(answer.body)


def _read_response(body: bytes) -> tsp.TimeStampResp:
    """Read an answer; one that refuses has no stamp, which asn1crypto wants."""
    try:
        status = _Status.load(body)["status"]["status"].native
    except (TypeError, ValueError) as error:
        raise MalformedAnswerError("the time stamp cannot be read") from error
    if status not in ("granted", "granted_with_mods"):
        raise RefusedError(f"the time stamp service answers {status}")
    try:
        return tsp.TimeStampResp.load(body, strict=True)
    except (TypeError, ValueError) as error:
        raise MalformedAnswerError("the time stamp cannot be read") from error


class _Status(core.Sequence):
    """The head of a response, whatever follows it."""

    _fields = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", core.Any, {"optional": True}),
    ]


class _Guarded:
    """Replaces the two calls of pyHanko's fetchers."""

    allow_private = False

    def _get(self, url: str, *, acceptable_content_types):
        headers = {"Accept": ",".join(acceptable_content_types)}
        return to_thread(self._call, "GET", url, None, headers)

    def _post(self, url: str, data, *, content_type, acceptable_content_types):
        headers = {
            "Accept": ",".join(acceptable_content_types),
            "Content-Type": content_type,
        }
        return to_thread(self._call, "POST", url, data, headers)

    def _call(self, method: str, url: str, data, headers):
        if urlsplit(url).scheme not in ("http", "https"):
            raise requests.RequestException("only http is asked")
        try:
            client = HttpClient(
                url, limits=LIMITS, guard_private=not self.allow_private
            )
            try:
                answer = client.request(method, "", data=data, headers=headers)
            finally:
                client.close()
        except ClientError as error:
            raise requests.RequestException(str(error)) from error
        kind = answer.header("Content-Type") or ""
        return SimpleNamespace(
            content=answer.body, headers={"Content-Type": kind}, status_code=200
        )


class _GuardedOCSP(_Guarded, RequestsOCSPFetcher):
    pass


class _GuardedCRL(_Guarded, RequestsCRLFetcher):
    pass


class _GuardedCertificate(_Guarded, RequestsCertificateFetcher):
    pass


class GuardedFetchers(FetcherBackend):
    """Fetches revocations for certificates, one round per sealing."""

    def __init__(self, allow_private: bool = False) -> None:
        self._allow_private = allow_private

    def get_fetchers(self) -> Fetchers:
        """Return fetchers with an empty memory."""
        fetchers = Fetchers(_GuardedOCSP(), _GuardedCRL(), _GuardedCertificate())
        for fetcher in (
            fetchers.ocsp_fetcher,
            fetchers.crl_fetcher,
            fetchers.cert_fetcher,
        ):
            fetcher.allow_private = self._allow_private
        return fetchers

    async def close(self) -> None:
        """Nothing is kept open."""
