from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    payment_link_on_invoices = fields.Boolean(
        related="company_id.payment_link_on_invoices", readonly=False
    )
    payment_link_save_means = fields.Boolean(
        related="company_id.payment_link_save_means", readonly=False
    )
    payment_link_receipt_mail = fields.Boolean(
        related="company_id.payment_link_receipt_mail", readonly=False
    )
