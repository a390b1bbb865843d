"""Routes under /_standin/ that steer the stand-in; JSON in, JSON out."""

import dataclasses

from . import documents, envelopes, faults
from .errors import ApiError, bad_parameter, no_such_envelope


class Admin:
    """What a test or a demo may do behind the back of the application."""

    def __init__(self, state, moves, connect):
        self.state = state
        self.moves = moves
        self.connect = connect
        self._routes = {
            ("GET", "requests"): lambda values: list(self.state.requests),
            ("GET", "mails"): lambda values: list(self.state.mails),
            ("GET", "deliveries"): lambda values: list(self.connect.deliveries),
            ("GET", "envelopes"): self.get_envelopes,
            ("POST", "accounts"): self.add_account,
            ("POST", "account"): self.change_account,
            ("POST", "consent"): self.consent,
            ("POST", "revoke"): self.revoke,
            ("POST", "settings"): self.change_settings,
            ("POST", "faults"): self.add_fault,
            ("POST", "expire_tokens"): self.expire_tokens,
            ("POST", "open"): self.open,
            ("POST", "sign"): self.sign,
            ("POST", "decline"): self.decline,
            ("POST", "bounce"): self.bounce,
            ("POST", "reassign"): self.reassign,
            ("POST", "expire"): self.expire,
            ("POST", "void"): self.void,
            ("POST", "release"): self.release,
            ("POST", "replay"): self.replay,
            ("POST", "forge"): self.forge,
            ("POST", "reset"): self.reset,
        }

    def call(self, method, name, values):
        action = self._routes.get((method, name))
        if action is None:
            raise ApiError("ROUTE_NOT_FOUND", f"No stand-in route {name}", 404)
        answer = action(values)
        return {"data": answer} if isinstance(answer, list) else answer

    # -- who exists ----------------------------------------------------------

    def add_account(self, values):
        """A customer: its account, one person, an application with a public key.

        ``name``, ``public_key`` (PEM), ``hmac_keys``, ``redirect_uris``, ``consent``.
        """
        person = self.state.add_person(
            name=values.get("person", "Nadia Benali"),
            email=values.get("email", "nadia@agence-lumen.example"),
        )
        app = self.state.add_app(
            public_keys=[values["public_key"]],
            redirect_uris=list(values.get("redirect_uris", ())),
        )
        account = self.state.add_account(
            name=values.get("name", "Agence Lumen SAS"),
            members=[person.guid],
            hmac_keys=list(values.get("hmac_keys", ())),
        )
        if values.get("consent", True):
            app.consents.add(person.guid)
        return {
            "account": account.id,
            "integration_key": app.key,
            "user": person.guid,
        }

    def change_account(self, values):
        account = self.state.accounts[values.pop("account")]
        known = {item.name for item in dataclasses.fields(account)}
        for name, value in values.items():
            if name not in known:
                raise bad_parameter(f"Unknown: {name}")
            setattr(account, name, value)
        return {"account": account.id}

    def consent(self, values):
        self.state.apps[values["integration_key"]].consents.add(values["user"])
        return {}

    def revoke(self, values):
        self.state.apps[values["integration_key"]].consents.discard(values["user"])
        self.state.tokens = {}
        return {}

    def expire_tokens(self, values):
        """Tokens given so far are refused from now on."""
        self.state.tokens = {}
        return {}

    def change_settings(self, values):
        known = {item.name for item in dataclasses.fields(self.state.settings)}
        for name, value in values.items():
            if name not in known:
                raise bad_parameter(f"Unknown setting: {name}")
            setattr(self.state.settings, name, value)
        return dataclasses.asdict(self.state.settings)

    def add_fault(self, values):
        if values.get("kind") not in faults.KINDS:
            raise bad_parameter("Unknown kind of fault")
        self.state.faults.append(faults.Fault(**values))
        return {"faults": [dataclasses.asdict(item) for item in self.state.faults]}

    # -- recipients ----------------------------------------------------------

    def get_envelopes(self, values):
        return [
            {
                **envelopes.public(
                    envelope, account, ("recipients", "custom_fields", "documents")
                ),
                "recipients": envelopes.public_recipients(envelope, tabs=True),
                "isDiscarded": envelope["envelopeId"] in account.bin,
            }
            for account in self.state.accounts.values()
            for envelope in account.envelopes.values()
        ]

    def _envelope(self, values):
        account, envelope = self.state.find(values["envelope"])
        if envelope is None:
            raise no_such_envelope()
        return account, envelope

    def _act(self, values, action, *args):
        """Do it as the recipient named by ``recipient`` (id or mail address)."""
        account, envelope = self._envelope(values)
        with self.state.lock:
            recipient = envelopes.find_recipient(envelope, values["recipient"])
            action(account, envelope, recipient, *args)
            return envelopes.public(envelope, account, ("recipients",))

    def open(self, values):
        return self._act(values, self.moves.open)

    def sign(self, values):
        return self._act(values, self.moves.sign, values.get("values"))

    def decline(self, values):
        return self._act(values, self.moves.decline, values.get("reason", ""))

    def bounce(self, values):
        return self._act(values, self.moves.bounce)

    def reassign(self, values):
        return self._act(values, self.moves.reassign, values["name"], values["email"])

    def expire(self, values):
        account, envelope = self._envelope(values)
        with self.state.lock:
            self.moves.expire(account, envelope)
        return envelopes.public(envelope, account)

    def void(self, values):
        """Somebody voids it on DocuSign's own pages."""
        account, envelope = self._envelope(values)
        with self.state.lock:
            self.moves.void(account, envelope, values.get("reason", "Voided there"))
        return envelopes.public(envelope, account)

    # -- events --------------------------------------------------------------

    def _event(self, values):
        wanted = values.get("event")
        for record in reversed(self.connect.events):
            is_envelope = values.get("envelope") in (
                None,
                record["event"]["data"]["envelopeId"],
            )
            if is_envelope and wanted in (None, record["event"]["event"]):
                return record
        raise bad_parameter("No such event")

    def release(self, values):
        return {"released": self.connect.release(reverse=values.get("reverse", False))}

    def replay(self, values):
        """Send an event again: the latest, or the latest of that name."""
        record = self._event(values)
        self.connect.send_again(record)
        return record["event"]

    def forge(self, values):
        """Send a true event signed with a key that nobody knows."""
        record = self._event(values)
        self.connect.send_forged(record)
        return record["event"]

    def reset(self, values):
        self.state.reset()
        self.connect.events.clear()
        self.connect.deliveries.clear()
        return {"reset": True}

    def final_file(self, envelope_id, number):
        """The signed bytes, for a test that compares them with ours."""
        _account, envelope = self.state.find(envelope_id)
        return documents.contents(envelope)[number]
