from datetime import timedelta

import numpy as np

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_ai_scoring.tests.common import ScoreCase

SIZES = (3, 60)
FACTS = ("quotes_sent", "quote_opened", "last_opened_days", "quote_amount")

# Beside the queries whose rows are copied in columns, which are counted apart.
FRAME_QUERIES = 4


@tagged("post_install", "-at_install")
class TestQuoteFacts(ScoreCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.client = cls.env["res.partner"].create({"name": "Client"})
        cls.product = cls.env["product.product"].create(
            {"name": "Refonte", "type": "service", "list_price": 1500}
        )
        cls.lead = cls.make_lead(partner_id=cls.client.id)
        cls.order = cls.make_quote(cls.lead, 1500)

    @classmethod
    def make_quote(cls, lead, price):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "opportunity_id": lead.id,
                "company_id": cls.company.id,
                "user_id": cls.seller.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def open_quote(self, order, at, visit):
        return self.env["crm.quote.event"].create(
            {
                "order_id": order.id,
                "kind": "opened",
                "at": at,
                "who": "Client",
                "partner_id": self.client.id,
                "session_key": visit,
            }
        )

    def read_facts(self, lead, is_past=False):
        if is_past:
            frame = self.engine._read_past(self.company)[0]
        else:
            scope = self.engine._build_open_scope(
                self.company, self.engine._get_now(), lead.ids
            )
            frame = self.engine._read_frame(self.company, scope)
        place = int(np.searchsorted(frame.ids, lead.id))
        return [float(frame.columns[name][place]) for name in FACTS]

    def send_at(self, order, at):
        """Send a quotation at a moment of the past."""
        order.action_quotation_sent()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_quote_event SET at = %s WHERE order_id = %s",
            [at, order.id],
        )
        self.env.cr.execute(
            "UPDATE crm_quote_version SET taken_at = %s WHERE order_id = %s",
            [at, order.id],
        )
        self.env.invalidate_all()

    def test_a_deal_without_quotation(self):
        sent, opened, days, amount = self.read_facts(self.lead)
        self.assertEqual((sent, opened), (0, 0))
        self.assertTrue(np.isnan(days) and np.isnan(amount))

    def test_what_happened_to_the_quotations(self):
        self.send_at(self.order, self.now - timedelta(days=9))
        second = self.make_quote(self.lead, 2600)
        self.send_at(second, self.now - timedelta(days=4))
        self.open_quote(second, self.now - timedelta(days=3), "a")
        self.open_quote(second, self.now - timedelta(days=2), "b")
        sent, opened, days, amount = self.read_facts(self.lead)
        self.assertEqual((sent, opened, amount), (2, 2, 2600))
        self.assertAlmostEqual(days, 2, delta=0.1)

    def test_what_came_after_the_moment_does_not_count(self):
        opened_at = self.now - timedelta(days=100)
        self.close(self.lead, True, opened_at, self.now - timedelta(days=20))
        frame = self.engine._read_past(self.company)[0]
        place = int(np.searchsorted(frame.ids, self.lead.id))
        moment = fields.Datetime.to_datetime("1970-01-01") + timedelta(
            seconds=float(frame.as_of[place])
        )
        hour = timedelta(hours=1)
        self.send_at(self.order, moment - hour)
        self.open_quote(self.order, moment - hour, "before")
        before = self.read_facts(self.lead, is_past=True)
        self.assertEqual(before[:2] + before[3:], [1, 1, 1500])
        self.send_at(self.make_quote(self.lead, 9900), moment + hour)
        self.open_quote(self.order, moment + hour, "after")
        self.order.action_confirm()
        self.assertEqual(self.read_facts(self.lead, is_past=True), before)

    def test_money_of_another_country_is_not_compared(self):
        other = self.env["res.currency"].create(
            {"name": "XQZ", "symbol": "Q", "rounding": 0.01}
        )
        self.order.action_quotation_sent()
        self.order.quote_version_ids.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_quote_version SET currency_id = %s, taken_at = %s"
            " WHERE order_id = %s",
            [other.id, self.now - timedelta(days=1), self.order.id],
        )
        self.assertTrue(np.isnan(self.read_facts(self.lead)[3]))

    def test_an_opened_quotation_scores_its_deal_again(self):
        self.env.cr.postcommit.data.pop("crm_ai_scoring.pending", None)
        self.open_quote(self.order, self.now, "a")
        noted = self.env.cr.postcommit.data["crm_ai_scoring.pending"]
        self.assertIn(self.lead.id, noted)

    def test_the_reason_leads_to_the_quotations_one_may_read(self):
        action = self.lead.with_user(self.seller).action_open_score_fact("quote_opened")
        orders = self.env[action["res_model"]].with_user(self.seller)
        self.assertEqual(orders.search(action["domain"]), self.order)
        stranger = self.make_user(
            "eve",
            "crm_base.crm_base_group_seller",
            company=self.env["res.company"].create({"name": "Autre"}),
        )
        theirs = self.env(
            user=stranger, context={"allowed_company_ids": stranger.company_id.ids}
        )
        with self.assertRaises(AccessError):
            self.lead.with_env(theirs).action_open_score_fact("quote_opened")
        self.assertFalse(theirs["sale.order"].search(action["domain"]))

    def test_reasons_are_plain_words(self):
        reader = self.env["crm.score.reader"].with_context(lang="fr_FR")
        self.env["res.lang"]._activate_lang("fr_FR")
        words = reader._word_reasons(
            [("quote_opened", "2.5..", 1.0), ("last_opened_days", "..2", 1.0)]
        )
        self.assertEqual(
            {text.replace("\N{NO-BREAK SPACE}", " ") for text in words.values()},
            {
                "Ouvertures d'un devis par le client : 3 ou plus",
                "Dernière ouverture d'un devis par le client : moins de 2 jours",
            },
        )

    def test_reading_costs_the_same_for_many(self):
        leads = self.make_leads([{"partner_id": self.client.id} for _n in range(60)])
        for lead in leads:
            self.open_quote(self.make_quote(lead, 800), self.now, f"v{lead.id}")
        engine, copies = type(self.engine), []
        copy = engine._copy_floats

        def count(model, query, width):
            copies.append(width)
            return copy(model, query, width)

        self.patch(engine, "_copy_floats", count)
        seen = set()
        for size in SIZES:
            scope = self.engine._build_open_scope(
                self.company, self.engine._get_now(), leads[:size].ids
            )
            self.engine._read_frame(self.company, scope)
            self.env.flush_all()
            self.env.invalidate_all()
            copies.clear()
            with self.subTest(size=size), self.assertQueryCount(FRAME_QUERIES):
                self.engine._read_frame(self.company, scope)
            seen.add(len(copies))
        self.assertEqual(len(seen), 1)
