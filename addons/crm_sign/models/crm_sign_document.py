import base64
import binascii
import json

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmSignDocument(models.Model):
    """One PDF of a request: the original, then the signed file."""

    _name = "crm.sign.document"
    _description = "Document to Sign"
    _inherit = ["crm.sign.guard"]
    _order = "sequence, id"

    _engine_fields = (
        "attachment_id", "sha256", "page_count", "pages_json", "has_signature",
        "final_attachment_id", "final_sha256", "remote_id", "certificate_sha256",
        "certificate_attachment_id",
    )  # fmt: skip

    request_id = fields.Many2one(
        "crm.sign.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    content = fields.Binary(
        string="File",
        compute="_compute_content",
        inverse="_inverse_content",
        attachment=False,
        help="A PDF of 40 MB and 500 pages at most.",
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="Original", readonly=True, ondelete="restrict"
    )
    sha256 = fields.Char(string="SHA-256 of the Original", readonly=True, index=True)
    page_count = fields.Integer(string="Pages", readonly=True)
    pages_json = fields.Text(
        readonly=True, help="Width and height of each page as shown, in points."
    )
    has_signature = fields.Boolean(
        string="Already Signed",
        readonly=True,
        help="Somebody signed this file before: his signature is kept valid.",
    )
    final_attachment_id = fields.Many2one(
        "ir.attachment", string="Signed File", readonly=True, ondelete="restrict"
    )
    final_sha256 = fields.Char(
        string="SHA-256 of the Signed File", readonly=True, index=True
    )
    certificate_attachment_id = fields.Many2one(
        "ir.attachment",
        string="Certificate",
        readonly=True,
        ondelete="restrict",
        help="A file of its own when the original was signed already.",
    )
    certificate_sha256 = fields.Char(
        string="SHA-256 of the Certificate", readonly=True, index=True
    )
    field_ids = fields.One2many("crm.sign.field", "document_id", string="Fields")
    remote_id = fields.Char(readonly=True, copy=False)

    # === The file === #

    @api.depends("attachment_id")
    def _compute_content(self):
        for document in self:
            # sudo: readable as far as the document is
            document.content = document.sudo().attachment_id.datas

    def _inverse_content(self):
        for document in self:
            if document.content:
                try:
                    raw = base64.b64decode(document.content, validate=True)
                except (binascii.Error, ValueError) as error:
                    raise UserError(
                        self.env._("The file %(name)s is damaged.", name=document.name)
                    ) from error
                document._set_original(raw)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("name", self.env._("Document"))
        return super().create(vals_list)

    def _store_file(self, name, raw: bytes, mimetype="application/pdf"):
        """Keep bytes as an attachment of this document (superuser)."""
        self.ensure_one()
        if not name.lower().endswith(".pdf") and mimetype == "application/pdf":
            name = f"{name}.pdf"
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": raw,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": self.company_id.id,
                }
            )
        )

    def _get_original(self) -> bytes:
        """Return the bytes that were sent."""
        self.ensure_one()
        return self.sudo().attachment_id.raw or b""

    def _get_final(self) -> bytes:
        """Return the signed file, empty before it is made."""
        self.ensure_one()
        return self.sudo().final_attachment_id.raw or b""

    def _get_page_sizes(self) -> list[tuple[float, float]]:
        """Return width and height of each page as shown, in points."""
        self.ensure_one()
        return [tuple(size) for size in json.loads(self.pages_json or "[]")]

    def _get_final_name(self) -> str:
        """Return the name of the signed file."""
        stem = self.name.removesuffix(".pdf").removesuffix(".PDF")
        return self.env._("%(name)s (signed).pdf", name=stem)

    def unlink(self):
        attachments = self.sudo().attachment_id
        result = super().unlink()
        attachments.exists().unlink()
        return result

    def action_download_final(self):
        """Download the signed file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.final_attachment_id.id}?download=true",
        }

    def action_download_original(self):
        """Download what was sent."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
        }
