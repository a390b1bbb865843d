from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_idle_days = fields.Integer(
        string="Idle after (days)",
        default=14,
        help="A deal without exchange for longer is idle in the analysis.",
    )
