import json
from decimal import Decimal
from pathlib import Path

from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.l10n_fr_crm_billing.lib.facts import Kind
from odoo.addons.l10n_fr_crm_billing.tests.mention_common import (
    TODAY,
    FrenchMentionCase,
)

VECTOR = Path(__file__).parents[4] / "shared" / "france" / "deposit_final_invoice.json"


class SaleCase(FrenchMentionCase):
    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return groups | cls.quick_ref("sales_team.group_sale_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.service + cls.goods).invoice_policy = "order"

    def make_order(self, lines, **values):
        """Create a quote; a line is (product, price, tax)."""
        return self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": price,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                    for product, price, tax in lines
                ],
                **values,
            }
        )

    def ask_deposit(self, order, percent):
        return self._invoice(
            order, {"advance_payment_method": "percentage", "amount": percent}
        )

    def ask_balance(self, order):
        return self._invoice(order, {"advance_payment_method": "delivered"})

    def _invoice(self, order, values):
        wizard = self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": [Command.set(order.ids)], **values}
        )
        invoice = wizard._create_invoices(order)
        invoice.action_post()
        return invoice

    @staticmethod
    def vat_of(moves):
        """Return the VAT per tax over several documents, credit notes negative."""
        sums = {}
        for line in moves.line_ids.filtered("tax_line_id"):
            tax = line.tax_line_id
            amount = Decimal(f"{-line.balance:.2f}")
            sums[tax] = sums.get(tax, Decimal(0)) + amount
        return {tax: amount for tax, amount in sums.items() if amount}


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDeposits(SaleCase):
    """A deposit, then the balance: to the cent, and each deposit is cited."""

    def test_thirty_percent_of_ten_thousand(self):
        order = self.make_order([(self.service, 10000, self.vat20_services)])
        order.action_confirm()
        deposit = self.ask_deposit(order, 30)
        final = self.ask_balance(order)
        self.assertEqual(deposit._get_fr_kind(), Kind.DEPOSIT)
        self.assertEqual(final._get_fr_kind(), Kind.FINAL)
        self.assertEqual((deposit.amount_total, final.amount_total), (3600, 8400))
        self.assertEqual((deposit.amount_tax, final.amount_tax), (600, 1400))
        self.assertEqual(final._get_fr_deposits(), deposit)
        self.assertNotIn("Votre commande", text := self.print_text(final))
        self.assertEqual(final.sequence_number, deposit.sequence_number + 1)
        (row,) = final._get_fr_deposit_deductions()
        self.assertEqual((row["net"], row["vat"], row["gross"]), (3000, 600, 3600))
        self.assertIn("Final Invoice", text)
        self.assertIn("Deposits deducted", text)
        deducted = text.partition("Deposits deducted")[2]
        self.assertIn(deposit.name, deducted)
        for amount in (-3000, -600, -3600):
            self.assertIn(self.write_amount(amount), deducted)
        self.assertIn(self.write_amount(8400), text)
        deposit_text = self.print_text(deposit)
        self.assertIn("Deposit Invoice", deposit_text)
        self.assertNotIn("Deposits deducted", deposit_text)
        note = final._reverse_moves([{"fr_credit_reason": "Remise convenue"}])
        note.invoice_line_ids.filtered("is_downpayment").unlink()
        note.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        ).price_unit = 1000
        note.invoice_date = TODAY
        note.action_post()
        self.assertEqual(note.amount_total, 1200)
        self.assertEqual(note._get_fr_kind(), Kind.CREDIT_NOTE)
        self.assertEqual(final.amount_residual, 7200)
        self.assertIn(final.name, self.print_text(note))

    def test_category_of_a_deposit_is_that_of_the_sale(self):
        order = self.make_order([(self.goods, 1000, self.vat20)])
        order.action_confirm()
        deposit = self.ask_deposit(order, 40)
        self.assertEqual(deposit._get_fr_operation(), "goods")
        self.assertEqual(
            deposit._get_fr_mention_texts()["operation_category"],
            "Livraison de biens",
        )

    def test_several_rates_and_deposits_add_up_to_the_cent(self):
        vat55 = self._find_tax("tva_reduite")
        vat10 = self._find_tax("tva_intermediaire")
        lines = [
            (self.goods, 333.33, self.vat20),
            (self.goods, 99.99, vat55),
            (self.goods, 0.35, vat10),
            (self.service, 1234.57, self.vat20_services),
        ]
        for percents in ((30,), (33.33, 12.5), (17.17, 29.9, 41.3)):
            with self.subTest(percents=percents):
                order = self.make_order(lines)
                order.action_confirm()
                whole = self.make_invoice(
                    [(product, price, tax) for product, price, tax in lines]
                )
                whole._post(soft=False)
                deposits = self.env["account.move"]
                for percent in percents:
                    deposits += self.ask_deposit(order, percent)
                final = self.ask_balance(order)
                moves = deposits + final
                self.assertEqual(self.vat_of(moves), self.vat_of(whole))
                self.assertAlmostEqual(
                    sum(moves.mapped("amount_total")), whole.amount_total, 2
                )
                rows = final._get_fr_deposit_deductions()
                self.assertEqual(
                    {row["number"] for row in rows}, set(deposits.mapped("name"))
                )
                for deposit in deposits:
                    mine = [r for r in rows if r["number"] == deposit.name]
                    self.assertAlmostEqual(
                        sum(r["net"] for r in mine), deposit.amount_untaxed, 2
                    )
                    self.assertAlmostEqual(
                        sum(r["vat"] for r in mine), deposit.amount_tax, 2
                    )

    def test_vector_of_deposit_and_final_invoice(self):
        if not VECTOR.exists():
            self.skipTest("the vectors are not here")
        vector = json.loads(VECTOR.read_text())
        order = self.make_order(
            [(self.service, float(vector["quote"]["net"]), self.vat20_services)]
        )
        order.action_confirm()
        deposit = self.ask_deposit(order, float(vector["deposit_invoice"]["percent"]))
        final = self.ask_balance(order)
        asked = vector["deposit_invoice"]
        left = vector["final_invoice_negative_line"]
        self.assertEqual(
            [f"{x:.2f}" for x in (deposit.amount_untaxed, deposit.amount_tax)],
            [asked["net"], asked["vat"]],
        )
        self.assertEqual(
            [
                f"{x:.2f}"
                for x in (final.amount_untaxed, final.amount_tax, final.amount_total)
            ],
            [
                left["net_after_deduction"],
                left["vat_after_deduction"],
                left["gross_after_deduction"],
            ],
        )
        self.assertEqual(
            [f"{move.amount_tax:.2f}" for move in (deposit, final)],
            vector["vat_at_each_step"],
        )

    def test_draft_deposit_is_not_cited(self):
        order = self.make_order([(self.service, 1000, self.vat20_services)])
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 10,
            }
        )
        draft = wizard._create_invoices(order)
        final = order._create_invoices(final=True)
        self.assertEqual(draft.state, "draft")
        self.assertFalse(final._get_fr_deposits())
