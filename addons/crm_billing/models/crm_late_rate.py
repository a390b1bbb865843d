from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class CrmLateRate(models.Model):
    """The rate of one period; a missing period is asked for, never guessed."""

    _name = "crm.late.rate"
    _description = "Rate of Late Interest"
    _order = "reference_id, date_from desc"
    _rec_name = "reference_id"

    reference_id = fields.Many2one(
        "crm.late.reference", required=True, index=True, ondelete="cascade"
    )
    reference = fields.Char(
        related="reference_id.code", string="Reference Code", store=True
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    rate_pct = fields.Float(string="Rate (%)", digits=(16, 4), required=True)
    source = fields.Char(help="Text that published the rate.")

    _dates_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A period ends after it starts."
    )

    @api.constrains("reference_id", "date_from", "date_to")
    def _check_overlap(self):
        """Two rates for one day would make the interest a matter of luck."""
        for rate in self:
            others = rate.reference_id.rate_ids - rate
            for other in others:
                if other.date_from <= rate.date_to and rate.date_from <= other.date_to:
                    raise ValidationError(
                        self.env._(
                            "%(reference)s already has a rate between %(start)s and"
                            " %(end)s: change that one, or choose other dates.",
                            reference=rate.reference_id.name,
                            start=format_date(self.env, other.date_from),
                            end=format_date(self.env, other.date_to),
                        )
                    )
