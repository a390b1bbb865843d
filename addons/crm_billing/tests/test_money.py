from odoo import Command
from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestMoney(BillingCase):
    """From the euro to the books."""

    def _make_invoice(self, partner, amount, post=True):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "company_id": self.company.id,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Site", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def _paid_link(self, lead):
        link = self.make_link(lead, self.connection)
        self.pay(link)
        self.deliver_all(self.connection)
        return link

    def test_without_invoice_the_payment_is_a_deposit_a_later_invoice_consumes(self):
        link = self._paid_link(self.lead)
        payment = self.page_of(link).payment_id
        self.assertEqual(payment.amount, 3600)
        self.assertEqual(payment.partner_id, self.lead.partner_id)
        self.assertIn(payment.state, ("in_process", "paid"))
        invoice = self._make_invoice(self.lead.partner_id, 3600)
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(credit.amount_residual, -3600)
        invoice.js_assign_outstanding_line(credit.id)
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))
        self.assertEqual(invoice.amount_residual, 0)

    def test_with_an_invoice_the_payment_reconciles_it(self):
        invoice = self._make_invoice(self.lead.partner_id, 3600)
        self.patch(
            type(self.lead),
            "_prepare_payment_transaction_values",
            lambda lead: {"invoice_ids": [Command.set(invoice.ids)]},
        )
        link = self._paid_link(self.lead)
        self.assertEqual(self.page_of(link).invoice_ids, invoice)
        self.assertEqual(invoice.amount_residual, 0)

    def test_refund_consumes_the_deposit(self):
        link = self._paid_link(self.lead)
        session = self.page_of(link).stripe_session_id
        self.admin("refund", session=session, amount=60000)
        self.deliver_all(self.connection)
        child = self.page_of(link).child_transaction_ids
        self.assertEqual(child.state, "done")
        self.assertEqual(child.payment_id.payment_type, "outbound")
        self.assertEqual(child.payment_id.amount, 600)
        deposit = self.page_of(link).payment_id.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(deposit.amount_residual, -3000)

    def test_refund_made_from_odoo_is_not_doubled_by_its_event(self):
        link = self._paid_link(self.lead)
        page = self.page_of(link)
        page.action_refund(amount_to_refund=100)
        self.assertEqual(len(self.calls("/v1/refunds")), 1)
        self.deliver_all(self.connection)
        self.assertEqual(len(page.child_transaction_ids), 1)
        self.assertEqual(self.lead.payment_link_state, "part_refunded")

    def test_company_without_chart_records_the_payment_and_says_what_is_missing(self):
        company = self.make_company("Sans comptes", chart=None)
        companies = (self.company | company).ids
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": companies}
        )
        connection = self.set_up_stripe(company, "nochart")
        lead = self.make_deal(company)
        link = self.make_link(lead, connection)
        self.pay(link)
        self.deliver_all(connection)
        self.assertEqual(lead.payment_link_state, "paid")
        self.assertEqual(self.page_of(link).state, "done")
        self.assertFalse(self.page_of(link).payment_id)
        self.assertIn("no chart of accounts", lead.payment_link_problem)
        # Core's own cron meets the same gap without an error.
        self.page_of(link)._post_process()
        self.env["account.chart.template"].try_loading(
            "generic_coa", company, install_demo=False
        )
        lead.action_book_payment()
        self.assertTrue(self.page_of(link).payment_id)
        self.assertFalse(lead.payment_link_problem)
