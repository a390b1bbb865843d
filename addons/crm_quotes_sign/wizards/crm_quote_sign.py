from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmQuoteSign(models.TransientModel):
    """Who signs a quotation, in which order, and how."""

    _name = "crm.quote.sign"
    _description = "Send a Quotation for Signature"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    line_ids = fields.One2many(
        "crm.quote.sign.line",
        "wizard_id",
        string="Signers",
        compute="_compute_line_ids",
        # never as superuser: the client of the quotation is shown
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    service = fields.Selection(
        selection=lambda self: self.env["crm.sign.request"]._selection_service(),
        string="Signed With",
        default="own",
        required=True,
        help="Our own pages, or the account of a signature service.",
    )
    level = fields.Selection(
        selection=lambda self: (
            self.env["crm.sign.request"]
            ._fields["level"]
            ._description_selection(self.env)
        ),
        default="simple",
        required=True,
    )
    message = fields.Html(help="Shown in the mail to each signer.")

    @api.depends("order_id")
    def _compute_line_ids(self):
        for wizard in self:
            signers = wizard.order_id and wizard.order_id._prepare_default_signers()
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {"partner_id": signer["partner_id"], "order": signer["order"]}
                )
                for signer in signers or []
            ]

    @api.model_create_multi
    def create(self, vals_list):
        """Only who may edit the quotation opens its window."""
        order_ids = [vals.get("order_id") for vals in vals_list]
        orders = self.env["sale.order"].browse(filter(None, order_ids))
        orders.check_access("write")
        return super().create(vals_list)

    def action_send(self):
        """Send to the first signer."""
        return self._make(send=True)

    def action_prepare(self):
        """Leave a draft, to place more fields or change the mail."""
        return self._make(send=False)

    def _make(self, send):
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Add at least one signer."))
        lines = self.line_ids.sorted(lambda line: (line.order, line.id))
        request = self.order_id._send_for_signature(
            [line._prepare_signer() for line in lines],
            send=send,
            message=self.message,
            service=self.service,
            level=self.level,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": request._name,
            "res_id": request.id,
            "views": [[False, "form"]],
        }
