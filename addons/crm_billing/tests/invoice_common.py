"""Customer invoices of the company with its Stripe account."""

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.queue_job.job import Job

from .common import BillingCase


class InvoiceCase(BillingCase):
    """Whoever bills, whoever sells, and an invoice to be paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        here = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.biller = new_test_user(
            cls.env, "nadia_biller", groups="account.group_account_invoice", **here
        )
        cls.partner = cls.lead.partner_id
        cls.partner.lang = cls.company.partner_id.lang = "en_US"
        cls.invoice = cls.make_invoice(cls.partner, 15000)

    @classmethod
    def make_invoice(cls, partner, amount, post=True, **values):
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "invoice_date": fields.Date.context_today(cls.env["account.move"]),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Site", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def ask(self, document, user=None):
        """Click, then let the job do the call."""
        document.with_user(user or self.biller).action_create_payment_link()
        self.run_outgoing(self.connection)
        return document.sudo().payment_link_id

    def paid(self, document, **means):
        """The whole way: click, pay, events, means of payment read."""
        link = self.ask(document)
        self.pay(link, **means)
        self.deliver_all(self.connection)
        return link

    def transfer(self, invoice, amount):
        """The client pays in another way, as noted by the accountant."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({"amount": amount})._create_payments()

    def run_receipts(self):
        """Run the jobs that send receipts."""
        jobs = self.env["queue.job"].search(
            [("method_name", "=", "_job_send_receipt"), ("state", "=", "pending")]
        )
        for job in jobs:
            Job.load(self.env, job.uuid).perform()
            job.state = "done"
        return len(jobs)

    def left_on_account(self, link):
        """What the payment of a link still has on the client's account."""
        lines = self.page_of(link).payment_id.move_id.line_ids
        return sum(
            lines.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            ).mapped("amount_residual")
        )

    def charge(self, link):
        """The stand-in's charge behind a link."""
        account = self.account(self.connection)
        intent = account.get("payment_intent", self.page_of(link).provider_reference)
        return account.get("charge", intent["latest_charge"])
