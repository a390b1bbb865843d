from base64 import b64decode, b64encode

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

MAX_TEXT_CHARACTERS = 4_000_000


class CrmDocumentWizard(models.TransientModel):
    """The second half of the wizard: completes the text and makes the document."""

    _inherit = "crm.document.wizard"

    # === What is to complete === #

    def _complete(self):
        """Put the typed values where their marks stand, in the text or the DOCX."""
        typed = self.missing_ids.filtered(lambda line: (line.value or "").strip())
        values = {line.name: line.value.strip() for line in typed}
        if not values:
            return
        Document = self.env["crm.document"]
        if self.format == "html":
            self.body_html = Document._complete_text(str(self.body_html or ""), values)
        elif docx := self.with_context(bin_size=False).docx_file:
            content = Document._complete_docx(b64decode(docx), values)
            self.docx_file = b64encode(content)
        typed.is_done = True

    def _find_left(self):
        """Return the names that are still to complete."""
        self.ensure_one()
        if self.format == "html":
            return self.env["crm.document"]._find_marked(str(self.body_html or ""))
        return self.missing_ids.filtered(lambda line: not line.is_done).mapped("name")

    # === The document === #

    def action_make(self):
        """Make the document, attach it to the record and show it."""
        self.ensure_one()
        record = self._get_record()
        if not self.version_id or self.step != "text":
            raise UserError(self.env._("Choose a template."))
        self._complete()
        left = [] if self.edited_docx else self._find_left()
        if left and not self.is_incomplete_accepted:
            raise UserError(
                self.env._(
                    "Still to complete: %(names)s.\nWrite it in the text, or tick the"
                    " box to make the document all the same.",
                    names=", ".join(left),
                )
            )
        docx = self._get_docx() if self.format == "docx" else None
        if docx is None:
            self._check_text()
        document = self._create_document(record, left)
        document._make_files(docx)
        self.env["crm.hook"]._emit_event(
            "document.generated",
            document,
            {
                "document_id": document.id,
                "name": document.name,
                "template": self.template_id.name,
                "version": self.version_id.number,
                "record": f"{record._name},{record.id}",
            },
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
        }

    def _check_text(self):
        text = str(self.body_html or "")
        if is_html_empty(text):
            raise UserError(self.env._("The document is empty."))
        if len(text) > MAX_TEXT_CHARACTERS:
            raise UserError(
                self.env["crm.document.sentences"]._get_problem_sentence(
                    "too_large", ""
                )
            )
        self.env["crm.document"]._check_pictures(text)

    def _get_docx(self):
        """Return the bytes of the author's own version, checked, or of the filled."""
        wizard = self.with_context(bin_size=False)
        if not wizard.edited_docx:
            return b64decode(wizard.docx_file or b"")
        content = b64decode(wizard.edited_docx)
        self.env["crm.document"]._check_docx(content)
        return content

    def _create_document(self, record, left):
        Document = self.env["crm.document"]
        values_model = self.env["crm.document.values"]
        company = values_model._find_company(record)
        self.env["crm.hook"]._check_entitlement("documents.generate", company)
        previous = self.previous_id
        if previous:
            # A revision of another record's document would tell its number.
            previous.check_access("read")
        parties = values_model._find_parties(record)
        values = {
            "name": self.name or self.template_id.name,
            "kind": self.template_id.kind,
            "res_model": record._name,
            "res_id": record.id,
            # A lead may only name its client: nobody is saved for that.
            "partner_id": (parties.get("contact") or parties["client"])._origin.id,
            "company_id": company.id,
            "user_id": self.env.uid,
            "template_id": self.template_id.id,
            "version_id": self.version_id.id,
            "revision": previous.revision + 1 if previous else 1,
            "previous_id": previous.id,
            "format": self.format,
            "lang": self.template_id.lang,
            "body_html": self.format == "html" and self.body_html,
            "left_blank": ", ".join(left) or False,
            "values_hash": Document._get_fingerprint(
                record, self.version_id, self.env.user, company
            ),
        }
        # sudo: documents come from here only; the right to the record was checked
        return Document.sudo().create(values).sudo(False)
