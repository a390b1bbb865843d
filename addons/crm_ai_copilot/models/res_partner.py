from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    crm_is_opposed = fields.Boolean(
        string="Objects to Solicitation",
        tracking=True,
        copy=False,
        help="The contact asked not to be solicited (GDPR, article 21): no follow-up in"
        " batches is sent.",
    )
