from odoo import api, fields, models


class CrmChargeWizard(models.TransientModel):
    """Charge the means a client left, for an invoice or an instalment."""

    _name = "crm.charge.wizard"
    _description = "Charge of a Saved Means"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    token_ids = fields.Many2many("payment.token", compute="_compute_token_ids")
    token_id = fields.Many2one(
        "payment.token",
        string="Saved Means",
        required=True,
        domain="[('id', 'in', token_ids)]",
        compute="_compute_token_id",
        precompute=True,
        store=True,
        readonly=False,
    )
    consent_text = fields.Text(related="token_id.consent_text")
    consent_at = fields.Datetime(related="token_id.consent_at")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(
        string="Charge", compute="_compute_amount", store=True, readonly=False
    )

    def _get_document(self):
        self.ensure_one()
        documents = self.env["crm.payment.link.wizard"]
        window = documents.new({"res_model": self.res_model, "res_id": self.res_id})
        return window._get_document()

    @api.depends("res_model", "res_id")
    def _compute_token_ids(self):
        for wizard in self:
            wizard.token_ids = wizard._get_document()._get_saved_means()

    @api.depends("res_model", "res_id")
    def _compute_token_id(self):
        for wizard in self:
            wizard.token_id = wizard._get_document()._get_saved_means()[:1]

    @api.depends("res_model", "res_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard._get_document().currency_id

    @api.depends("res_model", "res_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard._get_document()._get_payment_link_max()

    def action_charge(self):
        """Ask for the money; the answer comes on the document."""
        self.ensure_one()
        document = self._get_document()
        document._charge_saved_means(self.token_id, self.amount)
        return {"type": "ir.actions.act_window_close"}
