from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ACTIVITY_TYPES = {
    "call": "mail.mail_activity_data_call",
    "mail": "mail.mail_activity_data_email",
    "meeting": "mail.mail_activity_data_meeting",
    "todo": "mail.mail_activity_data_todo",
}


class CrmAiAssistantProposal(models.Model):
    """Something the assistant would do; a person decides.

    Proposed, then done or dropped, once, under the name of who asked.
    """

    _name = "crm.ai.assistant.proposal"
    _description = "Proposal of the Assistant"
    _order = "id"

    turn_id = fields.Many2one(
        "crm.ai.assistant.turn",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("activity", "Activity"),
            ("call", "Note of a Call"),
            ("draft", "Draft Message"),
        ],
        required=True,
        readonly=True,
    )
    activity_kind = fields.Selection(
        [("call", "Call"), ("mail", "Mail"), ("meeting", "Meeting"), ("todo", "To-Do")],
        readonly=True,
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    summary = fields.Char(readonly=True)
    body = fields.Text(readonly=True)
    date_deadline = fields.Date(string="Due", readonly=True)
    state = fields.Selection(
        [("proposed", "To Confirm"), ("done", "Done"), ("dropped", "Dropped")],
        required=True,
        default="proposed",
        readonly=True,
    )
    decided_at = fields.Datetime(readonly=True)

    @api.depends("kind", "summary", "res_model", "res_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for proposal in self:
            parts = [labels.get(proposal.kind), proposal.summary]
            parts.append(proposal._get_record_name())
            proposal.display_name = " · ".join(part for part in parts if part)

    def _get_record(self):
        """Return the record it is about, with the rights of the current person."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The record no longer exists."))
        return record

    def _get_record_name(self) -> str:
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            return ""
        record = self.env[self.res_model].browse(self.res_id).exists()
        return record.display_name if record and record.has_access("read") else ""

    def _prepare_card(self) -> dict:
        """Return what the panel shows."""
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        kinds = dict(self._fields["activity_kind"]._description_selection(self.env))
        return {
            "id": self.id,
            "kind": self.kind,
            "title": kinds.get(self.activity_kind) or labels[self.kind],
            "record": {
                "model": self.res_model,
                "id": self.res_id,
                "name": self._get_record_name(),
            },
            "summary": self.summary or "",
            "body": self.body or "",
            "date": self.date_deadline.isoformat() if self.date_deadline else "",
            "state": self.state,
        }

    # === Decision === #

    def action_confirm(self):
        """Do it, with the rights of who clicks; a second click does nothing."""
        self.ensure_one()
        self._check_owner()
        # two clicks at once: the second waits here and finds it done
        self.sudo().lock_for_update()
        if self.state != "proposed":
            return None
        record = self._get_record()
        record.check_access("write")
        action = getattr(self, f"_do_{self.kind}")(record)
        self._decide("done")
        call = self.turn_id.call_id
        if call.state == "done" and not call.decision:
            call.action_accept()
        return action

    def action_drop(self):
        """Turn it down."""
        for proposal in self:
            proposal._check_owner()
            if proposal.state == "proposed":
                proposal._decide("dropped")

    def _check_owner(self):
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Who asked decides."))

    def _decide(self, state: str):
        # sudo: cards are written by the suite only
        self.sudo().write({"state": state, "decided_at": fields.Datetime.now()})

    def _do_activity(self, record):
        record.activity_schedule(
            ACTIVITY_TYPES[self.activity_kind or "todo"],
            self.date_deadline,
            summary=self.summary,
            user_id=self.env.uid,
        )

    def _do_call(self, record):
        activity = record.activity_schedule(
            ACTIVITY_TYPES["call"],
            fields.Date.context_today(self),
            summary=self.env._("Call"),
            user_id=self.env.uid,
        )
        activity.action_feedback(feedback=self.body)

    def _do_draft(self, record):
        """Open the composer: the person reads it again and sends it, or not."""
        lines = Markup("<br/>").join((self.body or "").splitlines())
        partner = record if record._name == "res.partner" else record.partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draft Message"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": record._name,
                "default_res_ids": record.ids,
                "default_partner_ids": partner.ids,
                "default_subject": self.summary,
                "default_body": Markup("<p>%s</p>") % lines,
                "default_composition_mode": "comment",
            },
        }
