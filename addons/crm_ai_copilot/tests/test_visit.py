from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CopilotCase


@tagged("post_install", "-at_install")
class TestVisit(CopilotCase):
    def log(self, user=None, **values):
        lead = self.lead.with_user(user or self.seller)
        context = lead.action_log_visit()["context"]
        values.setdefault("note", "budget T2")
        return lead.env["crm.visit.log"].with_context(**context).create(values)

    def test_a_visit_is_a_done_activity_at_the_right_time(self):
        done_at = fields.Datetime.now() - timedelta(hours=3)
        self.log(done_at=done_at).action_log()
        activity = (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search([("res_model", "=", "crm.lead"), ("res_id", "=", self.lead.id)])
        )
        self.assertEqual(len(activity), 1)
        self.assertFalse(activity.active)
        self.assertEqual(activity.crm_visit_result, "interested")
        self.assertIn("budget T2", activity.feedback)
        message = self.lead.message_ids.filtered("mail_activity_type_id")
        self.assertEqual(len(message), 1)
        self.assertEqual(message.date, done_at.replace(microsecond=0))

    def test_the_next_step_is_there_at_once(self):
        self.log().action_log()
        action = self.lead.next_action_id
        today = fields.Date.context_today(self.lead)
        self.assertEqual(action.kind, "quote")
        self.assertTrue(today <= action.due_on <= today + timedelta(days=5))

    def test_with_a_quote_sent_a_call_is_proposed(self):
        quote = self.make_quote(self.lead)
        self.log().action_log()
        self.assertEqual(self.lead.next_action_id.kind, "call")
        self.assertIn(quote.name, self.lead.next_action_id.reason)

    def test_a_visit_to_come_is_refused(self):
        with self.assertRaises(ValidationError):
            self.log(done_at=fields.Datetime.now() + timedelta(days=1))

    def test_only_on_deals_of_ones_own(self):
        log = self.log()
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            log.with_user(self.colleague).action_log()
