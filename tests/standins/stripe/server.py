"""The HTTP server: authentication, idempotency, faults, pages, routes."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from . import checkout, faults, forms
from .admin import Admin
from .api import Api
from .balance import Balance
from .errors import ApiError, bad_key
from .payments import Declined, Payments
from .store import State, new_id
from .webhooks import Webhooks

MAX_BODY_BYTES = 1_000_000


class StripeStandin:
    """Start with ``start()`` or as a context manager; ``base_url`` tells where."""

    def __init__(self, port=0, host="127.0.0.1", now=time.time):
        self.state = State(now)
        self.webhooks = Webhooks(self.state)
        self.balance = Balance(self.state, self.webhooks.emit)
        self.payments = Payments(
            self.state, self.webhooks.emit, self.webhooks.later, self.balance
        )
        self.api = Api(self.state, self.payments, self.webhooks)
        self.admin = Admin(self.state, self.payments, self.webhooks)
        handler = type("Handler", (_Handler,), {"standin": self})
        self._server = _Server((host, port), handler)
        self.base_url = f"http://{host}:{self._server.server_address[1]}"
        self.state.base_url = self.base_url
        self._thread = None

    def add_account(self, secret_key, webhook_url="", webhook_secret="", **values):
        values.update(
            secret_key=secret_key,
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
        )
        self.admin.add_account(values)
        return self.state.accounts[secret_key]

    def start(self):
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.1},
            name="stripe-standin",
            daemon=True,
        )
        self._thread.start()
        return self

    def serve_forever(self):
        self._server.serve_forever()

    def stop(self):
        self.webhooks.stop()
        if self._thread:
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that went away is its own business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "stripe-standin"
    standin = None

    def log_message(self, *args):
        """Silent: the requests log is under /_standin/requests."""

    def do_GET(self):
        self._dispatch("GET")

    def do_POST(self):
        self._dispatch("POST")

    def do_DELETE(self):
        self._dispatch("DELETE")

    def _dispatch(self, method):
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            self._answer(413, b"", "text/plain")
            return
        body = self.rfile.read(length)
        if url.path.startswith("/v1/"):
            _Call(self, method, url, body).run()
        elif url.path.startswith("/_standin/"):
            self._admin(method, url, body)
        elif url.path.startswith("/c/pay/"):
            self._checkout(method, url, body)
        else:
            self._answer(404, checkout.missing_page().encode())

    def _answer(self, status, body, kind="text/html; charset=utf-8", headers=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def answer_json(self, status, value, headers=None):
        body = json.dumps(value, ensure_ascii=False).encode()
        self._answer(status, body, "application/json", headers)

    def _admin(self, method, url, body):
        try:
            values = json.loads(body) if body else {}
            name = url.path[len("/_standin/") :]
            self.answer_json(200, self.standin.admin.call(method, name, values))
        except ApiError as error:
            self.answer_json(error.status, error.body("req_standin"))
        except Declined as error:
            self.answer_json(402, {"error": {"code": error.code}})
        except (KeyError, TypeError, ValueError) as error:
            self.answer_json(400, {"error": {"message": repr(error)}})

    def _checkout(self, method, url, body):
        standin = self.standin
        account, session = standin.state.find(
            "checkout.session", url.path[len("/c/pay/") :]
        )
        if session is None:
            self._answer(404, checkout.missing_page().encode())
            return
        with standin.state.lock:
            standin.payments.refresh(account, session)
            if session["status"] != "open":
                self._answer(410, checkout.closed_page(session).encode())
                return
            if method == "GET":
                self._answer(200, checkout.payment_page(account, session).encode())
                return
            values = forms.decode_form(body.decode())
            try:
                standin.payments.pay(
                    account,
                    session,
                    email=values.get("email", ""),
                    card=values.get("card", ""),
                    iban=values.get("iban"),
                )
            except Declined as error:
                page = checkout.payment_page(account, session, str(error), values)
                self._answer(402, page.encode())
                return
        target = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        self._answer(303, b"", headers={"Location": target})


class _Call:
    """One call of the API, from its headers to its answer."""

    def __init__(self, handler, method, url, body):
        self.handler = handler
        self.standin = handler.standin
        self.state = handler.standin.state
        self.method = method
        self.path = url.path
        self.request_id = new_id("req_", 14)
        self.text = body.decode(errors="replace") if method == "POST" else url.query
        self.key = self._api_key()
        self.idempotency_key = (
            handler.headers.get("Idempotency-Key") if method == "POST" else None
        )

    def run(self):
        log = self._log()
        if self.state.settings.latency_seconds:
            time.sleep(self.state.settings.latency_seconds)
        fault = faults.take(self.state, self.path, self.key)
        if fault and self._meet(fault):
            log["fault"] = fault
            return
        headers = {}
        try:
            status, value = self._execute(headers)
        except ApiError as error:
            status, value = error.status, error.body(self.request_id)
            headers.update(error.headers)
        log["status"] = status
        if fault == "lost_answer":
            log["fault"] = fault
            self._cut()
            return
        self._answer(status, value, headers)

    def _answer(self, status, value, headers):
        version = self.handler.headers.get("Stripe-Version")
        self.handler.answer_json(
            status,
            value,
            {
                "Request-Id": self.request_id,
                "Stripe-Version": version or self.state.settings.api_version,
                **(
                    {"Idempotency-Key": self.idempotency_key}
                    if self.idempotency_key
                    else {}
                ),
                **headers,
            },
        )

    def _log(self):
        entry = {
            "id": self.request_id,
            "at": self.state.now(),
            "method": self.method,
            "path": self.path,
            "secret_key": self.key,
            "idempotency_key": self.idempotency_key,
            "version": self.handler.headers.get("Stripe-Version"),
            "params": None,
            "status": None,
        }
        try:
            entry["params"] = forms.decode_form(self.text)
        except ValueError:
            entry["params"] = {"_unreadable": self.text[:200]}
        with self.state.lock:
            self.state.requests.append(entry)
        return entry

    def _api_key(self):
        header = self.handler.headers.get("Authorization", "")
        scheme, _space, value = header.partition(" ")
        if scheme.lower() == "bearer":
            return value.strip()
        if scheme.lower() == "basic":
            try:
                return base64.b64decode(value).decode().split(":", 1)[0]
            except ValueError:
                return ""
        return ""

    def _meet(self, fault):
        """Act out a fault; True when nothing is left to answer."""
        error = faults.error_for(fault)
        if error:
            self._answer(error.status, error.body(self.request_id), error.headers)
        elif fault == "timeout":
            time.sleep(self.state.settings.fault_timeout_seconds)
            self._cut()
        elif fault == "garbage":
            self.handler._answer(200, b"<html>Bad gateway</html>")
        elif fault == "empty":
            self.handler._answer(200, b"", "application/json")
        elif fault == "reset":
            self._cut()
        return fault != "lost_answer"

    def _cut(self):
        self.handler.close_connection = True
        self.handler.wfile.flush()
        faults.cut(self.handler.connection)

    def _execute(self, headers):
        account = self.state.accounts.get(self.key)
        if account is None:
            raise bad_key(self.key)
        kind = self.handler.headers.get("Content-Type", "")
        if self.method == "POST" and "json" in kind:
            raise ApiError(
                "Invalid request: v1 of the API takes form-encoded bodies, not JSON."
            )
        try:
            params = forms.decode_form(self.text)
        except ValueError as error:
            raise ApiError(f"Invalid request: {error}") from error
        if not self.idempotency_key:
            return 200, self._call(account, params)
        return self._once(account, params, headers)

    def _call(self, account, params):
        return self.standin.api.call(account, self.method, self.path, params)

    def _once(self, account, params, headers):
        """Replay the stored outcome of the same key, or store this one."""
        if len(self.idempotency_key) > 255:
            raise ApiError("Idempotency keys can be at most 255 characters long.")
        asked = (self.method, self.path, params)
        with self.state.lock:
            known = account.idempotency.get(self.idempotency_key)
            if known and known["asked"] != asked:
                raise ApiError(
                    "Keys for idempotent requests can only be used with the same "
                    "parameters they were first used with. Try using a key other "
                    f"than '{self.idempotency_key}' if you meant to execute a "
                    "different request.",
                    type="idempotency_error",
                )
            if known and "answer" not in known:
                raise ApiError(
                    "There is currently another in-progress request using this "
                    "Idempotent Key (that probably means you submitted twice, and "
                    "the other request is still going through).",
                    status=409,
                    type="idempotency_error",
                    code="idempotency_key_in_use",
                )
            if known:
                headers["Idempotent-Replayed"] = "true"
                headers["Original-Request"] = known["request_id"]
                return known["answer"]
            entry = {"asked": asked, "request_id": self.request_id}
            account.idempotency[self.idempotency_key] = entry
        try:
            entry["answer"] = (200, self._call(account, params))
        except Exception:
            # Refused before execution: the key stays free for a corrected call.
            del account.idempotency[self.idempotency_key]
            raise
        return entry["answer"]
