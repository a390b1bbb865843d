from odoo import fields, models


class CrmCollectionPart(models.Model):
    """A line of the index: a document of the file, or what was not found."""

    _name = "crm.collection.part"
    _description = "Document of a Collection File"
    _order = "sequence, id"

    file_id = fields.Many2one(
        "crm.collection.file", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="file_id.company_id", store=True)
    sequence = fields.Integer()
    section = fields.Char()
    name = fields.Char(string="Document")
    date = fields.Date()
    document = fields.Char(string="Invoice or Order")
    path = fields.Char(
        string="Place in the ZIP", help="Inside the ZIP; empty: not found."
    )
    size = fields.Integer(string="Bytes")
    sha256 = fields.Char(string="SHA-256")
    note = fields.Char()
