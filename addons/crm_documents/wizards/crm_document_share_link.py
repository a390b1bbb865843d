from odoo import fields, models


class CrmDocumentShareLink(models.TransientModel):
    """Shows the address of a link once; nothing of it is stored."""

    _name = "crm.document.share.link"
    _description = "Address of a Shared Document"

    url = fields.Char(string="Address", store=False)
    name = fields.Char(string="For Whom", store=False)
    has_password = fields.Boolean(store=False)
