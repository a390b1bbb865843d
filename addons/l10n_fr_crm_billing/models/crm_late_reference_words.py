from odoo import models

# What the common references are called in French law, whatever they are named here.
WORDS = {
    "ecb": "taux de refinancement de la BCE",
    "legal": "taux d'intérêt légal",
}


class CrmLateReference(models.Model):
    _inherit = "crm.late.reference"

    def _get_fr_words(self):
        """Return the name of the rate as a French invoice says it."""
        self.ensure_one()
        lowered = (self.code or "").lower()
        return next((w for key, w in WORDS.items() if key in lowered), self.name)
