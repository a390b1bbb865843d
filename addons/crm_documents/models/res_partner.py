from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "crm.document.mixin"]

    def _find_main_contact(self):
        """Return the person to write to at this company: its first contact."""
        self.ensure_one()
        people = self.child_ids.filtered(lambda p: p.type == "contact" and p.name)
        return people[:1]
