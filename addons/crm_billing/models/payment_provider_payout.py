from odoo import models


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    def _prepare_payout_books(self):
        """Set up the books of accounts that never had a payment.

        With payments already posted a person decides, on the connection.
        """
        for provider in self.sudo().filtered(lambda p: p.code == "stripe"):
            connection = provider.crm_connection_ids[:1]
            if not connection or connection.payout_clearing_account_id:
                continue
            if not provider.company_id.root_id.chart_template:
                continue
            payments = self.env["account.payment"].sudo()
            domain = [("payment_transaction_id.provider_id", "=", provider.id)]
            if not payments.search_count(domain, limit=1):
                connection._as_bookkeeper()._set_up_payouts()
