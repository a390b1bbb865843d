"""The HTTP server: sign-in host, API host and back door on one address."""

import json
import time
from urllib.parse import parse_qs

from ..calls import Call
from ..partner import Partner
from ..serving import Handler
from . import faults
from .admin import Admin
from .api import Api, Pdf
from .connect import Connect
from .envelopes import Envelopes
from .errors import GrantError, bad_body
from .oauth import SignIn
from .store import State, new_guid


class _Handler(Handler):
    server_version = "docusign-standin"

    def dispatch(self, method, url, body):
        if url.path == "/oauth/auth":
            self._consent(method, url, body)
        else:
            _Call(self, method, url, body).run()

    def _consent(self, method, url, body):
        sign_in = self.standin.sign_in
        if method == "POST":
            target = sign_in.consent(url.query, _form(body))
            if target:
                self.answer(303, b"", headers={"Location": target})
                return
        status, page = sign_in.consent_page(url.query)
        self.answer(status, page.encode())


class DocusignStandin(Partner):
    """DocuSign on this machine; ``add_account`` makes a customer."""

    name = "docusign-standin"
    handler_class = _Handler
    state_class = State

    def __init__(self, port=0, host="127.0.0.1", now=time.time):
        super().__init__(port, host, now)
        self.connect = Connect(self.state, self.delivery)
        self.moves = Envelopes(self.state, self.connect.emit)
        self.api = Api(self.state, self.moves)
        self.sign_in = SignIn(self.state)
        self.admin = Admin(self.state, self.moves, self.connect)

    def add_account(self, public_key, **values):
        """Return ``{account, integration_key, user}`` of a new customer."""
        return self.admin.call("POST", "accounts", {"public_key": public_key, **values})

    def find(self, reference):
        """Envelopes that carry a reference of ours, as the back door tells them."""
        return [
            envelope
            for envelope in self.admin.call("GET", "envelopes", {})["data"]
            if envelope["customFields"]["textCustomFields"][0]["value"] == reference
        ]


class _Call(Call):
    """One call of the API or of the sign-in host."""

    def __init__(self, handler, method, url, body):
        super().__init__(handler, method, url, body)
        self.params = {name: items[0] for name, items in parse_qs(url.query).items()}
        self.trace = new_guid()
        self.headers = {"X-DocuSign-TraceToken": self.trace}

    def facts(self):
        return {"params": self.params, "bytes": len(self.body), "trace": self.trace}

    def error_for(self, fault):
        return faults.error_for(fault.kind, self.state.now())

    def answer(self, status, value):
        if isinstance(value, Pdf):
            self.headers["Content-Disposition"] = f'file; filename="{value.name}"'
            self.handler.answer(status, bytes(value), "application/pdf", self.headers)
        else:
            super().answer(status, value)

    def execute(self):
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
