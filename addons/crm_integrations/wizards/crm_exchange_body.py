from odoo import api, fields, models
from odoo.exceptions import AccessError


class CrmExchangeBody(models.TransientModel):
    """The full body of an exchange, never stored here, each look written down."""

    _name = "crm.exchange.body"
    _description = "Full Body of an Exchange"

    exchange_id = fields.Many2one("crm.exchange", required=True, readonly=True)
    body = fields.Text(compute="_compute_body", exportable=False)

    @api.depends("exchange_id")
    def _compute_body(self):
        for wizard in self:
            wizard._check_admin()
            wizard.body = wizard.exchange_id._get_pretty_body()

    @api.model
    def _open_for(self, exchange):
        self._check_admin()
        exchange.check_access("read")
        wizard = self.create({"exchange_id": exchange.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Full body of %(name)s", name=exchange.display_name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._check_admin()
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard.exchange_id.check_access("read")
            wizard.exchange_id._log_look()
        return wizards

    def _check_admin(self):
        if not self.env.user.has_group("crm_base.crm_base_group_admin"):
            raise AccessError(
                self.env._("Only CRM admins may read the full body of an exchange.")
            )
