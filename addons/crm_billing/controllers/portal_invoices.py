from odoo import http
from odoo.http import request

from odoo.addons.account_payment.controllers.portal import PortalAccount


class CrmPortalAccount(PortalAccount):
    @http.route()
    def portal_my_overdue_invoices(self, access_token=None, **kw):
        """Each late invoice has its own button to our page: one road to pay."""
        invoices = request.env["account.move"].search(
            self._get_overdue_invoices_domain(), limit=1
        )
        if invoices and invoices._get_payment_page_url():
            return request.redirect("/my/invoices?filterby=overdue_invoices")
        return super().portal_my_overdue_invoices(access_token=access_token, **kw)
