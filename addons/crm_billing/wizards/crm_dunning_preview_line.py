from odoo import fields, models


class CrmDunningPreviewLine(models.TransientModel):
    _name = "crm.dunning.preview.line"
    _description = "Line of the Preview of Reminders"

    preview_id = fields.Many2one(
        "crm.dunning.preview", required=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one("account.move", string="Invoice")
    partner_id = fields.Many2one("res.partner", string="Client")
    action = fields.Selection(
        [
            ("send", "Leaves"),
            ("task", "Task"),
            ("wait", "Waits"),
            ("nothing", "Nothing"),
        ]
    )
    step_id = fields.Many2one("crm.dunning.step")
    message_step_id = fields.Many2one("crm.dunning.step", string="Message")
    date_due = fields.Date(string="Due Date")
    date_until = fields.Date(string="Leaves On")
    currency_id = fields.Many2one("res.currency")
    amount_residual = fields.Monetary(string="Left to Pay")
    explanation = fields.Char(string="Why")
