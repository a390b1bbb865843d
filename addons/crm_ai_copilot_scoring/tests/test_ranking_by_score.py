from odoo.tests import tagged

from odoo.addons.crm_ai_copilot.tests.common import look
from odoo.addons.crm_ai_scoring.tests.common import ScoreCase
from odoo.addons.queue_job.tests.common import trap_jobs


@tagged("post_install", "-at_install")
class TestRankingByScore(ScoreCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.make_lead(source_id=cls.good.id, probability=12)

    def learn(self):
        self.make_history()
        return self.engine._learn(self.company)

    def get_chance(self):
        return self.lead._get_deal_chances()[self.lead.id]

    def set_score(self, points):
        """As if the facts of the deal had changed."""
        self.lead.ai_score = points
        self.env.flush_all()

    def test_without_a_version_odoo_says_how_probable_it_is(self):
        self.score(self.lead)
        self.assertTrue(self.lead.ai_score_at)
        self.assertEqual(self.get_chance(), (12, "odoo"))

    def test_a_deal_that_has_no_score_yet_keeps_its_probability(self):
        self.learn()
        self.assertFalse(self.lead.ai_score_at)
        self.assertEqual(self.get_chance(), (12, "odoo"))

    def test_a_learnt_score_is_the_chance(self):
        version = self.learn()
        self.score(self.lead)
        self.assertGreater(self.lead.ai_score, 50)
        chance = self.get_chance()
        self.assertEqual(chance.points, self.lead.ai_score)
        self.assertEqual(chance.source, f"crm.score.model,{version.id}")
        state = look(self.lead)
        self.assertEqual(state.probability, self.lead.ai_score)

    def test_the_first_score_is_no_move_and_a_later_one_is(self):
        self.lead._refresh_next_actions()
        self.learn()
        self.score(self.lead)
        state = look(self.lead)
        self.assertEqual(state.score_move, "still")
        self.lead._refresh_next_actions()
        self.set_score(self.lead.ai_score - 15)
        state = look(self.lead)
        self.assertEqual((state.score_change, state.score_move), (-15, "fell"))

    def test_a_new_version_is_no_move(self):
        self.learn()
        self.score(self.lead)
        self.lead._refresh_next_actions()
        self.engine._learn(self.company)._put_live("chosen")
        self.set_score(self.lead.ai_score - 15)
        state = look(self.lead)
        self.assertEqual(state.score_move, "still")

    def test_a_score_that_moves_has_the_next_action_looked_at(self):
        self.learn()
        self.env.cr.precommit.run()
        with trap_jobs() as trap:
            self.score(self.lead)
            self.env.cr.precommit.run()
            trap.assert_jobs_count(1, only=self.lead._job_refresh_next_actions)
            self.score(self.lead)
            self.env.cr.precommit.run()
            trap.assert_jobs_count(1, only=self.lead._job_refresh_next_actions)

    def test_a_score_that_ranks_nothing_asks_for_no_job(self):
        self.env.cr.precommit.run()
        with trap_jobs() as trap:
            self.score(self.lead)
            self.env.cr.precommit.run()
            trap.assert_jobs_count(0, only=self.lead._job_refresh_next_actions)

    def test_a_whole_night_asks_for_no_job(self):
        self.learn()
        leads = self.make_leads([{"source_id": self.good.id} for _n in range(60)])
        self.env.cr.precommit.run()
        with trap_jobs() as trap:
            self.score(leads)
            self.env.cr.precommit.run()
            trap.assert_jobs_count(0, only=leads._job_refresh_next_actions)
