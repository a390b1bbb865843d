"""What we ask of DocuSign, one method per operation."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from odoo.addons.crm_base.lib.errors import (
    MalformedAnswerError,
    RefusedError,
    UnavailableError,
)

from .. import const
from ..lib import facts
from .docusign_session import DocusignSession


@dataclass(frozen=True)
class AccountFacts:
    """What the account is and offers.

    :param level_providers: level -> name of the signature provider
    :param phone_workflow: id of the identification by code, empty when not offered
    """

    account_id: str
    name: str
    plan: str
    is_blocked: bool
    level_providers: Mapping[str, str]
    phone_workflow: str


@dataclass(frozen=True)
class SignedFiles:
    """The end of an envelope: each document signed, and the certificate."""

    documents: Mapping[str, bytes]
    certificate: bytes

    def pack(self) -> bytes:
        """Return bytes that `unpack` undoes."""
        files = {name: _b64(content) for name, content in self.documents.items()}
        return json.dumps({"d": files, "c": _b64(self.certificate)}).encode()

    @classmethod
    def unpack(cls, raw: bytes) -> SignedFiles:
        packed = json.loads(raw)
        files = {name: base64.b64decode(text) for name, text in packed["d"].items()}
        return cls(files, base64.b64decode(packed["c"]))


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


class DocusignClient(DocusignSession):
    """Talks to one DocuSign account."""

    # -- the account -------------------------------------------------------------

    def read_account(self) -> AccountFacts:
        """Read the account: the proof that access works, and what it offers."""
        address = self.address()
        account = self._object("GET", "")
        providers = self._object("GET", "/signatureProviders")
        workflows = self._object("GET", "/identity_verification")
        offered = {
            str(item.get("signatureProviderName") or "").lower()
            for item in providers.get("signatureProviders") or ()
        }
        found = {
            level: next((name for name in names if name in offered), "")
            for level, names in const.LEVEL_PROVIDERS.items()
        }
        phone = [
            str(item.get("workflowId") or "")
            for item in workflows.get("identityVerification") or ()
            if item.get("defaultName") == const.PHONE_WORKFLOW_NAME
        ]
        return AccountFacts(
            account_id=address.account_id,
            name=str(account.get("accountName") or address.name),
            plan=str(account.get("planName") or ""),
            is_blocked=account.get("envelopeSendingBlocked") == "true",
            level_providers=found,
            phone_workflow=phone[0] if phone else "",
        )

    # -- sending -----------------------------------------------------------------

    def create_draft(
        self, definition: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> str:
        """Create an envelope that nobody sees yet; return its id.

        :param files: content by document id
        """
        documents = [
            {**item, "documentBase64": _b64(files[item["documentId"]])}
            for item in definition["documents"]
        ]
        made = self._object(
            "POST", "/envelopes", {**definition, "documents": documents}
        )
        return _envelope_id(made)

    def find_envelope(self, reference: str, transaction_id: str, since: str) -> str:
        """Return the envelope of an earlier try whose answer was lost, else empty.

        :param reference: value of our custom field
        :param since: ISO instant before that try
        """
        found = self._object(
            "GET",
            "/envelopes",
            params={
                "from_date": since,
                "custom_field": f"{const.REFERENCE_FIELD}={reference}",
            },
        )
        if ids := _open_ids(found.get("envelopes")):
            return ids[0]
        # The search may lag behind; the service keeps transactions for seven days.
        found = self._object(
            "GET", "/envelopes", params={"transaction_ids": transaction_id}
        )
        ids = _open_ids(found.get("envelopeTransactionStatuses"))
        return ids[0] if ids else ""

    def send_draft(self, envelope_id: str) -> None:
        """Have DocuSign mail the first signers; nothing when it already has.

        :raise RefusedError: the envelope cannot be sent
        """
        try:
            self._object("PUT", f"/envelopes/{envelope_id}", {"status": "sent"})
        except RefusedError:
            # An earlier call whose answer was lost may have done it.
            if self.read_envelope(envelope_id).state == facts.DRAFT:
                raise

    # -- following ---------------------------------------------------------------

    def read_envelope(self, envelope_id: str) -> facts.EnvelopeFacts:
        """Read one envelope with its recipients."""
        data = self._object(
            "GET",
            f"/envelopes/{envelope_id}",
            params={"include": "recipients,custom_fields"},
        )
        return facts.read_envelope(data, const.REFERENCE_FIELD)

    def read_envelopes(self, envelope_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Read many envelopes with their recipients in one call."""
        data = self._object(
            "GET",
            "/envelopes",
            params={
                "envelope_ids": ",".join(envelope_ids),
                "include": "recipients,custom_fields",
                "count": str(len(envelope_ids)),
            },
        )
        rows = data.get("envelopes") or []
        if not isinstance(rows, list):
            raise MalformedAnswerError("DocuSign's list of envelopes is no list")
        return rows

    def remind(self, envelope_id: str, recipients: Iterable[Mapping[str, str]]) -> None:
        """Mail again the recipients who are asked to sign now."""
        self._object(
            "PUT",
            f"/envelopes/{envelope_id}/recipients",
            {"signers": [dict(recipient) for recipient in recipients]},
            {"resend_envelope": "true"},
        )

    def close_envelope(self, envelope_id: str, reason: str) -> None:
        """Void an envelope, discard a draft; nothing when it has ended already.

        :raise RefusedError: it is open and stays open
        """
        wish = {"status": "voided", "voidedReason": reason[: const.REASON_LENGTH]}
        try:
            self._object("PUT", f"/envelopes/{envelope_id}", wish)
        except RefusedError:
            state = self.read_envelope(envelope_id).state
            if state == facts.SENT:
                raise
            if state == facts.DRAFT:
                self._object(
                    "PUT", "/folders/recyclebin", {"envelopeIds": [envelope_id]}
                )

    # -- the end -----------------------------------------------------------------

    def download(self, envelope_id: str, document_ids: Iterable[str]) -> SignedFiles:
        """Read the signed documents and the certificate of completion.

        :raise UnavailableError: completed, but the files cannot be read yet
        """
        base = f"/envelopes/{envelope_id}/documents"
        files = {
            name: self._file(f"{base}/{name}", certificate="false")
            for name in document_ids
        }
        return SignedFiles(files, self._file(f"{base}/certificate"))

    def _file(self, path: str, **params: str) -> bytes:
        try:
            answer = self.call("GET", path, params=params)
        except RefusedError as error:
            if error.status != 404:
                raise
            # No delay asked for: it would hold up the other messages too.
            raise UnavailableError(
                "the signed documents cannot be read yet",
                remote_code=error.remote_code,
                status=error.status,
                request_id=error.request_id,
            ) from None
        if not answer.body.startswith(b"%PDF-"):
            raise MalformedAnswerError(
                "DocuSign's file is not a PDF", status=answer.status
            )
        return answer.body

    def _object(
        self,
        method: str,
        path: str,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        value = self.call(method, path, json=json, params=params).json()
        if not isinstance(value, dict):
            raise MalformedAnswerError("DocuSign's answer is not an object")
        return value


def _envelope_id(made: Mapping[str, Any]) -> str:
    envelope_id = made.get("envelopeId")
    if not isinstance(envelope_id, str) or not envelope_id:
        raise MalformedAnswerError("DocuSign gave no envelope id")
    return envelope_id.lower()


def _open_ids(rows: Any) -> list[str]:
    """Ids of envelopes that were neither voided nor thrown away."""
    closed = ("voided", "deleted")
    if not isinstance(rows, list):
        return []
    return [_envelope_id(row) for row in rows if row.get("status") not in closed]
