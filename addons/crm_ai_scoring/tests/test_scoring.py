from odoo.tests import tagged

from .common import ScoreCase


@tagged("post_install", "-at_install")
class TestScoring(ScoreCase):
    """A deal has a score, a temperature and reasons, with and without a model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_history()
        cls.version = cls.engine._learn(cls.company)

    def test_the_first_version_goes_live(self):
        self.assertEqual(self.version.state, "live")
        self.assertEqual(self.version.verdict, "first")
        self.assertEqual(self.version.closed_count, 240)
        self.assertAlmostEqual(self.version.base_rate, 0.5, delta=0.05)
        self.assertGreater(self.version.auc, 0.7)

    def test_what_was_won_before_scores_higher(self):
        promising = self.make_lead(source_id=self.good.id)
        poor = self.make_lead(source_id=self.bad.id)
        self.score(promising | poor)
        self.assertGreater(promising.ai_score, poor.ai_score + 20)
        self.assertIn("Recommandation", promising.ai_score_summary)
        names = [name for name, _token, _points in promising.ai_score_reasons]
        self.assertIn("source_id", names)

    def test_nothing_is_written_twice(self):
        lead = self.make_lead(source_id=self.good.id)
        self.score(lead)
        self.assertEqual(self.engine._score(self.company, lead.ids), 0)
