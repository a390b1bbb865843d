from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_sign.exceptions import SignRefused
from odoo.addons.crm_sign.lib.http_facts import HttpFacts

from .common import VISITOR, SignCase, make_pdf, make_png

STRANGER = HttpFacts(ip="203.0.113.9", user_agent="Another browser")
NOON = "2026-03-02 12:00:00"


@tagged("post_install", "-at_install")
class TestDraft(SignCase):
    """What cannot be sent says why."""

    def refuse(self, request, sentence):
        with self.assertRaisesRegex(UserError, sentence):
            request.with_user(self.seller).action_send()
        self.assertEqual(request.state, "draft")
        self.assertIn(request._get_problems()[0], request.problem_text)

    def test_the_same_signer_twice(self):
        request = self.make_request("Marie Dupont", {"name": "Marie D.", "order": 2})
        self.refuse(request, "marie@client.example is there twice")

    def test_a_signer_without_address(self):
        request = self.make_request({"name": "Luc Petit", "email": False})
        self.refuse(request, "Luc Petit has no valid e-mail address")
        request.signer_ids.email = "not an address"
        self.refuse(request, "no valid e-mail")

    def test_nothing_to_sign_and_nobody_to_sign(self):
        request = self.make_request()
        request.document_ids.unlink()
        self.refuse(request, "Add the PDF")
        request = self.make_request()
        request.signer_ids.unlink()
        self.refuse(request, "Add at least one signer")

    def test_a_last_day_that_is_over(self):
        yesterday = fields.Date.today() - timedelta(days=1)
        self.refuse(self.make_request(date_expiry=yesterday), "choose a later one")

    def test_an_anchor_of_nobody(self):
        request = self.make_request("Marie Dupont", pdf=make_pdf("{{sign:2}}"))
        self.refuse(request, "belongs to no signer")
        self.env["crm.sign.signer"].with_user(self.seller).create(
            {"request_id": request.id, "name": "Paul", "email": "paul@x.example"}
        )
        request.with_user(self.seller).action_send()
        self.assertEqual(request.field_ids.signer_id.name, "Paul")

    def test_anchors_follow_the_order_of_signers(self):
        request = self.make_request(
            "Marie Dupont", "Paul Durand", pdf=make_pdf("{{sign:1}} {{sign:2}}")
        )
        marie, paul = request.signer_ids
        self.assertEqual(request.field_ids.signer_id, marie + paul)
        marie.with_user(self.seller).order = 9
        first = request.field_ids.filtered(lambda f: f.anchor_rank == 1)
        self.assertEqual(first.signer_id, paul)
        paul.with_user(self.seller).unlink()
        self.assertEqual(first.signer_id, marie)

    def test_a_field_outside_its_page(self):
        request = self.make_request()
        self.env["crm.sign.field"].create(
            {
                "document_id": request.document_ids.id,
                "signer_id": request.signer_ids.id,
                "page": 2,
                "label": "Ici",
            }
        )
        self.refuse(request, "'Ici .contrat.pdf.' is outside its page")

    def test_files_that_are_no_pdf(self):
        padded = make_pdf().ljust(40 * 1024 * 1024 + 1, b"%")
        for content, sentence in (
            (b" ", "not a PDF"),
            (b"Bonjour", "not a PDF"),
            (make_pdf()[:400], "damaged"),
            (padded, "contrat.pdf is larger than 40 MB: reduce"),
            (make_pdf(*["x"] * 501), "contrat.pdf has more than 500 pages: split it"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.make_request(pdf=content)

    def test_sending_twice_is_refused(self):
        request, *_signers = self.send()
        with self.assertRaisesRegex(UserError, "already sent"):
            request.with_user(self.seller).action_send()


@tagged("post_install", "-at_install")
class TestCode(SignCase):
    def test_five_wrong_codes_close_the_door_for_half_an_hour(self):
        with freeze_time(NOON) as clock:
            _request, marie = self.send("Marie Dupont")
            marie._send_code(VISITOR)
            good = self.read_code(marie)
            wrong = "000000" if good != "000000" else "111111"
            for left in (4, 3, 2, 1):
                with self.assertRaisesRegex(SignRefused, f"left: {left}"):
                    marie._check_code(wrong, VISITOR)
            with self.assertRaisesRegex(SignRefused, "half an hour"):
                marie._check_code(wrong, VISITOR)
            with self.assertRaisesRegex(SignRefused, "half an hour"):
                marie._check_code(good, VISITOR)
            with self.assertRaisesRegex(SignRefused, "half an hour"):
                marie._send_code(VISITOR)
            self.assertTrue(marie._page_state().is_blocked)
            kinds = marie.request_id.event_ids.mapped("kind")
            self.assertEqual(kinds.count("code_wrong"), 4)
            self.assertEqual(kinds.count("code_blocked"), 1)
            clock.tick(timedelta(minutes=31))
            self.assertTrue(self.sign(marie))

    def test_a_code_works_once_and_for_ten_minutes(self):
        with freeze_time(NOON) as clock:
            _request, marie = self.send("Marie Dupont")
            with self.assertRaises(SignRefused) as caught:
                marie._check_code("123456", VISITOR)
            self.assertEqual(caught.exception.code, "code_missing")
            self.identify(marie)
            with self.assertRaises(SignRefused) as caught:
                marie._check_code(self.read_code(marie), VISITOR)
            self.assertEqual(caught.exception.code, "code_missing")
            clock.tick(timedelta(minutes=2))
            marie._send_code(VISITOR)
            clock.tick(timedelta(minutes=10))
            with self.assertRaises(SignRefused) as caught:
                marie._check_code(self.read_code(marie), VISITOR)
            self.assertEqual(caught.exception.code, "code_expired")

    def test_a_second_code_has_to_wait(self):
        with freeze_time(NOON) as clock:
            _request, marie = self.send("Marie Dupont")
            marie._send_code(VISITOR)
            with self.assertRaisesRegex(SignRefused, "30 seconds"):
                marie._send_code(VISITOR)
            clock.tick(timedelta(seconds=31))
            marie._send_code(VISITOR)

    def test_a_forwarded_link_without_the_mailbox_signs_nothing(self):
        _request, marie = self.send("Marie Dupont")
        values = {"consent": True, "signature": make_png()}
        for http in (STRANGER, HttpFacts(session="guess"), HttpFacts(session="")):
            with self.assertRaises(SignRefused) as caught:
                marie._sign(values, http)
            self.assertEqual(caught.exception.code, "code_needed")
        mine = self.identify(marie)
        with self.assertRaises(SignRefused):
            marie._sign(values, STRANGER)
        self.assertTrue(marie._sign(values, mine))

    def test_a_browser_closed_between_code_and_signature(self):
        """The right to sign ends after an hour; a new code gives a new one."""
        with freeze_time(NOON) as clock:
            _request, marie = self.send("Marie Dupont")
            http = self.identify(marie)
            self.assertEqual(marie._page_state(http.session).kind, "sign")
            self.assertEqual(marie._page_state().kind, "read")
            clock.tick(timedelta(minutes=61))
            with self.assertRaises(SignRefused):
                self.sign(marie, http)
            self.assertTrue(self.sign(marie))

    def test_the_code_and_the_link_are_in_the_mail_only(self):
        request, marie = self.send("Marie Dupont")
        token = self.read_link(marie)
        marie._send_code(VISITOR)
        code = self.read_code(marie)
        rows = str(marie.read()) + str(request.read()) + str(request.event_ids.read())
        rows += str(request.message_ids.read(["body"]))
        self.assertNotIn(token, rows)
        self.assertNotIn(code, rows)
        self.assertEqual(marie._get_code_hint(), "m***@client.example")

    def test_without_code_the_link_is_enough(self):
        _request, marie = self.send({"name": "Marie", "code_channel": "none"})
        marie._send_code(VISITOR)
        self.assertFalse(self.read_code(marie))
        self.assertTrue(self.sign(marie))


@tagged("post_install", "-at_install")
class TestSigning(SignCase):
    def refuse(self, signer, code, http, **values):
        values = {"consent": True, "signature": make_png(), **values}
        with self.assertRaises(SignRefused) as caught:
            signer._sign(values, http)
        self.assertEqual(caught.exception.code, code)
        self.assertTrue(caught.exception.sentence)
        self.assertNotEqual(signer.state, "signed")

    def test_a_double_click_signs_once(self):
        request, marie = self.send("Marie Dupont", "Paul Durand")[:2]
        http = self.identify(marie)
        self.assertTrue(self.sign(marie, http))
        events, signed_at = request.event_count, marie.signed_at
        self.assertFalse(self.sign(marie, http))
        self.assertFalse(self.sign(marie, VISITOR))
        self.assertEqual((request.event_count, marie.signed_at), (events, signed_at))

    def test_what_is_missing_is_said(self):
        pdf = make_pdf("{{sign:1}} {{initials:1}} {{text:1:Ville}} {{check:1:Lu}}")
        request, marie = self.send("Marie Dupont", pdf=pdf)
        ville, lu = (
            request.field_ids.filtered(lambda f, t=kind: f.type == t)
            for kind in ("text", "checkbox")
        )
        http = self.identify(marie)
        png = make_png()
        self.refuse(marie, "consent_missing", http, consent=False)
        self.refuse(marie, "consent_missing", http, consent="yes")
        self.refuse(marie, "initials_missing", http)
        self.refuse(marie, "signature_missing", http, signature=None, initials=png)
        empty = make_png("white")
        self.refuse(marie, "signature_missing", http, signature=empty, initials=png)
        for raw in (b"<svg/>", b"x" * 2_000_000, "text", make_pdf()):
            self.refuse(marie, "image_refused", http, signature=raw, initials=png)
        self.refuse(marie, "field_missing", http, initials=png)
        typed = {str(ville.id): "Lyon"}
        self.refuse(marie, "field_missing", http, initials=png, fields=typed)
        typed[lu.id] = "on"
        self.assertTrue(self.sign(marie, http, initials=png, fields=typed))
        self.assertEqual((ville.value, lu.value), ("Lyon", "1"))

    def test_nothing_a_browser_says_about_fields_is_trusted(self):
        pdf = make_pdf("{{text:1:A}} {{text:2:B}} {{date:1}}")
        request, marie, _paul = self.send("Marie Dupont", "Paul Durand", pdf=pdf)
        mine, his, date = request.field_ids.sorted("anchor_rank").sorted("type")[::-1]
        if mine.signer_id != marie:
            mine, his = his, mine
        typed = {mine.id: "x" * 900, his.id: "intrus", date.id: "1999", 0: "y"}
        self.sign(marie, fields=typed)
        self.assertEqual(mine.value, "x" * 500)
        self.assertFalse(his.value)
        self.assertIn(str(fields.Date.today().year), date.value)

    def test_the_second_waits_for_the_first(self):
        _request, _marie, paul = self.send("Marie Dupont", "Paul Durand")
        paul._make_link()
        self.assertEqual(paul._page_state().kind, "waiting_turn")
        self.refuse(paul, "waiting_turn", VISITOR)
        with self.assertRaises(SignRefused):
            paul._send_code(VISITOR)
        with self.assertRaises(SignRefused):
            paul._refuse("Non", VISITOR)

    def test_people_with_the_same_number_sign_in_any_order(self):
        request, marie, paul, lea = self.send(
            {"name": "Marie", "order": 1},
            {"name": "Paul", "order": 1},
            {"name": "Lea", "order": 2},
        )
        self.sign(paul)
        self.assertEqual(lea.state, "waiting")
        self.sign(marie)
        self.assertEqual(lea.state, "notified")
        self.sign(lea)
        self.assertEqual(request.state, "signed")

    def test_links_that_no_longer_sign(self):
        signers = self.env["crm.sign.signer"]
        for token in ("", None, "x", "x" * 4000, "%00", 5):
            self.assertFalse(signers._find_by_token(token))
        self.assertEqual(signers._page_state().kind, "unknown")
        request, marie = self.send("Marie Dupont")
        http = self.identify(marie)
        request.with_user(self.seller).action_cancel()
        self.refuse(marie, "cancelled", http)
        request, marie = self.send("Marie Dupont")
        http = self.identify(marie)
        request.date_expiry = fields.Date.today() - timedelta(days=2)
        self.refuse(marie, "expired", http)

    def test_the_last_three_links_open(self):
        _request, marie = self.send("Marie Dupont")
        links = [self.read_link(marie)]
        links += [marie._make_link().rsplit("/", 1)[1] for _n in range(3)]
        found = [bool(marie._find_by_token(token)) for token in links]
        self.assertEqual(found, [False, True, True, True])

    def test_opening_is_noted_once_per_browser(self):
        request, marie = self.send("Marie Dupont")
        for _n in range(3):
            marie._open(VISITOR)
        marie._open(STRANGER)
        opened = request.event_ids.filtered(lambda e: e.kind == "opened")
        self.assertEqual(opened.mapped("ip"), ["192.0.2.7", "203.0.113.9"])
        self.assertEqual(marie.state, "opened")

    def test_a_refusal_ends_the_request_and_tells_the_others(self):
        request, marie, paul = self.send(
            {"name": "Marie", "order": 1}, {"name": "Paul", "order": 1}
        )
        with self.assertRaises(SignRefused):
            marie._refuse("  ", VISITOR)
        # Behind the page there is the public user, of another company.
        page = marie.with_user(self.env.ref("base.public_user")).sudo()
        page._refuse("Le prix a change", VISITOR)
        self.env.flush_all()
        self.env.cr.precommit.run()
        moves = request.message_ids.filtered("tracking_value_ids")
        self.assertEqual(moves[0].author_id, self.company.partner_id)
        self.assertEqual(
            request.with_user(self.seller).activity_ids.create_uid.name, "Sophie Martin"
        )
        marie._refuse("encore", VISITOR)
        self.assertEqual((request.state, marie.state), ("refused", "refused"))
        self.assertIn("Le prix a change", request.ended_reason)
        self.assertEqual(request.activity_ids.user_id, self.seller)
        self.assertIn("ended", self.mails_to(paul.email)[0].body_html)
        request._job_post_to_responsible()
        message = request.message_ids[0]
        self.assertIn("Le prix a change", message.body)
        self.assertEqual(message.notified_partner_ids, self.seller.partner_id)
        self.assertEqual(paul._page_state().kind, "refused")

    def test_handing_over(self):
        request, marie = self.send(
            {"name": "Marie", "can_delegate": True}, pdf=make_pdf("{{sign:1}}")
        )
        with self.assertRaises(SignRefused):
            marie._delegate("Jean Roux", "jean@client.example", VISITOR)
        http = self.identify(marie)
        for name, email, code in (
            ("", "jean@client.example", "no_address"),
            ("Jean", "jean", "no_address"),
            ("Marie", "marie@client.example", "same_signer"),
        ):
            with self.assertRaises(SignRefused) as caught:
                marie._delegate(name, email, http)
            self.assertEqual(caught.exception.code, code)
        jean = marie._delegate("Jean Roux", "jean@client.example", http)
        self.assertEqual(marie._page_state().kind, "delegated")
        self.assertEqual(request.field_ids.signer_id, jean)
        self.refuse(marie, "delegated", http)
        with self.assertRaises(SignRefused):
            jean._delegate("Luc", "luc@client.example", self.identify(jean))
        jean.code_sent_at = False
        self.sign(jean)
        self.assertEqual(request.state, "signed")
        self.assertFalse(request._verify_chain())

    def test_handing_over_is_refused_where_it_is_not_allowed(self):
        _request, marie = self.send("Marie Dupont")
        with self.assertRaises(SignRefused) as caught:
            marie._delegate("Jean", "jean@x.example", self.identify(marie))
        self.assertEqual(caught.exception.code, "no_delegation")
