import base64
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_base.lib.errors import UnavailableError
from odoo.addons.crm_sign.providers import final_file
from odoo.addons.crm_sign.providers.company_certificate import make_company_ca
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
        request = self.sign_all("Marie Dupont", "Paul Durand", pdf=make_pdf(*ANCHORS))
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

    def test_an_expired_certificate_is_said_before_sending(self):
        request, *_signers = self.send()
        certificate = self.company._get_sign_certificate()
        self.assertEqual(certificate.kind, "own_ca")
        certificate.date_not_after = "2020-01-31"
        with self.assertRaisesRegex(UserError, "Agence Test expired on"):
            self.make_request().with_user(self.seller).action_send()
        admin = new_test_user(
            self.env, "s_admin", groups="crm_base.crm_base_group_admin", **self.here
        )
        with self.assertRaises(RedirectWarning):
            self.make_request(user=admin).with_user(admin).action_send()

    def test_a_failure_keeps_the_signatures_and_has_a_way_out(self):
        request = self.sign_all("Marie Dupont")
        certificate = self.company._get_sign_certificate()
        good = certificate.date_not_after
        certificate.date_not_after = "2020-01-31"
        request._job_seal()
        self.assertEqual((request.state, request.seal_state), ("signed", "failed"))
        self.assertIn("expired", request.seal_error)
        self.assertEqual(len(request.activity_ids), 1)
        self.assertFalse(request.document_ids.final_attachment_id)
        certificate.date_not_after = good
        with trap_jobs() as trap:
            request.with_user(self.seller).action_retry_seal()
            trap.assert_enqueued_job(request._job_seal)
        request._job_seal()
        self.assertEqual((request.seal_state, request.seal_error), ("done", False))
        with self.assertRaisesRegex(UserError, "has its final file"):
            request.with_user(self.seller).action_retry_seal()

    def test_a_time_stamp_service_that_is_down_is_asked_again(self):
        request = self.sign_all("Marie Dupont")
        self.company._get_sign_certificate().tsa_url = "https://tsa.example/tsa"
        down = patch.object(
            final_file, "seal", side_effect=UnavailableError("no answer")
        )
        with down, trap_jobs() as trap:
            request._job_seal()
            trap.assert_enqueued_job(request._job_seal)
        self.assertEqual(request.seal_state, "waiting")
        self.assertIn("try again by ourselves", request.seal_error)
        with down, trap_jobs():
            for _attempt in range(6):
                request._job_seal()
        self.assertEqual(request.seal_state, "failed")
        self.assertTrue(request.activity_ids)

    def test_a_time_stamp_service_inside_the_house_has_to_be_allowed(self):
        certificate = self.company._get_sign_certificate()
        for url, sentence in (
            ("ftp://tsa.example", "starts with https"),
            ("https://me:secret@tsa.example", "holds no password"),
            ("http://127.0.0.1:9/tsa", "inside an internal network"),
            ("http://tsa.local/tsa", "inside an internal network"),
        ):
            with self.assertRaisesRegex(ValidationError, sentence):
                certificate.tsa_url = url
        certificate.tsa_url = False
        self.assertFalse(certificate._get_time_stamp_service())
        set_param = self.env["ir.config_parameter"].sudo().set_param
        set_param("crm_integrations.allow_private_tsa", "1")
        certificate.tsa_url = "http://127.0.0.1:9/tsa"
        self.assertTrue(certificate._get_time_stamp_service().allow_private)
        # No longer allowed: the service is not called, and that is said.
        set_param("crm_integrations.allow_private_tsa", False)
        request = self.sign_all("Marie Dupont")
        request._job_seal()
        self.assertEqual((request.state, request.seal_state), ("signed", "failed"))
        self.assertIn("inside an internal network", request.seal_error)

    def test_everybody_gets_the_signed_file(self):
        boss = self.env["res.partner"].create(
            {"name": "Patron", "email": "boss@client.example", "lang": "en_US"}
        )
        request = self.sign_all("Marie Dupont", copy_partner_ids=boss.ids)
        request._job_seal()
        final = request.document_ids.final_attachment_id
        for address in ("marie@client.example", boss.email):
            mail = self.mails_to(address)[0]
            self.assertEqual(mail.attachment_ids, final, address)
            self.assertIn("Everybody has signed", mail.body_html)
        message = request.message_ids.filtered(lambda m: m.notified_partner_ids)
        self.assertIn("Everybody has signed Contrat", message.body)
        self.assertEqual(message.notified_partner_ids, self.seller.partner_id)
        self.assertEqual(message.attachment_ids, final)
        marie = request.signer_ids
        token = self.read_link(marie)
        self.assertEqual(marie._find_by_token(token)._page_state().kind, "done")
        self.assertTrue(marie._page_state().can_read)

    def test_a_file_that_was_signed_before_stays_valid(self):
        first = self.sign_all("Marie Dupont")
        first._job_seal()
        again = self.sign_all("Paul Durand", pdf=first.document_ids._get_final())
        self.assertTrue(again.document_ids.has_signature)
        again._job_seal()
        self.assertEqual(again.seal_state, "done", again.seal_error)
        content = again.document_ids._get_final()
        report = verify(content)
        self.assertEqual(
            [signature.name for signature in report.signatures],
            ["Marie Dupont", "Agence Test", "Paul Durand", "Agence Test"],
        )
        self.assertTrue(all(s.is_valid for s in report.signatures))
        proof = again.document_ids.certificate_attachment_id.raw
        self.assertEqual(verify(proof).verdict, "intact")

    def test_the_settings_say_what_is_wrong_with_the_certificate(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.company_id, self.company)
        self.assertFalse(settings.sign_certificate_problem)
        settings.sign_certificate_id.date_not_after = "2020-01-31"
        settings.invalidate_recordset()
        self.assertIn("expired on", settings.sign_certificate_problem)
        self.company.sign_certificate_id = False
        fresh = self.env["res.config.settings"].create({})
        self.assertFalse(fresh.sign_certificate_problem)

    def test_certificates_that_end_soon_leave_one_task(self):
        self.send()
        certificate = self.company._get_sign_certificate()
        self.env["crm.sign.certificate"]._cron_warn()
        self.assertFalse(certificate.activity_ids)
        certificate.date_not_after = fields.Date.today() + timedelta(days=29)
        for _night in range(2):
            self.env["crm.sign.certificate"]._cron_warn()
        self.assertEqual(len(certificate.activity_ids), 1)

    def test_an_uploaded_certificate_is_used_and_never_shown(self):
        admin = new_test_user(
            self.env, "s_admin", groups="crm_base.crm_base_group_admin", **self.here
        )
        raw = make_company_ca(
            "Autorite", passphrase=b"bon", now=datetime.now(tz=timezone.utc)
        )
        certificates = self.env["crm.sign.certificate"].with_user(admin)
        values = {"name": "Achete", "upload": base64.b64encode(raw)}
        for passphrase, sentence in (("faux", "password"), (False, "password")):
            with self.assertRaisesRegex(UserError, sentence):
                certificates.create({**values, "passphrase": passphrase})
        with self.assertRaisesRegex(UserError, "not a certificate"):
            certificates.create({"name": "X", "upload": base64.b64encode(b"x")})
        bought = certificates.create({**values, "passphrase": "bon"})
        self.assertEqual(bought.subject, "Autorite")
        self.assertFalse(bought.is_used, "the one in use is good")
        bought.action_use()
        self.assertTrue(bought.is_used)
        shown = str(bought.read())
        self.assertNotIn("bon'", shown)
        self.assertNotIn(base64.b64encode(raw).decode()[:40], shown)
        request = self.sign_all("Marie Dupont")
        request._job_seal()
        self.assertEqual(request.seal_state, "done", request.seal_error)
        signature = verify(request.document_ids._get_final()).signatures[-1]
        self.assertEqual(signature.certificate, "Autorite")
