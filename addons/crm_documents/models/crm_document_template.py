import hashlib
from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib.checks import (
    check_markers,
    find_options,
    find_paths,
    pair_markers,
    read_template,
)
from ..lib.office_file import FileRefused, inspect, read_markers
from ..lib.problems import TemplateRefused

CONTENT_FIELDS = {"format", "body_html", "docx_file"}


class CrmDocumentTemplate(models.Model):
    """A text with names in it; each change of its content is kept as a version."""

    _name = "crm.document.template"
    _description = "Document Template"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"

    def _selection_res_model(self):
        return list(self.env["crm.document.values"]._get_kinds().items())

    @api.model
    def _selection_kind(self):
        return [
            ("proposal", self.env._("Proposal")),
            ("contract", self.env._("Contract")),
            ("amendment", self.env._("Amendment")),
            ("letter", self.env._("Letter")),
            ("other", self.env._("Other")),
        ]

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection="_selection_kind", required=True, default="proposal"
    )
    res_model = fields.Selection(
        selection="_selection_res_model",
        string="Made For",
        required=True,
        default="res.partner",
        help="Kind of record that the document is made from: it decides which names"
        " are offered.",
    )
    company_id = fields.Many2one(
        "res.company", help="Empty: every company may use this template."
    )
    lang = fields.Selection(
        [("fr_FR", "Français"), ("en_GB", "English")],
        string="Language of Dates and Amounts",
        required=True,
        default="fr_FR",
    )
    note = fields.Char(string="When to Use It")
    format = fields.Selection(
        [("html", "Written here"), ("docx", "DOCX file")],
        required=True,
        default="html",
    )
    body_html = fields.Html(string="Text", sanitize=True)
    docx_file = fields.Binary(string="DOCX File", attachment=True)
    docx_name = fields.Char(string="Name of the File")
    picker = fields.Json(string="Names", compute="_compute_picker", compute_sudo=False)
    has_office = fields.Boolean(compute="_compute_has_office")
    version_ids = fields.One2many(
        "crm.document.version", "template_id", string="Versions"
    )
    version_id = fields.Many2one(
        "crm.document.version",
        string="Current Version",
        compute="_compute_version_id",
    )
    version_number = fields.Integer(
        string="Version", compute="_compute_version_id", compute_sudo=False
    )
    document_count = fields.Integer(
        string="Number of Documents", compute="_compute_document_count"
    )

    # === Computes === #

    @api.depends("res_model")
    def _compute_picker(self):
        for template in self:
            kinds = self.env["crm.document.values"]._get_kinds()
            template.picker = (
                self.env["crm.document.values"]._get_picker(template.res_model)
                if template.res_model in kinds
                else []
            )

    def _compute_has_office(self):
        self.has_office = self.env["crm.document"]._has_office()

    @api.depends("version_ids")
    def _compute_version_id(self):
        for template in self:
            latest = template.version_ids.sorted("number", reverse=True)[:1]
            template.version_id = latest
            template.version_number = latest.number

    def _compute_document_count(self):
        counts = dict(
            self.env["crm.document"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.document_count = counts.get(template, 0)

    # === Checks === #

    @api.constrains("format", "body_html", "docx_file", "res_model")
    def _check_content(self):
        # Screens save with a context that reads sizes in the place of files.
        for template in self.with_context(bin_size=False):
            kinds = self.env["crm.document.values"]._get_kinds()
            if template.res_model not in kinds:
                raise ValidationError(
                    self.env._("Choose what the document is made for.")
                )
            template._read_content(template.body_html, template.docx_file)

    def _read_content(self, body_html, docx_file):
        """Return the checked nodes of a content of this template.

        :raise ValidationError: with every problem, its line and a suggestion
        """
        self.ensure_one()
        sentences = self.env["crm.document.sentences"]
        offers = self.env["crm.document.values"]._get_offers(self.res_model)
        try:
            if self.format == "html":
                return read_template(body_html or "", offers)
            if not docx_file:
                raise ValidationError(self.env._("Add the DOCX file of the template."))
            markers, problems = read_markers(inspect(b64decode(docx_file)))
            problems += check_markers(markers, offers)
            if problems:
                raise TemplateRefused(sorted(problems, key=lambda p: p.line))
            return pair_markers(markers)
        except TemplateRefused as error:
            raise ValidationError(
                self.env._(
                    "The template %(name)s cannot be saved.\n%(problems)s",
                    name=self.name,
                    problems=sentences._explain_problems(error.problems),
                )
            ) from None
        except FileRefused as error:
            raise ValidationError(
                sentences._explain_refused_file(error.reason)
            ) from None

    # === Versions === #

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates._keep_version()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if CONTENT_FIELDS & vals.keys():
            self._keep_version()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for template, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", template.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.sudo().with_context(active_test=False).version_ids.document_ids:
            raise UserError(
                self.env._(
                    "Documents were made from this template: archive it instead."
                )
            )

    def unlink(self):
        self.check_access("unlink")
        self._unlink_except_used()
        # sudo: nobody deletes a version, save with its whole template
        self.sudo().version_ids.unlink()
        return super().unlink()

    def _keep_version(self):
        """Add a version to the templates whose content is not that of the last."""
        values = []
        for template in self.with_context(bin_size=False):
            digest = template._get_digest()
            latest = template.version_id
            if latest.sha256 == digest:
                continue
            values.append(
                {
                    "template_id": template.id,
                    "number": latest.number + 1,
                    "format": template.format,
                    "body_html": template.format == "html" and template.body_html,
                    "docx_file": template.format == "docx" and template.docx_file,
                    "docx_name": template.format == "docx" and template.docx_name,
                    "sha256": digest,
                    "user_id": self.env.uid,
                }
            )
        # sudo: versions are written by saving a template, by nobody's hand
        self.env["crm.document.version"].sudo().create(values)
        self.invalidate_recordset(["version_id", "version_number", "version_ids"])

    def _get_digest(self):
        self.ensure_one()
        if self.format == "html":
            content = (self.body_html or "").encode()
        else:
            content = b64decode(self.docx_file or b"")
        return hashlib.sha256(self.format.encode() + b"\0" + content).hexdigest()

    def _get_options(self, version):
        """Return the labels of the optional sections of one version."""
        return find_options(self._read_version(version))

    def _get_paths(self, version):
        """Return the paths of the values one version reads."""
        return find_paths(self._read_version(version))

    def _read_version(self, version):
        """Return the checked nodes of one version."""
        version = version.with_context(bin_size=False)
        return self._read_content(version.body_html, version.docx_file)

    # === Actions === #

    def action_view_documents(self):
        """Show what was made from this template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_documents.crm_document_action"
        )
        action["domain"] = [("template_id", "=", self.id)]
        action["context"] = {"create": False}
        return action
