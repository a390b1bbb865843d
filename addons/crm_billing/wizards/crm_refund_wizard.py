from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmRefundWizard(models.TransientModel):
    """Give money back from the invoice it paid."""

    _name = "crm.refund.wizard"
    _description = "Refund of a Payment"

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, readonly=True
    )
    transaction_ids = fields.Many2many(
        "payment.transaction", compute="_compute_transaction_ids"
    )
    transaction_id = fields.Many2one(
        "payment.transaction",
        string="Payment",
        required=True,
        domain="[('id', 'in', transaction_ids)]",
    )
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    left_amount = fields.Monetary(
        string="Can Be Refunded", compute="_compute_left_amount"
    )
    amount = fields.Monetary(
        string="Refund", compute="_compute_amount", store=True, readonly=False
    )
    reason = fields.Selection(
        [
            ("requested_by_customer", "Asked for by the customer"),
            ("duplicate", "Paid twice"),
            ("fraudulent", "Fraud"),
        ],
        default="requested_by_customer",
    )
    is_credited = fields.Boolean(
        string="Prepare the Credit Note",
        default=True,
        help="Without a credit note the invoice stays as it is and the refund waits"
        " on the customer's account.",
    )

    @api.depends("move_id")
    def _compute_transaction_ids(self):
        for wizard in self:
            # sudo: transactions of an invoice the user may read
            pages = wizard.move_id.sudo()._get_refundable_transactions()
            wizard.transaction_ids = pages

    @api.depends("transaction_id")
    def _compute_left_amount(self):
        for wizard in self:
            # sudo: what is left of it tells nothing else
            page = wizard.transaction_id.sudo()
            wizard.left_amount = page and page._get_refundable_amount()

    @api.depends("transaction_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.left_amount

    def action_refund(self):
        """Ask Stripe to give the money back, then offer the credit note."""
        self.ensure_one()
        move = self.move_id
        move._check_payment_link_right()
        if self.transaction_id not in self.transaction_ids:
            raise UserError(self.env._("Choose a payment of this invoice."))
        # sudo: refunds are asked for through the document only
        self.transaction_id.sudo()._ask_refund(self.amount, self.reason)
        move.message_post(
            body=self.env._(
                "Refund of %(amount)s asked for. Stripe's answer follows here.",
                amount=self.currency_id.format(self.amount),
            )
        )
        if not self.is_credited:
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        action["context"] = {"active_model": move._name, "active_ids": move.ids}
        return action
