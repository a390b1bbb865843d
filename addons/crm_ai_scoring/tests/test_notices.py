from odoo.tests import tagged

from .common import ScoreCase


@tagged("post_install", "-at_install")
class TestNotices(ScoreCase):
    """Deals that become hot are one notice a day and person, however many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.score.criterion"].search([]).action_archive()
        cls.leads = cls.make_leads([{} for _n in range(45)])
        cls.others = cls.make_leads([{"user_id": cls.colleague.id}] * 3)
        cls.leads._score_now()
        cls.others._score_now()

    def warm_up(self, points=40, **values):
        self.env["crm.score.criterion"].create(
            {
                "name": "Salon",
                "points": points,
                "company_id": self.company.id,
                "domain": "[]",
                **values,
            }
        )

    def messages(self, user):
        return self.env["mail.message"].search(
            [
                ("partner_ids", "in", user.partner_id.ids),
                ("message_type", "=", "user_notification"),
            ]
        )

    def test_45_deals_are_one_notice(self):
        self.warm_up()
        self.engine._score(self.company)
        self.assertEqual(set(self.leads.mapped("ai_temperature")), {"hot"})
        message = self.messages(self.seller)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.subject, "45 of your deals became hot")
        self.assertIn("/odoo/hot-deals", message.body)
        self.assertEqual(
            self.messages(self.colleague).subject, "3 of your deals became hot"
        )
        notice = self.env["crm.score.notice"].with_user(self.seller).search([])
        self.assertEqual(notice.lead_count, 45)

    def test_one_by_one_is_still_one_notice(self):
        self.warm_up()
        for lead in self.leads[:10]:
            self.score(lead)
        self.assertEqual(len(self.messages(self.seller)), 1)
        self.env["crm.score.notice"].invalidate_model()
        notice = self.env["crm.score.notice"].with_user(self.seller).search([])
        self.assertEqual(notice.lead_count, 10)

    def test_first_scores_are_no_news(self):
        self.warm_up()
        new = self.make_leads([{"user_id": self.manager.id}] * 2)
        self.score(new)
        self.assertEqual(set(new.mapped("ai_temperature")), {"hot"})
        self.assertFalse(self.messages(self.manager))

    def test_a_company_may_want_none(self):
        self.company.score_tells_hot = False
        self.warm_up()
        self.engine._score(self.company)
        self.assertFalse(self.messages(self.seller))

    def test_the_list_behind_the_notice(self):
        self.warm_up()
        self.engine._score(self.company)
        action = self.env.ref("crm_ai_scoring.crm_lead_action_hot")
        self.assertEqual(action.path, "hot-deals")
        hot = (
            self.env["crm.lead"]
            .with_user(self.seller)
            .search([("ai_temperature", "=", "hot"), ("user_id", "=", self.seller.id)])
        )
        self.assertEqual(hot, self.leads.sorted("id", reverse=True))
        self.assertTrue(all(lead.ai_hot_at for lead in hot))

    def test_cooling_down_clears_the_date(self):
        self.warm_up()
        self.score(self.leads[0])
        self.env["crm.score.criterion"].search([]).unlink()
        self.score(self.leads[0])
        self.assertFalse(self.leads[0].ai_hot_at)
