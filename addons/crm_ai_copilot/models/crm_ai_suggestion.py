from odoo import api, fields, models
from odoo.exceptions import UserError

# What a suggestion may write on a deal: nothing else, whatever a mail says.
FIELD_LABELS = [
    ("contact_name", "Contact"),
    ("partner_name", "Company"),
    ("function", "Job"),
    ("phone", "Phone"),
    ("website", "Website"),
]
FIELDS = dict(FIELD_LABELS)
MAX_VALUE = 120


class CrmAiSuggestion(models.Model):
    """Something read in a mail; nothing is written before a person's click."""

    _name = "crm.ai.suggestion"
    _description = "Suggestion of the Copilot"
    _order = "id desc"
    _rec_name = "evidence"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(related="lead_id.user_id", store=True)
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    kind = fields.Selection(
        [("field", "Missing Field"), ("mood", "Unhappy Client")],
        required=True,
        readonly=True,
    )
    field_name = fields.Selection(FIELD_LABELS, string="Field", readonly=True)
    value = fields.Char(string="Proposed Value", readonly=True)
    evidence = fields.Char(string="Read in", readonly=True)
    message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null")
    call_id = fields.Many2one("crm.ai.call", readonly=True, ondelete="set null")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("dismissed", "Dismissed"),
        ],
        default="proposed",
        required=True,
        readonly=True,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex(
        "(lead_id, kind, coalesce(field_name, '')) WHERE state = 'proposed'",
        "This is suggested already.",
    )

    @api.model
    def _keep_reading(self, call, message, result):
        """Keep what an incoming mail says, for a person to decide."""
        lead = call._get_record()
        missing = lead._find_missing_fields()
        found = [
            {
                "kind": "field",
                "field_name": item.field,
                "value": item.value[:MAX_VALUE],
                "evidence": item.evidence[:250],
            }
            for item in result.found
            if item.field in missing
        ]
        if result.unhappy and result.sentence:
            found.append({"kind": "mood", "evidence": result.sentence[:250]})
        # sudo: suggestions are the system's; who reads them is decided by the deal
        suggestions = self.sudo()
        opened = suggestions.search(
            [("lead_id", "=", lead.id), ("state", "=", "proposed")]
        )
        known = {(item.kind, item.field_name) for item in opened}
        suggestions.create(
            [
                {
                    **values,
                    "lead_id": lead.id,
                    "message_id": message.id,
                    "call_id": call.id,
                }
                for values in found
                if (values["kind"], values.get("field_name", False)) not in known
            ]
        )
        if result.unhappy:
            lead._request_next_actions()

    def _begin_decision(self):
        self.ensure_one()
        self.lead_id.check_access("write")
        suggestion_sudo = self.sudo()
        suggestion_sudo.lock_for_update()
        suggestion_sudo.invalidate_recordset(["state"])
        if suggestion_sudo.state != "proposed":
            raise UserError(
                self.env._("This suggestion was answered already. Reload the page.")
            )
        return suggestion_sudo

    def action_accept(self):
        """Write the field, or plan a call with the unhappy client."""
        suggestion_sudo = self._begin_decision()
        if self.kind == "field":
            if self.field_name not in FIELDS:
                raise UserError(self.env._("This field cannot be filled in."))
            self.lead_id.write({self.field_name: self.value})
        else:
            self.lead_id.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._("Unhappy client"),
                note=self.evidence,
                user_id=(self.lead_id.user_id or self.env.user).id,
            )
        suggestion_sudo._decide(self.env.user, "accepted")

    def action_dismiss(self):
        self._begin_decision()._decide(self.env.user, "dismissed")

    def _decide(self, user, state):
        """Note the answer; runs as superuser, the right on the deal is checked."""
        self.write(
            {
                "state": state,
                "decided_by_id": user.id,
                "decided_at": fields.Datetime.now(),
            }
        )
        call = self.call_id.with_user(user)
        if call.has_access("read") and not call.sudo().decision:
            if state == "accepted":
                call._decide("accepted")
            else:
                call._decide("dismissed", code="not_useful")
        self.lead_id._request_next_actions()
