import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.evidence import Event
from ..lib.instants import aware

KINDS = [
    ("sent", "Sent"),
    ("notified", "Link sent"),
    ("reminded", "Reminder sent"),
    ("opened", "Link opened"),
    ("code_sent", "Code sent"),
    ("code_wrong", "Wrong code"),
    ("code_blocked", "Too many wrong codes"),
    ("identified", "Good code"),
    ("signed", "Has signed"),
    ("refused", "Has refused"),
    ("delegated", "Handed over"),
    ("completed", "Everybody has signed"),
    ("sealed", "Final file made"),
    ("delivered", "Signed file sent"),
    ("downloaded", "Downloaded"),
    ("expired", "Expired"),
    ("cancelled", "Cancelled"),
    ("provider", "Message of the service"),
    ("failed", "Problem"),
]


class CrmSignEvent(models.Model):
    """One line of evidence; written once, by the engine, never touched again."""

    _name = "crm.sign.event"
    _description = "Evidence of a Signature"
    _order = "request_id, sequence"
    _rec_name = "kind"

    request_id = fields.Many2one(
        "crm.sign.request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    sequence = fields.Integer(string="No.", required=True, readonly=True)
    at = fields.Datetime(string="Date (UTC)", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    actor = fields.Char(string="Who", readonly=True)
    actor_text = fields.Char(string="Who (in words)", compute="_compute_actor_text")
    signer_id = fields.Many2one(
        "crm.sign.signer", readonly=True, index=True, ondelete="restrict"
    )
    signer_text = fields.Char(readonly=True)
    ip = fields.Char(string="Address", readonly=True)
    user_agent = fields.Char(string="Browser", readonly=True)
    document_sha256 = fields.Char(string="SHA-256 of the Documents", readonly=True)
    details_json = fields.Text(readonly=True)
    details_text = fields.Char(string="Details", compute="_compute_details_text")
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(readonly=True)

    _sequence_uniq = models.UniqueIndex(
        "(request_id, sequence)", "This event was already written."
    )

    @api.depends("actor")
    def _compute_actor_text(self):
        for event in self:
            is_system = event.actor == "system"
            event.actor_text = self.env._("The system") if is_system else event.actor

    @api.depends("details_json")
    def _compute_details_text(self):
        words, labels = self._get_detail_words(), self._get_detail_labels()
        for event in self:
            details = json.loads(event.details_json or "{}")
            event.details_text = "; ".join(
                self.env._(
                    "%(fact)s: %(value)s",
                    fact=words.get(key, key),
                    value=labels.get(key, {}).get(value, value),
                )
                for key, value in sorted(details.items())
                if isinstance(value, (str, int)) and value != ""
            )

    @api.model
    def _get_detail_labels(self):
        """Return the words for the values of some facts of `details_json`."""
        signers, requests = self.env["crm.sign.signer"], self.env["crm.sign.request"]
        channels = signers._fields["code_channel"]._description_selection(self.env)
        levels = requests._fields["level"]._description_selection(self.env)
        return {
            "channel": dict(channels),
            "level": dict(levels),
            "final": {True: self.env._("yes"), False: self.env._("no")},
        }

    @api.model
    def _get_detail_words(self):
        """Return what the facts of `details_json` are called for people."""
        return {
            "at": self.env._("at the service"),
            "cause": self.env._("cause"),
            "channel": self.env._("way"),
            "consent": self.env._("consent"),
            "fact": self.env._("fact"),
            "fields": self.env._("fields"),
            "final": self.env._("signed file"),
            "identified_by": self.env._("identified by"),
            "initials_image_sha256": self.env._("SHA-256 of the initials"),
            "left": self.env._("attempts left"),
            "level": self.env._("level"),
            "name": self.env._("name"),
            "reason": self.env._("reason"),
            "service": self.env._("service"),
            "signature_image_sha256": self.env._("SHA-256 of the signature"),
            "state": self.env._("state"),
            "to": self.env._("to"),
            "until": self.env._("until"),
            "version": self.env._("version"),
        }

    # === Nobody changes the past === #

    def write(self, vals):  # pylint: disable=method-required-super
        self.check_access("write")
        raise UserError(self.env._("Evidence is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Evidence is never deleted."))

    # === The chain === #

    def _to_evidence(self) -> list[tuple[Event, str]]:
        """Return these events as the chain sees them, with their stored hash."""
        return [
            (
                Event(
                    reference=event.request_id.reference,
                    sequence=event.sequence,
                    at=aware(event.at),
                    kind=event.kind,
                    actor=event.actor or "",
                    signer=event.signer_text or "",
                    ip=event.ip or "",
                    user_agent=event.user_agent or "",
                    document_sha256=event.document_sha256 or "",
                    details=json.loads(event.details_json or "{}"),
                    previous_hash=event.previous_hash or "",
                ),
                event.hash,
            )
            for event in self.sorted("sequence")
        ]
