import os
import stat
import tempfile
from base64 import b64encode
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from ..providers.docx_template import DocxFailed
from .common import DocumentCase, make_docx, read_docx

OFFICE = """#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = --outdir ] && out=$2; shift; done
mkdir -p "$out"; echo "%PDF-1.7 office" > "$out/document.pdf"
"""


@tagged("post_install", "-at_install")
class TestDocx(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(patch.dict(os.environ, {"CRM_LIBREOFFICE": ""}))
        cls.word = cls.env["crm.document.template"].create(
            {
                "name": "Lettre Word",
                "format": "docx",
                "docx_name": "lettre.docx",
                "docx_file": make_docx(
                    "Pour {{ client.nom }}",
                    "SIRET {{ client.siret }}",
                    "{% option Merci %}Merci{% fin %}",
                ),
            }
        )

    def install_office(self, script=OFFICE):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        path = os.path.join(folder, "soffice")
        with open(path, "w") as file:
            file.write(script)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        self.enterContext(patch.dict(os.environ, {"CRM_LIBREOFFICE": path}))

    def fill(self):
        wizard = self.open_wizard(template=self.word)
        wizard.action_fill()
        return wizard

    def make(self, wizard):
        return self.env["crm.document"].browse(wizard.action_make()["res_id"])

    def make_complete(self):
        wizard = self.fill()
        wizard.missing_ids.value = "1"
        return self.make(wizard).with_user(self.seller)

    def test_without_libreoffice_the_document_is_a_docx_and_says_so(self):
        wizard = self.fill()
        self.assertFalse(wizard.has_office)
        self.assertFalse(self.word.has_office)
        wizard.missing_ids.value = "732 & 829"
        document = self.make(wizard)
        self.assertEqual(
            read_docx(document.docx_attachment_id.raw),
            ["Pour TechCorp & fils", "SIRET 732 & 829", "Merci"],
        )
        self.assertFalse(document.pdf_attachment_id)
        self.assertIn("LibreOffice", document.pdf_problem)
        self.assertEqual(document._get_main_attachment(), document.docx_attachment_id)
        self.assertTrue(document.docx_attachment_id.name.endswith(".docx"))

    def test_nobody_waits_for_libreoffice(self):
        """The click leaves a DOCX and a job; the PDF follows and the author is told."""
        told = []
        self.patch(
            self.env.registry["res.users"],
            "_bus_send",
            lambda user, kind, payload, **_options: told.append((user, kind, payload)),
        )
        self.install_office()
        with trap_jobs() as trap:
            document = self.make_complete()
            trap.assert_jobs_count(1)
            self.assertTrue(document.is_pdf_coming)
            self.assertTrue(document.pdf_problem)
            self.assertFalse(document.pdf_attachment_id)
            posted = self.client.message_ids[:1].attachment_ids
            self.assertEqual(posted.mapped("name"), [document.docx_attachment_id.name])
            self.assertFalse([kind for _u, kind, _p in told if kind.startswith("crm_")])
            trap.perform_enqueued_jobs()
        self.assertFalse(document.is_pdf_coming)
        self.assertFalse(document.pdf_problem)
        self.assertIn(b"office", document.pdf_attachment_id.raw)
        message = self.client.message_ids[:1]
        self.assertIn(f'data-oe-id="{document.id}"', message.body)
        self.assertEqual(
            message.attachment_ids.mapped("name"), [document.pdf_attachment_id.name]
        )
        news = {"res_model": "crm.document", "res_id": document.id}
        self.assertIn((self.seller, "crm_base.record", news), told)

    def test_a_job_that_runs_twice_makes_one_pdf(self):
        self.install_office()
        with trap_jobs() as trap:
            document = self.make_complete()
            document.action_convert()
            trap.assert_jobs_count(1)
        document._job_convert()
        pdf, messages = document.pdf_attachment_id, len(self.client.message_ids)
        self.assertTrue(pdf)
        document._job_convert()
        document.action_convert()
        self.assertEqual(document.pdf_attachment_id, pdf)
        self.assertEqual(len(self.client.message_ids), messages)
        gone = document.sudo().browse(document.id + 1_000_000)
        self.assertIsNone(gone._job_convert())

    def test_the_pdf_is_made_later_when_libreoffice_is_there(self):
        document = self.make_complete()
        self.install_office()
        with trap_jobs() as trap:
            document.action_convert()
            trap.perform_enqueued_jobs()
        self.assertFalse(document.pdf_problem)
        self.assertIn(b"office", document.pdf_attachment_id.raw)
        posted = self.client.message_ids[:1].attachment_ids
        self.assertEqual(posted.mapped("name"), [document.pdf_attachment_id.name])

    def test_a_libreoffice_that_fails_leaves_the_docx(self):
        self.install_office("#!/bin/sh\nexit 3\n")
        wizard = self.fill()
        wizard.is_incomplete_accepted = True
        with trap_jobs() as trap:
            document = self.make(wizard)
            trap.perform_enqueued_jobs()
        self.assertEqual(document.pdf_problem_code, "failed")
        self.assertIn("LibreOffice", document.pdf_problem)
        self.assertFalse(document.is_pdf_coming)
        self.assertTrue(document.docx_attachment_id)
        self.assertTrue(document.left_blank)

    def test_a_job_that_never_ran_gives_the_button_back(self):
        self.install_office()
        with trap_jobs():
            document = self.make_complete()
        coming = document.pdf_problem
        with freeze_time(fields.Datetime.now() + timedelta(minutes=16)):
            document.invalidate_recordset()
            self.assertFalse(document.is_pdf_coming)
            self.assertTrue(document.pdf_problem)
            self.assertNotEqual(document.pdf_problem, coming)

    def test_a_link_gives_the_docx_until_the_pdf_is_there(self):
        self.install_office()
        with trap_jobs() as trap:
            document = self.make_complete()
            self.assertEqual(document._ensure_file(), document.docx_attachment_id)
            trap.perform_enqueued_jobs()
        self.assertEqual(document._ensure_file(), document.pdf_attachment_id)

    def test_screens_that_read_sizes_in_the_place_of_files_change_nothing(self):
        word = self.word.with_context(bin_size=True)
        word.docx_file = make_docx("Deux {{ client.nom }}")
        self.assertEqual(word.version_number, 2)
        word.version_ids.filtered(lambda v: v.number == 1).action_restore()
        self.assertEqual(word.version_number, 3)
        wizard = self.open_wizard(template=self.word).with_context(bin_size=True)
        wizard.action_fill()
        wizard.missing_ids.value = "1"
        document = self.make(wizard).with_context(bin_size=True)
        self.assertFalse(document.outdated_reason)
        file = document.docx_attachment_id.with_context(bin_size=False)
        self.assertIn("SIRET 1", read_docx(file.raw))

    def test_the_author_puts_his_own_version_in(self):
        wizard = self.fill()
        wizard.edited_docx = make_docx("Ma version")
        document = self.make(wizard)
        self.assertEqual(read_docx(document.docx_attachment_id.raw), ["Ma version"])

    def test_a_bad_version_of_his_own_is_refused(self):
        wizard = self.fill()
        wizard.edited_docx = b64encode(b"MZ not a docx")
        with self.assertRaises(UserError):
            wizard.action_make()

    def test_what_is_to_complete_stops_a_docx_too(self):
        wizard = self.fill()
        with self.assertRaises(UserError):
            wizard.action_make()

    def test_a_file_whose_sections_cross_is_told_in_plain_words(self):
        # docxtpl mends most of what crosses: its refusal is told, not provoked.
        with (
            patch(
                "odoo.addons.crm_documents.models.crm_document_files.fill_docx",
                side_effect=DocxFailed("crossed"),
            ),
            self.assertRaises(UserError) as error,
        ):
            self.fill()
        self.assertIn("Lettre Word", str(error.exception))

    def test_a_revision_of_a_docx_starts_from_the_template(self):
        wizard = self.fill()
        wizard.missing_ids.value = "1"
        document = self.make(wizard).with_user(self.seller)
        context = document.action_revise()["context"]
        self.assertEqual(context["default_template_id"], self.word.id)
        self.assertEqual(context["default_previous_id"], document.id)
