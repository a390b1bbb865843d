from odoo.tests import TransactionCase, new_test_user, tagged

from .common import PARTS, AiMixin


@tagged("post_install", "-at_install")
class TestBudgets(AiMixin, TransactionCase):
    def _make_budget(self, **values):
        return self.env["crm.ai.budget"].create(
            {"measure": "calls", "limit_value": 2, **values}
        )

    def test_beyond_it_the_rules_answer(self):
        self._make_budget()
        words = [self.ask().answered_by for _time in range(3)]
        self.assertEqual(words, ["model", "model", "rules"])
        last = self.env["crm.ai.call"].search([], limit=1)
        self.assertEqual(last.fallback_code, "budget")
        self.assertEqual(len(self.llm.requests), 2)

    def test_of_one_feature(self):
        self._make_budget(feature_id=self.feature.id, limit_value=0)
        self.assertEqual(self.ask().answered_by, "rules")
        self.assertEqual(self.ask(PARTS).answered_by, "model")

    def test_of_each_person(self):
        self._make_budget(is_each_user=True, limit_value=1)
        other = new_test_user(
            self.env, "ai_other", groups="crm_base.crm_base_group_seller"
        )
        self.assertEqual(self.ask().answered_by, "model")
        self.assertEqual(self.ask().answered_by, "rules")
        self.assertEqual(self.ask(user=other).answered_by, "model")

    def test_of_one_person(self):
        self._make_budget(user_id=self.seller.id, limit_value=0)
        self.assertEqual(self.ask().answered_by, "rules")
        self.assertEqual(self.ask(user=self.env.user).answered_by, "model")

    def test_cost_and_tokens_count(self):
        budgets = self._make_budget(measure="cost", limit_value=0.01)
        budgets |= self._make_budget(measure="tokens", limit_value=10_000)
        self.ask()
        self.assertEqual(budgets.mapped("used_value"), [0.0, 1100.0])
        self.assertAlmostEqual(
            budgets[0]._get_used(budgets[0].create_date.date()), 0.0012
        )

    def test_an_answer_that_was_no_use_was_paid(self):
        budget = self._make_budget(measure="tokens", limit_value=10_000)
        self.llm.says("pas de JSON", "toujours pas")
        self.assertEqual(self.ask().answered_by, "rules")
        self.assertEqual(budget.used_value, 2200)

    def test_another_company_has_its_own(self):
        company = self.env["res.company"].create({"name": "Autre"})
        self._make_budget(company_id=company.id, limit_value=0)
        self.assertEqual(self.ask().answered_by, "model")

    def test_one_warning_a_month(self):
        budget = self._make_budget(limit_value=5)
        for _time in range(4):
            self.ask()
        for _time in range(2):
            self.env["crm.ai.budget"]._cron_warn()
        self.assertEqual(len(budget.activity_ids), 1)
        self.assertIn("80", budget.activity_ids.summary)
        self.assertEqual(budget.activity_ids.user_id, budget.responsible_id)
