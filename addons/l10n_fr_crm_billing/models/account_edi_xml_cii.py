from lxml import etree

from odoo import models

from ..lib.facturx_xml import complete

# Asked by German rules (BR-DE), or answered by ours.
NOT_FRENCH = {
    "seller_payment_instructions_1",
    "seller_payment_instructions_2",
    "seller_phone",
    "seller_email",
    "seller_identifier",
    "tax_on_line",
    "tax_invoice_line",
    "intracom_seller_vat",
    "intracom_buyer_vat",
}


class AccountEdiXmlCii(models.AbstractModel):
    _inherit = "account.edi.xml.cii"

    def _export_invoice(self, invoice):
        xml_content, errors = super()._export_invoice(invoice)
        if not invoice._is_fr_facturx():
            return xml_content, errors
        tree = complete(
            etree.fromstring(xml_content), invoice._prepare_facturx_document()
        )
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8"), errors

    def _export_invoice_constraints(self, invoice, vals):
        constraints = super()._export_invoice_constraints(invoice, vals)
        if not invoice._is_fr_facturx():
            return constraints
        constraints = {
            key: message
            for key, message in constraints.items()
            if key not in NOT_FRENCH
        }
        for problem in invoice._get_facturx_problems():
            if problem.blocking:
                key = f"{problem.code}_{problem.value}"
                constraints[key] = invoice._get_facturx_problem_message(problem)
        return constraints

    def _get_import_document_amount_sign(self, tree):
        # Core knows 380 and 381; deposits and their credit notes are sent too.
        code = tree.findtext(".//{*}ExchangedDocument/{*}TypeCode")
        if code in ("384", "386"):
            return "invoice", 1
        if code == "503":
            return "refund", 1
        return super()._get_import_document_amount_sign(tree)
