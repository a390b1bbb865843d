from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..models.crm_ai_assistant_screen import SCREENS
from .common import TURN, AssistantCase


@tagged("post_install", "-at_install")
class TestRights(AssistantCase):
    """Each person's conversation is his or her own, and so are the data in it."""

    def test_a_colleagues_deals_are_refused(self):
        turn = self.ask("Où en est le pipeline de Julie Renard ?")
        self.assertIn("Vous n'avez pas accès aux affaires de Julie Renard", turn.answer)
        self.assertNotRegex(turn.answer, "99.{1,6}999")
        self.assertNotIn("Secrète", turn.answer)

    def test_a_manager_may_ask_about_everybody(self):
        chief = self._new_user(
            "chief", "Anne Chef",
            "crm_base.crm_base_group_seller,sales_team.group_sale_manager",
        )  # fmt: skip
        turn = self.ask("Où en est le pipeline de Julie Renard ?", chief)
        self.assertIn("Secrète de Julie", turn.answer)
        self.assertIn("99", turn.answer)

    def test_an_unknown_seller_is_said_so(self):
        turn = self.ask("Quelles sont les affaires de Zorglub ?")
        self.assertIn("Zorglub", turn.answer)

    def test_somebody_without_sales_rights(self):
        clerk = self._new_user("clerk", "Luc Ecrit", "base.group_user")
        turn = self.ask("Où en est le pipeline ?", clerk)
        self.assertEqual(turn.state, "done")
        self.assertIn("accès", turn.answer)

    def test_nobody_reads_the_conversation_of_another(self):
        turn = self.ask("Mes affaires")
        for user in (self.julie, self.env.ref("base.user_admin")):
            other = turn.with_user(user)
            self.assertNotIn(turn, other.search([]))
            for method in ("watch", "action_cancel", "action_dismiss"):
                with self.assertRaises(AccessError):
                    getattr(other, method)()
            with self.assertRaises(AccessError):
                other.open_link(0)

    def test_nobody_writes_a_transcript(self):
        turn = self.ask("Mes affaires").with_user(self.marc)
        with self.assertRaises(AccessError):
            turn.write({"answer": "Autre"})
        with self.assertRaises(AccessError):
            turn.unlink()
        with self.assertRaises(AccessError):
            turn.create({"user_id": self.marc.id, "question": "x"})

    def test_clients_and_passers_by_may_not_ask(self):
        portal = new_test_user(self.env, login="p", groups="base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.env[TURN].with_user(user).ask("Mes affaires")
            with self.assertRaises(AccessError):
                self.env[TURN].with_user(user).get_panel()

    def test_an_empty_question_and_an_unknown_link(self):
        with self.assertRaises(UserError):
            self.as_user(self.marc)[TURN].ask("  ")
        turn = self.ask("Mes affaires")
        for index in (99, -1, "0"):
            with self.assertRaises(UserError):
                turn.open_link(index)

    def test_every_screen_opens(self):
        tools = self.as_user(self.marc)["crm.ai.assistant.tool"]
        turn = self.ask("bonjour")
        for screen in SCREENS:
            tools._run(turn, "open_screen", {"screen": screen})
        labels = turn._prepare_turn()["links"]
        self.assertEqual(len(labels), len(SCREENS))
        for index in range(len(labels)):
            self.assertTrue(turn.open_link(index)["res_model"])

    def test_the_deals_of_another_company_stay_there(self):
        other = self.env["res.company"].create({"name": "Ailleurs SARL"})
        self.marc.company_ids += other
        lead = self.env["crm.lead"].create(
            {
                "name": "Ailleurs",
                "type": "opportunity",
                "expected_revenue": 77777,
                "user_id": self.marc.id,
                "company_id": other.id,
            }
        )
        turn = self.ask("Mes affaires")
        self.assertNotIn(lead.name, turn.answer)
        self.assertNotRegex(turn.answer, "77.{1,6}777")
        self.assertIn("7 affaires ouvertes", turn.answer)
