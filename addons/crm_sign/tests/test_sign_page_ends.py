from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from .page_common import SignPageCase, screen


@tagged("post_install", "-at_install")
class TestSignPageEnds(SignPageCase):
    """Links that no longer sign, files, and who gets nothing at all."""

    def test_refusing_ends_the_request_with_the_reason(self):
        request, signer = self.sent()
        path = self.path(signer)
        self.assertIn('name="reason"', self.see(path)[0].text)
        answer = self.press(path, "/refuse", reason="   ")
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(request.state, "sent")
        self.press(path, "/refuse", reason="Le délai est trop court")
        self.assertEqual((request.state, signer.state), ("refused", "refused"))
        self.assertEqual(signer.refused_reason, "Le délai est trop court")
        answer, text = self.see(path)
        self.assertIn("refusé", text)
        self.assertEqual(screen(answer), "status")
        self.assertNotIn("<form", answer.text)
        self.press(path, "/refuse", reason="encore")
        self.assertEqual(signer.refused_reason, "Le délai est trop court")

    def test_one_refusal_is_told_to_the_others(self):
        _request, marie, paul = self.sent(
            {"name": "Marie Dupont", "order": 1}, {"name": "Paul Roux", "order": 1}
        )
        self.press(self.path(paul), "/refuse", reason="Non")
        text = self.see(self.path(marie))[1]
        self.assertIn("refusé", text)
        self.assertNotIn("Paul", text, "who refused is not the page's to tell")

    def test_handing_over_needs_the_code_and_gives_a_new_link(self):
        request, signer = self.sent({"name": "Marie Dupont", "can_delegate": True})
        path = self.path(signer)
        other = {"name": "Jean Petit", "email": "jean@client.example"}
        self.assertNotIn(f"{path}/delegate", self.see(path)[0].text)
        answer = self.press(path, "/delegate", **other)
        self.assertEqual(answer.status_code, 422, "a forwarded link hands nothing over")
        self.identify_page(signer)
        answer = self.press(path, "/delegate", name="Jean", email="no address")
        self.assertEqual(answer.status_code, 422)
        self.assertIn('value="no address"', answer.text)
        self.press(path, "/delegate", **other)
        self.assertEqual(signer.state, "delegated")
        self.assertIn("Jean Petit", self.see(path)[1])
        jean = signer.delegated_to_id
        self.other_browser()
        self.sign_page(jean)
        self.assertEqual((request.state, jean.state), ("signed", "signed"))

    def test_who_may_not_hand_over_sees_no_form(self):
        _request, signer = self.sent()
        self.identify_page(signer)
        path = self.path(signer)
        self.assertNotIn("/delegate", self.see(path)[0].text)
        answer = self.press(path, "/delegate", name="A", email="a@b.example")
        self.assertEqual(answer.status_code, 422)
        self.assertNotEqual(signer.state, "delegated")

    def test_second_signer_waits_for_his_turn(self):
        request, marie, paul = self.sent("Marie Dupont", "Paul Roux")
        self.assertFalse(self.read_link(paul), "no link before his turn")
        path = paul._make_link().split("//", 1)[1].split("/", 1)[1]
        answer, text = self.see(f"/{path}")
        self.assertIn("pas encore votre tour", text)
        self.assertNotIn("<form", answer.text)
        answer = self.url_open(f"/{path}/document/1")
        self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(paul.state, "waiting", "seen too early, still to be told")
        self.sign_page(marie)
        self.assertEqual(request.state, "partial")
        self.assertIn("D'autres", self.see(self.path(marie))[1])
        self.other_browser()
        self.sign_page(paul)
        self.assertEqual(request.state, "signed")

    def test_every_end_has_its_sentence_and_no_button(self):
        for end, word in (
            ("cancel", "retiré"),
            ("expire", "dernier jour"),
            ("past", "dernier jour"),
            ("outdated", "version plus récente"),
        ):
            request, signer = self.sent()
            path = self.path(signer)
            self.identify_page(signer)
            stack = []
            if end == "cancel":
                request.with_user(self.seller).action_cancel()
            elif end == "expire":
                request._expire()
            elif end == "past":
                request.sudo().date_expiry = date.today() - timedelta(days=2)
            else:
                stack.append(self._outdated())
            for context in stack:
                context.start()
                self.addCleanup(context.stop)
            answer, text = self.see(path)
            self.assertIn(word, text, end)
            self.assertNotIn("<form", answer.text, end)
            self.assertIn("Sophie Martin", text, "whom to ask")
            document = self.url_open(f"{path}/document/1")
            self.assertNotEqual(document.headers["Content-Type"], "application/pdf")
            for context in stack:
                context.stop()
            self.assertNotEqual(signer.state, "signed")

    def _outdated(self):
        requests = type(self.env["crm.sign.request"])

        def compute(records):
            for record in records:
                record.is_outdated = True
                record.outdated_reason = "newer"

        return patch.object(requests, "_compute_outdated", compute)

    def test_link_that_was_good_cannot_sign_after_the_end(self):
        request, signer = self.sent()
        path = self.path(signer)
        self.identify_page(signer)
        token = self._csrf(path)
        request.with_user(self.seller).action_cancel()
        self.env.flush_all()
        answer = self.url_open(
            f"{path}/sign",
            data={"csrf_token": token, "consent": "1"},
            files={"signature": ("s.png", b"x", "image/png")},
        )
        self.assertEqual(answer.status_code, 422)
        self.assertIn("retirée", answer.json()["problem"])

    def _csrf(self, path):
        text = self.see(path)[0].text
        return (
            text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"')[0]
        )

    def test_signed_file_is_for_who_signed(self):
        request, marie, paul = self.sent(
            {"name": "Marie Dupont", "order": 1}, {"name": "Paul Roux", "order": 1}
        )
        self.sign_page(marie)
        path = self.path(marie)
        answer = self.url_open(f"{path}/final/1")
        self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")
        self.other_browser()
        self.sign_page(paul)
        self.assertIn("en préparation", self.see(path)[1])
        request._job_seal()
        self.assertEqual(request.seal_state, "done", request.seal_error)
        answer, text = self.see(path)
        self.assertIn("Télécharger", text)
        answer = self.url_open(f"{path}/final/1")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.content, request.document_ids._get_final())
        answer = self.url_open(f"{path}/final/99")
        self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")

    def test_attachments_are_nothing_to_strangers(self):
        request, signer = self.sent()
        attachment = request.document_ids.sudo().attachment_id
        elsewhere = self.env["res.company"].create({"name": "Ailleurs"})
        new_test_user(
            self.env,
            "sign_stranger",
            groups="crm_base.crm_base_group_seller",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        new_test_user(self.env, "sign_portal", groups="base.group_portal")
        self.env.flush_all()
        address = f"/web/content/{attachment.id}"
        for login in (None, "sign_portal", "sign_stranger"):
            self.authenticate(login, login)
            answer = self.url_open(address)
            self.assertNotIn(b"%PDF", answer.content, login)
            # An account gives no right on the page: only the link does.
            answer = self.url_open(f"{self.path(signer)}/final/1")
            self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")

    def test_link_of_one_signer_gives_no_document_of_another_request(self):
        _request, signer = self.sent()
        self.sent("Claire Morel")
        path = self.path(signer)
        for number in (0, 2, 3, 10**12):
            answer = self.url_open(f"{path}/document/{number}")
            self.assertNotEqual(answer.headers["Content-Type"], "application/pdf")
