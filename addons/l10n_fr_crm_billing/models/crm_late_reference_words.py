from odoo import models

# What the common references are called in French law, whatever they are named here.
WORDS = {
    "ecb": "refinancement de la BCE",
    "legal": "l'intérêt légal",
}


class CrmLateReference(models.Model):
    _inherit = "crm.late.reference"

    def _get_fr_words(self):
        """Return the name of the rate, to be read after ``au taux de``."""
        self.ensure_one()
        lowered = (self.code or "").lower()
        return next((w for key, w in WORDS.items() if key in lowered), self.name)
