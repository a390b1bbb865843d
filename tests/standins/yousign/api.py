"""The calls of API v3, from decoded values to decoded answers."""

import re
from dataclasses import dataclass

from . import files, objects, rules
from .errors import ApiError, missing
from .store import new_id

_ID = r"([0-9a-f-]{36})"


@dataclass
class Answer:
    """``value`` is JSON unless ``kind`` says otherwise."""

    status: int
    value: object = None
    kind: str = "application/json"


@dataclass
class Decoded:
    """One decoded call.

    :ivar query: dict of texts, bracket names kept
    :ivar values: decoded JSON
    :ivar parts: parts of a form, {name: (file name, bytes)}
    """

    account: object
    query: dict
    values: object
    parts: dict


class Api:
    """Finds the method of a call; the caller holds the lock of the state."""

    def __init__(self, state, flow):
        self.state = state
        self.flow = flow
        request = f"/signature_requests/{_ID}"
        signer = f"{request}/signers/{_ID}"
        routes = (
            ("POST", "/signature_requests", self.create_request),
            ("GET", "/signature_requests", self.list_requests),
            ("GET", request, self.get_request),
            ("DELETE", request, self.delete_request),
            ("POST", f"{request}/documents", self.add_document),
            ("GET", f"{request}/documents", self.list_documents),
            ("GET", f"{request}/documents/download", self.download_all),
            ("GET", f"{request}/documents/{_ID}", self.get_document),
            ("GET", f"{request}/documents/{_ID}/download", self.download_one),
            ("POST", f"{request}/signers", self.add_signer),
            ("GET", f"{request}/signers", self.list_signers),
            ("GET", signer, self.get_signer),
            ("POST", f"{signer}/send_reminder", self.send_reminder),
            ("GET", f"{signer}/audit_trails/download", self.download_signer_trail),
            ("POST", f"{request}/activate", self.activate),
            ("POST", f"{request}/cancel", self.cancel),
            ("GET", f"{request}/audit_trails/download", self.download_trails),
            ("GET", "/workspaces", self.list_workspaces),
            ("GET", "/webhooks", self.list_webhooks),
            ("POST", "/webhooks", self.create_webhook),
        )
        self._routes = [
            (method, re.compile(path), action) for method, path, action in routes
        ]

    def call(self, method, path, call):
        allowed = False
        for known, pattern, action in self._routes:
            if found := pattern.fullmatch(path):
                if known == method:
                    return action(call, *found.groups())
                allowed = True
        if allowed:
            raise ApiError("Method Not Allowed", status=405)
        raise ApiError(f"No route found for {method} {path}", status=404)

    # -- finding ---------------------------------------------------------------

    def _request(self, call, request_id):
        request = call.account.requests.get(request_id)
        if request is None or request["status"] == "deleted":
            raise missing("Signature Request", request_id)
        self.flow.refresh(call.account, request)
        return request

    def _document(self, request, document_id):
        for document in request["_documents"]:
            if document["id"] == document_id:
                return document
        raise missing("Document", document_id)

    def _signer(self, request, signer_id):
        for signer in request["_signers"]:
            if signer["id"] == signer_id:
                return signer
        raise missing("Signer", signer_id)

    # -- signature requests ----------------------------------------------------

    def create_request(self, call):
        rules.check_request(self.state, call.values)
        request = objects.new_request(self.state, call.account, call.values)
        call.account.requests[request["id"]] = request
        return Answer(201, objects.read_request(request))

    def list_requests(self, call):
        rows = [r for r in call.account.requests.values() if r["status"] != "deleted"]
        for name, value in call.query.items():
            found = re.fullmatch(r"(status|external_id)\[(eq|in)\]", name)
            if found:
                wanted = value.split(",") if found[2] == "in" else [value]
                rows = [row for row in rows if row[found[1]] in wanted]
            elif name not in ("limit", "after"):
                raise ApiError(f"{name}: This filter is not valid.")
        return Answer(200, self._page(call, rows[::-1], objects.listed_request))

    def _page(self, call, rows, show):
        limit = int(call.query.get("limit") or 100)
        if not 1 <= limit <= 100:
            raise ApiError("limit: This value should be between 1 and 100.")
        limit = min(limit, self.state.settings.page_size)
        start = int(call.query.get("after") or 0)
        more = start + limit < len(rows)
        return {
            "meta": {"next_cursor": str(start + limit) if more else None},
            "data": [show(row) for row in rows[start : start + limit]],
        }

    def get_request(self, call, request_id):
        return Answer(200, objects.read_request(self._request(call, request_id)))

    def delete_request(self, call, request_id):
        self.flow.delete(call.account, self._request(call, request_id))
        return Answer(204)

    def activate(self, call, request_id):
        request = self._request(call, request_id)
        rules.check_activation(request)
        self.flow.activate(call.account, request)
        return Answer(201, objects.activated_request(request))

    def cancel(self, call, request_id):
        request = self._request(call, request_id)
        reasons = ("contractualization_aborted", "errors_in_document", "other")
        if (call.values or {}).get("reason") not in reasons:
            raise ApiError("reason: The value you selected is not a valid choice.")
        self.flow.cancel(call.account, request)
        return Answer(201, objects.read_request(request))

    # -- documents -------------------------------------------------------------

    def add_document(self, call, request_id):
        request = self._request(call, request_id)
        rules.check_draft(request)
        if not call.parts:
            raise ApiError("The content type is not supported.", status=415)
        file_name, content = call.parts.get("file", ("", b""))
        nature = call.parts.get("nature", ("", b""))[1].decode()
        name = call.parts.get("name", ("", b""))[1].decode() or file_name
        if nature not in ("signable_document", "attachment"):
            raise ApiError("nature: The value you selected is not a valid choice.")
        if not content.startswith(b"%PDF-"):
            raise ApiError("file: The file could not be read.")
        if not re.fullmatch(r"(?!\s)[^/\\]{1,128}(?<!\s)", name):
            raise ApiError("name: This value is not valid.")
        if len(request["_documents"]) >= 50:
            raise ApiError("A signature request holds 50 documents at most.")
        document = objects.new_document(self.state, name, content, nature)
        request["_documents"].append(document)
        return Answer(201, objects.public(document))

    def list_documents(self, call, request_id):
        request = self._request(call, request_id)
        return Answer(200, [objects.public(d) for d in request["_documents"]])

    def get_document(self, call, request_id, document_id):
        request = self._request(call, request_id)
        return Answer(200, objects.public(self._document(request, document_id)))

    def _check_ready(self, request):
        """Files are sometimes not there in the second the request is done."""
        request["_downloads"] += 1
        if request["_downloads"] <= self.state.settings.files_not_ready:
            raise ApiError("The file is not available yet.", status=404)

    def _latest(self, document):
        return document.get("_signed") or document["_content"]

    def download_all(self, call, request_id):
        request = self._request(call, request_id)
        if call.query.get("version") == "completed":
            if request["status"] != "done":
                raise ApiError("The signature request is not done.")
            self._check_ready(request)
        documents = [
            (document["filename"], self._latest(document))
            for document in request["_documents"]
        ]
        if len(documents) > 1 or call.query.get("archive") == "true":
            named = [(name.removesuffix(".pdf") + ".pdf", c) for name, c in documents]
            return Answer(200, files.zip_files(named), "application/zip")
        return Answer(200, documents[0][1], "application/pdf")

    def download_one(self, call, request_id, document_id):
        request = self._request(call, request_id)
        document = self._document(request, document_id)
        if request["status"] == "done":
            self._check_ready(request)
        return Answer(200, self._latest(document), "application/pdf")

    # -- signers ---------------------------------------------------------------

    def add_signer(self, call, request_id):
        request = self._request(call, request_id)
        rules.check_draft(request)
        rules.check_signer(request, call.values)
        signer = objects.new_signer(call.values, self._stage(request, call.values))
        request["_signers"].append(signer)
        return Answer(201, objects.public(signer))

    def _stage(self, request, values):
        stages = {s["id"]: s["recipient_stage_index"] for s in request["_signers"]}
        beside, after = values.get("group_with_id"), values.get("insert_after_id")
        if beside:
            return stages[beside]
        if after:
            for signer in request["_signers"]:
                if signer["recipient_stage_index"] > stages[after]:
                    signer["recipient_stage_index"] += 1
            return stages[after] + 1
        is_ordered = request["ordered_signers"] or request["custom_recipient_order"]
        return max(stages.values(), default=-1) + 1 if is_ordered else 0

    def list_signers(self, call, request_id):
        request = self._request(call, request_id)
        return Answer(200, [objects.public(s) for s in request["_signers"]])

    def get_signer(self, call, request_id, signer_id):
        request = self._request(call, request_id)
        return Answer(200, objects.public(self._signer(request, signer_id)))

    def send_reminder(self, call, request_id, signer_id):
        request = self._request(call, request_id)
        signer = self._signer(request, signer_id)
        self.flow.remind(call.account, request, signer)
        return Answer(201, b"", "")

    # -- audit trails ----------------------------------------------------------

    def _trail(self, request, signer):
        info = signer["info"]
        return [
            "Audit trail (stand-in, no legal value)",
            f"Signature request: {request['name']} {request['id']}",
            f"External id: {request['external_id']}",
            f"Signer: {info['first_name']} {info['last_name']} <{info['email']}>",
            f"Level: {signer['signature_level']}",
            f"Opened: {signer['_opened_at']}",
            f"Signed: {signer['signed_at']}",
            *(f"{d['filename']}: {d['sha256']}" for d in request["_documents"]),
        ]

    def download_trails(self, call, request_id):
        request = self._request(call, request_id)
        if request["status"] != "done":
            raise ApiError("The signature request is not done.")
        self._check_ready(request)
        trails = [self._trail(request, signer) for signer in request["_signers"]]
        if call.query.get("merge") == "true" or len(trails) == 1:
            return Answer(200, files.make_pdf(trails), "application/pdf")
        named = [("audit_trail.pdf", files.make_pdf([trail])) for trail in trails]
        return Answer(200, files.zip_files(named), "application/zip")

    def download_signer_trail(self, call, request_id, signer_id):
        request = self._request(call, request_id)
        signer = self._signer(request, signer_id)
        if signer["status"] != "signed":
            raise ApiError("The signer has not signed.")
        trail = files.make_pdf([self._trail(request, signer)])
        return Answer(200, trail, "application/pdf")

    # -- account ---------------------------------------------------------------

    def list_workspaces(self, call):
        account = call.account
        row = {
            "id": account.workspace_id,
            "name": account.name,
            "external_name": None,
            "default": True,
            "created_at": self.state.iso(),
            "updated_at": self.state.iso(),
            "deleted_at": None,
            "users": [{"id": account.user_id}],
        }
        return Answer(200, self._page(call, [row], lambda item: item))

    def list_webhooks(self, call):
        return Answer(200, list(call.account.webhooks))

    def create_webhook(self, call):
        values = call.values or {}
        if not str(values.get("endpoint", "")).startswith(("https://", "http://127.")):
            raise ApiError("endpoint: This value is not a valid URL.")
        return Answer(201, add_webhook(self.state, call.account, values))


def add_webhook(state, account, values):
    hook = {
        "id": new_id(),
        "endpoint": values["endpoint"],
        "description": values.get("description"),
        "sandbox": bool(values.get("sandbox", True)),
        "subscribed_events": values.get("subscribed_events") or ["*"],
        "secret_key": values.get("secret_key") or new_id().replace("-", ""),
        "scopes": values.get("scopes") or ["*"],
        "workspaces": values.get("workspaces") or ["*"],
        "auto_retry": bool(values.get("auto_retry", True)),
        "enabled": bool(values.get("enabled", True)),
        "created_at": state.iso(),
        "updated_at": None,
    }
    account.webhooks.append(hook)
    return hook
