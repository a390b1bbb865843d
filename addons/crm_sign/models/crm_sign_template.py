import base64
import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..providers.pdf_reading import read_pdf
from ..providers.refused import PdfRefused


class CrmSignTemplate(models.Model):
    """A document that is signed again and again, with its fields placed by role."""

    _name = "crm.sign.template"
    _description = "Signature Template"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )
    file = fields.Binary(string="PDF", attachment=True, required=True)
    file_name = fields.Char()
    page_count = fields.Integer(string="Pages", compute="_compute_pages", store=True)
    pages_json = fields.Text(compute="_compute_pages", store=True)
    subject = fields.Char(string="Subject of the Requests", translate=True)
    message = fields.Html(translate=True)
    role_ids = fields.One2many(
        "crm.sign.template.role", "template_id", string="Roles", copy=True
    )
    field_ids = fields.One2many(
        "crm.sign.template.field", "template_id", string="Fields", copy=False
    )

    @api.depends("file")
    def _compute_pages(self):
        for template in self:
            try:
                facts = read_pdf(template._get_file())
            except PdfRefused:
                # Said by the constraint.
                template.page_count, template.pages_json = 0, "[]"
                continue
            template.page_count = facts.page_count
            template.pages_json = json.dumps([list(s) for s in facts.page_sizes])

    @api.constrains("file")
    def _check_file(self):
        for template in self:
            try:
                read_pdf(template._get_file())
            except PdfRefused as error:
                document = self.env["crm.sign.document"].new(
                    {"name": template.file_name or template.name}
                )
                raise ValidationError(document._get_refusal(error.reason)) from error

    def _get_file(self) -> bytes:
        """Return the bytes of the PDF."""
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _make_request(self, people, **values):
        """Make a draft from this template, with the rights of the user.

        :param dict people: {role: partner}
        :param values: other fields of the request
        """
        self.ensure_one()
        request = self.env["crm.sign.request"].create(
            {
                "name": self.subject or self.name,
                "message": self.message,
                "template_id": self.id,
                "company_id": (self.company_id or self.env.company).id,
                **values,
            }
        )
        signers = self._make_signers(request, people)
        name = self.file_name or self.name
        document = request._add_document(name, self._get_file())
        self.env["crm.sign.field"].create(
            [
                {
                    "request_id": request.id,
                    "document_id": document.id,
                    "signer_id": signers[field.role_id].id,
                    "source": "template",
                    **field._prepare_place(),
                }
                for field in self.field_ids
                if field.role_id in signers
            ]
        )
        return request

    def _make_signers(self, request, people):
        """Create the signers in the order of the roles; return {role: signer}."""
        roles = [role for role in self.role_ids if role in people]
        signers = self.env["crm.sign.signer"].create(
            [
                {
                    "request_id": request.id,
                    "partner_id": people[role].id,
                    "order": role.order,
                    "role": role.name,
                    "code_channel": role.code_channel,
                    "can_delegate": role.can_delegate,
                }
                for role in roles
            ]
        )
        return dict(zip(roles, signers, strict=True))
