from odoo.tests import tagged

from .common import ScoreCase

SIZES = (3, 60)
LIST_COLUMNS = ["name", "ai_score", "ai_score_change", "ai_score_summary"]

# Measured from an empty cache, whatever the number of deals.
LIST_QUERIES = 9
PANEL_QUERIES = 26
SCORE_QUERIES = 30


@tagged("post_install", "-at_install")
class TestQueries(ScoreCase):
    """Lists, the panel and scoring cost the same whatever there is to read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_history()
        cls.engine._learn(cls.company)
        cls.leads = cls.make_leads(
            [
                {"source_id": (cls.good if n % 2 else cls.bad).id}
                for n in range(max(SIZES))
            ]
        )

    def start_cold(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def test_the_list(self):
        self.leads._score_now()
        for size in SIZES:
            leads = self.leads[:size].with_user(self.seller)
            leads.web_read({"name": {}})
            self.start_cold()
            with self.subTest(size=size), self.assertQueryCount(LIST_QUERIES):
                leads.read(LIST_COLUMNS)

    def test_the_panel(self):
        lead = self.leads[0]
        lead._score_now()
        for size in SIZES:
            for _number in range(size):
                self.say(lead, lead.create_date, author=self.seller.partner_id)
            lead.with_user(self.seller).get_score_details()
            self.start_cold()
            with self.subTest(size=size), self.assertQueryCount(PANEL_QUERIES):
                lead.with_user(self.seller).get_score_details()

    def test_scoring(self):
        for size in SIZES:
            self.start_cold()
            with self.subTest(size=size), self.assertQueryCount(SCORE_QUERIES):
                self.leads[:size]._score_now()
