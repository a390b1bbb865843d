from odoo import models

from ..fields import EncryptedText


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    def _postprocess_tag_field(self, node, name_manager, node_info):
        # Also views of other modules show the masked widget for a field that became
        # a secret: they may declare it as plain text.
        field = name_manager.model._fields.get(node.get("name"))
        if isinstance(field, EncryptedText):
            node.set("widget", "crm_secret")
        return super()._postprocess_tag_field(node, name_manager, node_info)
