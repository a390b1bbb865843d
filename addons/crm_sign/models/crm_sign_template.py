from odoo import fields, models


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
    page_count = fields.Integer(string="Pages", readonly=True)
    pages_json = fields.Text(readonly=True)
    subject = fields.Char(string="Subject of the Requests", translate=True)
    message = fields.Html(translate=True)
    role_ids = fields.One2many(
        "crm.sign.template.role", "template_id", string="Roles", copy=True
    )
    field_ids = fields.One2many(
        "crm.sign.template.field", "template_id", string="Fields", copy=False
    )
