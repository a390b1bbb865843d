from odoo import fields, models


class CrmDocumentWizardOption(models.TransientModel):
    _name = "crm.document.wizard.option"
    _description = "Optional Section of a Document"

    wizard_id = fields.Many2one("crm.document.wizard", ondelete="cascade")
    name = fields.Char(string="Section", readonly=True)
    is_kept = fields.Boolean(string="Keep", default=True)
