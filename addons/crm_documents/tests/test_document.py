from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MailCase

from .common import DocumentCase


class NoPrinter(UserError):
    def __init__(self):
        super().__init__("no printer")


class NotInPlan(Exception):
    """What a plan that does not include documents raises."""


@tagged("post_install", "-at_install")
class TestDocument(DocumentCase, MailCase):
    def test_the_way_from_a_template_to_a_document(self):
        wizard = self.open_wizard()
        self.assertEqual(wizard.option_ids.mapped("name"), ["Remerciements"])
        action = wizard.action_fill()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertIn("Pour TechCorp &amp; fils", wizard.body_html)
        self.assertIn("Merci.", wizard.body_html)
        self.assertEqual(wizard.missing_ids.mapped("path"), ["client.siret"])
        wizard.body_html = wizard.body_html.replace("Merci.", "Merci encore.")
        wizard.missing_ids.value = "732 829 320 <b>00074</b>"
        with self.printing_nothing():
            action = wizard.action_make()
        document = self.env["crm.document"].browse(action["res_id"])
        self.assertIn("Merci encore.", document.body_html)
        self.assertIn("732 829 320 &lt;b&gt;00074&lt;/b&gt;", document.body_html)
        self.assertNotIn("o_crm_missing", document.body_html)
        self.assertFalse(document.left_blank)
        self.assertEqual(document.version_id, self.template.version_id)
        self.assertEqual(document.user_id, self.seller)
        self.assertEqual(document.company_id, self.company)
        self.assertTrue(document.pdf_attachment_id.raw.startswith(b"%PDF"))
        message = self.client.message_ids[:1]
        self.assertIn("Lettre test", message.body)
        self.assertEqual(message.attachment_ids.res_id, self.client.id)
        self.assertEqual(self.client.crm_document_count, 1)

    def test_what_is_to_complete_stops_the_document_unless_accepted(self):
        wizard = self.open_wizard()
        wizard.action_fill()
        label = wizard.missing_ids.name
        with self.assertRaises(UserError) as error:
            wizard.action_make()
        self.assertIn(label, str(error.exception))
        wizard.is_incomplete_accepted = True
        with self.printing_nothing():
            document = self.env["crm.document"].browse(wizard.action_make()["res_id"])
        self.assertEqual(document.left_blank, label)

    def test_what_was_completed_in_the_text_by_hand_is_complete(self):
        wizard = self.open_wizard()
        wizard.action_fill()
        wizard.body_html = "<p>Tout est dit.</p>"
        with self.printing_nothing():
            document = self.env["crm.document"].browse(wizard.action_make()["res_id"])
        self.assertFalse(document.left_blank)
        self.assertIn("Tout est dit.", document.body_html)

    def test_marks_are_found_whatever_the_editor_made_of_their_spaces(self):
        wizard = self.open_wizard()
        wizard.action_fill()
        mark = self.env["crm.document"]._mark_missing(wizard.missing_ids.name)
        wizard.body_html = f"<p>{mark.replace(' ', '&nbsp;')}</p>"
        self.assertEqual(
            [" ".join(left.split()) for left in wizard._find_left()],
            [wizard.missing_ids.name],
        )
        wizard.missing_ids.value = "123"
        wizard.action_complete()
        self.assertEqual(wizard.body_html, "<p>123</p>")
        self.assertTrue(wizard.missing_ids.is_done)

    def test_an_optional_section_is_left_out(self):
        wizard = self.open_wizard()
        wizard.option_ids.is_kept = False
        wizard.action_fill()
        self.assertNotIn("Merci.", wizard.body_html)
        wizard.action_back()
        self.assertEqual(wizard.step, "choose")

    def test_the_wizard_as_the_screen_opens_it(self):
        form = Form(
            self.env["crm.document.wizard"]
            .with_user(self.seller)
            .with_context(
                default_res_model="res.partner", default_res_id=self.client.id
            )
        )
        form.template_id = self.template
        self.assertEqual(len(form.option_ids), 1)
        wizard = form.save()
        self.assertEqual(wizard.res_name, self.client.display_name)

    def test_a_document_cannot_be_changed(self):
        document = self.make_document()
        for user in (self.seller, self.admin):
            with self.assertRaises(UserError):
                document.with_user(user).write({"body_html": "<p>x</p>"})
            with self.assertRaises(AccessError):
                document.with_user(user).create({"name": "x"})

    def test_a_document_says_when_its_record_has_changed(self):
        document = self.make_document()
        self.assertFalse(document.outdated_reason)
        self.client.phone = "0102030405"  # the template does not ask for it
        document.invalidate_recordset()
        self.assertFalse(document.outdated_reason)
        self.client.name = "TechCorp Groupe"
        document.invalidate_recordset()
        self.assertIn("TechCorp Groupe", document.outdated_reason)

    def test_a_revision_takes_the_text_and_replaces_the_document(self):
        document = self.make_document()
        action = document.action_revise()
        wizard = self.env["crm.document.wizard"].browse(action["res_id"])
        wizard = wizard.with_user(self.seller)
        self.assertEqual(wizard.body_html, document.body_html)
        wizard.body_html = "<p>Révisé</p>"
        with self.printing_nothing():
            made = wizard.action_make()
        newer = self.env["crm.document"].browse(made["res_id"])
        self.assertEqual((newer.revision, newer.previous_id), (2, document))
        document.invalidate_recordset()
        self.assertIn("2", document.outdated_reason)

    def test_a_newer_version_of_the_template_changes_no_document(self):
        document = self.make_document()
        self.template.body_html = "<p>Tout autre chose</p>"
        document.invalidate_recordset()
        self.assertIn("Pour TechCorp", document.body_html)
        self.assertEqual(document.version_number, 1)
        self.assertFalse(document.outdated_reason)

    def test_bad_texts_are_refused_before_printing(self):
        wizard = self.open_wizard()
        wizard.action_fill()
        for body in (
            "<p><br></p>",
            "<p>x</p>" * 600_000,
            '<p>x <img src="http://10.0.0.1/x.png"></p>',
        ):
            wizard.body_html = body
            with self.assertRaises(UserError):
                wizard.action_make()

    def test_other_kinds_of_records_are_refused(self):
        wizard = self.open_wizard()
        wizard.sudo().write({"res_model": "res.users", "res_id": self.admin.id})
        with self.assertRaises(UserError):
            wizard.action_fill()

    def test_events_and_entitlement(self):
        told = []
        Hook = self.env.registry["crm.hook"]

        def emit(hook, name, record, payload):
            told.append((name, payload["version"]))

        self.patch(Hook, "_emit_event", emit)
        self.make_document()
        self.assertEqual(told, [("document.generated", 1)])

        def refuse(hook, capability, company):
            raise NotInPlan(f"{capability} {company.name}")

        self.patch(Hook, "_check_entitlement", refuse)
        with self.assertRaisesRegex(NotInPlan, "documents.generate Agence Test"):
            self.make_document()

    def test_buttons_lead_somewhere(self):
        document = self.make_document()
        self.assertEqual(document.action_open_record()["res_id"], self.client.id)
        self.assertIn(
            str(document.pdf_attachment_id.id), document.action_download()["url"]
        )
        for record in (self.client, self.template):
            found = document.search(record.action_view_documents()["domain"])
            self.assertEqual(found, document)
        self.assertEqual(
            document.action_share()["context"]["default_document_id"], document.id
        )

    def test_a_lost_record_leaves_the_document_to_the_administrator(self):
        contact = self.env["res.partner"].create({"name": "Perdu"})
        document = self.make_document(contact)
        contact.unlink()
        document = document.with_user(self.admin)
        document.invalidate_recordset()
        self.assertFalse(document.res_name)
        with self.assertRaises(UserError):
            document.action_open_record()
        with self.assertRaises(UserError):
            document.action_revise()


@tagged("post_install", "-at_install")
class TestPrinting(DocumentCase):
    def test_a_printer_that_fails_leaves_the_text_and_a_button(self):
        def fail(*args, **kwargs):
            raise NoPrinter

        wizard = self.open_wizard()
        wizard.action_fill()
        wizard.is_incomplete_accepted = True
        reports = self.env.registry["ir.actions.report"]
        with patch.object(reports, "_render_qweb_pdf", fail):
            document = self.env["crm.document"].browse(wizard.action_make()["res_id"])
            self.assertTrue(document.pdf_problem)
            with self.assertRaises(UserError):
                document.action_download()
        with self.printing_nothing():
            document.with_user(self.seller).action_convert()
        self.assertFalse(document.pdf_problem)
        self.assertTrue(document.pdf_attachment_id)
        posted = self.client.message_ids[:1].attachment_ids
        self.assertEqual(posted.mapped("name"), [document.pdf_attachment_id.name])

    def test_the_fingerprint_is_the_same_for_whoever_asks(self):
        document = self.make_document()
        public = self.env.ref("base.public_user")
        for user in (self.admin, public):
            asked = document.with_user(user).sudo()
            asked.invalidate_recordset()
            self.assertFalse(asked.outdated_reason)

    def test_the_report_holds_the_text_in_the_company_layout(self):
        document = self.make_document()
        html = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html("crm_documents.action_report_document", document.ids)[0]
            .decode()
        )
        self.assertIn("Pour TechCorp &amp; fils", html)
        self.assertIn("Agence Test", html)
        self.assertIn("o_crm_document", html)
