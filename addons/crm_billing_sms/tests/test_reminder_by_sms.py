from odoo.tests import freeze_time, tagged

from odoo.addons.crm_billing.tests.common_dunning import DunningCommon
from odoo.addons.sms.tests.common import SMSCase


@tagged("post_install", "-at_install")
class TestReminderBySms(DunningCommon, SMSCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.text = cls.env.ref("crm_billing_sms.sms_template_dunning")
        cls.firm_step = cls.policy.step_ids.filtered(lambda s: s.offset_days == 7)
        cls.firm_step.write({"channel": "sms", "sms_template_id": cls.text.id})
        cls.client.phone = "+32470123456"

    def _run(self, day, hour="06:05:00", **gateway):
        with freeze_time(f"{day} {hour}"):
            with self.no_commit():
                self.env["crm.dunning.engine"].sudo()._cron_run()
            with self.mockSMSGateway(**gateway):
                self.env["sms.sms"].sudo().search([("state", "=", "outgoing")]).send()
        return self._sms

    def test_a_text_message_leaves_and_is_followed(self):
        move = self.make_invoice()
        self._run("2026-04-20", force_delivered=True)
        line = self.lines(move)
        self.assertEqual((line.channel, line.state), ("sms", "sent"))
        self.assertIn(move.name, self._sms[0]["body"])
        self.assertIn("1,200.00", self._sms[0]["body"])

    def test_a_refused_text_message_is_a_task(self):
        move = self.make_invoice()
        self._run("2026-04-20", sim_error="wrong_number_format")
        message = self.lines(move).message_id
        self.assertEqual(message.state, "failed")
        self.assertEqual(message.activity_ids.user_id, self.catherine)

    def test_a_client_without_phone_is_a_task(self):
        self.client.phone = False
        move = self.make_invoice()
        self._run("2026-04-20")
        message = self.lines(move).message_id
        self.assertEqual(message.state, "task")
        self.assertIn("no phone number", message.reason)

    def test_withdrawn_when_paid_before_it_left(self):
        move = self.make_invoice()
        with freeze_time("2026-04-20 06:05:00"), self.no_commit():
            self.env["crm.dunning.engine"].sudo()._cron_run()
        self.pay(move, day="2026-04-20")
        with freeze_time("2026-04-20 06:10:00"), self.mockSMSGateway():
            self.env["sms.sms"].sudo().search([("state", "=", "outgoing")]).send()
            self.assertFalse(self._sms)
        self.assertEqual(self.lines(move).state, "cancelled")

    def test_sent_again_to_the_right_number(self):
        move = self.make_invoice()
        self._run("2026-04-20", sim_error="wrong_number_format")
        message = self.lines(move).message_id
        self.client.phone = "+32470999999"
        with freeze_time("2026-04-20 08:00:00"):
            message.with_user(self.catherine).action_retry()
            with self.mockSMSGateway(force_delivered=True):
                self.env["sms.sms"].sudo().search([("state", "=", "outgoing")]).send()
        self.assertEqual(message.state, "sent")
        self.assertIn("999999", message.mail_address)

    def test_a_step_needs_its_text_and_a_text_its_names(self):
        with self.refused("needs a text"):
            self.firm_step.sms_template_id = False
        with self.refused("object.montant"):
            self.text.body = "{{ object.montant }}"
