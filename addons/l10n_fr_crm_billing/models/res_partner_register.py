from odoo import fields, models

from ..lib.register_answer import clean_query


class ResPartner(models.Model):
    _inherit = "res.partner"

    fr_legal_form = fields.Char(string="Legal Form")
    fr_activity_code = fields.Char(
        string="Activity (NAF)", help="Code of the main activity, as 62.01Z."
    )
    fr_register_checked_on = fields.Date(
        string="Compared with the Register", readonly=True, copy=False
    )
    fr_is_closed = fields.Boolean(
        string="Closed", help="The company register says that it is closed.", copy=False
    )
    fr_closed_on = fields.Date(string="Closed Since", copy=False)

    def action_register_lookup(self):
        """Ask the company register about this contact; nothing is written yet."""
        self.ensure_one()
        self.check_access("write")
        registry = clean_query(self.company_registry or "")
        query = registry if registry.isdigit() else self._get_siren() or self.name
        lookup = self.env["crm.register.lookup"].create(
            {"partner_id": self.id, "query": query or ""}
        )
        lookup._ask()
        return lookup._get_action()
