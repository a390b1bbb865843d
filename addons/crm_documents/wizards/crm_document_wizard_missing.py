from odoo import fields, models


class CrmDocumentWizardMissing(models.TransientModel):
    _name = "crm.document.wizard.missing"
    _description = "Value to Complete in a Document"

    wizard_id = fields.Many2one("crm.document.wizard", ondelete="cascade")
    path = fields.Char(readonly=True)
    name = fields.Char(string="To Complete", readonly=True)
    value = fields.Char(string="Write It Here")
    is_done = fields.Boolean(string="Done", readonly=True)
