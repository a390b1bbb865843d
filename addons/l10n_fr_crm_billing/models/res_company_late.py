from odoo import models

ADDON = "l10n_fr_crm_billing"
# Revenus des créances commerciales; indemnités et autres produits.
INTEREST_ACCOUNT = "7631"
FEE_ACCOUNT = "758"


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_late_interest_defaults(self):
        """Nothing agreed: refinancing rate of the ECB plus ten points, and 40 EUR.

        Code de commerce L441-10 II and D441-5; public buyers, R2192-31 of the code
        de la commande publique: plus eight; consumers, code civil 1231-6.
        """
        defaults = super()._get_late_interest_defaults()
        references = [
            self.env.ref(f"{ADDON}.crm_late_reference_{name}", raise_if_not_found=False)
            for name in ("ecb", "legal")
        ]
        if self.country_id.code != "FR" or not all(references):
            return defaults
        ecb, legal = references
        euro = self.currency_id.name == "EUR"
        return {
            **defaults,
            "late_interest_method": "reference",
            "late_interest_reference_id": ecb.id,
            "late_interest_factor": 1.0,
            "late_interest_points": 10.0,
            # The decree says 40 EUR: other currencies are typed by the company.
            "late_interest_fee": 40.0 if euro else self.late_interest_fee,
            "late_interest_floor_reference_id": legal.id,
            "late_interest_floor_factor": 3.0,
            "late_interest_public_reference_id": ecb.id,
            "late_interest_public_points": 8.0,
            "late_interest_consumer_reference_id": legal.id,
            "late_limit_years_business": 5,
            "late_limit_years_consumer": 2,
        }

    def _get_late_interest_account_codes(self):
        if self.account_fiscal_country_id.code == "FR":
            return (INTEREST_ACCOUNT, FEE_ACCOUNT)
        return super()._get_late_interest_account_codes()
