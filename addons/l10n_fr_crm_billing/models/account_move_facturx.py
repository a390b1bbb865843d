from odoo import api, models

from ..lib import exemptions
from ..lib.document_kind import DocumentKind, merge_operations

# French customers see these when no record of mentions answers.
EXEMPTION_TEXTS = {
    exemptions.FRANCHISE: "TVA non applicable, article 293 B du CGI",
    exemptions.REVERSE_CHARGE_BUILDING: "Autoliquidation",
    exemptions.REVERSE_CHARGE: "Autoliquidation",
    exemptions.INTRA_GOODS: "Exonération de TVA, article 262 ter I du CGI",
    exemptions.EXPORT: "Exonération de TVA, article 262 I du CGI",
    exemptions.OUT_OF_SCOPE: "Opération hors champ de la TVA française",
    exemptions.EXEMPT: "Exonération de TVA",
    exemptions.MARGIN: "Régime particulier - Biens d'occasion",
    exemptions.TRAVEL_AGENCY: "Régime particulier - Agences de voyages",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _is_fr_facturx(self):
        """Tell whether the French rules apply: a sale document of a French company."""
        self.ensure_one()
        company = self.company_id
        country = company.account_fiscal_country_id or company.country_id
        return (
            self.is_sale_document()
            and country.code in company._get_france_country_codes()
        )

    # What the document is

    def _get_fr_deposit_lines(self):
        """Return the lines that deduct a deposit invoice (empty on a deposit)."""
        self.ensure_one()
        if self._is_downpayment():
            return self.env["account.move.line"]
        return self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product" and line._get_downpayment_lines() - line
            )
        )

    def _get_fr_deposits(self):
        """Return the posted deposit invoices this final invoice deducts."""
        moves = self._get_fr_deposit_lines()._get_downpayment_lines().move_id - self
        return moves.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        ).sorted(lambda move: (move.invoice_date, move.name))

    def _get_fr_operation(self, lines=None):
        """Return goods, services or mixed: products first, scope of the taxes else."""
        self.ensure_one()
        if lines is None:
            lines = (
                self.invoice_line_ids.filtered(lambda x: x.display_type == "product")
                - self._get_fr_deposit_lines()
            )
        found = {line._get_fr_operation() for line in lines} - {None}
        return merge_operations(found, default="services")

    def _get_fr_buyer_kind(self):
        """Return b2b (French business), b2bint (business abroad) or b2c."""
        buyer = self.commercial_partner_id
        if not buyer._is_business_customer():
            return "b2c"
        codes = self.company_id._get_france_country_codes()
        country = buyer.country_id.code
        return "b2b" if not country or country in codes else "b2bint"

    def _get_fr_document_kind(self):
        """Return the facts that choose codes and mentions (lib ``DocumentKind``)."""
        self.ensure_one()
        return DocumentKind(
            operation=self._get_fr_operation(),
            buyer=self._get_fr_buyer_kind(),
            is_credit_note=self.move_type == "out_refund",
            is_deposit=bool(self._is_downpayment()),
            is_final=bool(self._get_fr_deposit_lines()),
            is_paid=self._is_fr_paid(),
            vat_on_debits=self._is_fr_vat_on_debits(),
        )

    def _is_fr_paid(self):
        return (
            self.state == "posted"
            and self.move_type == "out_invoice"
            and self.payment_state in ("paid", "in_payment")
            and self.amount_total > 0
            and self.currency_id.is_zero(self.amount_residual)
        )

    def _is_fr_vat_on_debits(self):
        """Tell whether the seller pays VAT on invoicing for services (hook)."""
        return False

    def _get_fr_invoice_notes(self):
        """Return the notes of the e-invoice by subject code: PMD, PMT, AAB, TXD (hook).

        The sentences are the ones printed on the document.
        """
        return {}

    @api.model
    def _get_fr_exemption_texts(self):
        """Return the words of each case of ``lib.exemptions`` (hook)."""
        return dict(EXEMPTION_TEXTS)

    def _get_fr_exemption_case(self, tax, operation):
        """Return the case of an untaxed line (hook)."""
        self.ensure_one()
        buyer = self.commercial_partner_id
        codes = self.company_id._get_france_country_codes()
        europe = self.env.ref("base.europe").country_ids.mapped("code")
        country = buyer.country_id.code
        zone = "FR" if not country or country in codes else "OUT"
        if zone == "OUT" and country in europe:
            zone = "EU"
        if not tax and zone == "FR":
            return exemptions.OUT_OF_SCOPE
        clue = exemptions.Clue(tax.ubl_cii_tax_category_code or "", zone, operation)
        return exemptions.find_case(clue, tax.ubl_cii_tax_exemption_reason_code or "")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_fr_operation(self):
        """Return goods, services or None when nothing tells."""
        self.ensure_one()
        if self.product_id:
            return "services" if self.product_id.type == "service" else "goods"
        scopes = set(self.tax_ids.mapped("tax_scope")) - {False}
        if len(scopes) == 1:
            return "services" if scopes == {"service"} else "goods"
        return None
