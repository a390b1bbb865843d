from decimal import Decimal

from odoo import fields, models

from ..lib.late_interest import RatePeriod


class CrmLateReference(models.Model):
    """A rate somebody publishes, such as a central bank, with its history."""

    _name = "crm.late.reference"
    _description = "Reference Rate of Late Interest"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    country_id = fields.Many2one("res.country")
    source = fields.Char(
        string="Published By",
        translate=True,
        help="Where the next rate will be found, for whoever has to type it.",
    )
    rate_ids = fields.One2many("crm.late.rate", "reference_id", string="Rates")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This code is already used.")

    def _get_rate_periods(self):
        """Return the table as lib.late_interest wants it; empty without reference."""
        return tuple(
            RatePeriod(rate.date_from, rate.date_to, Decimal(str(rate.rate_pct)))
            for rate in self.rate_ids
        )

    def _get_rates_action(self):
        """Open the table, where a missing period is added."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_late_rate_action"
        )
        if self:
            action["domain"] = [("reference_id", "in", self.ids)]
            action["context"] = {"default_reference_id": self[:1].id}
        return action
