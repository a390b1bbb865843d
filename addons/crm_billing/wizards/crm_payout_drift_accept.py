from odoo import fields, models


class CrmPayoutDriftAccept(models.TransientModel):
    """Why a difference with Stripe is accepted."""

    _name = "crm.payout.drift.accept"
    _description = "Accept Differences"

    drift_ids = fields.Many2many(
        "crm.payout.drift",
        string="Differences",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char(required=True)

    def action_accept(self):
        """Keep these differences; they are not told again while they stay the same."""
        self.ensure_one()
        self.drift_ids._accept(self.reason)
        return {"type": "ir.actions.act_window_close"}
