"""The steps of a sending, each safe to repeat after an answer that was lost.

The vendor has no idempotency header: what may exist already is looked up first, by
our reference, by the name of a file, by the address of a signer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from odoo.addons.crm_base.lib.errors import MalformedAnswerError, RefusedError

from ..const import MAX_FILE_BYTES
from ..lib import archives
from ..lib.states import CANCEL_BY
from .yousign_client import YousignClient

# A request in one of these is no longer ours to go on with.
GONE = ("canceled", "deleted")
SENT = ("ongoing", "approval", "paused", "done")


@dataclass(frozen=True)
class Draft:
    """A request at the vendor, and what it held when it existed before."""

    request: dict
    documents: list[dict] = field(default_factory=list)
    signers: list[dict] = field(default_factory=list)


def create_request(client: YousignClient, body: Mapping) -> Draft:
    """Return the request of a reference: the one that exists, or a new one."""
    for row in client.find_requests(body["external_id"]):
        if row.get("status") not in GONE:
            documents = client.list_documents(row["id"])
            return Draft(row, documents, client.list_signers(row["id"]))
    return Draft(client.create_request(body))


def find_request(client: YousignClient, request_id: str, reference: str) -> dict | None:
    """Return a request by its number or our reference, None when there is none."""
    if request_id:
        try:
            return client.get_request(request_id)
        except RefusedError as error:
            if error.status != 404:
                raise
            return None
    rows = [r for r in client.find_requests(reference) if r.get("status") not in GONE]
    return rows[0] if rows else None


def add_document(
    client: YousignClient,
    request_id: str,
    name: str,
    content: bytes,
    initials: dict | None,
    *,
    tried_before: bool,
) -> dict:
    """Return a document of a draft: uploaded before, or now."""
    if tried_before:
        for row in client.list_documents(request_id):
            if archives.stem(str(row.get("filename"))) == archives.stem(name):
                return row
    return client.upload_document(request_id, name, content, initials)


def add_signer(
    client: YousignClient,
    request_id: str,
    body: Mapping,
    known_ids: Collection[str],
    *,
    tried_before: bool,
) -> dict:
    """Return a signer of a draft: added before, or now.

    :param known_ids: vendor's ids of the signers we know already
    """
    if tried_before:
        email = body["info"]["email"].casefold()
        for row in client.list_signers(request_id):
            same = str(row.get("info", {}).get("email", "")).casefold() == email
            if same and row.get("id") not in known_ids:
                return row
    return client.add_signer(request_id, body)


def activate_request(client: YousignClient, request_id: str) -> dict:
    """Send a draft to its signers, once: a second time is refused there."""
    try:
        return client.activate_request(request_id)
    except RefusedError as error:
        if error.status != 400:
            raise
        request = client.get_request(request_id)
        if request.get("status") not in SENT:
            raise
        return request


@dataclass(frozen=True)
class Findings:
    """What a look at a request found.

    :param files: {our key: signed PDF}, only when everybody signed
    """

    request: dict | None
    signers: list[dict] = field(default_factory=list)
    files: dict = field(default_factory=dict)
    audit_trail: bytes | None = None


def look(
    client: YousignClient,
    request_id: str,
    reference: str,
    documents: Mapping[int, tuple[str, str]],
    *,
    with_files: bool,
) -> Findings:
    """Ask where a request is; bring the files when it is done.

    :param documents: {our key: (vendor's id, name at the vendor)}
    """
    request = find_request(client, request_id, reference)
    if request is None:
        return Findings(None)
    signers = client.list_signers(request["id"])
    if request.get("status") != "done" or not with_files:
        return Findings(request, signers)
    files = _download(client, request["id"], documents)
    trail = archives.unpack(
        _checked(client.download_audit_trail(request["id"])), 4 * MAX_FILE_BYTES
    )
    return Findings(request, signers, files, next(iter(trail.values())))


def _download(client: YousignClient, request_id: str, documents: Mapping) -> dict:
    """Return {our key: signed PDF}; one by one when the ZIP does not say which."""
    content = _checked(client.download_documents(request_id))
    names = {key: name for key, (_remote_id, name) in documents.items()}
    try:
        files = archives.match(names, archives.unpack(content, 4 * MAX_FILE_BYTES))
    except archives.UnreadableFileError as error:
        raise MalformedAnswerError(f"the signed file: {error}") from None
    if files is None:
        files = {
            key: _checked(client.download_document(request_id, remote_id))
            for key, (remote_id, _name) in documents.items()
        }
    return files


def _checked(content: bytes) -> bytes:
    """Refuse what is neither a PDF nor a ZIP before it is stored as a signed file."""
    if not content.startswith((archives.PDF, archives.ZIP)):
        raise MalformedAnswerError("the signed file is neither a PDF nor a ZIP")
    return content


def cancel(client: YousignClient, request_id: str, reference: str, note: str) -> str:
    """Withdraw a request wherever it is; return the state it had, empty: unknown."""
    request = find_request(client, request_id, reference)
    if request is None:
        return ""
    status = str(request.get("status"))
    action = CANCEL_BY.get(status)
    if action == "delete":
        client.delete_request(request["id"])
    elif action == "cancel":
        client.cancel_request(request["id"], note)
    return status


def remind(client: YousignClient, request_id: str, signer_id: str) -> bool:
    """Remind a signer; False when he is not to be reminded (signed, not his turn)."""
    try:
        client.remind_signer(request_id, signer_id)
    except RefusedError as error:
        if error.status not in (400, 404, 409):
            raise
        return False
    return True
