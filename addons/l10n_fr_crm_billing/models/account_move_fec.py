from odoo import fields, models


class AccountMove(models.Model):
    """The day an entry is secured by its hash is the day it becomes final."""

    _inherit = "account.move"

    fec_valid_date = fields.Date(string="Secured On", readonly=True, copy=False)

    def write(self, vals):
        if vals.get("inalterable_hash") and "fec_valid_date" not in vals:
            vals = {**vals, "fec_valid_date": fields.Date.context_today(self)}
        return super().write(vals)
