from odoo import fields, models

EXEMPTION_CODES = "VATEX-FR-CGI"


class AccountTax(models.Model):
    _inherit = "account.tax"

    fr_exemption_reference = fields.Char(
        string="Exemption Reference",
        help="Article that exempts, printed on the documents. Empty: from the reason "
        "of the electronic invoice, if it names an article.",
    )

    def _get_fr_exemption_words(self):
        """Return the article of an exempt tax, or nothing.

        ``VATEX-FR-CGI261-4`` stands for the 4 of article 261 of the CGI.
        """
        self.ensure_one()
        if self.fr_exemption_reference:
            return self.fr_exemption_reference
        code = self.ubl_cii_tax_exemption_reason_code or ""
        if not code.startswith(EXEMPTION_CODES):
            return ""
        article = code.removeprefix(EXEMPTION_CODES).replace("-", " ")
        return f"article {article} du CGI"
