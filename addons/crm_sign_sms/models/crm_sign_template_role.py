from odoo import fields, models


class CrmSignTemplateRole(models.Model):
    _inherit = "crm.sign.template.role"

    code_channel = fields.Selection(
        selection_add=[("sms", "Code by SMS")], ondelete={"sms": "set mail"}
    )
