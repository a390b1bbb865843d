from odoo import fields, models

from ..models.crm_next_action import DISMISS_REASONS


class CrmNextActionDismiss(models.TransientModel):
    _name = "crm.next.action.dismiss"
    _description = "Dismissal of a Next Action"

    action_id = fields.Many2one("crm.next.action", required=True, ondelete="cascade")
    reason = fields.Selection(DISMISS_REASONS, required=True, default="wrong")
    note = fields.Char()

    def action_confirm(self):
        self.ensure_one()
        self.action_id.action_dismiss(self.reason, self.note)
        return {"type": "ir.actions.act_window_close"}
