from odoo import models

from ..lib.places import Place


class CrmSignField(models.Model):
    """A field at Yousign."""

    _inherit = "crm.sign.field"

    def _to_yousign(self) -> Place:
        """Return the facts that `lib/places.py` turns into a field of Yousign."""
        self.ensure_one()
        sizes = self.document_id._get_page_sizes()
        return Place(
            kind=self.type,
            **self._prepare_box(),
            page_size=sizes[self.page - 1],
            label=self._get_label(),
            required=self.required,
        )
