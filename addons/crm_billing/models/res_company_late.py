from decimal import Decimal

from odoo import api, fields, models

from ..lib.late_interest import derived_rates, fixed_rate

# Settings a country gives, as long as nobody has chosen them.
LATE_SETTINGS = (
    "late_interest_method",
    "late_interest_rate",
    "late_interest_reference_id",
    "late_interest_factor",
    "late_interest_points",
    "late_interest_fee",
    "late_interest_floor_reference_id",
    "late_interest_floor_factor",
    "late_interest_public_reference_id",
    "late_interest_public_points",
    "late_interest_consumer_reference_id",
    "late_limit_years_business",
    "late_limit_years_consumer",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    late_interest_method = fields.Selection(
        [("contract", "Rate of the contract"), ("reference", "Reference rate")],
        string="Late Interest",
        help="Empty: no late interest is computed.",
    )
    late_interest_rate = fields.Float(string="Contract Rate (% a year)", digits=(16, 4))
    late_interest_reference_id = fields.Many2one(
        "crm.late.reference", string="Reference Rate", ondelete="restrict"
    )
    late_interest_factor = fields.Float(
        string="Times", digits=(16, 4), default=1.0, help="Multiplies the reference."
    )
    late_interest_points = fields.Float(
        string="Plus Points", digits=(16, 4), help="Added to the reference, in points."
    )
    late_interest_fee = fields.Monetary(
        string="Recovery Fee",
        help="Once per invoice that a business pays late, outside tax.",
    )
    late_interest_account_id = fields.Many2one(
        "account.account",
        string="Account of Late Interest",
        domain=[("account_type", "in", ("income", "income_other"))],
        check_company=True,
    )
    late_interest_fee_account_id = fields.Many2one(
        "account.account",
        string="Account of Recovery Fees",
        domain=[("account_type", "in", ("income", "income_other"))],
        check_company=True,
    )
    # What the law adds to the choice of the company.
    late_interest_floor_reference_id = fields.Many2one(
        "crm.late.reference", string="Lowest Lawful Rate: Reference"
    )
    late_interest_floor_factor = fields.Float(
        string="Lowest Lawful Rate: Times", digits=(16, 4)
    )
    late_interest_public_reference_id = fields.Many2one(
        "crm.late.reference", string="Public Buyers: Reference"
    )
    late_interest_public_points = fields.Float(
        string="Public Buyers: Plus Points", digits=(16, 4)
    )
    late_interest_consumer_reference_id = fields.Many2one(
        "crm.late.reference",
        string="Consumers: Reference",
        help="Counted from the day the formal notice was received; empty: consumers"
        " owe no interest.",
    )
    late_limit_years_business = fields.Integer(
        string="Years to Sue a Business", help="Zero: no date is shown."
    )
    late_limit_years_consumer = fields.Integer(
        string="Years to Sue a Consumer", help="Zero: no date is shown."
    )
    late_interest_warning = fields.Char(compute="_compute_late_interest_warning")

    @api.depends(
        "late_interest_method",
        "late_interest_rate",
        "late_interest_reference_id.rate_ids.rate_pct",
        "late_interest_factor",
        "late_interest_points",
        "late_interest_floor_reference_id.rate_ids.rate_pct",
        "late_interest_floor_factor",
    )
    def _compute_late_interest_warning(self):
        for company in self:
            company.late_interest_warning = company._get_late_interest_warning()

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._set_late_interest_defaults()
        return companies

    def write(self, vals):
        res = super().write(vals)
        if "country_id" in vals:
            self._set_late_interest_defaults()
        return res

    # === What a country says === #

    def _get_late_interest_defaults(self):
        """Return the settings of the company's country, a dict of LATE_SETTINGS.

        Localizations override it; nothing is computed where no country speaks.
        """
        self.ensure_one()
        return {}

    def _get_late_interest_account_codes(self):
        """Return (interest, fee) codes of accounts to take when none is set."""
        self.ensure_one()
        return (False, False)

    @api.model
    def _set_late_interest_defaults_everywhere(self):
        """Called by the data of a localization when it is installed."""
        self.search(
            [("late_interest_method", "=", False)]
        )._set_late_interest_defaults()

    def _set_late_interest_defaults(self):
        """Give the country's settings to companies where nobody chose a method."""
        for company in self.filtered(lambda c: not c.late_interest_method):
            defaults = company._get_late_interest_defaults()
            values = {k: v for k, v in defaults.items() if k in LATE_SETTINGS}
            if values:
                company.write(values)

    # === Rates === #

    def _get_late_interest_terms(self, partner):
        """Return (rate periods, references used) for one client.

        :return: an empty table when this client owes no interest
        """
        self.ensure_one()
        nothing = self.env["crm.late.reference"]
        if not self.late_interest_method:
            return (), nothing
        if not partner._is_business_customer():
            reference = self.late_interest_consumer_reference_id
            return reference._get_rate_periods(), reference
        public = self.late_interest_public_reference_id
        if partner.commercial_partner_id.is_public_buyer and public:
            points = Decimal(str(self.late_interest_public_points))
            return derived_rates(public._get_rate_periods(), Decimal(1), points), public
        if self.late_interest_method == "contract":
            return fixed_rate(Decimal(str(self.late_interest_rate))), nothing
        reference = self.late_interest_reference_id
        table = derived_rates(
            reference._get_rate_periods(),
            Decimal(str(self.late_interest_factor)),
            Decimal(str(self.late_interest_points)),
        )
        return table, reference

    def _get_late_interest_warning(self):
        """Return the sentence about a rate below the lawful one, or False."""
        self.ensure_one()
        floor = self.late_interest_floor_reference_id
        newest = floor.rate_ids.sorted("date_from")[-1:]
        if not self.late_interest_method or not newest:
            return False
        least = newest.rate_pct * self.late_interest_floor_factor
        rate = self.late_interest_rate
        if self.late_interest_method == "reference":
            table = self.late_interest_reference_id.rate_ids
            known = table.filtered(lambda r: r.date_from <= newest.date_from)
            base = known.sorted("date_from")[-1:].rate_pct
            rate = base * self.late_interest_factor + self.late_interest_points
        if round(rate, 4) >= round(least, 4):
            return False
        return self.env._(
            "%(rate)s %% a year is below the lowest lawful rate, %(least)s %%"
            " (%(factor)s times %(reference)s): a court may set it aside.",
            rate=f"{rate:.2f}",
            least=f"{least:.2f}",
            factor=f"{self.late_interest_floor_factor:g}",
            reference=floor.name,
        )

    # === Accounts === #

    def _get_late_interest_accounts(self):
        """Return the accounts of interest and of the fee; empty when not found."""
        self.ensure_one()
        chosen = (self.late_interest_account_id, self.late_interest_fee_account_id)
        codes = self._get_late_interest_account_codes()
        return tuple(
            account or self._find_income_account(code)
            for account, code in zip(chosen, codes, strict=True)
        )

    def _find_income_account(self, code):
        accounts = self.env["account.account"].with_company(self)
        if not code:
            return accounts
        return accounts.search(
            [
                *accounts._check_company_domain(self),
                ("code", "=like", f"{code}%"),
                ("account_type", "in", ("income", "income_other")),
            ],
            order="code",
            limit=1,
        )
