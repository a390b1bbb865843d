from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_policy_id = fields.Many2one(
        "crm.dunning.policy",
        string="Reminder Policy",
        company_dependent=True,
        groups="account.group_account_readonly,account.group_account_invoice,"
        "crm_base.crm_base_group_admin",
        help="Empty: the usual policy of the company.",
    )
    dunning_line_ids = fields.One2many(
        "crm.dunning.line",
        "partner_id",
        string="Reminders",
        groups="account.group_account_readonly,account.group_account_invoice,"
        "crm_base.crm_base_group_admin",
    )
    dunning_pause_ids = fields.One2many(
        "crm.dunning.pause",
        "partner_id",
        string="Pauses of Reminders",
        groups="account.group_account_readonly,account.group_account_invoice,"
        "crm_base.crm_base_group_admin",
    )

    def action_pause_dunning(self):
        """Hold back the reminders of all invoices of the client."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause the Reminders"),
            "res_model": "crm.dunning.pause",
            "view_mode": "form",
            "views": [
                (self.env.ref("crm_billing.crm_dunning_pause_view_dialog").id, "form")
            ],
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
