from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ScoreCase


@tagged("post_install", "-at_install")
class TestCriteria(ScoreCase):
    """Criteria make the score before a model, and adjust it within limits after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.score.criterion"].search([]).action_archive()

    def make(self, points, **values):
        defaults = {"name": "Critère", "points": points, "company_id": self.company.id}
        return self.env["crm.score.criterion"].create({**defaults, **values})

    def test_a_deal_without_criterion_has_the_starting_points(self):
        lead = self.score(self.make_lead())
        self.assertEqual((lead.ai_score, lead.ai_temperature), (30, "warm"))
        self.assertFalse(lead.ai_score_reasons)
        self.assertFalse(lead.ai_score_summary)

    def test_a_filter_gives_points(self):
        self.make(35, domain=f"[('source_id', '=', {self.good.id})]")
        met = self.make_lead(source_id=self.good.id)
        other = self.make_lead(source_id=self.bad.id)
        self.score(met | other)
        self.assertEqual((met.ai_score, met.ai_temperature), (65, "hot"))
        self.assertEqual(other.ai_score, 30)
        self.assertEqual(met.ai_score_summary, "Criterion: Critère")

    def test_a_fact_gives_points(self):
        rows = [
            (self.make(10, kind="fact", fact="calls", comparison="<=", value=0), 10),
            (self.make(7, kind="fact", fact="expected_revenue", value=4000), 7),
            (self.make(-9, kind="fact", fact="last_in_days", comparison="none"), -9),
            (self.make(5, kind="fact", fact="has_phone", comparison="=", value=1), 0),
        ]
        lead = self.score(self.make_lead(expected_revenue=4000))
        self.assertEqual(lead.ai_score, 30 + sum(points for _c, points in rows))
        given = {name: points for name, _token, points in lead.ai_score_reasons}
        self.assertEqual(given, {f"criterion:{c.id}": float(p) for c, p in rows if p})

    def test_shipped_criteria_score_a_new_company(self):
        shipped = self.env["crm.score.criterion"].with_context(active_test=False)
        shipped.search([("company_id", "=", False)]).action_unarchive()
        partner = self.env["res.partner"].create({"name": "Client"})
        lead = self.make_lead(partner_id=partner.id, expected_revenue=9000)
        self.say(lead, self.engine._get_now())
        self.env.cr.execute(
            "UPDATE mail_message SET date = date - interval '1 hour'"
            " WHERE model = 'crm.lead' AND res_id = %s",
            [lead.id],
        )
        self.score(lead)
        self.assertEqual(lead.ai_score, 55)
        self.assertIn("wrote in the last 14 days", lead.ai_score_summary)

    def test_lasting_criteria_adjust_a_model_within_the_limit(self):
        self.make_history()
        self.engine._learn(self.company)
        lead = self.score(self.make_lead(source_id=self.bad.id))
        alone = lead.ai_score
        passing = self.make(40, domain=f"[('source_id', '=', {self.bad.id})]")
        self.score(lead)
        self.assertEqual(lead.ai_score, alone, "a model speaks now")
        passing.is_lasting = True
        self.score(lead)
        self.assertEqual(lead.ai_score, alone + 10)
        given = {name: points for name, _token, points in lead.ai_score_reasons}
        self.assertEqual(given[f"criterion:{passing.id}"], 10)
        self.company.score_most_adjustment = 0
        self.score(lead)
        self.assertEqual(lead.ai_score, alone)

    def test_another_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Autre"})
        self.make(20, company_id=other.id)
        self.assertEqual(self.score(self.make_lead()).ai_score, 30)
        self.make(20, company_id=False)
        self.assertEqual(self.score(self.make_lead()).ai_score, 50)

    def test_a_filter_that_cannot_be_read_is_refused(self):
        for domain in ("[('nothing', '=', 1)]", "[(", "print(1)"):
            with (
                self.assertRaises(ValidationError, msg=domain),
                mute_logger("odoo.domains", "odoo.sql_db"),
            ):
                self.make(10, domain=domain)

    def test_points_have_limits(self):
        for points in (0, 51, -51):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.make(points).flush_recordset()

    def test_a_change_scores_the_company_again(self):
        criterion = self.make(10)
        jobs = self.env["queue.job"].sudo()
        key = f"crm_score_all:{self.company.id}"
        self.assertEqual(jobs.search_count([("identity_key", "=", key)]), 1)
        criterion.points = 12
        self.assertEqual(jobs.search_count([("identity_key", "=", key)]), 1)
