from base64 import b64encode

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmDocumentWizard(models.TransientModel):
    """From a template to a document, in two screens.

    First the template and its optional sections; then the text with the values of the
    record in it, to be edited, and what is still to complete. Nothing exists before
    the last button.
    """

    _name = "crm.document.wizard"
    _description = "New Document"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    res_name = fields.Char(string="Made For", compute="_compute_res_name")
    company_id = fields.Many2one("res.company", compute="_compute_res_name")
    step = fields.Selection(
        [("choose", "Template"), ("text", "Text")], default="choose", required=True
    )
    template_id = fields.Many2one(
        "crm.document.template",
        domain="[('res_model', '=', res_model), "
        "('company_id', 'in', (company_id, False))]",
    )
    template_note = fields.Char(related="template_id.note")
    version_id = fields.Many2one("crm.document.version")
    format = fields.Selection(related="version_id.format")
    previous_id = fields.Many2one("crm.document")
    option_ids = fields.One2many(
        "crm.document.wizard.option",
        "wizard_id",
        compute="_compute_option_ids",
        store=True,
        readonly=False,
    )
    name = fields.Char(string="Title")
    body_html = fields.Html(string="Text", sanitize=True)
    missing_ids = fields.One2many("crm.document.wizard.missing", "wizard_id")
    docx_file = fields.Binary(string="Filled DOCX", attachment=False)
    docx_name = fields.Char()
    edited_docx = fields.Binary(string="My Version of the DOCX", attachment=False)
    edited_name = fields.Char()
    has_office = fields.Boolean(compute="_compute_has_office")
    is_incomplete_accepted = fields.Boolean(
        string="Make it although something is to complete"
    )

    # === Computes === #

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        for wizard in self:
            record = wizard._get_record()
            wizard.res_name = record.display_name
            values_model = self.env["crm.document.values"]
            wizard.company_id = values_model._find_company(record)

    @api.depends("template_id")
    def _compute_option_ids(self):
        for wizard in self:
            template = wizard.template_id
            labels = (
                template._get_options(template.version_id)
                if template.version_id
                else []
            )
            wizard.option_ids = [
                fields.Command.clear(),
                *(fields.Command.create({"name": label}) for label in labels),
            ]

    def _compute_has_office(self):
        self.has_office = self.env["crm.document"]._has_office()

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "template_id" in fields_list and not values.get("template_id"):
            domain = [
                ("res_model", "=", values.get("res_model")),
                ("company_id", "in", (self.env.company.id, False)),
            ]
            found = self.env["crm.document.template"].search(domain, limit=2)
            if len(found) == 1:
                values["template_id"] = found.id
        return values

    # === The record === #

    def _get_record(self):
        """Return the record, if documents are made for its kind and the user may.

        :raise ValidationError: no such kind
        :raise AccessError: the user may not change the record
        """
        self.ensure_one()
        kinds = self.env["crm.document.values"]._get_kinds()
        if self.res_model not in kinds:
            raise ValidationError(
                self.env._("Documents are not made for this kind of record.")
            )
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("write")
        return record

    @api.model
    def _prepare_action(self, record):
        """Return the action that opens the wizard for a record."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make a Document"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": record._name,
                "default_res_id": record.id,
                "dialog_size": "extra-large",
            },
        }

    @api.model
    def _create_from(self, document, record):
        """Return a wizard that shows the text of a former document."""
        return self.create(
            {
                "res_model": record._name,
                "res_id": record.id,
                "template_id": document.template_id.id,
                "version_id": document.version_id.id,
                "previous_id": document.id,
                "name": document.name,
                "body_html": document.body_html,
                "step": "text",
            }
        )

    # === Screens === #

    def action_fill(self):
        """Go to the second screen, with the values in the text."""
        self.ensure_one()
        record = self._get_record()
        template = self.template_id
        if not template.version_id:
            raise UserError(self.env._("Choose a template."))
        options = {option.name: option.is_kept for option in self.option_ids}
        content, missing = self.env["crm.document"]._fill(
            template.version_id, record, options
        )
        values = {
            "version_id": template.version_id.id,
            "name": self.name or f"{template.name} - {record.display_name}",
            "step": "text",
            "is_incomplete_accepted": False,
            "missing_ids": [
                fields.Command.clear(),
                *(
                    fields.Command.create({"path": m.path, "name": m.label})
                    for m in missing
                ),
            ],
        }
        if template.version_id.format == "html":
            values["body_html"] = content
        else:
            filename = self.env["crm.document"].new({"name": values["name"]})
            values["docx_file"] = b64encode(content)
            values["docx_name"] = filename._get_filename("docx")
        self.write(values)
        return self._reopen(record)

    def action_back(self):
        """Go back to the first screen; the edited text is lost, as the button says."""
        self.ensure_one()
        self.write({"step": "choose", "edited_docx": False})
        return self._reopen(self._get_record())

    def action_complete(self):
        """Write what was typed beside the names in their place in the text."""
        self.ensure_one()
        self._complete()
        return self._reopen(self._get_record())

    def _reopen(self, record):
        action = self._prepare_action(record)
        action["res_id"] = self.id
        return action
