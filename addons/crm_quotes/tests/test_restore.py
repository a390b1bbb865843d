from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import QuoteCase


@tagged("post_install", "-at_install")
class TestRestore(QuoteCase):
    """A former version becomes the quotation again; nothing that was said is lost."""

    def setUp(self):
        super().setUp()
        self.send(self.order)
        self.first = self.order._get_last_quote_version()

    def restore(self, user=None):
        version = self.first.with_user(user or self.seller).sudo(False)
        return version.action_restore()

    def test_it_says_again_what_the_version_said(self):
        line_ids = self.order.order_line.ids
        self.edit(self.order)
        self.order.note = "<p>Autre chose</p>"
        self.restore()
        self.assertTrue(self.order._is_version_current(self.first))
        self.assertEqual(self.order.amount_untaxed, 21200)
        self.assertEqual(self.order.order_line.ids, line_ids)
        self.assertIn("30 jours", self.order.note)
        self.assertIn("V1 restored.", self.order.message_ids[0].body)

    def test_what_was_there_is_kept_first(self):
        self.edit(self.order)
        self.restore()
        second = self.order._find_quote_version(2)
        self.assertEqual((second.reason, second.amount_untaxed), ("restored", 25000))
        event = self.events(self.order, "restored")
        self.assertEqual((event.version_id, event.who), (self.first, "Julie"))

    def test_a_deleted_line_comes_back_as_the_same_line(self):
        self.order.order_line[1].unlink()
        self.restore()
        self.send(self.order)
        names = self.order._get_quoted_lines().mapped("name")
        self.assertEqual(names, ["Cadrage", "Développement", "Support"])
        compared = self.order.get_quote_comparison(1, self.order.quote_number)
        self.assertEqual(compared["change_count"], 0)

    def test_sections_and_order_come_back(self):
        self.order.write(
            {
                "order_line": [
                    Command.create(
                        {"display_type": "line_section", "name": "Lot 1", "sequence": 1}
                    )
                ]
            }
        )
        self.send(self.order)
        second = self.order._get_last_quote_version()
        section = self.order.order_line.filtered("display_type")
        section.unlink()
        self.order.order_line[0].sequence = 99
        second.with_user(self.seller).sudo(False).action_restore()
        self.assertTrue(self.order._is_version_current(second))

    def test_a_confirmed_order_is_not_restored(self):
        self.edit(self.order)
        self.order.action_confirm()
        with self.assertRaisesRegex(UserError, "Only a quotation"):
            self.restore()

    def test_a_lapsed_date_is_not_brought_back(self):
        today = fields.Date.context_today(self.order)
        self.order.validity_date = fields.Date.subtract(today, days=3)
        self.send(self.order)
        lapsed = self.order._get_last_quote_version()
        self.order.validity_date = fields.Date.add(today, days=30)
        lapsed.with_user(self.seller).sudo(False).action_restore()
        self.assertFalse(self.order.is_expired)
        self.assertIn("except: Valid until", self.order.message_ids[0].body)

    def test_what_was_deleted_since_is_named(self):
        term = self.env["account.payment.term"].create({"name": "Fin de mois"})
        self.order.payment_term_id = term
        self.send(self.order)
        version = self.order._get_last_quote_version()
        self.order.payment_term_id = False
        term.unlink()
        with self.assertRaisesRegex(UserError, "Fin de mois was deleted"):
            version.with_user(self.seller).sudo(False).action_restore()

    def test_a_version_of_another_quotation_is_refused(self):
        other = self.make_order()
        with self.assertRaisesRegex(UserError, "another quotation"):
            other._restore_quote_version(self.first)
