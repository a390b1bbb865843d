from odoo import fields, models


class ResPartner(models.Model):
    """What a client pays in several times, and the means he left."""

    _inherit = "res.partner"

    instalment_plan_count = fields.Integer(
        compute="_compute_instalment_plan_count",
        groups="account.group_account_invoice,crm_base.crm_base_group_admin,sales_team.group_sale_salesman",
    )

    def _compute_instalment_plan_count(self):
        payers = self.commercial_partner_id
        counts = dict(
            self.env["crm.instalment.plan"]._read_group(
                [("partner_id", "in", payers.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            payer = partner.commercial_partner_id
            partner.instalment_plan_count = counts.get(payer, 0)

    def action_view_instalment_plans(self):
        """Open the plans of this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_instalment_plan_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        return action
