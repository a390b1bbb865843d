import io

from reportlab.pdfgen import canvas

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_base.tests.common import SecretKeyMixin
from odoo.addons.crm_documents.tests.common import DocumentCase


def make_pdf(*lines):
    content = io.BytesIO()
    page = canvas.Canvas(content)
    for index, text in enumerate(lines):
        page.drawString(72, 700 - 80 * index, text)
    page.save()
    return content.getvalue()


@tagged("post_install", "-at_install")
class TestSignature(SecretKeyMixin, DocumentCase):
    def setUp(self):
        super().setUp()
        self.template.body_html = (
            "<p>Pour {{ client.nom }}</p><p>{{sign:1}}</p><p>{{sign:2}}</p>"
        )
        self.document = self.make_document(self.contact)
        # The printer was left out: a real PDF with the same places.
        self.document.sudo().pdf_attachment_id.raw = make_pdf(
            "{{sign:1}}", "{{sign:2}}"
        )
        self.seller.email = "seller@test.example"

    def ask(self):
        action = self.document.action_send_for_signature()
        request = self.env[action["res_model"]].browse(action["res_id"])
        return request.with_user(self.seller)

    def test_the_client_signs_first_and_the_author_second(self):
        request = self.ask()
        self.assertEqual(request.state, "draft")
        self.assertEqual(
            request.signer_ids.sorted("order").mapped("email"),
            ["claire@techcorp.example", "seller@test.example"],
        )
        owners = {f.anchor_rank: f.signer_id.order for f in request.field_ids}
        self.assertEqual(owners, {1: 1, 2: 2})
        self.assertEqual(
            request.document_ids.name, self.document.pdf_attachment_id.name
        )
        self.assertEqual(self.ask(), request, "a second click opens the same draft")

    def test_one_place_is_one_signer(self):
        self.template.body_html = "<p>{{sign:1}}</p>"
        document = self.make_document(self.contact)
        self.assertEqual(len(document._prepare_signers()), 1)

    def test_a_changed_record_stops_the_signature(self):
        request = self.ask()
        request.action_send()
        self.assertEqual(request.state, "sent")
        self.assertFalse(request.is_outdated)
        self.assertIn("Lettre test", self.contact.message_ids[:1].body)
        self.client.name = "TechCorp Groupe"
        self.document.invalidate_recordset()
        request.invalidate_recordset()
        self.assertTrue(request.is_outdated)
        with self.assertRaises(UserError):
            self.document.action_send_for_signature()

    def test_a_docx_without_pdf_cannot_be_signed(self):
        docx = self.document.sudo().pdf_attachment_id.copy({"mimetype": "x/docx"})
        self.document.sudo().write(
            {
                "format": "docx",
                "pdf_attachment_id": False,
                "docx_attachment_id": docx.id,
            }
        )
        for code in ("absent", "waiting"):
            self.document._note_no_pdf(code)
            with self.assertRaises(UserError) as error:
                self.document.action_send_for_signature()
            self.assertEqual(str(error.exception), self.document.pdf_problem)

    def test_nobody_sends_a_document_he_may_not_read(self):
        with self.assertRaises(AccessError):
            self.document.with_user(self.stranger).action_send_for_signature()

    def test_the_picker_offers_places_of_signatures(self):
        family = self.template.picker[-1]
        self.assertEqual(family["items"][0]["path"], "sign:1")
