from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_billing.tests.common import BillingCase


@tagged("post_install", "-at_install")
class TestOrders(BillingCase):
    """The payment of a deal reaches the documents of its quotations."""

    def setUp(self):
        super().setUp()
        product = self.env["product.product"].create(
            {"name": "Site", "type": "service", "invoice_policy": "order"}
        )
        self.order = self.env["sale.order"].create(
            {
                "partner_id": self.lead.partner_id.id,
                "opportunity_id": self.lead.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": 3600,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def _pay(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        self.deliver_all(self.connection)
        return self.page_of(link)

    def test_open_invoice_of_the_order_is_settled(self):
        self.order.action_confirm()
        invoice = self.order._create_invoices()
        invoice.action_post()
        page = self._pay()
        self.assertEqual(page.invoice_ids, invoice)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.lead.payment_link_state, "paid")

    def test_invoice_made_after_the_payment_takes_the_deposit(self):
        self.order.action_confirm()
        page = self._pay()
        self.assertEqual(page.sale_order_ids, self.order)
        self.assertEqual(page.payment_id.amount, 3600)
        invoice = self.order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_residual, 0)

    def test_quotation_not_yet_accepted_is_left_alone(self):
        page = self._pay()
        self.assertFalse(page.sale_order_ids)
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self.lead.payment_link_state, "paid")

    def test_payment_does_not_wait_for_a_pdf_engine(self):
        self.order.action_confirm()
        link = self.make_link(self.lead, self.connection)
        page = self.page_of(link).with_context(force_report_rendering=True)
        page._set_done()
        cause = "nothing prints here"

        def refuse(*_args, **_kwargs):
            raise UserError(cause)

        reports = self.env.registry["ir.actions.report"]
        with patch.object(reports, "_render_qweb_pdf", refuse):
            page._book_payment()
        self.assertFalse(link.booking_note)
        self.assertTrue(page.is_post_processed)
        self.assertEqual(page.payment_id.amount, 3600)
        client = self.order.partner_id
        mail = self.order.message_ids.filtered(lambda m: client in m.partner_ids)
        self.assertTrue(mail, "the customer is told")
        self.assertFalse(mail.attachment_ids)
