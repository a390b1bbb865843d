from odoo import models


class PaymentLinkWizard(models.TransientModel):
    _inherit = "payment.link.wizard"

    def _compute_link(self):
        """Core's window gives our address: the client must not find two pages."""
        result = super()._compute_link()
        for wizard in self.filtered(lambda w: w.res_model == "account.move"):
            move = self.env["account.move"].browse(wizard.res_id)
            if url := move._get_payment_page_url():
                wizard.link = url
        return result
