from odoo import models


class CrmDocumentValues(models.AbstractModel):
    _inherit = "crm.document.values"

    def _get_picker(self, model):
        """Offer the places of signatures beside the values."""
        labels = (self.env._("Client"), self.env._("Our company"))
        items = []
        for rank, who in enumerate(labels, start=1):
            for kind, what in (
                ("sign", self.env._("Signature")),
                ("initials", self.env._("Initials")),
                ("date", self.env._("Date of signature")),
            ):
                items.append(
                    {
                        "path": f"{kind}:{rank}",
                        "label": f"{what} - {who}",
                        "kind": "text",
                        "row": "",
                        "columns": [],
                    }
                )
        family = {
            "name": "signature",
            "label": self.env._("Places of signatures"),
            "items": items,
        }
        return [*super()._get_picker(model), family]
