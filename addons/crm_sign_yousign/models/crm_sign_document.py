from odoo import models

from ..lib import places


class CrmSignDocument(models.Model):
    """A document at Yousign."""

    _inherit = "crm.sign.document"

    def _prepare_yousign_initials(self):
        """Return where initials go on each page, None when nobody gives any."""
        self.ensure_one()
        return places.initials([field._to_yousign() for field in self.field_ids])
