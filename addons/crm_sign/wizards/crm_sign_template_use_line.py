from odoo import fields, models


class CrmSignTemplateUseLine(models.TransientModel):
    _name = "crm.sign.template.use.line"
    _description = "Signer of a Signature Template"

    wizard_id = fields.Many2one(
        "crm.sign.template.use", required=True, ondelete="cascade"
    )
    role_id = fields.Many2one("crm.sign.template.role", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact")
    email = fields.Char(related="partner_id.email")
