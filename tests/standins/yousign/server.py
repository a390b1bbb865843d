"""The HTTP server: keys, limits, faults, forms, pages."""

import json
import time
from collections import deque
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from ..calls import Call
from ..partner import Partner
from ..serving import Handler
from . import pages
from .admin import Admin
from .api import Answer, Api, Decoded
from .errors import ApiError, bad_key, for_fault
from .flow import Flow
from .store import State
from .webhooks import Webhooks

PREFIX = "/v3"
LIMIT_MINUTE, LIMIT_HOUR = 30, 200


def read_form(kind, body):
    """Return the parts of a multipart body, {name: (file name, bytes)}."""
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    return {
        part.get_param("name", header="content-disposition"): (
            part.get_filename() or "",
            part.get_payload(decode=True) or b"",
        )
        for part in message.iter_parts()
    }


class _Handler(Handler):
    server_version = "yousign-standin"

    def dispatch(self, method, url, body):
        if url.path.startswith(PREFIX + "/"):
            _Call(self, method, url, body).run()
        elif url.path.startswith("/sign/"):
            self._page(method, url.path.removeprefix("/sign/"), body)
        else:
            self.answer_json(404, {"type": "not-found", "detail": "No such page."})

    def _page(self, method, signer_id, body):
        state, flow = self.standin.state, self.standin.flow
        with state.lock:
            account, request, signer = state.find_signer(signer_id)
            if signer is None:
                self.answer(404, pages.page("Lien inconnu", ""))
                return
            flow.refresh(account, request)
            try:
                if method == "GET":
                    flow.open(account, request, signer)
                    self.answer(200, pages.signing_page(request, signer))
                    return
                values = dict(parse_qsl(body.decode()))
                if values.pop("_act", "") == "decline":
                    reason = values.get("_reason", "")
                    flow.decline(account, request, signer, reason)
                else:
                    flow.sign(account, request, signer, values)
            except ApiError as error:
                self.answer(410, pages.page("Ce lien n'est plus actif", error.detail))
                return
        self.answer(200, pages.page("Merci", "<p>Votre réponse est enregistrée.</p>"))


class _Call(Call):
    """One call of the API."""

    def __init__(self, handler, method, url, body):
        super().__init__(handler, method, url, body)
        self.path = url.path.removeprefix(PREFIX)
        key = handler.headers.get("Authorization", "")
        self.key = key.removeprefix("Bearer ").strip()

    def facts(self):
        return {"query": self.url.query, "key": self.key}

    def error_for(self, fault):
        return for_fault(fault)

    def answer(self, status, value):
        headers = {**self._limits(), **self.headers}
        kind = "application/json"
        if isinstance(value, Answer):
            value, kind = value.value, value.kind
        if kind == "application/json" and status != 204:
            self.handler.answer_json(status, value, headers)
        else:
            self.handler.answer(status, value or b"", kind, headers)

    def execute(self):
        state = self.state
        account = state.accounts.get(self.key)
        if account is None:
            raise bad_key()
        kind = self.handler.headers.get("Content-Type", "")
        values, parts = None, {}
        if kind.startswith("multipart/form-data"):
            parts = read_form(kind, self.body)
        elif self.body:
            if "json" not in kind:
                raise ApiError("The content type is not supported.", status=415)
            try:
                values = json.loads(self.body)
            except ValueError:
                raise ApiError("The body is not valid JSON.") from None
        with state.lock:
            self._count(account)
            query = dict(parse_qsl(self.url.query))
            call = Decoded(account, query, values, parts)
            answer = self.standin.api.call(self.method, self.path, call)
        return answer.status, answer

    def _count(self, account):
        """Refuse the call when the account makes too many."""
        settings, now = self.state.settings, self.state.now()
        recent = self.state.recent.setdefault(account.key, deque())
        while recent and recent[0] <= now - 60:
            recent.popleft()
        if settings.limit_minute and len(recent) >= settings.limit_minute:
            wait = str(int(recent[0] + 60 - now) + 1)
            raise ApiError(
                "API rate limit exceeded", status=429, headers={"Retry-After": wait}
            )
        recent.append(now)

    def _limits(self):
        """The headers that tell how many calls are left."""
        limit = self.state.settings.limit_minute or LIMIT_MINUTE
        left = max(0, limit - len(self.state.recent.get(self.key, ())))
        return {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": "60",
            "X-RateLimit-Limit-Minute": str(limit),
            "X-RateLimit-Remaining-Minute": str(left),
            "X-RateLimit-Limit-Hour": str(LIMIT_HOUR),
            "X-RateLimit-Remaining-Hour": str(LIMIT_HOUR),
        }


class YousignStandin(Partner):
    """The stand-in; ``state``, ``admin`` and ``webhooks`` are for tests."""

    name = "yousign-standin"
    handler_class = _Handler
    state_class = State

    def __init__(self, port=0, host="127.0.0.1", now=time.time):
        super().__init__(port, host, now)
        self.webhooks = Webhooks(self.state, self.delivery)
        self.flow = Flow(self.state, self.webhooks.emit)
        self.api = Api(self.state, self.flow)
        self.admin = Admin(self.state, self.flow, self.webhooks)

    @property
    def api_url(self):
        """What a connection has as its address."""
        return self.base_url + PREFIX

    def add_account(self, key, **values):
        self.admin.call("POST", "accounts", {"key": key, **values})
        return self.state.accounts[key]

    def find(self, reference):
        """Requests that carry a reference of ours, as the back door tells them."""
        rows = self.admin.call("GET", "signature_requests", {})["data"]
        return [row for row in rows if row["external_id"] == reference]
