from odoo import api, fields, models


class CrmLateCharge(models.Model):
    """Days of delay of an invoice that a debit note has claimed.

    As long as the debit note stands, drafted or posted, these days and the fee are
    not claimed again; once it is deleted, canceled or credited they are free.
    """

    _name = "crm.late.charge"
    _description = "Late Interest Claimed"
    _order = "date_from, id"

    move_id = fields.Many2one(
        "account.move", string="Late Invoice", required=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    debit_move_id = fields.Many2one(
        "account.move", string="Debit Note", required=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="move_id.currency_id", store=True)
    date_from = fields.Date(string="From", help="Empty: only the fee is claimed.")
    date_to = fields.Date(string="To", required=True)
    interest = fields.Monetary()
    fee = fields.Monetary(string="Recovery Fee")
    stands = fields.Boolean(
        compute="_compute_stands", store=True, help="Neither canceled nor credited."
    )

    @api.depends("debit_move_id.state", "debit_move_id.payment_state")
    def _compute_stands(self):
        for charge in self:
            note = charge.debit_move_id
            charge.stands = note.state != "cancel" and note.payment_state != "reversed"
