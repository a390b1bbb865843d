from odoo.tests import tagged

from odoo.addons.crm_sign.providers.sealing import verify
from odoo.addons.queue_job.tests.common import trap_jobs

from .common import SignCase, make_pdf, make_png

ANCHORS = "Fait a Lyon {{sign:1}}", "{{initials:2}} {{date:2}} {{sign:2}}"


@tagged("post_install", "-at_install")
class TestSeal(SignCase):
    """The final file."""

    def sign_all(self, *names, **values):
        request, *signers = self.send(*names, **values)
        with trap_jobs() as trap:
            for signer in signers:
                self.sign(signer, initials=make_png())
            trap.assert_enqueued_job(request._job_seal)
        return request

    def test_the_signed_file_holds_each_signature_and_the_proof(self):
        request = self.sign_all(
            "Marie Dupont", "Paul Durand", pdf=make_pdf(*ANCHORS)
        )
        self.assertEqual(len(request.field_ids), 4)
        self.assertEqual(request.seal_state, "waiting")
        request._job_seal()
        self.assertEqual(request.seal_state, "done", request.seal_error)
        document = request.document_ids
        content = document._get_final()
        report = verify(content)
        self.assertEqual(report.verdict, "intact")
        self.assertEqual(
            [signature.name for signature in report.signatures],
            ["Marie Dupont", "Paul Durand", "Agence Test"],
        )
        self.assertTrue(content.startswith(document._get_original()))
        altered = content.replace(b"Marie Dupont", b"Maria Dupont", 1)
        self.assertNotEqual(altered, content)
        self.assertNotEqual(verify(altered).verdict, "intact")

    def test_the_job_runs_twice_without_harm(self):
        request = self.sign_all("Marie Dupont")
        request._job_seal()
        content, events = request.document_ids._get_final(), request.event_count
        mails = self.mails_to("marie@client.example")
        request._job_seal()
        self.assertEqual(request.document_ids._get_final(), content)
        self.assertEqual(request.event_count, events)
        self.assertEqual(self.mails_to("marie@client.example"), mails)
