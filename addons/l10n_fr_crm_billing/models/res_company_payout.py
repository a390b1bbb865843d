from odoo import models

# Plan comptable général: 6278 other charges on services of banks, 511 values to be
# cashed, 471 waiting accounts, 517 other financial institutions.
FEE_CODES = ("6278%", "627%")
PAYOUT_CODES = {"clearing": "511500", "waiting": "471100", "liquidity": "517000"}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _find_payout_fee_account(self):
        account = super()._find_payout_fee_account()
        if account or self.account_fiscal_country_id.code != "FR":
            return account
        accounts = self.env["account.account"].with_company(self)
        for code in FEE_CODES:
            account = accounts.search(
                [
                    *accounts._check_company_domain(self),
                    ("code", "=like", code),
                    ("account_type", "=", "expense"),
                ],
                order="code",
                limit=1,
            )
            if account:
                break
        return account

    def _get_payout_account_codes(self):
        codes = super()._get_payout_account_codes()
        if self.account_fiscal_country_id.code == "FR":
            return {**codes, **PAYOUT_CODES}
        return codes
