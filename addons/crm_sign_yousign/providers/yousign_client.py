"""Client of Yousign's API v3: transport, errors, limits.

One method per thing we do there. Bodies come from `lib/payloads.py`. Errors are the
family of `crm_base`; 403 is a refusal of this call (plan, level or scope), not of the
key: Yousign answers 401 for a key it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from odoo.addons.crm_base.lib.errors import (
    MalformedAnswerError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from odoo.addons.crm_base.lib.http_rules import HttpLimits, check_key
from odoo.addons.crm_base.providers.http import HttpAnswer, HttpClient

from ..const import MAX_FILE_BYTES

# Files go both ways: up to the vendor's limit, several in one ZIP.
LIMITS = HttpLimits(read_seconds=30, total_seconds=100, max_bytes=4 * MAX_FILE_BYTES)
# A file is often there a few seconds after the request is said to be done.
NOT_READY = (404, 409, 425)
NOT_READY_SECONDS = 5
PAGE_SIZE = 100
MAX_PAGES = 20
_DETAIL_CHARACTERS = 500


@dataclass(frozen=True)
class YousignConfig:
    """How to reach one account.

    :param allow_private: the address is a stand-in of ours
    """

    api_key: str
    base_url: str
    allow_private: bool = False


@dataclass(frozen=True)
class RateLimit:
    """What an answer said of the calls left; None when it did not say."""

    limit: int | None
    remaining: int | None
    reset_seconds: int | None


class YousignClient:
    """Calls one account; a context manager, not shared between threads."""

    def __init__(self, config: YousignConfig) -> None:
        key = check_key(config.api_key)
        self.rate_limit = RateLimit(None, None, None)
        self.duration_ms = 0
        self.status: int | None = None
        self._http = HttpClient(
            config.base_url,
            limits=LIMITS,
            guard_private=not config.allow_private,
            headers={"Authorization": f"Bearer {key}"},
        )

    def __enter__(self) -> YousignClient:
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.close()

    # -- requests --------------------------------------------------------------

    def find_requests(self, external_id: str) -> list[dict]:
        """Return the requests that carry our reference, the newest first."""
        return self._list("signature_requests", {"external_id[eq]": external_id})

    def create_request(self, body: Mapping[str, Any]) -> dict:
        """Create a draft."""
        return self._json("POST", "signature_requests", json=body)

    def get_request(self, request_id: str) -> dict:
        """Return a request with the state of its signers."""
        return self._json("GET", f"signature_requests/{request_id}")

    def activate_request(self, request_id: str) -> dict:
        """Send a draft to its signers."""
        return self._json("POST", f"signature_requests/{request_id}/activate")

    def cancel_request(self, request_id: str, note: str = "") -> dict:
        """End a request for good."""
        body = {"reason": "other", **({"custom_note": note[:500]} if note else {})}
        path = f"signature_requests/{request_id}/cancel"
        return self._json("POST", path, json=body)

    def delete_request(self, request_id: str) -> None:
        """Remove a draft."""
        self._call("DELETE", f"signature_requests/{request_id}")

    # -- documents -------------------------------------------------------------

    def list_documents(self, request_id: str) -> list[dict]:
        """Return the documents of a request."""
        return self._rows("GET", f"signature_requests/{request_id}/documents")

    def upload_document(
        self, request_id: str, name: str, content: bytes, initials: dict | None = None
    ) -> dict:
        """Add a PDF to sign to a draft.

        :param name: without ending, different from those of the other documents
        :param initials: the vendor's place of initials, if any
        """
        fields = {"nature": "signable_document", "name": name, "parse_anchors": "false"}
        for key, value in (initials or {}).items():
            fields[f"initials[{key}]"] = str(value)
        body, kind = encode_form(fields, f"{name}.pdf", content)
        return self._json(
            "POST",
            f"signature_requests/{request_id}/documents",
            data=body,
            headers={"Content-Type": kind},
        )

    def download_documents(self, request_id: str) -> bytes:
        """Return the signed file: a PDF, or a ZIP when there are several.

        :raise UnavailableError: not there yet
        """
        path = f"signature_requests/{request_id}/documents/download"
        return self._file(path, {"version": "completed"})

    def download_document(self, request_id: str, document_id: str) -> bytes:
        """Return one document in its latest state."""
        path = f"signature_requests/{request_id}/documents/{document_id}/download"
        return self._file(path)

    def download_audit_trail(self, request_id: str) -> bytes:
        """Return the proof of the vendor about all signers, as one PDF."""
        path = f"signature_requests/{request_id}/audit_trails/download"
        return self._file(path, {"merge": "true"})

    # -- signers ---------------------------------------------------------------

    def list_signers(self, request_id: str) -> list[dict]:
        """Return the signers of a request with what they did."""
        return self._rows("GET", f"signature_requests/{request_id}/signers")

    def add_signer(self, request_id: str, body: Mapping[str, Any]) -> dict:
        """Add a signer to a draft."""
        path = f"signature_requests/{request_id}/signers"
        return self._json("POST", path, json=body)

    def remind_signer(self, request_id: str, signer_id: str) -> None:
        """Have the vendor write to a signer again."""
        path = f"signature_requests/{request_id}/signers/{signer_id}/send_reminder"
        self._call("POST", path)

    # -- account ---------------------------------------------------------------

    def list_workspaces(self) -> list[dict]:
        """Return the workspaces of the key: the cheapest call that proves it."""
        answer = self._json("GET", "workspaces", params={"limit": 10})
        return self._data(answer)

    # -- transport -------------------------------------------------------------

    def _call(self, method: str, path: str, **content: Any) -> HttpAnswer:
        answer = self._http.request(method, path, check=False, **content)
        self.duration_ms += answer.duration_ms
        self.status = answer.status
        self.rate_limit = read_rate_limit(answer)
        if error := read_error(answer):
            raise error
        return answer

    def _json(self, method: str, path: str, **content: Any) -> dict:
        value = self._call(method, path, **content).json()
        if not isinstance(value, dict):
            raise MalformedAnswerError("the answer is not an object")
        return value

    def _rows(self, method: str, path: str) -> list[dict]:
        value = self._call(method, path).json()
        if not isinstance(value, list):
            raise MalformedAnswerError("the answer is not a list")
        return value

    def _data(self, answer: dict) -> list[dict]:
        if not isinstance(answer.get("data"), list):
            raise MalformedAnswerError("the list has no data")
        return answer["data"]

    def _list(self, path: str, params: dict[str, Any]) -> list[dict]:
        """Return a whole list, page after page."""
        rows, params = [], {**params, "limit": PAGE_SIZE}
        for _page in range(MAX_PAGES):
            answer = self._json("GET", path, params=params)
            rows += self._data(answer)
            cursor = (answer.get("meta") or {}).get("next_cursor")
            if not cursor:
                return rows
            params["after"] = cursor
        raise MalformedAnswerError("the list does not end")

    def _file(self, path: str, params: Mapping[str, Any] | None = None) -> bytes:
        try:
            answer = self._call("GET", path, params=params)
        except RefusedError as error:
            if error.status not in NOT_READY:
                raise
            raise UnavailableError(
                "the file is not there yet",
                status=error.status,
                delay_seconds=NOT_READY_SECONDS,
            ) from None
        if not answer.body:
            raise MalformedAnswerError("the file is empty", status=answer.status)
        return answer.body


def encode_form(
    fields: Mapping[str, str], file_name: str, content: bytes
) -> tuple[bytes, str]:
    """Return a multipart body with one PDF, and its content type."""
    prepared = requests.Request(
        "POST",
        "https://localhost/",
        data=dict(fields),
        files={"file": (_ascii(file_name), content, "application/pdf")},
    ).prepare()
    return prepared.body, prepared.headers["Content-Type"]


def _ascii(name: str) -> str:
    """The real name goes in a field of its own; headers are best kept plain."""
    return name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")


def read_rate_limit(answer: HttpAnswer) -> RateLimit:
    """Return what the headers say of the calls left."""
    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    values = [answer.header(name) or "" for name in names]
    return RateLimit(*(int(v) if v.isascii() and v.isdigit() else None for v in values))


def read_error(answer: HttpAnswer):
    """Return the error of an answer, with the vendor's own words; None for 2xx."""
    if 200 <= answer.status < 300:
        return None
    kind, detail = _read_problem(answer)
    error = answer.error(kind)
    if answer.status == 403:
        facts = {"status": 403, "remote_code": kind, "request_id": answer.request_id}
        error = RefusedError("the account does not allow this", **facts)
    if isinstance(error, RateLimitedError) and error.delay_seconds is None:
        error.delay_seconds = read_rate_limit(answer).reset_seconds
    if detail:
        error.message = f"{error.message}: {detail}"
    return error


def _read_problem(answer: HttpAnswer) -> tuple[str | None, str]:
    """Return (type, detail) of an error body, whatever it holds."""
    try:
        body = answer.json()
    except MalformedAnswerError:
        return None, ""
    if not isinstance(body, dict):
        return None, ""
    detail = body.get("detail") or body.get("message") or ""
    kind = body.get("type")
    more = {k: v for k, v in body.items() if k not in ("detail", "message", "type")}
    text = f"{detail} {more}" if more else str(detail)
    return (str(kind)[:100] if kind else None), text[:_DETAIL_CHARACTERS]
