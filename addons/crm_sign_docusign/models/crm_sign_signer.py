from odoo import fields, models


class CrmSignSigner(models.Model):
    """Who signs at DocuSign when the signer handed over there."""

    _inherit = "crm.sign.signer"

    _engine_fields = ("docusign_stand_in",)

    docusign_stand_in = fields.Char(string="Signs Instead", readonly=True, copy=False)
