from odoo import api, fields, models

ROLES = [
    ("payment", "Payment"),
    ("refund", "Refund"),
    ("dispute", "Dispute"),
    ("dispute_won", "Dispute Won"),
    ("fee", "Fee"),
    ("returned", "Payout Sent Back"),
    ("payout", "Payout"),
    ("other", "Other"),
]
PLACES = [
    ("clearing", "Known"),
    ("brought", "Brought Over"),
    ("different", "Other Amount"),
    ("receivable", "Client Owes Again"),
    ("fee", "Fees"),
    ("waiting", "To Identify"),
]


class CrmPayoutLine(models.Model):
    """One movement of Stripe's balance, in a payout or not yet."""

    _name = "crm.payout.line"
    _description = "Movement of a Payout"
    _order = "created_at desc, id desc"
    _rec_name = "remote_id"

    connection_id = fields.Many2one(
        "crm.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    payout_id = fields.Many2one(
        "crm.payout", readonly=True, index=True, ondelete="set null"
    )
    remote_id = fields.Char(string="Movement", required=True, readonly=True)
    role = fields.Selection(ROLES, required=True, readonly=True)
    kind = fields.Char(
        string="Type at Stripe", readonly=True, help="As Stripe calls it."
    )
    category = fields.Char(string="Category at Stripe", readonly=True)
    created_at = fields.Datetime(string="Date", required=True, readonly=True)
    available_at = fields.Datetime(string="Available", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(string="Gross", readonly=True)
    fee = fields.Monetary(readonly=True)
    net = fields.Monetary(readonly=True)
    fee_details = fields.Json(readonly=True)
    fee_text = fields.Char(string="Details of the Fee", compute="_compute_fee_text")
    description = fields.Char(readonly=True)
    source = fields.Char(
        readonly=True, help="Stripe's name of the payment, refund or dispute."
    )
    payment_intent = fields.Char(readonly=True)
    reference = fields.Char(
        readonly=True, help="Our own reference, when Stripe gives it back."
    )
    source_currency_id = fields.Many2one("res.currency", readonly=True)
    source_amount = fields.Monetary(
        string="Paid by the Client",
        currency_field="source_currency_id",
        readonly=True,
        help="In the currency the client paid in.",
    )
    exchange_rate = fields.Float(digits=0, readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    invoice_ids = fields.Many2many(
        "account.move", compute="_compute_invoice_ids", string="Invoices"
    )
    place = fields.Selection(PLACES, string="Booked", readonly=True)
    entry_line_id = fields.Many2one(
        "account.move.line",
        string="Journal Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _remote_uniq = models.Constraint(
        "UNIQUE(connection_id, remote_id)", "This movement is already known."
    )
    _source_idx = models.Index("(connection_id, created_at)")

    @api.depends("fee_details")
    def _compute_fee_text(self):
        for line in self:
            line.fee_text = ", ".join(
                text or kind for kind, _amount, text in line.fee_details or []
            )

    @api.depends("transaction_id.invoice_ids", "payment_id.reconciled_invoice_ids")
    def _compute_invoice_ids(self):
        for line in self:
            invoices = line.transaction_id.sudo().invoice_ids
            line.invoice_ids = invoices or line.payment_id.sudo().reconciled_invoice_ids

    # === What is known here === #

    def _link(self):
        """Find our transactions and payments; three queries for any number."""
        open_lines = self.filtered(lambda line: not line.payment_id)
        if not open_lines:
            return
        by_reference = open_lines._find_transactions()
        for line in open_lines:
            transaction = line._pick_transaction(by_reference)
            if not transaction:
                continue
            payment = transaction.payment_id
            values = {
                "transaction_id": transaction.id,
                "partner_id": transaction.partner_id.commercial_partner_id.id,
            }
            if line.role in ("payment", "refund") or transaction.operation == "refund":
                values["payment_id"] = payment.id
            changed = {
                name: value
                for name, value in values.items()
                if line[name].id != value and value
            }
            if changed:
                line.write(changed)

    def _find_transactions(self):
        """Return {(kind, reference): transaction} of the accounts of these lines."""
        references = set(self.mapped("payment_intent")) | set(self.mapped("source"))
        ours = set(self.mapped("reference"))
        transactions = self.env["payment.transaction"].search(
            [
                ("provider_id", "in", self.connection_id.payment_provider_id.ids),
                "|",
                ("provider_reference", "in", list(references - {False, ""})),
                ("reference", "in", list(ours - {False, ""})),
            ],
            order="id",
        )
        found = {}
        for transaction in transactions:
            is_refund = transaction.operation == "refund"
            kind = "refund" if is_refund else "payment"
            for name in (transaction.provider_reference, transaction.reference):
                if name and (transaction.state == "done" or (kind, name) not in found):
                    found[kind, name] = transaction
        return found

    def _pick_transaction(self, by_reference):
        if self.role == "refund":
            return by_reference.get(("refund", self.source))
        if self.role == "dispute" and (
            lost := by_reference.get(("refund", self.source))
        ):
            # Lost for good: the money given back is a payment of its own.
            return lost
        if self.role in ("payment", "dispute", "dispute_won"):
            return by_reference.get(("payment", self.payment_intent)) or (
                by_reference.get(("payment", self.reference))
            )
        return None

    def action_open_source(self):
        """Open what this movement is here: the payment, else the transaction."""
        self.ensure_one()
        record = self.payment_id or self.transaction_id or self.entry_line_id.move_id
        return record._get_records_action() if record else None
