import re

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_sign.exceptions import SignRefused
from odoo.addons.crm_sign.lib.http_facts import HttpFacts
from odoo.addons.crm_sign.tests.common import VISITOR, SignMixin
from odoo.addons.sms.tests.common import SMSCase

MARIE = {
    "name": "Marie",
    "email": False,
    "phone": "06 12 34 56 78",
    "code_channel": "sms",
}


@tagged("post_install", "-at_install")
class TestCodeBySms(SignMixin, SMSCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.fr")

    def texts(self):
        return self.env["sms.sms"].search([("number", "=", "+33612345678")])

    def test_somebody_without_mail_signs_with_text_messages(self):
        request, marie = self.send(MARIE)
        (link,) = self.texts()
        token = re.search(r"/sign/s/([\w-]+)", link.body)[1]
        self.assertEqual(marie._find_by_token(token), marie)
        marie._send_code(VISITOR)
        code = re.search(r"\b\d{6}\b", (self.texts() - link).body)[0]
        self.assertEqual(marie._get_code_hint()[-2:], "78")
        self.assertNotIn("3456", marie._get_code_hint())
        with self.assertRaises(SignRefused):
            marie._check_code("x", VISITOR)
        session = marie._check_code(code, VISITOR)
        self.sign(marie, HttpFacts("192.0.2.7", "x", session))
        self.assertEqual(request.state, "signed")
        self.assertIn("+33612345678", marie.identified_by)
        sent = request.event_ids.filtered(lambda e: e.kind == "code_sent")
        self.assertIn("+33612345678", sent.details_json)
        self.assertNotIn(code, sent.details_json)

    def test_a_number_is_needed(self):
        request = self.make_request({**MARIE, "phone": False})
        with self.assertRaisesRegex(UserError, "no phone number"):
            request.with_user(self.seller).action_send()

    def test_who_has_a_mail_address_gets_the_link_there(self):
        _request, marie = self.send({**MARIE, "email": "marie@client.example"})
        self.assertFalse(self.texts())
        self.assertTrue(self.read_link(marie))

    def test_text_messages_leave_through_a_job_once(self):
        request, _marie = self.send(MARIE)
        text_ids = self.texts().ids
        with self.mockSMSGateway():
            request._job_send_sms(text_ids)
            request._job_send_sms(text_ids)
            self.assertEqual(len(self._sms), 1)

    def test_a_refused_text_message_is_a_task(self):
        request, _marie = self.send(MARIE)
        with self.mockSMSGateway(sim_error="wrong_number_format"):
            request._job_send_sms(self.texts().ids)
        self.assertEqual(request.activity_ids.user_id, self.seller)
        self.assertIn("+33612345678", request.activity_ids.note)
