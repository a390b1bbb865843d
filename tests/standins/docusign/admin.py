"""Routes under /_standin/ that steer the stand-in; JSON in, JSON out."""

import dataclasses

from ..backdoor import Backdoor
from . import documents, envelopes, faults
from .errors import bad_parameter, no_such_envelope


class Admin(Backdoor):
    """What a test or a demo may do at DocuSign behind the back of the application."""

    fault_kinds = faults.KINDS

    def __init__(self, state, moves, connect):
        super().__init__(state, connect.delivery)
        self.moves = moves
        self.connect = connect

    def routes(self):
        return {
            ("GET", "mails"): self.get_mails,
            ("GET", "envelopes"): self.get_envelopes,
            ("POST", "accounts"): self.add_account,
            ("POST", "account"): self.change_account,
            ("POST", "consent"): self.consent,
            ("POST", "revoke"): self.revoke,
            ("POST", "expire_tokens"): self.expire_tokens,
            ("POST", "open"): self.open,
            ("POST", "sign"): self.sign,
            ("POST", "decline"): self.decline,
            ("POST", "bounce"): self.bounce,
            ("POST", "reassign"): self.reassign,
            ("POST", "expire"): self.expire,
            ("POST", "void"): self.void,
            ("POST", "replay"): self.replay,
            ("POST", "forge"): self.forge,
        }

    def get_mails(self, values):
        return list(self.state.mails)

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

    def add_fault(self, values):
        is_consent = values.get("kind") == "consent_required"
        path = faults.TOKEN if is_consent else faults.NOT_TOKEN
        return super().add_fault({"path": path, **values})

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
        self.moves.expire(account, envelope)
        return envelopes.public(envelope, account)

    def void(self, values):
        """Somebody voids it on DocuSign's own pages."""
        account, envelope = self._envelope(values)
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

    def replay(self, values):
        """Send an event again: the latest, or the latest of that name."""
        record = self._event(values)
        self.connect.send_again(record)
        return record["event"]

    def forge(self, values):
        """Send a true event signed with a key that nobody knows."""
        record = self._event(values)
        self.connect.send_again(record, forged=True)
        return record["event"]

    def reset(self, values):
        self.connect.events.clear()
        return super().reset(values)

    def final_file(self, envelope_id, number):
        """The signed bytes, for a test that compares them with ours."""
        _account, envelope = self.state.find(envelope_id)
        return documents.contents(envelope)[number]
