from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CopilotCase

MODELS = (
    "crm.next.action",
    "crm.next.action.rule",
    "crm.ai.suggestion",
    "crm.pipeline.analysis",
    "crm.follow.up.batch",
    "crm.follow.up.line",
    "crm.deal.pulse",
)


@tagged("post_install", "-at_install")
class TestRights(CopilotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.age(cls.lead, 30)
        cls.lead._refresh_next_actions()
        cls.action = cls.lead.next_action_ids.filtered("is_best")
        cls.other_company = cls.env["res.company"].create({"name": "Ailleurs"})
        cls.stranger = new_test_user(
            cls.env,
            "copilot_stranger",
            "crm_base.crm_base_group_admin",
            company_id=cls.other_company.id,
            company_ids=[(6, 0, cls.other_company.ids)],
        )
        cls.portal = new_test_user(cls.env, "copilot_portal", "base.group_portal")

    def see(self, user):
        found = self.env["crm.next.action"].with_user(user).search([])
        return self.action in found

    def test_who_sees_a_proposal(self):
        self.assertTrue(self.see(self.seller))
        self.assertTrue(self.see(self.manager))
        self.assertFalse(self.see(self.colleague))
        self.assertFalse(self.see(self.stranger))

    def test_portal_and_public_see_nothing(self):
        public = self.env.ref("base.public_user")
        for model in MODELS:
            for user in (self.portal, public):
                with self.assertRaises(AccessError, msg=model):
                    self.env[model].with_user(user).check_access("read")

    def test_a_colleague_decides_nothing(self):
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self.action.with_user(self.colleague).action_accept()
        self.assertEqual(self.action.state, "proposed")

    def test_proposals_are_not_written_by_hand(self):
        with self.assertRaises(AccessError):
            self.action.with_user(self.seller).write({"state": "accepted"})
        with self.assertRaises(AccessError):
            self.env["crm.ai.suggestion"].with_user(self.manager).create(
                {"lead_id": self.lead.id, "kind": "field", "field_name": "phone"}
            )

    def test_only_managers_edit_the_table(self):
        rule = self.action.rule_id
        with self.assertRaises(AccessError):
            rule.with_user(self.seller).write({"gain_points": 99})
        rule.with_user(self.manager).write({"gain_points": 3})
        self.assertEqual(rule.gain_points, 3)

    def test_a_rule_of_another_company_is_not_used(self):
        rule = self.action.rule_id
        rule.company_id = self.other_company
        self.lead._refresh_next_actions()
        self.assertNotIn(rule, self.lead.next_action_ids.rule_id)
