from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    payment_link_amount_mode = fields.Selection(
        [("as_is", "As it is (tax included)"), ("plus_tax", "Plus tax")],
        string="Amount of Payment Links",
        default="as_is",
        required=True,
        help="What the expected revenue of a deal means when a payment link is made.",
    )
    payment_link_tax_id = fields.Many2one(
        "account.tax",
        string="Tax of Payment Links",
        domain=[("type_tax_use", "=", "sale"), ("amount_type", "=", "percent")],
        check_company=True,
        help="Added when the amount is meant without tax; empty: the default sales "
        "tax of the company.",
    )
    payment_link_validity_days = fields.Integer(
        string="Payment Links Valid (days)",
        default=30,
        required=True,
        help="After this the client is told to ask for a new link.",
    )

    _payment_link_validity_range = models.Constraint(
        "CHECK(payment_link_validity_days BETWEEN 1 AND 365)",
        "A payment link is valid between 1 and 365 days.",
    )

    def _get_payment_link_tax(self):
        self.ensure_one()
        return self.payment_link_tax_id or self.account_sale_tax_id
