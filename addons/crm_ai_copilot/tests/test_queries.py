import time

from odoo.tests import tagged

from .common import CopilotCase


@tagged("post_install", "-at_install")
class TestQueries(CopilotCase):
    """Budgets at two sizes: what is shown and what is computed do not grow per deal."""

    def make_deals(self, count):
        leads = self.env["crm.lead"]
        for number in range(count):
            leads |= self.make_lead(f"Affaire {number}", self.client, 1000 + number)
        for lead in leads:
            self.age(lead, 30)
        return leads

    def count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_reading_my_day_does_not_grow(self):
        few = self.make_deals(3)
        few._refresh_next_actions()
        actions = self.env["crm.next.action"].with_user(self.seller)

        def read():
            found = actions.search([("state", "=", "proposed"), ("is_best", "=", True)])
            found.read(["lead_id", "kind", "reason", "due_on", "value", "partner_id"])

        small = self.count(read)
        self.make_deals(30)._refresh_next_actions()
        self.assertLessEqual(self.count(read), small + 2)

    def test_a_list_of_deals_does_not_grow(self):
        few = self.make_deals(3).with_user(self.seller)
        few.sudo()._refresh_next_actions()
        names = ["next_action_kind", "next_action_due_on", "next_action_reason"]
        small = self.count(lambda: few.read(names))
        many = self.make_deals(30).with_user(self.seller)
        many.sudo()._refresh_next_actions()
        self.assertLessEqual(self.count(lambda: many.read(names)), small + 2)

    def test_a_refresh_grows_slowly(self):
        few, many = self.make_deals(5), self.make_deals(50)
        small = self.count(few._refresh_next_actions)
        large = self.count(many._refresh_next_actions)
        self.assertLessEqual(large, small + 12)
        # Nothing changed: nothing is written.
        self.assertLessEqual(self.count(many._refresh_next_actions), large)

    def test_a_draft_reads_a_deal_in_few_queries(self):
        lead = self.lead.with_user(self.seller)
        self.receive(self.lead, "<p>Bonjour</p>")
        self.make_quote(self.lead)
        lead._prepare_deal_context()
        one = self.count(lead._prepare_deal_context)
        self.assertLessEqual(one, 18)
        for _number in range(12):
            self.make_quote(self.lead)
        lead._prepare_deal_context()
        self.assertLessEqual(self.count(lead._prepare_deal_context), one)

    def test_stored_results_are_read_at_once(self):
        self.make_deals(40)._refresh_next_actions()
        lead = self.lead.with_user(self.seller)
        self.env.invalidate_all()
        started = time.perf_counter()
        lead.read(["next_action_id", "next_action_reason", "next_action_due_on"])
        self.assertLess(time.perf_counter() - started, 0.2)
