from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("missing_here", "At Stripe, not here"),
    ("missing_there", "Here, not at Stripe"),
    ("amount", "Different amounts"),
    ("fee", "Fee not booked"),
    ("blocked", "Payout cannot be booked"),
    ("no_bank_line", "Payout without bank line"),
    ("balance", "Balances differ"),
]


class CrmPayoutDrift(models.Model):
    """One difference between Stripe and the books.

    open: seen at the last comparison. resolved: gone by itself at a later one.
    accepted: a person looked at it and gave a reason; it stays accepted as long as
    its amounts stay.
    """

    _name = "crm.payout.drift"
    _description = "Difference with Stripe"
    _order = "state, found_at desc, id desc"
    _rec_name = "kind"

    connection_id = fields.Many2one(
        "crm.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("open", "To Look At"), ("accepted", "Accepted"), ("resolved", "Resolved")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_there = fields.Monetary(string="Stripe Says", readonly=True)
    amount_here = fields.Monetary(string="Books Say", readonly=True)
    gap = fields.Monetary(string="Difference", readonly=True)
    found_at = fields.Datetime(
        string="Since", required=True, readonly=True, default=fields.Datetime.now
    )
    resolved_at = fields.Datetime(string="Resolved", readonly=True)
    told_at = fields.Datetime(string="Told", readonly=True)
    accepted_by_id = fields.Many2one("res.users", readonly=True)
    accept_reason = fields.Char(string="Reason", readonly=True)
    explanation = fields.Text(compute="_compute_explanation")
    details = fields.Json(readonly=True)
    payout_id = fields.Many2one(
        "crm.payout", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    line_id = fields.Many2one(
        "crm.payout.line",
        string="Movement",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Client", compute="_compute_partner_id"
    )

    _key_uniq = models.Constraint(
        "UNIQUE(connection_id, key)", "This difference is already known."
    )

    @api.depends("kind", "payout_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for drift in self:
            words = (kinds.get(drift.kind), drift.payout_id.remote_id)
            drift.display_name = " ".join(filter(None, words))

    @api.depends("line_id", "payment_id")
    def _compute_partner_id(self):
        for drift in self:
            drift.partner_id = drift.line_id.partner_id or drift.payment_id.partner_id

    @api.depends("kind", "details", "payout_id.trouble")
    def _compute_explanation(self):
        texts = self._get_explanations()
        for drift in self:
            text = texts[drift.kind]
            if drift.kind == "blocked" and drift.payout_id.trouble:
                text = drift.payout_id.trouble
            elif drift.kind == "balance" and drift.details:
                text = drift._explain_balance()
            drift.explanation = text

    @api.model
    def _get_explanations(self):
        return {
            "missing_here": self.env._(
                "Stripe has this movement, the books have no payment for it. It may"
                " have been taken in the dashboard or by another tool: record it, then"
                " reconcile it on the waiting account."
            ),
            "missing_there": self.env._(
                "The books have this payment, Stripe does not. Check that it was really"
                " received; if not, cancel the payment."
            ),
            "amount": self.env._(
                "Both know this payment, with different amounts. The difference is on"
                " the waiting account."
            ),
            "fee": self.env._(
                "Stripe kept this fee and no entry holds it. With manual payouts, book"
                " it by hand from Stripe's monthly report."
            ),
            "blocked": self.env._("Open the payout: it says what is missing."),
            "no_bank_line": self.env._(
                "Stripe sent this payout, no line of a bank statement is it. Import the"
                " statement, or choose its line on the payout."
            ),
            "balance": self.env._(
                "The clearing account does not hold what it should after all that is"
                " known. Look for entries typed by hand on it."
            ),
        }

    def _explain_balance(self):
        amounts = {
            name: self.currency_id.format(value) for name, value in self.details.items()
        }
        return self.env._(
            "Stripe holds %(stripe)s. On its way to the bank: %(on_the_way)s. Still to"
            " book: %(to_book)s. Known here only: %(only_here)s. So the clearing"
            " account should hold %(expected)s; it holds %(clearing)s. Look for entries"
            " typed by hand on it.",
            **amounts,
        )

    # === Buttons === #

    def _accept(self, reason):
        """Keep these differences, with a reason; they are not told again."""
        self.env["crm.connection"]._check_bookkeeper()
        self.check_access("read")
        # sudo: people who invoice may not write differences
        drifts = self.sudo().filtered(lambda drift: drift.state == "open")
        drifts.write(
            {
                "state": "accepted",
                "accepted_by_id": self.env.uid,
                "accept_reason": reason,
            }
        )
        drifts._close_activity()

    def action_reopen(self):
        """Look at this difference again."""
        self.env["crm.connection"]._check_bookkeeper()
        self.check_access("read")
        # sudo: as above
        self.sudo().write({"state": "open", "accepted_by_id": False})

    def action_open_records(self):
        """Open what this difference is about."""
        self.ensure_one()
        if self.kind == "balance":
            return self._open_clearing_items()
        if self.payment_id:
            return self.payment_id._get_records_action()
        if self.line_id and self.line_id.entry_line_id:
            return self.line_id.entry_line_id.move_id._get_records_action()
        return (self.payout_id or self.line_id)._get_records_action()

    def _open_clearing_items(self):
        # sudo: the account is named on a connection the reader may not see
        account = self.sudo().connection_id.payout_clearing_account_id
        return {
            "type": "ir.actions.act_window",
            "name": account.display_name,
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("account_id", "=", account.id),
                ("currency_id", "=", self.currency_id.id),
                ("parent_state", "=", "posted"),
            ],
        }

    def action_compare_now(self):
        """Ask every Stripe account of the companies shown."""
        connections = self.env["crm.connection"]
        connections._check_bookkeeper()
        # sudo: people who invoice see no connection
        ready = connections.sudo().search(
            [
                ("provider", "=", "stripe"),
                ("state", "!=", "off"),
                ("payout_clearing_account_id", "!=", False),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        if not ready:
            raise UserError(
                self.env._(
                    "No Stripe connection of your companies has its accounts yet: press"
                    " 'Set up the accounts' on the connection."
                )
            )
        for connection in ready:
            connection._ask_payouts()
        return self.env["crm.payout"]._tell(
            self.env._("Stripe is being asked; the list follows soon.")
        )
