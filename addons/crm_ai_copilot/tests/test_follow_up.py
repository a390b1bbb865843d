from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from ..lib.results import DraftResult
from .common import CopilotCase


@tagged("post_install", "-at_install")
class TestFollowUp(MailCase, CopilotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead.unlink()
        cls.leads = cls.env["crm.lead"]
        for number in range(5):
            partner = cls.env["res.partner"].create(
                {"name": f"Client {number}", "email": f"c{number}@client.example"}
            )
            lead = cls.make_lead(f"Affaire {number}", partner, 2500)
            cls.leads |= cls.age(lead, 20)
        cls.opposed = cls.leads[2]
        cls.opposed.partner_id.crm_is_opposed = True

    def prepare(self, answer=True):
        analysis = self.env["crm.pipeline.analysis"].with_user(self.seller)
        page = analysis.ask_question("Où en est le pipeline ?")
        action = analysis.browse(page["id"]).action_follow_up()
        batch = (
            self.env["crm.follow.up.batch"]
            .with_user(self.seller)
            .browse(action["res_id"])
        )
        if answer:
            for line in batch.line_ids.filtered("call_id"):
                line.call_id._answer_now()
        return batch

    def test_four_drafts_and_one_refusal(self):
        calls = self.env["crm.ai.call"].search_count([])
        batch = self.prepare()
        self.assertEqual((batch.ready_count, batch.refused_count), (4, 1))
        refused = batch.line_ids.filtered(lambda line: line.state == "refused")
        self.assertEqual(refused.lead_id, self.opposed)
        self.assertTrue(refused.reason)
        self.assertFalse(refused.body)
        # One analysis and four drafts.
        self.assertEqual(self.env["crm.ai.call"].search_count([]), calls + 5)

    def test_a_quote_that_waits_is_what_is_written_about(self):
        self.make_quote(self.leads[0])
        batch = self.prepare(answer=False)
        asked = batch.line_ids.filtered("call_id")
        kinds = {line.lead_id: line.call_id._get_params()["kind"] for line in asked}
        self.assertEqual(kinds.pop(self.leads[0]), "quote_reminder")
        self.assertEqual(set(kinds.values()), {"follow_up"})

    def test_nothing_leaves_before_the_click(self):
        with self.mock_mail_gateway():
            self.prepare()
        self.assertFalse(self._new_mails)

    def test_on_confirmation_four_mails_leave_once(self):
        batch = self.prepare()
        with self.mock_mail_gateway():
            batch.action_send()
            with self.assertRaises(UserError):
                batch.action_send()
        self.assertEqual(len(self._new_mails), 4)
        self.assertEqual(set(self._new_mails.mapped("state")), {"outgoing"})
        expected = (self.leads - self.opposed).partner_id
        self.assertEqual(self._new_mails.recipient_ids, expected)
        lines = batch.line_ids.filtered(lambda line: line.state == "sent")
        self.assertEqual(
            {(message.model, message.res_id) for message in lines.message_id},
            {("crm.lead", lead.id) for lead in self.leads - self.opposed},
        )
        self.assertEqual(set(lines.call_id.mapped("decision")), {"accepted"})
        self.assertEqual(batch.state, "sent")

    def test_an_edited_draft_says_so(self):
        batch = self.prepare()
        line = batch.line_ids.filtered(lambda line: line.state == "ready")[:1]
        line.body = line.body + "<p>À bientôt.</p>"
        with self.mock_mail_gateway():
            batch.action_send()
        self.assertEqual(line.call_id.decision, "edited")
        self.assertEqual(line.message_id.crm_ai_draft_state, "edited")

    def test_a_line_is_left_out_and_taken_back(self):
        batch = self.prepare()
        first, second = batch.line_ids.filtered(lambda line: line.state == "ready")[:2]
        first.action_exclude()
        second.action_exclude()
        second.action_include()
        with self.mock_mail_gateway():
            batch.action_send()
        self.assertEqual(len(self._new_mails), 3)
        self.assertEqual((first.state, second.state), ("excluded", "sent"))

    def test_the_blacklist_counts(self):
        self.env["mail.blacklist"]._add("c0@client.example")
        batch = self.prepare()
        self.assertEqual((batch.ready_count, batch.refused_count), (3, 2))

    def test_who_objects_meanwhile_is_refused(self):
        batch = self.prepare()
        self.leads[4].partner_id.crm_is_opposed = True
        with self.mock_mail_gateway():
            batch.action_send()
        self.assertEqual(len(self._new_mails), 3)
        self.assertEqual(batch.refused_count, 2)

    def test_a_deal_closed_meanwhile_is_refused(self):
        batch = self.prepare()
        self.leads[0].action_set_won()
        with self.mock_mail_gateway():
            batch.action_send()
        self.assertEqual(len(self._new_mails), 3)

    def test_drafts_still_written_are_waited_for(self):
        batch = self.prepare(answer=False)
        self.assertEqual(batch.waiting_count, 4)
        with self.assertRaises(UserError):
            batch.action_send()

    def test_a_cancelled_batch_sends_nothing(self):
        batch = self.prepare()
        with self.mock_mail_gateway():
            batch.action_cancel()
            with self.assertRaises(UserError):
                batch.action_send()
        self.assertFalse(self._new_mails)

    def test_doubts_are_shown_on_the_line(self):
        batch = self.prepare(answer=False)
        line = batch.line_ids.filtered(lambda line: line.state == "waiting")[:1]
        body = "Bonjour, votre remise de 12 % est prête."
        self.answer_with(line.call_id, DraftResult(subject="Objet", body=body))
        self.assertEqual(line.doubts, "12 %")

    def test_a_draft_that_fails_is_left_out(self):
        batch = self.prepare(answer=False)
        line = batch.line_ids.filtered(lambda line: line.state == "waiting")[:1]
        line.call_id.action_cancel()
        self.assertEqual(line.state, "excluded")

    def test_a_batch_is_its_author_s(self):
        batch = self.prepare()
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            batch.with_user(self.colleague).action_send()
        with self.assertRaises(UserError):
            batch.with_user(self.manager).action_send()
