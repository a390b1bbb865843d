from odoo import fields, models


class CrmDocumentMixin(models.AbstractModel):
    """For records that documents are made from: a count and a button."""

    _name = "crm.document.mixin"
    _description = "Record with Documents"

    crm_document_count = fields.Integer(
        string="Number of Documents",
        compute="_compute_crm_document_count",
        compute_sudo=False,
    )

    def _compute_crm_document_count(self):
        Document = self.env["crm.document"]
        counts = {}
        if Document.has_access("read") and self.ids:
            groups = Document._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
            counts = dict(groups)
        for record in self:
            record.crm_document_count = counts.get(record.id, 0)

    def action_view_documents(self):
        """Show the documents of this record."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_documents.crm_document_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        action["context"] = {"create": False}
        return action
