from odoo import api, fields, models
from odoo.exceptions import UserError

# More lines than this are booked by a job, not in the click.
BOOK_IN_CLICK_LINES = 300


class CrmPayout(models.Model):
    """A sum Stripe sends to the bank, and what it is made of.

    waiting: Stripe has not finished its breakdown. ready: all lines are here.
    blocked: it cannot be booked, the reason is shown. booked: the entry is posted,
    the bank line is awaited. matched: the bank line is here, all is reconciled.
    failed: the bank sent it back; its money is part of a later payout.
    """

    _name = "crm.payout"
    _description = "Payout"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "arrival_date desc, id desc"
    _rec_name = "remote_id"
    _mail_post_access = "read"

    connection_id = fields.Many2one(
        "crm.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    remote_id = fields.Char(string="Payout", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True, tracking=True)
    created_at = fields.Datetime(string="Sent", readonly=True)
    arrival_date = fields.Date(string="Arrival", required=True, readonly=True)
    remote_status = fields.Char(string="Status at Stripe", readonly=True, tracking=True)
    is_automatic = fields.Boolean(string="Automatic", readonly=True)
    is_complete = fields.Boolean(string="Breakdown Ready", readonly=True)
    trace_id = fields.Char(
        string="Bank Reference",
        readonly=True,
        help="Written by the bank on the line of its statement.",
    )
    descriptor = fields.Char(string="Words at the Bank", readonly=True)
    failure = fields.Char(string="Reason of the Return", readonly=True)

    state = fields.Selection(
        [
            ("waiting", "Breakdown Awaited"),
            ("ready", "To Book"),
            ("blocked", "Cannot Be Booked"),
            ("booked", "Bank Line Awaited"),
            ("matched", "Reconciled"),
            ("failed", "Sent Back"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    trouble = fields.Text(readonly=True)
    line_ids = fields.One2many("crm.payout.line", "payout_id", readonly=True)
    line_count = fields.Integer(string="Movements", readonly=True)
    payment_count = fields.Integer(string="Payments", readonly=True)
    amount_gross = fields.Monetary(string="Gross", readonly=True)
    amount_fee = fields.Monetary(string="Fees", readonly=True)
    has_all_lines = fields.Boolean(readonly=True)
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, index="btree_not_null"
    )
    bank_line_id = fields.Many2one(
        "account.bank.statement.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    return_line_id = fields.Many2one(
        "account.bank.statement.line",
        string="Bank Line of the Return",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    refused_line_ids = fields.Many2many(
        "account.bank.statement.line",
        "crm_payout_refused_line_rel",
        readonly=True,
        help="Lines a person said are not this payout.",
    )
    candidate_line_ids = fields.Many2many(
        "account.bank.statement.line",
        compute="_compute_candidate_line_ids",
        string="Lines It May Be",
    )
    drift_ids = fields.One2many("crm.payout.drift", "payout_id", readonly=True)
    open_drift_count = fields.Integer(
        string="Differences", compute="_compute_open_drift_count"
    )

    _remote_uniq = models.Constraint(
        "UNIQUE(connection_id, remote_id)", "This payout is already known."
    )
    _open_idx = models.Index("(company_id, amount) WHERE state IN ('booked', 'failed')")

    def _creation_message(self):
        return self.env._("Payout read from Stripe")

    @api.depends("remote_id", "arrival_date")
    def _compute_display_name(self):
        for payout in self:
            payout.display_name = payout.remote_id

    @api.depends("drift_ids.state")
    def _compute_open_drift_count(self):
        counts = dict(
            self.env["crm.payout.drift"]._read_group(
                [("payout_id", "in", self.ids), ("state", "=", "open")],
                ["payout_id"],
                ["__count"],
            )
        )
        for payout in self:
            payout.open_drift_count = counts.get(payout, 0)

    # === Buttons === #

    def _check_bookkeeper(self):
        self.env["crm.connection"]._check_bookkeeper()
        self.check_access("read")

    def action_book(self):
        """Book, or try again after the reason of the refusal was removed."""
        self._check_bookkeeper()
        for payout in self.filtered(lambda p: p.state in ("ready", "blocked")):
            if payout.line_count > BOOK_IN_CLICK_LINES:
                payout._plan_booking()
            else:
                payout._as_bookkeeper()._book()

    def action_refresh(self):
        """Ask Stripe again about this payout."""
        self._check_bookkeeper()
        run = f"click-{fields.Datetime.now().isoformat()}"
        for payout in self.sudo():
            if payout.state in ("ready", "blocked"):
                payout.line_ids.unlink()
                payout.write({"state": "waiting", "has_all_lines": False})
            payout.connection_id._ask_payout(payout.remote_id, run)
        return self._tell(self.env._("Stripe is being asked; the page follows soon."))

    def action_find_bank_line(self):
        """Look for the bank line again, also among lines refused before."""
        self._check_bookkeeper()
        # sudo: people who invoice may not write payouts
        self.sudo().refused_line_ids = False
        for payout in self:
            payout._as_bookkeeper()._match_open()
        missing = self.filtered(lambda p: p.state == "booked")
        if missing:
            return self._tell(
                self.env._(
                    "No line of a statement is this payout for sure yet. It is matched"
                    " by itself when the statement arrives."
                )
            )
        return None

    def action_type_bank_line(self):
        """Type the line of a statement that is not imported."""
        self.ensure_one()
        self._check_bookkeeper()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bank Line of %(payout)s", payout=self.remote_id),
            "res_model": "crm.payout.bank.line",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_payout_id": self.id},
        }

    def action_undo_match(self):
        """Free the bank line; it is not proposed for this payout again."""
        self._check_bookkeeper()
        for payout in self:
            if not payout.bank_line_id:
                raise UserError(
                    self.env._("%(payout)s has no bank line.", payout=payout.remote_id)
                )
            payout._as_bookkeeper()._undo_match()

    def action_view_items(self):
        """Open every journal item of this payout, whatever its entry."""
        self.ensure_one()
        self._check_bookkeeper()
        items = self._as_bookkeeper()._get_all_items()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items of %(payout)s", payout=self.remote_id),
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", items.ids)],
        }

    def action_view_lines(self):
        """Open the movements of this payout."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_payout_line_action"
        )
        return {**action, "domain": [("payout_id", "=", self.id)], "context": {}}

    def action_view_drifts(self):
        """Open the differences of this payout."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_payout_drift_action"
        )
        return {**action, "domain": [("payout_id", "=", self.id)]}

    def _tell(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "message": message},
        }

    def _as_bookkeeper(self):
        """Return the payout for a job: its company, its people's language."""
        self.ensure_one()
        # sudo: the caller was checked, entries are the system's own
        connection = self.sudo().connection_id._as_bookkeeper()
        return self.with_env(connection.env)
