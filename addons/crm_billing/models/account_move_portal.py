from markupsafe import Markup

from odoo import models


class AccountMove(models.Model):
    """One road to pay for the client: where our page is, core's own is not."""

    _inherit = "account.move"

    def _has_to_be_paid(self):
        return not self._get_payment_page_url() and super()._has_to_be_paid()

    def _get_portal_payment_link(self):
        return self._get_payment_page_url() or super()._get_portal_payment_link()

    def _get_payment_mail_block(self):
        """Return what a mail says about paying: a button and the code, or nothing."""
        self.ensure_one()
        url = self._get_payment_page_url()
        if not url:
            return Markup()
        # sudo: the template is the server's, the values are this invoice's
        return (
            self.env["ir.qweb"]
            .sudo()
            ._render(
                "crm_billing.invoice_mail_payment_block",
                {"url": url, "qr_url": f"{url}/qr.png", "move": self},
                lang=self.partner_id.lang or self.env.lang,
            )
        )
