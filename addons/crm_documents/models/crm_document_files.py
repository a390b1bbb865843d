import logging
from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.checks import check_images
from ..lib.html_render import DocumentTooLarge, render
from ..lib.html_tree import parse
from ..lib.office_file import FileRefused, inspect
from ..providers.docx_template import DocxFailed, fill_docx
from ..providers.office import OfficeError, convert_docx, find_office

_logger = logging.getLogger(__name__)

REPORT = "crm_documents.action_report_document"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_TYPE = "application/pdf"


class CrmDocument(models.Model):
    """From a version and a record to a text, and from a text to files."""

    _inherit = "crm.document"

    @api.model
    def _has_office(self):
        return bool(find_office())

    # === Filling === #

    @api.model
    def _fill(self, version, record, options=None):
        """Fill one version of a template with the values of a record.

        :return: (text or DOCX bytes, list of `Missing`)
        """
        version = version.with_context(bin_size=False)
        template = version.template_id
        values_model = self.env["crm.document.values"]
        values = values_model._get_values(record, template.lang)
        offers = values_model._get_offers(record._name)
        nodes = template._read_version(version)
        arguments = {
            "describe": values_model._describe(offers),
            "mark": self._mark_missing,
            "options": options or {},
        }
        try:
            if version.format == "html":
                result = render(nodes, values, **arguments)
                return result.text, result.missing
            filled = fill_docx(b64decode(version.docx_file), values, **arguments)
            return filled.content, filled.missing
        except DocumentTooLarge:
            raise UserError(
                self.env._(
                    "%(record)s has too many lines for the template %(template)s.",
                    record=record.display_name,
                    template=template.name,
                )
            ) from None
        except DocxFailed as error:
            _logger.info("DOCX template %s: %s", template.id, error)
            raise UserError(
                self.env._(
                    "The DOCX of the template %(template)s cannot be filled. Check"
                    " that its sections start and end in the same paragraph, row or"
                    " cell.",
                    template=template.name,
                )
            ) from None

    # === Bad input === #

    @api.model
    def _check_pictures(self, text):
        """Refuse a text whose pictures would be fetched from another server."""
        problems = check_images(parse(text)[0])
        if problems:
            sentences = self.env["crm.document.sentences"]
            raise UserError(sentences._explain_problems(problems))

    @api.model
    def _check_docx(self, content):
        """Refuse a DOCX that is no sound and harmless one."""
        try:
            inspect(content)
        except FileRefused as error:
            sentences = self.env["crm.document.sentences"]
            raise UserError(sentences._explain_refused_file(error.reason)) from None

    # === Files === #

    def _make_files(self, docx=None):
        """Store the files of a document just made, and post them on its record.

        :param docx: bytes of the filled DOCX, for a document made from one
        """
        self.ensure_one()
        if docx is not None:
            self._attach("docx_attachment_id", docx, "docx", DOCX_TYPE)
            self._ask_pdf()
        else:
            self._print()
        self._post_on_record(
            self.env._(
                "%(document)s was made from the template %(template)s, version"
                " %(number)s.",
                document=self._get_html_link(),
                template=self.template_id.name or "",
                number=self.version_id.number,
            )
        )

    def _print(self):
        """Print the text; a printer that fails leaves the text and a button."""
        try:
            pdf = self._print_pdf()
        except UserError as error:
            _logger.info("Document %s is not printed: %s", self.id, error)
            self._note_no_pdf("printer")
        else:
            self._keep_pdf(pdf)

    def _print_again(self):
        """Print what could not be printed when the document was made."""
        self._print()
        if self.pdf_attachment_id:
            # sudo: who reads a document may have it printed, not change its record
            self.sudo()._post_pdf()

    def _ensure_file(self):
        """Return the PDF or the DOCX, printed now when it was not yet.

        :raise UserError: there is none
        """
        self.ensure_one()
        self.check_access("read")
        if self.format == "html" and not self.pdf_attachment_id:
            self._print_again()
        attachment = self._get_main_attachment()
        if not attachment:
            raise UserError(
                self.pdf_problem or self.env._("This document has no file.")
            )
        return attachment

    def _print_pdf(self):
        """Return the PDF by Odoo's report engine, in the company's layout."""
        # sudo: the right to the document was checked, its layout is the company's
        reports = self.env["ir.actions.report"].sudo()
        return reports._render_qweb_pdf(REPORT, self.ids)[0]

    def _ask_pdf(self):
        """Have a job turn the DOCX into a PDF: nobody waits for LibreOffice."""
        if not self._has_office():
            self._note_no_pdf("absent")
            return
        self._note_no_pdf("waiting")
        self.with_delay(
            identity_key=f"crm_document_pdf:{self.id}",
            description=f"PDF of document {self.id}",
        )._job_convert()

    def _job_convert(self):
        """Turn the DOCX into a PDF and tell who asked; does nothing when it is done."""
        # sudo: a job of our own; the right to the document was checked by the button
        document = self.sudo().exists()
        if not document or document.pdf_attachment_id:
            return
        docx = document.docx_attachment_id.with_context(bin_size=False)
        try:
            pdf = convert_docx(docx.raw)
        except OfficeError as error:
            _logger.info("Document %s stays a DOCX: %s", document.id, error)
            document._note_no_pdf(error.reason)
        else:
            document._keep_pdf(pdf)
            document._post_pdf()
        news = {"res_model": document._name, "res_id": document.id}
        self.env.user._bus_send("crm_base.record", news)

    def _keep_pdf(self, pdf):
        self._attach("pdf_attachment_id", pdf, "pdf", PDF_TYPE)
        self._note_no_pdf(False)

    def _note_no_pdf(self, code):
        """Remember why there is no PDF; see `_explain_no_pdf`."""
        # sudo: the author may have no right to change documents
        self.sudo().write(
            {
                "pdf_problem_code": code,
                "pdf_asked_at": code == "waiting" and fields.Datetime.now(),
            }
        )

    def _attach(self, field, content, extension, mimetype):
        # sudo: the author may have no right to change documents
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self._get_filename(extension),
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self.sudo()[field] = attachment

    def _get_filename(self, extension):
        name = "".join(c if c not in '\\/:*?"<>|\n\r\t' else "-" for c in self.name)
        return f"{name.strip()[:120]}.{extension}"

    def _get_main_attachment(self):
        """Return the PDF, or the DOCX when there is no PDF."""
        self.ensure_one()
        return self.pdf_attachment_id or self.docx_attachment_id

    def _post_pdf(self):
        """Attach to the record a PDF that came after the document."""
        document = self._get_html_link()
        self._post_on_record(
            self.env._("The PDF of %(document)s is ready.", document=document),
            self.pdf_attachment_id,
        )

    def _post_on_record(self, body, files=None):
        """Attach a copy of the files to the record and tell it in its thread.

        :param files: attachments; the PDF and the DOCX by default
        """
        record = self._find_record()
        if not record:
            return
        files = files or self.pdf_attachment_id | self.docx_attachment_id
        # sudo: the files of a document, whose reader posts them
        files = files.sudo().with_context(bin_size=False)
        named = [(file.name, file.raw) for file in files]
        if isinstance(record, self.env.registry["mail.thread"]):
            record.message_post(
                body=body, attachments=named, message_type="notification"
            )
            return
        self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for name, content in named
            ]
        )

    # === Actions === #

    def action_convert(self):
        """Try again to make the PDF."""
        self.ensure_one()
        self.check_access("read")
        if self.pdf_attachment_id:
            return
        if self.format == "docx":
            self._ask_pdf()
        else:
            self._print_again()

    def action_download(self):
        """Download the PDF, or the DOCX when there is no PDF."""
        self.ensure_one()
        attachment = self._ensure_file()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
