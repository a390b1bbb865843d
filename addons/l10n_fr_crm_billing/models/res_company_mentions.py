from decimal import Decimal

from odoo import api, fields, models

from ..const import FRENCH_COUNTRIES
from ..lib.facts import Seller
from ..lib.legal_forms import FORMS, NONE, SOLE_TRADERS, describe_registry
from ..lib.typography import describe_rate, format_amount, format_rate

# What the law says when nothing was agreed: C. com. L441-10 II and D441-5.
LEGAL_RATE = "refinancement de la BCE majoré de 10 points de pourcentage"
LEGAL_FEE_EUR = Decimal(40)


class ResCompany(models.Model):
    _inherit = "res.company"

    fr_legal_form = fields.Selection(
        selection="_selection_fr_legal_form", string="Legal Form"
    )
    fr_legal_form_other = fields.Char(string="Other Legal Form")
    fr_is_sole_trader = fields.Boolean(compute="_compute_fr_legal_form_facts")
    fr_has_capital = fields.Boolean(compute="_compute_fr_legal_form_facts")
    fr_share_capital = fields.Monetary(string="Share Capital")
    fr_registry_kind = fields.Selection(
        [
            ("rcs", "RCS (trade and companies register)"),
            ("rne", "RNE (national register of businesses)"),
            ("rm", "RM (register of trades)"),
            ("other", "Other register"),
            ("none", "Not registered"),
        ],
        string="Register",
        compute="_compute_fr_registry_kind",
        store=True,
        readonly=False,
    )
    fr_registry_town = fields.Char(string="Town of the Register")
    fr_registry_other = fields.Char(string="Register and Number")
    fr_vat_regime = fields.Selection(
        [("real", "VAT is charged"), ("franchise", "Small business exemption")],
        string="VAT Regime",
        default="real",
        required=True,
    )
    fr_franchise_activity = fields.Selection(
        [
            ("goods", "Sales of goods, accommodation"),
            ("services", "Services"),
            ("liberal", "Lawyers, authors, artists"),
        ],
        string="Main Activity",
        default="services",
        required=True,
        help="Decides the thresholds of the small business exemption.",
    )
    fr_vat_on_debits = fields.Boolean(
        string="VAT on Debits",
        help="The company opted to owe the VAT on its services when it invoices.",
    )
    fr_is_vat_group_member = fields.Boolean(string="Member of a VAT Group")
    fr_vat_group = fields.Char(
        string="VAT Group", help="Name, address and VAT number of the group."
    )
    fr_is_association_member = fields.Boolean(
        string="Member of an Approved Association",
        help="Approved management centre or association: payment by cheque accepted.",
    )
    fr_is_building_trade = fields.Boolean(string="Building Trade")
    fr_insurer = fields.Char(string="Insurer")
    fr_insurer_contact = fields.Char(string="Contact of the Insurer")
    fr_insurance_territory = fields.Char(
        string="Territory Covered", default="France métropolitaine"
    )
    fr_mediator = fields.Char(
        string="Consumer Mediator", help="Name, address and web site."
    )
    fr_late_penalty_text = fields.Char(
        string="Penalty Rate in Words",
        help="For instance: 12,15 % par an. Empty: from the rate of late interest.",
    )
    fr_early_discount_text = fields.Char(
        string="Discount for Early Payment",
        help="For instance: 1 % pour paiement sous 8 jours. Empty: no discount.",
    )
    fr_quote_fee = fields.Char(
        string="Price of a Quote",
        default="gratuit",
        help="For consumers: gratuit, or its price.",
    )

    @api.model
    def _selection_fr_legal_form(self):
        names = {
            "ei": self.env._("Sole trader (EI)"),
            "micro": self.env._("Micro-business (EI)"),
            "association": self.env._("Association"),
            "other": self.env._("Other"),
        }
        return [(code, names.get(code, form.words)) for code, form in FORMS.items()]

    @api.model
    def _get_fr_form(self, code):
        """Return what a legal form prints, or nothing when none is chosen."""
        return FORMS.get(code)

    @api.depends("fr_legal_form")
    def _compute_fr_legal_form_facts(self):
        for company in self:
            form = self._get_fr_form(company.fr_legal_form)
            company.fr_is_sole_trader = company.fr_legal_form in SOLE_TRADERS
            company.fr_has_capital = bool(form and form.has_capital)

    @api.depends("fr_legal_form")
    def _compute_fr_registry_kind(self):
        for company in self:
            form = self._get_fr_form(company.fr_legal_form)
            company.fr_registry_kind = form.registry if form else "rcs"

    def _is_fr_billing(self):
        """Tell whether the invoices of the company follow French law."""
        self.ensure_one()
        country = self.country_id or self.account_fiscal_country_id
        return country.code in FRENCH_COUNTRIES

    def _prepare_fr_seller(self):
        """Return the company as the seller of a document."""
        self.ensure_one()
        form = self._get_fr_form(self.fr_legal_form)
        # Sellers and portal visitors print documents too.
        partner = self.partner_id.sudo()
        registry = describe_registry(
            self.fr_registry_kind,
            self.fr_registry_town or "",
            self.fr_registry_other or "",
        )
        words = form.words if form else ""
        if self.fr_legal_form == "other":
            words = self.fr_legal_form_other or ""
        return Seller(
            **partner._prepare_fr_party(),
            legal_form=words,
            needs_capital=self.fr_has_capital,
            capital=self._describe_fr_capital(),
            is_sole_trader=self.fr_is_sole_trader,
            needs_registry=self.fr_registry_kind != NONE,
            registry=registry,
            is_franchise=self.fr_vat_regime == "franchise",
            vat_on_debits=self.fr_vat_on_debits,
            is_vat_group_member=self.fr_is_vat_group_member,
            vat_group=self.fr_vat_group or "",
            is_association_member=self.fr_is_association_member,
            is_building_trade=self.fr_is_building_trade,
            insurance=self._describe_fr_insurance(),
            mediator=self.fr_mediator or "",
            rounds_per_line=self.tax_calculation_rounding_method == "round_per_line",
        )

    def _describe_fr_capital(self):
        capital = Decimal(str(self.fr_share_capital or 0))
        if not capital:
            return ""
        decimals = 0 if capital == capital.to_integral_value() else 2
        return format_amount(capital, self.currency_id.name, decimals)

    def _describe_fr_insurance(self):
        parts = (
            self.fr_insurer,
            self.fr_insurer_contact,
            self.fr_insurance_territory,
        )
        return ", ".join(parts) if all(parts) else ""

    def _describe_fr_late_rate(self, buyer):
        """Return the penalty rate in words, to be read after ``au taux de``."""
        self.ensure_one()
        # Everyone who prints reads the rate, whatever they may configure.
        own, public = (
            self.late_interest_reference_id.sudo(),
            self.late_interest_public_reference_id.sudo(),
        )
        if buyer.is_public_buyer and public:
            return describe_rate(
                public._get_fr_words(), 1, self.late_interest_public_points
            )
        if self.fr_late_penalty_text:
            return self.fr_late_penalty_text
        if self.late_interest_method == "contract":
            rate = Decimal(str(self.late_interest_rate)).quantize(Decimal("0.0001"))
            return f"{format_rate(rate)} par an"
        if self.late_interest_method == "reference" and own:
            return describe_rate(
                own._get_fr_words(),
                self.late_interest_factor,
                self.late_interest_points,
            )
        return LEGAL_RATE

    def _describe_fr_recovery_fee(self):
        self.ensure_one()
        fee = Decimal(str(self.late_interest_fee or 0)) or LEGAL_FEE_EUR
        decimals = 0 if fee == fee.to_integral_value() else 2
        return format_amount(fee, self.currency_id.name, decimals)
