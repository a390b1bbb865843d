from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController


class InvoiceTicketController(HelpdeskTicketController):
    """A ticket opened from the page of an invoice names that invoice."""

    def _get_create_new_ticket_values(self, **kw):
        values = super()._get_create_new_ticket_values(**kw)
        values["invoice"] = self._find_own_invoice(kw.get("invoice"))
        return values

    def _prepare_submit_ticket_vals(self, **kw):
        values = super()._prepare_submit_ticket_vals(**kw)
        invoice = self._find_own_invoice(kw.get("invoice"))
        if invoice:
            values["invoice_ids"] = [(6, 0, invoice.ids)]
            values["company_id"] = invoice.company_id.id
        return values

    def _find_own_invoice(self, number):
        """Return the invoice the visitor may read under that id, or nothing."""
        return request.env["account.move"]._find_for_ticket(number)
