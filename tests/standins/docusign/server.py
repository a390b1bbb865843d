"""The HTTP server: sign-in host, API host and back door on one address."""

import json
import time
from urllib.parse import parse_qs

from ..serving import Handler, Standin
from . import faults
from .admin import Admin
from .api import Api, Pdf
from .connect import Connect
from .envelopes import Envelopes
from .errors import ApiError, GrantError, bad_body
from .oauth import SignIn
from .store import State, new_guid


class _Handler(Handler):
    server_version = "docusign-standin"

    def dispatch(self, method, url, body):
        if url.path.startswith("/_standin/"):
            self._admin(method, url, body)
        elif url.path == "/oauth/auth":
            self._consent(method, url, body)
        else:
            _Call(self, method, url, body).run()

    def _admin(self, method, url, body):
        try:
            values = json.loads(body) if body else {}
            name = url.path[len("/_standin/") :]
            self.answer_json(200, self.standin.admin.call(method, name, values))
        except ApiError as error:
            self.answer_json(error.status, error.body())
        except (KeyError, TypeError, ValueError) as error:
            self.answer_json(400, {"message": repr(error)})

    def _consent(self, method, url, body):
        sign_in = self.standin.sign_in
        if method == "POST":
            target = sign_in.consent(url.query, _form(body))
            if target:
                self.answer(303, b"", headers={"Location": target})
                return
        status, page = sign_in.consent_page(url.query)
        self.answer(status, page.encode())


class DocusignStandin(Standin):
    """DocuSign on this machine; ``add_account`` makes a customer."""

    name = "docusign-standin"
    handler_class = _Handler

    def __init__(self, port=0, host="127.0.0.1", now=time.time):
        super().__init__(port, host)
        self.state = State(now)
        self.state.base_url = self.base_url
        self.connect = Connect(self.state)
        self.moves = Envelopes(self.state, self.connect.emit)
        self.api = Api(self.state, self.moves)
        self.sign_in = SignIn(self.state)
        self.admin = Admin(self.state, self.moves, self.connect)

    def add_account(self, public_key, **values):
        """Return ``{account, integration_key, user}`` of a new customer."""
        return self.admin.add_account({"public_key": public_key, **values})

    def stop(self):
        self.connect.stop()
        super().stop()


class _Call:
    """One call of the API or of the sign-in host, from headers to answer."""

    def __init__(self, handler, method, url, body):
        self.handler = handler
        self.standin = handler.standin
        self.state = handler.standin.state
        self.method = method
        self.path = url.path
        self.params = {name: items[0] for name, items in parse_qs(url.query).items()}
        self.body = body
        self.trace = new_guid()

    def run(self):
        log = self._log()
        if self.state.settings.latency_seconds:
            time.sleep(self.state.settings.latency_seconds)
        fault = faults.take(self.state, self.method, self.path)
        log["fault"] = fault
        if fault and self._meet(fault):
            return
        headers = {}
        try:
            status, value = self._execute()
        except GrantError as error:
            status, value = 400, error.body()
        except ApiError as error:
            status, value = error.status, error.body()
            headers = error.headers
        log["status"] = status
        if fault == "lost_answer":
            self.handler.cut()
            return
        self._answer(status, value, headers)

    def _log(self):
        entry = {
            "at": self.state.now(),
            "method": self.method,
            "path": self.path,
            "params": self.params,
            "bytes": len(self.body),
            "trace": self.trace,
            "status": None,
        }
        with self.state.lock:
            self.state.requests.append(entry)
        return entry

    def _answer(self, status, value, headers):
        headers = {"X-DocuSign-TraceToken": self.trace, **headers}
        if isinstance(value, Pdf):
            headers["Content-Disposition"] = f'file; filename="{value.name}"'
            self.handler.answer(status, bytes(value), "application/pdf", headers)
        else:
            self.handler.answer_json(status, value, headers)

    def _meet(self, fault):
        """Act out a fault; True when nothing is left to answer."""
        error = faults.error_for(fault, self.state.now())
        if error:
            self._answer(error.status, error.body(), error.headers)
        elif fault == "consent_required":
            self._answer(400, {"error": "consent_required"}, {})
        elif fault == "timeout":
            time.sleep(self.state.settings.fault_timeout_seconds)
            self.handler.cut()
        elif fault == "garbage":
            self.handler.answer(200, b"<html>Bad gateway</html>")
        elif fault == "reset":
            self.handler.cut()
        return fault != "lost_answer"

    def _execute(self):
        if self.path == "/oauth/token":
            if self.method != "POST":
                raise GrantError("invalid_request")
            return 200, self.standin.sign_in.token(_form(self.body))
        person = self.standin.sign_in.person(self.handler.headers.get("Authorization"))
        if self.path == "/oauth/userinfo":
            return 200, self.standin.sign_in.user_info(person)
        return self.standin.api.call(
            person, self.method, self.path, self.params, self._json()
        )

    def _json(self):
        if not self.body:
            return None
        if "json" not in self.handler.headers.get("Content-Type", ""):
            raise bad_body("The request body must be JSON.")
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise bad_body("The request body is improperly formatted.") from error


def _form(body):
    fields = parse_qs(body.decode(errors="replace"))
    return {name: items[0] for name, items in fields.items()}
