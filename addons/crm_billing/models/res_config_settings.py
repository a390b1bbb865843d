from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    payment_link_amount_mode = fields.Selection(
        related="company_id.payment_link_amount_mode", readonly=False, required=True
    )
    payment_link_tax_id = fields.Many2one(
        related="company_id.payment_link_tax_id", readonly=False
    )
    payment_link_validity_days = fields.Integer(
        related="company_id.payment_link_validity_days", readonly=False, required=True
    )

    def action_open_stripe_connection(self):
        """Open the Stripe connection of the company, where its keys are entered."""
        return self.env["crm.connection"]._get_stripe_connection_action(self.company_id)
