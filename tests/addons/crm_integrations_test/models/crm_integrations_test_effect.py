from odoo import fields, models


class CrmIntegrationsTestEffect(models.Model):
    """One row each time an exchange had its effect: two rows mean twice."""

    _name = "crm.integrations.test.effect"
    _description = "Effect of a Test Exchange"

    name = fields.Char(required=True, index=True)
    exchange_id = fields.Many2one("crm.exchange", ondelete="set null")
