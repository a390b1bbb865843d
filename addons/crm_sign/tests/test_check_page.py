import hashlib
import re
from base64 import b64decode, b64encode
from unittest.mock import patch

from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from odoo.addons.crm_base.tests.common import PublicPageMixin
from odoo.addons.crm_sign.lib.check_result import prove_possession
from odoo.addons.crm_sign.models.crm_sign_check import MAX_FILE_BYTES
from odoo.addons.crm_sign.models.crm_sign_check_visit import LIMITS
from odoo.addons.crm_sign.providers.company_certificate import (
    make_company_ca,
    read_identity,
)
from odoo.addons.crm_sign.providers.sealing import SealFacts, seal
from odoo.addons.queue_job.tests.common import trap_jobs

from .common import SignMixin, make_pdf

NAMES = ("Marie Dupont", "Paul Durand")


# Chooses a file as a person does, and waits for the names of who signed it.
CHOOSE_FILE = """
(async () => {
    const bytes = Uint8Array.from(atob("%s"), (letter) => letter.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], "contrat.pdf", {type: "application/pdf"}));
    const input = document.querySelector("#check-file");
    input.files = files.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
    for (let round = 0; round < 200; round++) {
        const answer = document.querySelector("#check-answer").textContent;
        if (answer.includes("Marie Dupont") && answer.includes("Paul Durand")) {
            console.log("test successful");
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    console.error(document.querySelector("#check-answer").textContent);
})();
"""


class SealedMixin(SignMixin):
    """A request that was signed and sealed, and its file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("en_US", "fr_FR"):
            cls.env["res.lang"]._activate_lang(code)
        cls.request, *cls.signers = cls.send(*NAMES, pdf=make_pdf("Contrat secret"))

    def setUp(self):
        super().setUp()
        self.env["crm.sign.check.visit"].sudo().search([]).unlink()
        with trap_jobs():
            for signer in self.signers:
                self.sign(signer)
        self.request._job_seal()
        self.assertEqual(self.request.seal_state, "done", self.request.seal_error)
        self.document = self.request.document_ids
        self.content = self.document._get_final()

    def sha256(self, content):
        return hashlib.sha256(content).hexdigest()


@tagged("post_install", "-at_install")
class TestCheck(SealedMixin, TransactionCase):
    """The answers, without a server."""

    def setUp(self):
        super().setUp()
        self.checks = self.env["crm.sign.check"]

    def ask_with_hash(self, content, reference="", proof_of=None):
        challenge = self.checks._make_challenge()
        proof = prove_possession(challenge, proof_of or content)
        digest = self.sha256(content)
        return self.checks._check_hash(digest, challenge, proof, reference)

    def test_who_holds_the_file_learns_who_signed_and_when(self):
        result = self.ask_with_hash(self.content)
        self.assertEqual(result.verdict, "known")
        self.assertEqual(tuple(s.name for s in result.signatures), NAMES)
        self.assertTrue(all(s.at for s in result.signatures))
        self.assertEqual(result.company, "Agence Test")
        self.assertEqual(result.reference, self.request.reference)
        self.assertEqual(self.checks._check_file(self.content), result)

    def test_who_knows_only_the_hash_learns_nothing(self):
        result = self.ask_with_hash(self.content, proof_of=b"something else")
        self.assertEqual(result.verdict, "unknown")
        self.assertFalse(result.signatures or result.company or result.reference)

    def test_an_answer_cannot_be_played_again_with_another_challenge(self):
        first = self.checks._make_challenge()
        proof = prove_possession(first, self.content)
        digest = self.sha256(self.content)
        other = self.checks._make_challenge()
        self.assertNotEqual(first, other)
        for challenge in (other, "", "made up", "QUJD" * 10, "x" * 10_000, first[:-2]):
            with self.subTest(challenge=challenge[:20]):
                result = self.checks._check_hash(digest, challenge, proof)
                self.assertEqual(result.verdict, "unknown")

    def test_the_original_is_not_taken_for_the_signed_file(self):
        original = self.document._get_original()
        self.assertEqual(self.ask_with_hash(original).verdict, "unknown")
        self.assertEqual(self.checks._check_file(original).verdict, "unsigned")

    def test_a_changed_file_is_altered_and_names_nobody(self):
        altered = bytearray(self.content)
        altered[len(altered) // 3] ^= 1
        result = self.checks._check_file(bytes(altered))
        self.assertEqual(result.verdict, "altered")
        appended = self.checks._check_file(self.content + b"\n%more")
        self.assertEqual(appended.verdict, "altered")

    def test_a_file_we_no_longer_keep_is_known_by_our_certificate(self):
        # The record is gone (retention): the signatures in the file remain.
        self.document.sudo().write({"final_sha256": False})
        result = self.checks._check_file(self.content)
        self.assertEqual(result.verdict, "intact")
        self.assertTrue(result.is_ours)
        self.assertEqual(
            tuple(s.name for s in result.signatures), (*NAMES, "Agence Test")
        )

    def test_our_certificate_is_known_after_a_new_one_was_made(self):
        self.document.sudo().write({"final_sha256": False})
        former = self.company.sign_certificate_id
        self.env["crm.sign.certificate"]._make_own(self.company)
        former.sudo().active = False
        self.assertTrue(self.checks._check_file(self.content).is_ours)

    def test_an_impostor_with_our_name_is_not_taken_for_us(self):
        pkcs12 = make_company_ca("Agence Test", passphrase=b"x", now=_now())
        forged = seal(
            make_pdf("Contrat secret"),
            signatures=[SealFacts("Marie Dupont", "x", _now())],
            certificate=read_identity(pkcs12, b"x"),
        )
        result = self.checks._check_file(forged)
        self.assertEqual(result.verdict, "intact")
        self.assertFalse(result.is_ours)
        self.assertFalse(result.company)
        self.assertFalse(any(s.is_ours for s in result.signatures))

    def test_an_authority_above_a_bought_certificate_does_not_vouch_for_strangers(self):
        certificate = self.company.sign_certificate_id.sudo()
        kept = b64decode(certificate.certificate_der)
        identity = certificate._get_identity()
        self.assertEqual(kept, identity.certificate)
        self.assertNotEqual(kept, identity.trust_anchor)

    def test_a_reference_alone_tells_that_there_is_a_proof_and_no_more(self):
        known = self.checks._check_reference(self.request.reference.lower())
        self.assertEqual(known.verdict, "reference_known")
        self.assertFalse(known.signatures or known.company or known.document)
        for typed in ("", "AAAA-BBBB-CCCC-DDDD", "%", "x" * 500):
            result = self.checks._check_reference(typed)
            self.assertEqual(result.verdict, "reference_unknown", typed)

    def test_a_reference_of_something_not_signed_is_unknown(self):
        draft = self.make_request("Jean Petit")
        result = self.checks._check_reference(draft.reference)
        self.assertEqual(result.verdict, "reference_unknown")

    def test_a_file_with_the_wrong_reference_is_told_so(self):
        right = self.ask_with_hash(self.content, self.request.reference)
        self.assertEqual(right.reference_match, "yes")
        wrong = self.ask_with_hash(self.content, "AAAA-BBBB-CCCC-DDDD")
        self.assertEqual((wrong.verdict, wrong.reference_match), ("known", "no"))
        stranger = self.checks._check_file(make_pdf("x"), self.request.reference)
        self.assertEqual(stranger.reference_match, "no")
        self.assertFalse(stranger.company or stranger.signatures)

    def test_the_file_of_one_company_says_nothing_of_another(self):
        other = self.env["res.company"].create({"name": "Autre Agence"})
        seller = new_test_user(
            self.env,
            "other_seller",
            groups="crm_base.crm_base_group_seller",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        here = self.env(
            user=seller, context={**self.env.context, "allowed_company_ids": other.ids}
        )
        request = here["crm.sign.request"].create({"name": "Devis"})
        here["crm.sign.signer"].create(
            {
                "request_id": request.id,
                "name": "Jean Petit",
                "email": "jean@autre.example",
            }
        )
        result = self.ask_with_hash(self.content, request.reference)
        self.assertEqual(result.reference_match, "no")
        self.assertNotIn("Autre Agence", repr(result))
        self.assertNotIn("Jean Petit", repr(result))

    def test_files_that_are_none_get_an_answer(self):
        for content in (b"hello", b"%PDF-1.4 broken", b"\0" * 1000):
            with self.subTest(content=content[:10]):
                self.assertEqual(self.checks._check_file(content).verdict, "unreadable")

    def test_visits_are_limited_per_address_and_forgotten(self):
        visits = self.env["crm.sign.check.visit"]
        for _visit in range(LIMITS["file"]):
            self.assertTrue(visits._allow("file", "192.0.2.1"))
        self.assertFalse(visits._allow("file", "192.0.2.1"))
        self.assertTrue(visits._allow("hash", "192.0.2.1"))
        self.assertTrue(visits._allow("file", "192.0.2.2"))
        self.assertFalse(visits.sudo().search([("visitor", "ilike", "192.0.2")]))
        rows = visits.sudo().search([])
        rows.write({"at": "2026-01-01 00:00:00"})
        self.assertTrue(visits._allow("file", "192.0.2.1"))
        visits._gc_visits()
        self.assertFalse(rows.exists())

    def test_everybody_together_is_limited_too(self):
        visits = self.env["crm.sign.check.visit"]
        path = "odoo.addons.crm_sign.models.crm_sign_check_visit.LIMITS_OF_ALL"
        with patch.dict(path, {"file": 3}):
            allowed = [visits._allow("file", f"192.0.2.{n}") for n in range(5)]
        self.assertEqual(allowed, [True, True, True, False, False])


@tagged("post_install", "-at_install")
class TestCheckPage(SealedMixin, PublicPageMixin, HttpCase):
    """The page over the wire, as an anonymous visitor."""

    def open_page(self, url="/sign/check", lang="en-US"):
        self.opener.headers["Accept-Language"] = lang
        response = self.url_open(url)
        self.page = response.text
        return response

    def value_of(self, pattern):
        return re.search(pattern, self.page)[1]

    def post(self, url="/sign/check", files=None, **values):
        token = self.value_of(r'name="csrf_token" value="([^"]+)"')
        return self.url_open(url, data={"csrf_token": token, **values}, files=files)

    def post_hash(self, content, **values):
        challenge = self.value_of(r'data-challenge="([^"]+)"')
        return self.post(
            "/sign/check/hash",
            sha256=self.sha256(content),
            proof=prove_possession(challenge, content),
            challenge=challenge,
            **values,
        )

    def test_the_page_is_open_to_everybody_and_speaks_french(self):
        response = self.open_page(lang="fr-FR,fr;q=0.9")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Vérifier un document signé", self.page)
        self.assertIn('lang="fr-FR"', self.page)
        self.check_public_page(response)
        policy = response.headers["Content-Security-Policy"]
        self.assertIn("script-src 'self';", policy)

    def test_a_hash_with_its_proof_is_answered_with_a_piece_of_page(self):
        self.open_page()
        response = self.post_hash(self.content)
        self.assertEqual(response.status_code, 200)
        self.assertIn("exactly the one that was signed", response.text)
        self.assertIn("Marie Dupont", response.text)
        self.assertNotIn("<form", response.text)

    def test_a_file_that_is_sent_is_answered_with_a_page(self):
        self.open_page()
        files = {"file": ("contrat.pdf", self.content, "application/pdf")}
        response = self.post(files=files)
        self.assertIn("exactly the one that was signed", response.text)
        self.assertIn("<form", response.text)
        altered = bytearray(self.content)
        altered[len(altered) // 2] ^= 1
        files = {"file": ("contrat.pdf", bytes(altered), "application/pdf")}
        response = self.post(files=files)
        self.assertIn("changed after it was signed", response.text)
        self.assertNotIn("Marie Dupont", response.text)

    def test_only_a_form_of_ours_is_answered(self):
        self.open_page()
        for url in ("/sign/check", "/sign/check/hash"):
            with self.assertLogs("odoo.http", "WARNING"):
                response = self.url_open(url, data={"reference": "x"})
            self.assertEqual(response.status_code, 400)
        self.assertEqual(self.url_open("/sign/check/hash").status_code, 405)

    def test_nothing_of_the_request_is_told_to_who_has_no_file(self):
        self.open_page(f"/sign/check?reference={self.request.reference}")
        secrets = ("Marie Dupont", "Paul Durand", "Agence Test", "client.example")
        answers = [
            self.page,
            self.post(reference=self.request.reference).text,
            self.post(reference="AAAA-BBBB-CCCC-DDDD").text,
            self.post(
                "/sign/check/hash",
                sha256=self.document.final_sha256,
                proof=self.document.final_sha256,
                challenge=self.value_of(r'data-challenge="([^"]+)"'),
                reference=self.request.reference,
            ).text,
        ]
        self.assertIn("A signed document has this reference", answers[1])
        self.assertIn("No signed document has this reference", answers[2])
        for answer in answers:
            for secret in secrets:
                self.assertNotIn(secret, answer)

    def test_the_browser_hashes_the_file_and_keeps_it(self):
        sent = []
        checks = type(self.env["crm.sign.check"])
        with patch.object(checks, "_check_file", lambda *args: sent.append(args)):
            self.browser_js(
                "/sign/check",
                CHOOSE_FILE % b64encode(self.content).decode(),
                ready="!!document.querySelector('form[data-ready]')",
                login=None,
            )
        self.assertFalse(sent, "the file itself did not leave the browser")

    def test_what_is_typed_is_text_in_the_page(self):
        self.open_page("/sign/check?reference=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        self.assertNotIn("<script>alert", self.page)

    def test_too_many_files_are_refused_for_a_while(self):
        self.open_page()
        files = {"file": ("x.pdf", b"hello", "application/pdf")}
        statuses = [
            self.post(files=files).status_code for _try in range(LIMITS["file"] + 1)
        ]
        self.assertEqual(statuses, [200] * LIMITS["file"] + [429])
        response = self.post(files=files)
        self.assertIn("Try again in ten minutes", response.text)

    def test_a_file_too_large_is_refused_before_it_is_read(self):
        self.open_page()
        files = {"file": ("x.pdf", b"x" * (MAX_FILE_BYTES + 70_000), "application/pdf")}
        response = self.post(files=files)
        self.assertEqual(response.status_code, 413)

    def test_the_page_asks_for_something(self):
        self.open_page()
        self.assertIn("Choose a file or enter a reference", self.post().text)

    def test_the_evidence_of_the_request_is_not_touched_by_checks(self):
        before = (self.request.event_count, self.request.chain_head)
        self.open_page()
        self.post_hash(self.content)
        self.request.invalidate_recordset()
        self.assertEqual((self.request.event_count, self.request.chain_head), before)


def _now():
    from datetime import datetime, timezone

    return datetime.now(timezone.utc)
