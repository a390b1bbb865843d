import base64

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common import SignCase, make_pdf


@tagged("post_install", "-at_install")
class TestTemplate(SignCase):
    """A document that is signed again and again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nocode = new_test_user(
            cls.env, "t_nocode", groups="crm_base.crm_base_group_nocode", **cls.here
        )
        templates = cls.env["crm.sign.template"].with_user(cls.nocode)
        cls.template = templates.create(
            {
                "name": "Accord",
                "subject": "Accord de confidentialite",
                "file": base64.b64encode(make_pdf("Page 1 {{date:1}}", "Page 2")),
                "file_name": "accord.pdf",
                "role_ids": [
                    (0, 0, {"name": "Client", "order": 1, "can_delegate": True}),
                    (0, 0, {"name": "Agence", "order": 2, "is_company": True}),
                ],
            }
        )
        client, agency = cls.template.role_ids
        places = cls.env["crm.sign.template.field"].with_user(cls.nocode)
        places.create(
            [
                {"template_id": cls.template.id, "role_id": role.id, "page": 2,
                 "x": 60, "y": 500 + 80 * number}
                for number, role in enumerate((client, agency))
            ]
        )  # fmt: skip
        cls.marie = cls.env["res.partner"].create(
            {"name": "Marie Dupont", "email": "marie@client.example"}
        )

    def use(self):
        wizards = self.env["crm.sign.template.use"].with_user(self.seller)
        return wizards.with_context(
            active_model="crm.sign.template", active_id=self.template.id
        )

    def test_a_contact_per_role_makes_a_draft_ready_to_be_sent(self):
        self.assertEqual(self.template.page_count, 2)
        form = Form(self.use())
        self.assertEqual(form.name, "Accord de confidentialite")
        with form.line_ids.edit(0) as line:
            line.partner_id = self.marie
        action = form.save().action_create()
        request = self.env["crm.sign.request"].browse(action["res_id"])
        self.assertEqual(request.user_id, self.seller)
        self.assertEqual(
            request.signer_ids.mapped("name"), ["Marie Dupont", "Sophie Martin"]
        )
        self.assertEqual(request.signer_ids.mapped("role"), ["Client", "Agence"])
        owners = request.field_ids.filtered(lambda f: f.source == "template").signer_id
        self.assertEqual(owners, request.signer_ids)
        anchor = request.field_ids.filtered(lambda f: f.source == "anchor")
        self.assertEqual(anchor.signer_id.name, "Marie Dupont")
        self.assertFalse(request.problem_text)
        request.with_user(self.seller).action_send()
        self.assertEqual(request.state, "sent")

    def test_a_role_without_contact_is_said(self):
        form = Form(self.use())
        with self.assertRaisesRegex(UserError, "Choose who signs: Client"):
            form.save().action_create()

    def test_a_file_that_cannot_be_signed_is_refused_at_once(self):
        with self.assertRaisesRegex(UserError, "not a PDF"):
            self.template.file = base64.b64encode(b"Bonjour")

    def test_a_new_draft_from_a_request_that_was_refused(self):
        request, marie = self.send("Marie Dupont", pdf=make_pdf("{{sign:1}}"))
        request.with_user(self.seller).action_cancel()
        action = request.with_user(self.seller).action_new_version()
        draft = self.env["crm.sign.request"].browse(action["res_id"])
        self.assertEqual((draft.state, draft.name), ("draft", "Contrat"))
        self.assertNotEqual(draft.reference, request.reference)
        self.assertEqual(draft.signer_ids.email, marie.email)
        self.assertEqual(draft.field_ids.signer_id, draft.signer_ids)
        self.assertNotEqual(
            draft.document_ids.attachment_id, request.document_ids.attachment_id
        )
        self.assertFalse(draft.event_ids)
