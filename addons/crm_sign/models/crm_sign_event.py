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

    @api.depends("details_json")
    def _compute_details_text(self):
        for event in self:
            details = json.loads(event.details_json or "{}")
            event.details_text = "; ".join(
                f"{key}: {value}"
                for key, value in sorted(details.items())
                if isinstance(value, (str, int)) and value != ""
            )

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
