from lxml import etree

from odoo.tests import tagged

from odoo.addons.l10n_fr_crm_billing.lib.facturx_xml import NS
from odoo.addons.l10n_fr_crm_billing.tests.facturx_common import FacturxCommon


@tagged("post_install", "-at_install")
class TestFacturxDeposits(FacturxCommon):
    """The e-invoices of a sale with deposits: 386, then 380 with S4, B4 or M4."""

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return groups | cls.quick_ref("sales_team.group_sale_manager")

    def sell(self, *rows):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    self.line_of_order(product, quantity, price, tax)
                    for product, quantity, price, tax in rows
                ],
            }
        )
        order.action_confirm()
        return order

    def line_of_order(self, product, quantity, price, tax):
        product.invoice_policy = "order"
        values = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": price,
            "tax_ids": [(6, 0, tax.ids)],
        }
        return (0, 0, values)

    def bill(self, order, day, **values):
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        before = order.invoice_ids
        wizard.create(values).create_invoices()
        move = order.invoice_ids - before
        move.write({"invoice_date": day, "invoice_date_due": day})
        move.partner_bank_id = self.bank
        move.action_post()
        return move

    def deposit(self, order, percent, day="2026-10-20"):
        return self.bill(
            order, day, advance_payment_method="percentage", amount=percent
        )

    def final(self, order, day="2026-11-15"):
        return self.bill(order, day, advance_payment_method="delivered")

    def read_xml(self, xml, *names):
        tree = etree.fromstring(xml)
        return [tree.findtext(f".//ram:{name}", namespaces=NS) for name in names]

    def test_the_sale_of_3000_with_a_deposit_of_30_percent(self):
        order = self.sell((self.service, 1, 3000, self.vat_20))
        deposit, final = self.deposit(order, 30), self.final(order)
        documents = {"deposit": self.export(deposit), "final": self.export(final)}
        self.assertConforming(documents)
        self.assertEqual(
            self.read_xml(documents["deposit"], "TypeCode", "ID", "GrandTotalAmount"),
            ["386", "S1", "1080.00"],
        )
        self.assertEqual(
            self.read_xml(
                documents["final"],
                "TypeCode",
                "ID",
                "TaxBasisTotalAmount",
                "TaxTotalAmount",
                "GrandTotalAmount",
                "TotalPrepaidAmount",
                "DuePayableAmount",
            ),
            ["380", "S4", "3000.00", "600.00", "3600.00", "1080.00", "2520.00"],
        )
        self.assertEqual(
            self.read_xml(
                documents["final"], "InvoiceReferencedDocument/ram:IssuerAssignedID"
            ),
            [deposit.name],
        )
        self.assertIsNone(
            self.read_xml(documents["final"], "RoundingAmount")[0], "no cent is lost"
        )

    def test_two_deposits_and_two_rates_down_to_the_cent(self):
        order = self.sell(
            (self.service, 3, 33.33, self.vat_20), (self.goods, 7, 19.99, self.vat_55)
        )
        first = self.deposit(order, 17)
        second = self.deposit(order, 23, "2026-10-25")
        final = self.final(order)
        documents = {
            "first": self.export(first),
            "second": self.export(second),
            "final": self.export(final),
        }
        self.assertConforming(documents)
        process, grand, paid, due = self.read_xml(
            documents["final"],
            "ID",
            "GrandTotalAmount",
            "TotalPrepaidAmount",
            "DuePayableAmount",
        )
        self.assertEqual(process, "M4")
        self.assertEqual(float(paid), first.amount_total + second.amount_total)
        self.assertEqual(float(due), final.amount_residual)
        self.assertAlmostEqual(float(grand), order.amount_total, 2)
        tree = etree.fromstring(documents["final"])
        numbers = tree.xpath(
            "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID/text()",
            namespaces=NS,
        )
        self.assertEqual(numbers, [first.name, second.name])

    def test_the_credit_note_of_a_deposit_has_its_own_type(self):
        deposit = self.deposit(self.sell((self.goods, 1, 500, self.vat_20_goods)), 50)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=deposit.ids
        )
        wizard = wizard.create(
            {
                "reason": "Commande annulée",
                "journal_id": deposit.journal_id.id,
                "date": "2026-11-02",
            }
        )
        credit = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        credit.action_post()
        xml = self.export(credit)
        self.assertConforming({"credit": xml})
        self.assertEqual(self.read_xml(xml, "TypeCode"), ["503"])

    def test_our_own_order_number_is_not_the_buyers(self):
        order = self.sell((self.service, 1, 100, self.vat_20))
        xml = self.export(self.final(order))
        path = "BuyerOrderReferencedDocument/ram:IssuerAssignedID"
        self.assertEqual(self.read_xml(xml, path), [None])
        order = self.sell((self.service, 1, 100, self.vat_20))
        order.client_order_ref = "BC-778"
        self.assertEqual(
            self.read_xml(self.export(self.final(order)), path), ["BC-778"]
        )
