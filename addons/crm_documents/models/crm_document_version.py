from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmDocumentVersion(models.Model):
    """What a template said at one time; never changed, so that documents can tell."""

    _name = "crm.document.version"
    _description = "Version of a Document Template"
    _order = "template_id, number DESC"
    _rec_name = "number"

    _number_uniq = models.UniqueIndex(
        "(template_id, number)", "This version exists already."
    )

    template_id = fields.Many2one(
        "crm.document.template", required=True, readonly=True, ondelete="restrict"
    )
    number = fields.Integer(string="Version", required=True, readonly=True)
    format = fields.Selection(
        [("html", "Written here"), ("docx", "DOCX file")], required=True, readonly=True
    )
    body_html = fields.Html(string="Text", readonly=True)
    docx_file = fields.Binary(string="DOCX File", attachment=True, readonly=True)
    docx_name = fields.Char(string="Name of the File", readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    user_id = fields.Many2one("res.users", string="Author", readonly=True)
    document_ids = fields.One2many("crm.document", "version_id")
    document_count = fields.Integer(
        string="Number of Documents", compute="_compute_document_count"
    )
    is_current = fields.Boolean(compute="_compute_is_current")

    @api.depends("document_ids")
    def _compute_document_count(self):
        counts = dict(
            self.env["crm.document"]._read_group(
                [("version_id", "in", self.ids)], ["version_id"], ["__count"]
            )
        )
        for version in self:
            version.document_count = counts.get(version, 0)

    @api.depends("template_id.version_ids")
    def _compute_is_current(self):
        for version in self:
            version.is_current = version == version.template_id.version_id

    @api.depends("template_id", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(template)s, version %(number)s",
                template=version.template_id.name or "",
                number=version.number,
            )

    def write(self, vals):
        # Also for the superuser: what a document was made from stays what it was.
        self.check_access("write")
        if vals:
            raise UserError(self.env._("A version of a template cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.document_ids:
            raise UserError(self.env._("Documents were made from this version."))

    def action_restore(self):
        """Make the content of this version the current one again, as a new version."""
        self.ensure_one()
        version = self.with_context(bin_size=False)
        template = version.template_id
        template.check_access("write")
        template.write(
            {
                "format": version.format,
                "body_html": version.body_html,
                "docx_file": version.docx_file,
                "docx_name": version.docx_name,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": template._name,
            "res_id": template.id,
            "view_mode": "form",
        }
