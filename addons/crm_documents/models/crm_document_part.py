from odoo import api, models
from odoo.fields import Domain


class CrmDocumentPart(models.AbstractModel):
    """What hangs on a document by its `document_id`: whoever may read the one reads
    the other, and nobody else.
    """

    _name = "crm.document.part"
    _description = "Part of a Document"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not self or self.env.su:
            return result
        allowed = self - result[0] if result else self
        # sudo: only to know which document to ask about
        documents = allowed.sudo().document_id.sudo(False)
        readable = documents._filtered_access("read")
        hidden = allowed.filtered(lambda part: part.sudo().document_id not in readable)
        if not hidden:
            return result
        forbidden = result[0] + hidden if result else hidden
        return forbidden, lambda: documents._make_document_error("read")

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (bypass_access or self.env.su):
            documents = self.env["crm.document"]._search([])
            domain = Domain(domain) & Domain("document_id", "in", documents)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
