from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_open_fr_setup(self):
        """Open the page of the mentions, filled in for the present company."""
        return self.company_id.action_open_fr_setup()

    def action_open_fr_checks(self):
        """Open what is checked before posting, and its effect."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_fr_crm_billing.crm_compliance_rule_action"
        )
