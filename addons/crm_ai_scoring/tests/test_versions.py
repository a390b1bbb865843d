from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..lib.going_live import is_not_worse
from .common import ScoreCase


@tagged("post_install", "-at_install")
class TestVersions(ScoreCase):
    """Learning, going live, going back."""

    def learn(self):
        return self.engine._learn(self.company)

    def test_too_few_deals_teach_nothing(self):
        self.make_history(48)
        self.assertFalse(self.learn())
        self.assertFalse(self.engine._has_news(self.company))

    def test_one_sided_deals_teach_nothing(self):
        leads = self.make_leads([{} for _n in range(80)])
        now = fields.Datetime.now()
        self.close(leads, True, now - timedelta(days=40), now - timedelta(days=9))
        self.assertFalse(self.learn())

    def test_with_few_deals_the_criteria_still_speak(self):
        self.make_history(100)
        version = self.learn()
        self.assertEqual((version.state, version.share), ("live", 0.5))
        lead = self.score(self.make_lead(source_id=self.good.id))
        details = lead.get_score_details()
        self.assertIn("50 % from 100 closed deals (version 1)", details["basis"])

    def test_a_version_not_worse_goes_live(self):
        self.make_history()
        first, second = self.learn(), self.learn()
        self.assertEqual((first.state, second.state), ("retired", "live"))
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual(second.verdict, "better")

    def test_a_worse_version_is_kept_aside(self):
        self.make_history()
        first = self.learn()
        better = {
            "model": {**first.figures["model"], "log_loss": 0.05, "auc": 0.999},
            "base": first.figures["base"],
        }
        first.figures = better
        second = self.learn()
        self.assertFalse(is_not_worse(second.figures, better))
        self.assertEqual((second.state, second.verdict), ("candidate", "worse"))
        self.assertEqual(first.state, "live")

    def test_going_back_is_one_click(self):
        self.make_history()
        first, second = self.learn(), self.learn()
        action = first.with_user(self.manager).action_put_live()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual((first.state, second.state), ("live", "retired"))
        with self.assertRaises(UserError):
            first.with_user(self.manager).action_put_live()
        lead = self.score(self.make_lead())
        self.assertIn("(version 1)", lead.get_score_details()["basis"])

    def test_it_learns_again_when_there_is_something_new(self):
        self.make_history()
        self.assertTrue(self.engine._has_news(self.company))
        version = self.learn()
        self.assertFalse(self.engine._has_news(self.company))
        version.trained_at -= timedelta(minutes=5)
        fresh = self.make_leads([{} for _n in range(5)])
        now = fields.Datetime.now()
        self.close(fresh[:4], True, now - timedelta(days=9), now)
        self.assertFalse(self.engine._has_news(self.company))
        self.close(fresh[4:], False, now - timedelta(days=9), now)
        self.assertTrue(self.engine._has_news(self.company))

    def test_the_night_learns_and_scores(self):
        self.make_history()
        lead = self.make_lead(source_id=self.good.id)
        with self.enter_registry_test_mode():
            self.env.ref("crm_ai_scoring.ir_cron_score").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(lead.ai_score_at)
        jobs = (
            self.env["queue.job"]
            .sudo()
            .search([("identity_key", "=", f"crm_score_learn:{self.company.id}")])
        )
        self.assertEqual(len(jobs), 1)
        self.company._job_learn()
        self.assertEqual(
            self.env["crm.score.model"]._find_live(self.company).closed_count, 240
        )

    def test_a_company_may_do_without_learning(self):
        self.make_history()
        self.learn()
        self.company.score_learns = False
        lead = self.score(self.make_lead(source_id=self.good.id))
        details = lead.get_score_details()
        self.assertIn("criteria of your company", details["basis"])
        self.assertEqual(details["advice"], [])

    def test_thresholds_make_sense(self):
        for values in (
            {"score_hot_from": 20},
            {"score_warm_from": 0},
            {"score_hot_from": 101},
            {"score_start": 120},
            {"score_most_adjustment": 60},
        ):
            with self.assertRaises(ValidationError, msg=str(values)):
                self.company.write(values)

    def test_the_screen_of_a_version_explains_it(self):
        self.make_history()
        version = self.learn()
        details = version.with_user(self.manager).details
        texts = [row["text"] for row in details["for"]]
        self.assertTrue(any("Recommandation" in text for text in texts), texts)
        self.assertTrue(all(row["weight"] > 0 for row in details["for"]))
        self.assertTrue(all(row["weight"] < 0 for row in details["against"]))
        self.assertIn("48 newest closed deals", details["sentences"][0])
