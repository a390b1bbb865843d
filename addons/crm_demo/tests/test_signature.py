from collections import Counter

from odoo.tests import tagged

from odoo.addons.crm_sign.providers.sealing import verify

from .common import StoryCase


@tagged("post_install", "-at_install")
class TestSignature(StoryCase):
    """What a newcomer finds under Signatures."""

    def find(self, key):
        return self.recall("sign_request", key)

    def test_one_request_in_each_state(self):
        requests = self.env["crm.sign.request"].search(
            [("company_id", "=", self.lumen.id)]
        )
        states = Counter(requests.mapped("state"))
        self.assertEqual(
            states,
            {"draft": 1, "sent": 1, "partial": 1, "signed": 1, "refused": 1},
        )
        self.assertFalse(self.find("avenant").problem_text, "ready to be sent")
        self.assertFalse(requests._verify_chain())

    def test_the_signed_contract_proves_itself(self):
        request = self.find("maintenance")
        self.assertEqual(request.seal_state, "done", request.seal_error)
        report = verify(request.document_ids._get_final())
        self.assertEqual(report.verdict, "intact")
        names = [signature.name for signature in report.signatures]
        self.assertEqual(
            names, [*request.signer_ids.mapped("name"), "Agence Lumen SAS"]
        )

    def test_no_mail_of_the_past_waits(self):
        models = ("crm.sign.request", "crm.sign.signer")
        mails = self.env["mail.mail"].search([("model", "in", models)])
        self.assertFalse(mails.filtered(lambda mail: mail.state == "outgoing"))
