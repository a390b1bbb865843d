from odoo import fields, models
from odoo.tools import html2plaintext, is_html_empty

from ..lib.snapshot import number_text

# Field of the order -> name in a version: what the client reads besides the lines.
QUOTED_TERMS = {
    "partner_id": "partner",
    "partner_invoice_id": "invoice_address",
    "partner_shipping_id": "delivery_address",
    "validity_date": "validity_date",
    "payment_term_id": "payment_term",
    "fiscal_position_id": "fiscal_position",
    "client_order_ref": "client_order_ref",
    "currency_id": "currency",
    "note": "note",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_quote(self):
        """Return what the quotation says now, as plain values (``lib/snapshot.py``)."""
        self.ensure_one()
        # sudo: taxes and terms of the quotation, for whoever may read it
        order = self.sudo().with_context(lang=self._get_lang())
        decimals = order.currency_id.decimal_places
        return {
            "order": order._prepare_quote_terms(),
            "lines": [line._prepare_quote_line() for line in order._get_quoted_lines()],
            "totals": {
                name: number_text(order[f"amount_{name}"], decimals)
                for name in ("untaxed", "tax", "total")
            },
        }

    def _prepare_quote_terms(self):
        """Return the terms and texts; other addons add theirs with their label."""
        self.ensure_one()
        note = "" if is_html_empty(self.note) else html2plaintext(self.note).strip()
        return {
            "partner": self._prepare_quote_record(self.partner_id),
            "invoice_address": self._prepare_quote_record(self.partner_invoice_id),
            "delivery_address": self._prepare_quote_record(self.partner_shipping_id),
            "validity_date": fields.Date.to_string(self.validity_date) or "",
            "payment_term": self._prepare_quote_record(self.payment_term_id),
            "fiscal_position": self._prepare_quote_record(self.fiscal_position_id),
            "client_order_ref": self.client_order_ref or "",
            "currency": self._prepare_quote_record(self.currency_id),
            "note": note,
        }

    def _get_quote_labels(self):
        """Return what the terms and the fields of a line are called on screens."""
        return {
            "partner": self.env._("Client"),
            "invoice_address": self.env._("Invoicing address"),
            "delivery_address": self.env._("Delivery address"),
            "validity_date": self.env._("Valid until"),
            "payment_term": self.env._("Payment terms"),
            "fiscal_position": self.env._("Fiscal position"),
            "client_order_ref": self.env._("Client reference"),
            "currency": self.env._("Currency"),
            "note": self.env._("Terms and conditions"),
            "name": self.env._("Description"),
            "quantity": self.env._("Quantity"),
            "uom": self.env._("Unit"),
            "price_unit": self.env._("Unit price"),
            "discount": self.env._("Discount"),
            "taxes": self.env._("Taxes"),
        }

    def _prepare_quote_record(self, record):
        return {"id": record.id, "text": record.display_name} if record else {}

    def _get_quoted_lines(self):
        """Return the lines of the offer in their order, without its deposits."""
        lines = self.order_line.filtered(lambda line: not line.is_downpayment)
        return lines.sorted(lambda line: (line.sequence, line.id))
