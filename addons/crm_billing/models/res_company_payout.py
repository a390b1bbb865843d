from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    payout_fee_account_id = fields.Many2one(
        "account.account",
        string="Account of Payment Fees",
        domain=[("account_type", "in", ("expense", "expense_direct_cost"))],
        check_company=True,
        help="Where the fees kept by Stripe are booked; empty: the account of bank "
        "charges of your country, when it is known.",
    )
    payout_fee_tax_ids = fields.Many2many(
        "account.tax",
        "res_company_payout_fee_tax_rel",
        string="Tax on Payment Fees",
        domain=[("type_tax_use", "=", "purchase")],
        check_company=True,
        help="A reverse charge tax when the fees come from abroad and their invoice "
        "is not entered as a bill. Empty: no tax on the fees.",
    )
    payout_late_days = fields.Integer(
        string="Payouts Late After (days)",
        default=5,
        required=True,
        help="Days after its arrival date before a payout without bank line is shown "
        "as a difference.",
    )
    payout_accountant_id = fields.Many2one(
        "res.users",
        string="Told of Differences",
        domain=[("share", "=", False)],
        help="Gets one task and one mail per new difference with Stripe; empty: the "
        "responsible of the connection.",
    )

    _payout_late_days_range = models.Constraint(
        "CHECK(payout_late_days BETWEEN 1 AND 60)",
        "Payouts are late between 1 and 60 days after their arrival date.",
    )

    @api.constrains("payout_fee_tax_ids")
    def _check_payout_fee_tax(self):
        for company in self:
            for tax in company.payout_fee_tax_ids:
                lines = tax.invoice_repartition_line_ids
                factors = lines.filtered(lambda x: x.repartition_type == "tax")
                if round(sum(factors.mapped("factor_percent")), 4):
                    raise ValidationError(
                        self.env._(
                            "%(tax)s adds to the fees: what Stripe keeps would no"
                            " longer be the sum booked. Choose a reverse charge tax,"
                            " which adds and takes away the same.",
                            tax=tax.name,
                        )
                    )

    def _get_payout_fee_account(self):
        """Return the account of the fees, empty when a person must choose it."""
        self.ensure_one()
        return self.payout_fee_account_id or self._find_payout_fee_account()

    def _find_payout_fee_account(self):
        """Return the account of bank charges; countries say which it is."""
        self.ensure_one()
        return self.env["account.account"]

    def _get_payout_account_codes(self):
        """Return the codes new accounts start from: clearing, waiting, journal's own.

        Countries whose chart has a place for them override this.
        """
        self.ensure_one()
        start = (self.bank_account_code_prefix or "1").ljust(6, "0")
        return {"clearing": start, "waiting": start, "liquidity": start}
