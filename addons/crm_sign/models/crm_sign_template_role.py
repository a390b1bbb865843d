from odoo import fields, models


class CrmSignTemplateRole(models.Model):
    _name = "crm.sign.template.role"
    _description = "Role in a Signature Template"
    _order = "order, id"

    template_id = fields.Many2one(
        "crm.sign.template", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    order = fields.Integer(default=1, required=True)
    code_channel = fields.Selection(
        [("mail", "Code by mail"), ("none", "Link only")],
        string="Identified By",
        required=True,
        default="mail",
    )
    can_delegate = fields.Boolean(string="May Hand Over")
    is_company = fields.Boolean(
        string="Our Side", help="Filled with the responsible of the request."
    )
