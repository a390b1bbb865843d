from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..models.crm_next_action_rule import VISIT_RESULTS

ACTIVITIES = {
    "visit": "mail.mail_activity_data_meeting",
    "call": "mail.mail_activity_data_call",
}


class CrmVisitLog(models.TransientModel):
    """A visit or call in two clicks: it becomes a done activity of the deal."""

    _name = "crm.visit.log"
    _description = "Log of a Visit"

    lead_id = fields.Many2one(
        "crm.lead", string="Deal", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("visit", "Visit"), ("call", "Call")], required=True, default="visit"
    )
    result = fields.Selection(VISIT_RESULTS, required=True, default="interested")
    note = fields.Char()
    done_at = fields.Datetime(
        string="When", required=True, default=lambda self: fields.Datetime.now()
    )

    @api.constrains("done_at")
    def _check_done_at(self):
        for log in self:
            if log.done_at > fields.Datetime.now():
                raise ValidationError(
                    self.env._("A visit is logged once it has taken place.")
                )

    def action_log(self):
        """Log it, then propose what comes next."""
        self.ensure_one()
        lead = self.lead_id
        lead.check_access("write")
        labels = dict(self._fields["result"]._description_selection(self.env))
        feedback = ", ".join(filter(None, (labels[self.result], self.note)))
        day = fields.Datetime.context_timestamp(self, self.done_at).date()
        activity = lead.activity_schedule(
            ACTIVITIES[self.kind],
            date_deadline=day,
            summary=dict(self._fields["kind"]._description_selection(self.env))[
                self.kind
            ],
            user_id=self.env.uid,
        )
        activity.crm_visit_result = self.result
        message_id = activity.action_feedback(feedback=feedback)
        activity.date_done = day
        # sudo: the time of our own message, set by its author
        self.env["mail.message"].sudo().browse(message_id).date = self.done_at
        lead._refresh_next_actions()
        return {"type": "ir.actions.act_window_close"}
