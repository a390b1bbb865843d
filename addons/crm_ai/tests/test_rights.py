from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FEATURE, SOUND, AiMixin


@tagged("post_install", "-at_install")
class TestRights(AiMixin, TransactionCase):
    def test_everybody_sees_their_own(self):
        other = new_test_user(
            self.env, "ai_second", groups="crm_base.crm_base_group_seller"
        )
        call = self.ask()
        self.assertEqual(call.with_user(self.seller).state, "done")
        with self.assertRaises(AccessError):
            call.with_user(other).watch()
        admin = new_test_user(
            self.env, "ai_admin", groups="crm_base.crm_base_group_admin"
        )
        self.assertEqual(call.with_user(admin).state, "done")

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Ailleurs"})
        stranger = new_test_user(
            self.env,
            "ai_stranger",
            groups="crm_base.crm_base_group_admin",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.ask()
        calls = self.env["crm.ai.call"].with_user(stranger)
        self.assertFalse(calls.search([]))
        self.assertFalse(self.env["crm.ai.report"].with_user(stranger).search([]))
        self.assertFalse(self.env["crm.ai.route"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.env["crm.ai.register.export"].with_user(stranger).create(
                {"company_id": self.env.company.id}
            )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_portal_and_public_have_nothing(self):
        portal = new_test_user(self.env, "ai_portal", groups="base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            calls = self.env["crm.ai.call"].with_user(user)
            with self.assertRaises(AccessError):
                calls.ask(FEATURE, "res.partner", user.partner_id.id, {})
            with self.assertRaises(AccessError):
                calls.search([])

    def test_nobody_writes_the_register(self):
        call = self.ask()
        for user in (self.seller, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                call.with_user(user).write({"cost": 0})
            with self.assertRaises(AccessError):
                call.with_user(user).unlink()

    def test_who_asked_decides(self):
        other = new_test_user(
            self.env, "ai_third", groups="crm_base.crm_base_group_seller"
        )
        with self.assertRaises(AccessError):
            self.ask().with_user(other).action_accept()

    def test_asking_from_a_screen_is_checked(self):
        calls = self.env["crm.ai.call"].with_user(self.seller)
        asked = calls.ask(FEATURE, "res.partner", self.partner.id, {})
        self.assertEqual(asked["state"], "pending")
        for args in (
            ("no.such", "res.partner", self.partner.id, {}),
            ([FEATURE], "res.partner", self.partner.id, {}),
            (FEATURE, "no.model", 1, {}),
            (FEATURE, "res.partner", 0, {}),
            (FEATURE, "res.partner", self.partner.id, "text"),
        ):
            with self.assertRaises(UserError):
                calls.ask(*args)

    def test_a_record_out_of_reach_is_not_asked_about(self):
        secret = self.env["ir.config_parameter"].search([], limit=1)
        with self.assertRaises(AccessError):
            self.env["crm.ai.call"].with_user(self.seller).ask(
                FEATURE, secret._name, secret.id, {}
            )

    def test_rights_lost_in_the_meantime(self):
        call = self.ask(run=False)
        self.env["ir.rule"].create(
            {
                "name": "hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
            }
        )
        self.run_call(call)
        self.assertEqual(call.state, "failed")
        self.assertFalse(self.llm.requests)

    def test_texts_are_for_administrators(self):
        call = self.ask()
        with self.assertRaises(AccessError):
            self.env["crm.ai.call.texts"].with_user(self.seller).create(
                {"call_id": call.id}
            )
        admin = new_test_user(
            self.env, "ai_reader", groups="crm_base.crm_base_group_admin"
        )
        windows = self.env["crm.ai.call.texts"].with_user(admin)
        window = windows.create({"call_id": call.id})
        self.assertIn("Tu écris.", window.question)

    def test_a_model_that_hears_nothing(self):
        self.assertEqual(self.ask(SOUND).fallback_code, "not_capable")

    def test_only_the_server_s_administrator_opens_its_network(self):
        admin = new_test_user(
            self.env, "ai_network", groups="crm_base.crm_base_group_admin"
        )
        connection = self.connection.with_user(admin)
        with self.assertRaises(AccessError):
            connection.ai_is_local = True
        self.connection.ai_is_local = True
        with self.assertRaises(AccessError):
            connection.base_url = "http://10.0.0.5/v1"
