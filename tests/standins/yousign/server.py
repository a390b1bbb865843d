"""The HTTP server: keys, limits, faults, forms, pages."""

import json
import time
from collections import deque
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from .. import faults
from ..serving import Handler, Standin
from . import pages
from .admin import Admin
from .api import Api, Call
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
            self._api(method, url, body)
        elif url.path.startswith("/_standin/"):
            self._admin(method, url.path.removeprefix("/_standin/"), body)
        elif url.path.startswith("/sign/"):
            self._page(method, url.path.removeprefix("/sign/"), body)
        else:
            self.answer_json(404, {"type": "not-found", "detail": "No such page."})

    def _api(self, method, url, body):
        state = self.standin.state
        path = url.path.removeprefix(PREFIX)
        key = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        entry = {"method": method, "path": path, "query": url.query, "status": None}
        entry.update(key=key, at=state.now(), fault=None)
        with state.lock:
            state.calls.append(entry)
        time.sleep(state.settings.latency_seconds)
        fault = faults.take(state.lock, state.faults, method, path)
        entry["fault"] = fault and fault.kind
        if fault and self._meet(fault, entry):
            return
        try:
            answer = self._execute(method, path, url.query, body, key)
        except ApiError as error:
            entry["status"] = error.status
            self.answer_json(error.status, error.body(), self._limits(key, error))
            return
        entry["status"] = answer.status
        if fault and fault.kind == "lost_answer":
            self.cut()
        elif answer.kind == "application/json" and answer.status != 204:
            self.answer_json(answer.status, answer.value, self._limits(key))
        else:
            value = answer.value or b""
            self.answer(answer.status, value, answer.kind, self._limits(key))

    def _meet(self, fault, entry):
        """Act out a fault; True when nothing is left to answer."""
        error = for_fault(fault)
        if error:
            entry["status"] = error.status
            self.answer_json(error.status, error.body(), error.headers)
        elif fault.kind == "slow":
            time.sleep(fault.seconds)
        elif fault.kind == "garbage":
            self.answer(200, b"<html>Bad gateway</html>")
        elif fault.kind == "cut":
            self.cut()
        return fault.kind not in ("slow", "lost_answer")

    def _execute(self, method, path, query, body, key):
        state = self.standin.state
        account = state.accounts.get(key)
        if account is None:
            raise bad_key()
        kind = self.headers.get("Content-Type", "")
        values, parts = None, {}
        if kind.startswith("multipart/form-data"):
            parts = read_form(kind, body)
        elif body:
            if "json" not in kind:
                raise ApiError("The content type is not supported.", status=415)
            try:
                values = json.loads(body)
            except ValueError:
                raise ApiError("The body is not valid JSON.") from None
        with state.lock:
            self._count(account)
            call = Call(account, dict(parse_qsl(query)), values, parts)
            return self.standin.api.call(method, path, call)

    def _count(self, account):
        """Refuse the call when the account makes too many."""
        settings, now = self.standin.state.settings, self.standin.state.now()
        calls = self.standin.state.recent.setdefault(account.key, deque())
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if settings.limit_minute and len(calls) >= settings.limit_minute:
            wait = str(int(calls[0] + 60 - now) + 1)
            raise ApiError(
                "API rate limit exceeded", status=429, headers={"Retry-After": wait}
            )
        calls.append(now)

    def _limits(self, key, error=None):
        """The headers that tell how many calls are left."""
        limit = self.standin.state.settings.limit_minute or LIMIT_MINUTE
        left = max(0, limit - len(self.standin.state.recent.get(key, ())))
        return {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": "60",
            "X-RateLimit-Limit-Minute": str(limit),
            "X-RateLimit-Remaining-Minute": str(left),
            "X-RateLimit-Limit-Hour": str(LIMIT_HOUR),
            "X-RateLimit-Remaining-Hour": str(LIMIT_HOUR),
            **(error.headers if error else {}),
        }

    def _admin(self, method, name, body):
        try:
            values = json.loads(body) if body else {}
            self.answer_json(200, self.standin.admin.call(method, name, values))
        except ApiError as error:
            self.answer_json(error.status, error.body())
        except (KeyError, TypeError, ValueError) as error:
            self.answer_json(400, {"type": "standin", "detail": repr(error)})

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


class YousignStandin(Standin):
    """The stand-in; ``state``, ``admin`` and ``webhooks`` are for tests."""

    name = "yousign-standin"
    handler_class = _Handler

    def __init__(self, port=0, host="127.0.0.1", now=time.time):
        super().__init__(port, host)
        self.state = State(now)
        self.state.base_url = self.base_url
        self.webhooks = Webhooks(self.state)
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

    def stop(self):
        self.webhooks.stop()
        super().stop()
