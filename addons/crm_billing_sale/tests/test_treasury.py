from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.crm_billing.tests.late_common import TODAY, LateCase


@tagged("post_install", "-at_install")
class TestTreasuryOrders(LateCase):
    """Confirmed orders enter the forecast for what is left to invoice."""

    def make_order(self, amount, **values):
        # sudo: the test is about the forecast, not about who sells
        order = (
            self.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.client.id,
                    "company_id": self.company.id,
                    "payment_term_id": self.env.ref(
                        "account.account_payment_term_30days"
                    ).id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product_a.id,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        order.action_confirm()
        return order

    def cells(self):
        self.env.flush_all()
        self.env.invalidate_all()
        board = self.env["crm.treasury.board"].get_board()
        rows = {row["kind"]: row["cells"] for row in board["rows"]}
        return [cell["p50"] for cell in rows.get("order", [])]

    def test_due_by_the_terms_from_the_promised_date(self):
        self.make_order(1000)
        self.make_order(500, commitment_date=TODAY + timedelta(days=20))
        self.make_order(70, commitment_date=TODAY + timedelta(days=400))
        self.assertEqual(self.cells(), [1000, 1500, 1500])

    def test_what_is_invoiced_is_not_counted_twice(self):
        order = self.make_order(1200)
        order.order_line.product_uom_qty = 10
        line = {
            "name": "Part",
            "quantity": 3,
            "price_unit": 1200,
            "tax_ids": [Command.clear()],
            "sale_line_ids": [Command.set(order.order_line.ids)],
        }
        invoice = self.make_invoice(0, TODAY, invoice_line_ids=[Command.create(line)])
        self.assertEqual(order.sudo().invoice_ids, invoice)
        self.assertEqual(self.cells(), [8400, 8400, 8400])
        credit = self.make_invoice(
            0, TODAY, move_type="out_refund",
            invoice_line_ids=[Command.create({**line, "quantity": 1})],
        )  # fmt: skip
        self.assertEqual(credit.amount_total, 1200)
        self.assertEqual(self.cells(), [9600, 9600, 9600])

    def test_the_number_opens_the_orders(self):
        order = self.make_order(1000)
        board = self.env["crm.treasury.board"]
        action = board.open_number("forecast:order:90:p90")
        line = self.env["crm.treasury.line"].search(action["domain"])
        self.assertEqual(line.amount, 1000)
        opened = line.action_open_document()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), (order._name, order.id)
        )
