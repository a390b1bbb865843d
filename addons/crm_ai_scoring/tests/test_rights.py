from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ScoreCase


@tagged("post_install", "-at_install")
class TestRights(ScoreCase):
    """Sellers see scores of what they may read; what makes them is the admins'."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_history()
        cls.version = cls.engine._learn(cls.company)
        cls.client = cls.env["res.partner"].create({"name": "TechCorp"})
        cls.mine = cls.make_lead(partner_id=cls.client.id, source_id=cls.good.id)
        cls.theirs = cls.make_lead(user_id=cls.colleague.id)
        (cls.mine | cls.theirs)._score_now()
        cls.elsewhere = cls.env["res.company"].create({"name": "Ailleurs"})
        cls.stranger = cls.make_user(
            "eva", "crm_base.crm_base_group_admin", company=cls.elsewhere
        )
        cls.portal = new_test_user(
            cls.env,
            "portal_score",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.public = cls.env.ref("base.public_user")

    def test_a_seller_reads_the_scores_of_his_deals(self):
        lead = self.mine.with_user(self.seller)
        self.assertGreater(lead.ai_score, 0)
        self.assertTrue(lead.ai_score_summary)
        details = lead.get_score_details()
        self.assertEqual(details["score"], self.mine.ai_score)
        self.assertTrue(lead.action_open_score_fact("mails_in"))

    def test_not_those_of_colleagues(self):
        lead = self.theirs.with_user(self.seller)
        for read in (
            lead.get_score_details,
            lambda: lead.action_open_score_fact("mails_in"),
            lambda: lead.read(["ai_score"]),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                read()

    def test_nor_of_another_company_nor_from_outside(self):
        for user in (self.stranger, self.portal, self.public):
            lead = self.mine.with_user(user)
            for read in (
                lead.get_score_details,
                lambda lead=lead: lead.read(["ai_score"]),
            ):
                with self.assertRaises(AccessError):
                    read()

    def test_versions_and_criteria_are_the_admins(self):
        criteria = self.env["crm.score.criterion"]
        own = criteria.create({"name": "Essai", "points": 5, "domain": "[]"})
        own.company_id = self.company
        for user in (self.seller, self.portal, self.public):
            for record in (self.version, own):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
            for click in ("action_learn", "action_put_live"):
                with self.assertRaises(AccessError):
                    getattr(self.version.with_user(user), click)()
        for record in (self.version, own):
            with self.assertRaises(AccessError):
                record.with_user(self.stranger).read(["display_name"])
        self.assertEqual(self.version.with_user(self.manager).closed_count, 240)
        own.with_user(self.manager).points = 7

    def test_nobody_writes_versions_by_hand(self):
        for operation in ("write", "create", "unlink"):
            with self.assertRaises(AccessError):
                self.version.with_user(self.manager).check_access(operation)

    def test_nobody_types_a_score(self):
        score = self.env["crm.score.client"].search(
            [("partner_id", "=", self.client.id)]
        )
        self.assertEqual(score.with_user(self.seller).score, self.mine.ai_score)
        with self.assertRaises(AccessError):
            score.with_user(self.seller).write({"score": 100})
        with self.assertRaises(AccessError):
            score.with_user(self.stranger).read(["score"])
        with self.assertRaises(AccessError):
            score.with_user(self.portal).read(["score"])

    def test_companies_score_apart(self):
        lead = (
            self.env["crm.lead"]
            .with_context(tracking_disable=True)
            .create(
                {
                    "name": "Ailleurs",
                    "company_id": self.elsewhere.id,
                    "user_id": self.stranger.id,
                    "team_id": False,
                    "partner_id": self.client.id,
                    "source_id": self.good.id,
                }
            )
        )
        lead._score_now()
        elsewhere = {"allowed_company_ids": self.elsewhere.ids}
        theirs = lead.with_user(self.stranger).with_context(**elsewhere)
        details = theirs.get_score_details()
        self.assertIn("not enough deals were closed", details["basis"])
        rows = self.env["crm.score.client"].search(
            [("partner_id", "=", self.client.id)]
        )
        self.assertEqual(len(rows), 2)
        theirs = rows.with_user(self.stranger).with_context(**elsewhere)
        self.assertEqual(len(theirs.search([])), 1)
        self.assertFalse(self.engine._learn(self.elsewhere))
