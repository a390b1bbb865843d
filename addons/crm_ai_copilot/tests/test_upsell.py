from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CopilotCase


@tagged("post_install", "-at_install")
class TestUpsell(CopilotCase):
    """What is proposed on a quotation, on which counts, and who may add it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.care, cls.hosting, cls.other = cls.env["product.product"].create(
            [
                {"name": name, "type": "service", "list_price": price}
                for name, price in (
                    ("Maintenance", 900),
                    ("Hébergement", 300),
                    ("Autre", 50),
                )
            ]
        )
        site, care, hosting = cls.product, cls.care, cls.hosting
        for _number in range(4):
            cls.buy(site | care | hosting)
        for _number in range(2):
            # In two orders, for two contacts of one firm: one client.
            firm = cls.buy(site)
            contact = cls.env["res.partner"].create(
                {"name": "Contact", "parent_id": firm.id}
            )
            cls.buy(care, contact)
        for _number in range(3):
            cls.buy(site)
        for _number in range(10):
            cls.buy(cls.other)
        cls.quote = cls.make_quote(cls.lead)

    @classmethod
    def buy(cls, products, partner=None, company=None, user=None):
        partner = partner or cls.env["res.partner"].create(
            {"name": "Client", "is_company": True}
        )
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or cls.company).id,
                "user_id": (user or cls.seller).id,
                "order_line": [
                    Command.create({"product_id": product.id, "tax_ids": [(5,)]})
                    for product in products
                ],
            }
        )
        order.action_confirm()
        return partner

    def propose(self, quote=None, user=None):
        quote = (quote or self.quote).with_user(user or self.seller)
        action = quote.action_propose_more()
        return quote.env[action["res_model"]].search(action["domain"])

    def counts(self, proposals):
        return [(p.product_id, p.support, p.base) for p in proposals]

    def test_clients_are_counted_and_said_in_words(self):
        proposals = self.propose()
        self.assertEqual(
            self.counts(proposals), [(self.care, 6, 9), (self.hosting, 4, 9)]
        )
        self.assertEqual(
            proposals[0].reason,
            "6 clients out of 9 who took Refonte du site also took Maintenance.",
        )

    def test_the_client_himself_does_not_count(self):
        self.buy(self.product | self.care, self.client)
        self.assertEqual(self.counts(self.propose())[0], (self.care, 6, 9))

    def test_a_click_adds_it_at_the_price_of_the_list(self):
        self.quote.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Fidèles",
                "currency_id": self.env.ref("base.EUR").id,
                "company_id": self.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.care.id,
                            "compute_price": "fixed",
                            "fixed_price": 750,
                        }
                    )
                ],
            }
        )
        self.quote.order_line.sequence = 15
        proposal = self.propose()[0]
        self.assertEqual(proposal.price, 750)
        proposal.action_add()
        line = self.quote.order_line[-1]
        self.assertEqual(
            (line.product_id, line.price_unit, line.product_uom_qty),
            (self.care, 750, 1),
        )
        self.assertEqual(line.create_uid, self.seller)
        # What is on the quotation is not proposed again, nor added twice.
        self.assertEqual(self.propose().product_id, self.hosting)
        with self.assertRaises(UserError):
            proposal.action_add()
        self.assertEqual(len(self.quote.order_line), 2)

    def test_what_is_no_longer_sold_is_not_proposed(self):
        self.care.sale_ok = False
        self.assertEqual(self.propose().product_id, self.hosting)
        self.hosting.active = False
        with self.assertRaises(UserError):
            self.propose()

    def test_nothing_without_enough_support(self):
        rare = self.env["product.product"].create({"name": "Rare", "type": "service"})
        for _number in range(2):
            self.buy(rare | self.other)
        quote = self.make_quote(self.lead)
        quote.order_line.product_id = rare
        with self.assertRaises(UserError):
            self.propose(quote)
        self.buy(rare | self.other)
        self.assertEqual(self.counts(self.propose(quote)), [(self.other, 3, 3)])

    def test_only_quotations_grow(self):
        proposal = self.propose()[0]
        self.quote.action_confirm()
        with self.assertRaises(UserError):
            self.propose()
        with self.assertRaises(UserError):
            proposal.action_add()
        self.assertEqual(len(self.quote.order_line), 1)

    def test_other_companies_and_unconfirmed_orders_do_not_count(self):
        elsewhere = self.env["res.company"].create({"name": "Ailleurs"})
        lines = [
            Command.create({"product_id": product.id})
            for product in (self.product, self.other)
        ]
        for number in range(5):
            self.buy(self.product | self.other, company=elsewhere)
            client = self.env["res.partner"].create({"name": f"Client {number}"})
            self.make_quote(self.make_lead("Autre", client), order_line=lines)
        both = self.company | elsewhere
        self.manager.company_ids = both
        quote = self.quote.with_user(self.manager).with_context(
            allowed_company_ids=both.ids
        )
        found, _products = quote._find_upsells()
        self.assertEqual(
            [(one.product_id, one.base) for one in found],
            [(self.care.id, 9), (self.hosting.id, 9)],
        )

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_rights(self):
        proposal = self.propose()[0]
        portal = new_test_user(self.env, "upsell_portal", "base.group_portal")
        public = self.env.ref("base.public_user")
        for user in (self.colleague, portal, public):
            with self.assertRaises(AccessError, msg=user.login):
                self.propose(user=user)
            with self.assertRaises(AccessError, msg=user.login):
                proposal.with_user(user).action_add()
        # A proposal is its asker's; nobody makes one up.
        with self.assertRaises(AccessError):
            proposal.with_user(self.manager).read(["product_id"])
        with self.assertRaises(AccessError):
            proposal.with_user(self.seller).product_id = self.other
        with self.assertRaises(AccessError):
            proposal.with_user(self.seller).create(
                {
                    "order_id": self.quote.id,
                    "product_id": self.other.id,
                    "because_id": self.product.id,
                }
            )
        self.assertTrue(self.propose(user=self.manager))

    def test_the_history_of_colleagues_is_read_with_the_persons_rights(self):
        for _number in range(5):
            self.buy(self.product | self.care, user=self.colleague)
        self.assertEqual(self.counts(self.propose())[0], (self.care, 6, 9))
        seen = self.counts(self.propose(user=self.manager))[0]
        self.assertEqual(seen, (self.care, 11, 14))

    def test_queries_do_not_grow_with_history(self):
        quote = self.quote.with_user(self.seller)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            quote.action_propose_more()
            return self.env.cr.sql_log_count - before

        count()
        small = count()
        for _number in range(30):
            self.buy(self.product | self.care)
        self.assertLessEqual(count(), small + 2)
