from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.offers import find
from ..lib.values import fingerprint, lookup

# A minute per document, and others that wait before it.
PDF_PATIENCE = timedelta(minutes=15)


class CrmDocument(models.Model):
    """A text made from a template for one record, kept as it was sent.

    Nothing in it changes afterwards: `action_revise` makes a new one from its text,
    one revision higher. It remembers the version of its template and a fingerprint
    of the values it was filled with, so that it can say when the record has changed.
    """

    _name = "crm.document"
    _description = "Document"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"
    _order = "id DESC"

    _record_index = models.Index("(res_model, res_id)")

    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["crm.document.template"]._selection_kind(),
        readonly=True,
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char(
        string="Made For", compute="_compute_res_name", compute_sudo=False
    )
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Author", readonly=True)
    template_id = fields.Many2one(
        "crm.document.template", readonly=True, ondelete="restrict", index=True
    )
    version_id = fields.Many2one(
        "crm.document.version",
        string="Version of the Template",
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    version_number = fields.Integer(
        related="version_id.number", string="Template Version"
    )
    revision = fields.Integer(default=1, readonly=True)
    previous_id = fields.Many2one("crm.document", readonly=True, index=True)
    format = fields.Selection(
        [("html", "Written here"), ("docx", "DOCX file")], required=True, readonly=True
    )
    lang = fields.Char(string="Language", readonly=True)
    body_html = fields.Html(string="Text", readonly=True)
    left_blank = fields.Text(readonly=True)
    values_hash = fields.Char(readonly=True)
    pdf_attachment_id = fields.Many2one("ir.attachment", string="PDF", readonly=True)
    docx_attachment_id = fields.Many2one("ir.attachment", string="DOCX", readonly=True)
    pdf_problem = fields.Char(
        string="Why There Is No PDF", compute="_compute_pdf_problem"
    )
    pdf_problem_code = fields.Char(readonly=True)
    pdf_asked_at = fields.Datetime(string="PDF Asked For", readonly=True)
    is_pdf_coming = fields.Boolean(
        string="PDF Being Prepared", compute="_compute_pdf_problem"
    )
    outdated_reason = fields.Char(
        string="Outdated", compute="_compute_outdated_reason", compute_sudo=False
    )
    share_ids = fields.One2many("crm.document.share", "document_id")
    share_count = fields.Integer(
        string="Number of Links", compute="_compute_share_count", compute_sudo=False
    )

    # === Computes === #

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        records = self._find_records()
        for document in self:
            record = records.get(document.id)
            document.res_name = record.display_name if record else False

    @api.depends("pdf_problem_code", "pdf_asked_at")
    def _compute_pdf_problem(self):
        sentences = self.env["crm.document.sentences"]
        since = fields.Datetime.now() - PDF_PATIENCE
        for document in self:
            code = document.pdf_problem_code
            document.is_pdf_coming = code == "waiting" and document.pdf_asked_at > since
            if code == "waiting" and not document.is_pdf_coming:
                code = "late"
            document.pdf_problem = code and sentences._explain_no_pdf(code)

    @api.depends("values_hash", "res_model", "res_id")
    def _compute_outdated_reason(self):
        for document in self:
            document.outdated_reason = document._get_outdated_reason()

    @api.depends("share_ids")
    def _compute_share_count(self):
        counts = dict(
            self.env["crm.document.share"]._read_group(
                [("document_id", "in", self.ids)], ["document_id"], ["__count"]
            )
        )
        for document in self:
            document.share_count = counts.get(document, 0)

    # === The record === #

    def _find_record(self):
        """Return the record of the document, None when it is gone or hidden."""
        self.ensure_one()
        self.check_access("read")
        return self._find_records().get(self.id)

    def _get_outdated_reason(self):
        """Return a sentence when the document is no longer what it should be."""
        self.ensure_one()
        if not self.id:
            return False
        # sudo: a newer revision counts, whoever made it
        newer = self.sudo().search([("previous_id", "=", self.id)], limit=1)
        if newer:
            return self.env._(
                "Revision %(revision)s replaces this document.",
                revision=newer.revision,
            )
        record = self._find_record()
        if not (record and self.values_hash and self.version_id):
            return False
        made_by = self.user_id, self.company_id
        if self._get_fingerprint(record, self.version_id, *made_by) == self.values_hash:
            return False
        return self.env._(
            "%(record)s has changed since this document was made.",
            record=record.display_name,
        )

    @api.model
    def _get_fingerprint(self, record, version, user, company):
        """Return the fingerprint of the lasting values a version reads of a record.

        The same for whoever asks, also for a signer without an account: read as the
        superuser, in the zone of the author and for the company that writes.
        """
        # sudo: only a hash of the values comes out
        record = record.sudo().with_company(company)
        record = record.with_context(tz=user.sudo().tz or "UTC")
        values_model = record.env["crm.document.values"]
        template = version.sudo().template_id
        kinds = values_model._get_kinds()
        if record._name not in kinds or template.res_model != record._name:
            return False
        values = values_model._get_values(record, template.lang)
        offers = {o.code: o for o in values_model._get_offers(record._name)}
        paths = template._get_paths(version.sudo())
        return fingerprint(
            (".".join(path), lookup(values, path))
            for path in paths
            if not self._is_volatile(offers, path)
        )

    def _is_volatile(self, offers, path):
        offer = find(offers, path)
        return offer is None or offer.is_volatile

    # === Immutable === #

    def write(self, vals):
        kept = set(vals) - self._get_free_fields()
        # What was sent stays what it was; files and their state are set by our code.
        if kept and not self.env.su:
            self.check_access("write")
            raise UserError(
                self.env._("A document cannot be changed: make a new revision of it.")
            )
        return super().write(vals)

    def _get_free_fields(self):
        """Return the fields that follow the thread and the activities."""
        return {
            name
            for name in self._fields
            if name.startswith(("message_", "activity_"))
            or name == "website_message_ids"
        }

    # === Actions === #

    def action_open_record(self):
        """Open the record the document was made from."""
        self.ensure_one()
        record = self._find_record()
        if not record:
            raise UserError(self.env._("The record of this document is gone."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    def action_revise(self):
        """Open the text again, to make the next revision of the document."""
        self.ensure_one()
        record = self._find_record()
        if not record:
            raise UserError(self.env._("The record of this document is gone."))
        action = self.env["crm.document.wizard"]._prepare_action(record)
        action["context"]["default_previous_id"] = self.id
        if self.format == "html":
            wizard = self.env["crm.document.wizard"]._create_from(self, record)
            action["res_id"] = wizard.id
        elif self.template_id.active:
            action["context"]["default_template_id"] = self.template_id.id
        return action

    def action_share(self):
        """Open the window that makes a link to this document."""
        self.ensure_one()
        self._ensure_file()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share by Link"),
            "res_model": "crm.document.share.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_document_id": self.id},
        }
