from odoo import models


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _has_rate_on(self, day, company):
        """Tell whether an amount can be converted that day.

        Core silently takes 1 when there is no rate at all.
        """
        self.ensure_one()
        if self == company.currency_id:
            return True
        root = company.root_id
        return any(
            rate.name <= day
            # sudo: rates are no secret, portal users cannot read them
            for rate in self.sudo().rate_ids
            if not rate.company_id or rate.company_id == root
        )
