from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import make_png
from .page_common import SignPageCase, screen, words


@tagged("post_install", "-at_install")
class TestSignPage(SignPageCase):
    """What a signer sees and does at the address of his mail."""

    def test_three_screens_and_signed(self):
        request, signer = self.sent()
        path = self.path(signer)
        answer, text = self.see(path)
        self.assertEqual((answer.status_code, screen(answer)), (200, "read"))
        for word in ("Agence Test", "Contrat", "Marie Dupont", "Étape 1 sur 3"):
            self.assertIn(word, text)
        self.assertIn('lang="fr-FR"', answer.text)
        answer = self.press(path, "/code")
        self.assertEqual(answer.status_code, 303)
        answer, text = self.see(path)
        self.assertEqual(screen(answer), "code")
        self.assertIn("m***@client.example", text)
        self.assertNotIn("marie@client.example", answer.text)
        answer = self.press(path, "/check", code=self.read_code(signer))
        self.assertEqual(answer.status_code, 303)
        answer, text = self.see(path)
        self.assertEqual(screen(answer), "sign")
        self.assertIn(signer._get_consent_text(), text)
        answer = self.press_sign(path)
        self.assertEqual(answer.json(), {"next": path})
        self.assertEqual((request.state, signer.state), ("signed", "signed"))
        self.assertTrue(signer.signature_image)
        self.assertIn("Merci", self.see(path)[1])

    def test_opening_never_moves_the_flow(self):
        request, signer = self.sent()
        path = self.path(signer)
        for address in (
            path,
            f"{path}?view=sign",
            f"{path}?view=read",
            f"{path}/document/1",
            f"{path}/document/1?download=1",
        ):
            self.assertEqual(self.see(address)[0].status_code, 200)
        for action in ("opened", "code", "check", "sign", "refuse", "delegate"):
            self.assertEqual(self.url_open(f"{path}/{action}").status_code, 405)
        self.env.invalidate_all()
        self.assertEqual((request.state, signer.state), ("sent", "notified"))
        self.assertFalse(self.read_code(signer), "no code without a button")
        kinds = request.event_ids.mapped("kind")
        self.assertNotIn("opened", kinds, "a scanner of mails opens links too")
        self.assertEqual(kinds.count("downloaded"), 1)

    def test_a_browser_that_shows_the_pages_says_so_once(self):
        request, signer = self.sent()
        path = self.path(signer)
        for _visit in range(2):
            self.assertEqual(self.press(path, "/opened").status_code, 204)
        self.env.invalidate_all()
        self.assertEqual(signer.state, "opened")
        self.assertEqual(request.event_ids.mapped("kind").count("opened"), 1)

    def test_post_without_protection_is_refused(self):
        _request, signer = self.sent()
        path = self.path(signer)
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.url_open(f"{path}/refuse", data={"reason": "x"})
        self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertNotEqual(signer.state, "refused")

    def test_headers_of_every_answer(self):
        _request, signer = self.sent()
        path = self.path(signer)
        self.identify_page(signer)
        for address in (path, f"{path}?view=read", "/sign/s/nothing"):
            self.check_public_page(self.see(address)[0])
        headers = self.see(f"{path}/document/1")[0].headers
        self.assertEqual(headers["Content-Type"], "application/pdf")
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertIn("sandbox", headers["Content-Security-Policy"])

    def test_unknown_links_tell_nothing(self):
        request, signer = self.sent()
        good = self.read_link(signer)
        for token in (good[:-1], f"{good}x", "x" * 500, "%00", "1"):
            answer, text = self.see(f"/sign/s/{token}")
            self.assertEqual(answer.status_code, 404, token)
            self.assertIn("n'existe pas", text)
            for secret in ("Agence Test", "Marie", "Contrat"):
                self.assertNotIn(secret, text)
            answer = self.url_open(f"/sign/s/{token}/document/1")
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(request.state, "sent")

    def test_wrong_code_five_times_closes_the_door(self):
        request, signer = self.sent()
        path = self.path(signer)
        self.press(path, "/code")
        good = self.read_code(signer)
        wrong = "111111" if good != "111111" else "222222"
        for left in (4, 3, 2, 1):
            answer = self.press(path, "/check", code=wrong)
            self.assertEqual(answer.status_code, 422)
            self.assertIn(str(left), words(answer))
        answer = self.press(path, "/check", code=wrong)
        self.assertIn("demi-heure", words(answer))
        answer = self.press(path, "/check", page="?view=read", code=good)
        self.assertEqual(answer.status_code, 422, "the good one comes too late")
        answer, text = self.see(path)
        self.assertIn("30 minutes", text)
        self.assertNotIn(f'action="{path}/code"', answer.text)
        self.assertNotEqual(signer.state, "identified")
        signer.sudo().code_blocked_until = fields.Datetime.now() - timedelta(seconds=1)
        signer.sudo().code_sent_at = fields.Datetime.now() - timedelta(hours=1)
        self.sign_page(signer)
        self.assertEqual(request.state, "signed", "half an hour later it is open")

    def test_forwarded_link_needs_its_own_code(self):
        request, signer = self.sent()
        path = self.path(signer)
        self.identify_page(signer)
        self.assertEqual(screen(self.see(path)[0]), "sign")
        self.other_browser()
        self.assertEqual(screen(self.see(path)[0]), "read")
        answer = self.press_sign(path)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("code", answer.json()["problem"])
        self.assertEqual(request.state, "sent")

    def test_browser_closed_between_code_and_signature(self):
        request, signer = self.sent()
        path = self.path(signer)
        answer = self.identify_page(signer)
        cookie = answer.headers["Set-Cookie"]
        for part in ("HttpOnly", "SameSite=Strict", f"Path={path}", "Max-Age="):
            self.assertIn(part, cookie)
        # The same browser goes on where it was, another one types another code.
        self.assertEqual(screen(self.see(path)[0]), "sign")
        self.other_browser()
        self.sign_page(signer)
        self.assertEqual(request.state, "signed")

    def test_double_click_signs_once(self):
        request, signer, _other = self.sent("Marie Dupont", "Paul Roux")
        path = self.path(signer)
        self.identify_page(signer)
        first = self.press_sign(path)
        image = signer.signature_image
        second = self.press_sign(path, make_png("red"))
        self.assertEqual((first.json(), second.json()), ({"next": path},) * 2)
        self.assertEqual(signer.signature_image, image)
        kinds = request.event_ids.mapped("kind")
        self.assertEqual(kinds.count("signed"), 1)

    def test_what_is_missing_is_said_and_nothing_is_signed(self):
        request, signer = self.sent()
        path = self.path(signer)
        self.identify_page(signer)
        for values, word in (
            ({"consent": ""}, "accord"),
            ({"signature": b"not a picture"}, "image"),
            ({"signature": b"x" * 3_000_000}, "trop grande"),
        ):
            answer = self.press_sign(path, **values)
            self.assertEqual(answer.status_code, 422)
            self.assertIn(word, answer.json()["problem"])
        self.assertEqual(request.state, "sent")

    def test_fields_of_others_are_not_written(self):
        request = self.make_request(
            {"name": "Marie Dupont", "lang": "fr_FR"},
            {"name": "Paul Roux", "lang": "fr_FR"},
        )
        marie, paul = request.signer_ids
        place = {"request_id": request.id, "x": 60, "y": 60, "type": "text"}
        place["document_id"] = request.document_ids.id
        mine, his = self.env["crm.sign.field"].create(
            [
                {**place, "signer_id": marie.id, "label": "Ville"},
                {**place, "signer_id": paul.id, "label": "Fonction", "y": 160},
            ]
        )
        request.with_user(self.seller).action_send()
        path = self.path(marie)
        self.identify_page(marie)
        page = self.see(path)[0].text
        self.assertIn(f'name="field_{mine.id}"', page)
        self.assertNotIn(f'name="field_{his.id}"', page)
        answer = self.press_sign(path)
        self.assertIn("Ville", answer.json()["problem"])
        self.press_sign(
            path,
            **{f"field_{mine.id}": "Bordeaux", f"field_{his.id}": "x", "field_a": "y"},
        )
        self.assertEqual((mine.value, his.value or ""), ("Bordeaux", ""))
        self.assertEqual(marie.state, "signed")

    def test_link_only_has_two_screens(self):
        request, signer = self.sent({"name": "Marie Dupont", "code_channel": "none"})
        path = self.path(signer)
        self.assertIn("Étape 1 sur 2", self.see(path)[1])
        answer = self.press(path, "/code")
        self.assertIn("view=sign", answer.headers["Location"])
        answer, _text = self.see(f"{path}?view=sign")
        self.assertEqual(screen(answer), "sign")
        self.press_sign(path)
        self.assertEqual(request.state, "signed")
