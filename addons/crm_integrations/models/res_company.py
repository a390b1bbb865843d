from odoo import fields, models

from ..lib.exchange import Retention


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_exchange_body_days = fields.Integer(
        string="Keep Bodies of Exchanges (days)", default=30
    )
    crm_exchange_row_days = fields.Integer(string="Keep Exchanges (days)", default=365)
    crm_exchange_failed_days = fields.Integer(
        string="Keep Failed Exchanges (days)", default=730
    )

    _crm_exchange_days_positive = models.Constraint(
        "CHECK(COALESCE(crm_exchange_body_days, 0) >= 0"
        " AND COALESCE(crm_exchange_row_days, 0) >= 0"
        " AND COALESCE(crm_exchange_failed_days, 0) >= 0)",
        "A number of days cannot be negative.",
    )

    def _get_exchange_retention(self) -> Retention:
        self.ensure_one()
        return Retention(
            body_days=self.crm_exchange_body_days,
            row_days=self.crm_exchange_row_days,
            failed_days=self.crm_exchange_failed_days,
        )
