from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.crm_payout import BOOK_IN_CLICK_LINES


class CrmPayoutBankLine(models.TransientModel):
    """The bank line of a payout, typed from a statement that is not imported."""

    _name = "crm.payout.bank.line"
    _description = "Bank Line of a Payout"

    payout_id = fields.Many2one("crm.payout", required=True, readonly=True)
    currency_id = fields.Many2one(related="payout_id.currency_id")
    amount = fields.Monetary(related="payout_id.amount")
    date = fields.Date(
        string="Seen at the Bank on",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        required=True,
    )
    label = fields.Char(
        compute="_compute_defaults",
        store=True,
        readonly=False,
        required=True,
        help="As the bank wrote it.",
    )
    bank_journal_ids = fields.Many2many(
        "account.journal", compute="_compute_bank_journal_ids"
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        required=True,
        domain="[('id', 'in', bank_journal_ids)]",
    )

    @api.depends("payout_id")
    def _compute_bank_journal_ids(self):
        for line in self:
            line.bank_journal_ids = line.payout_id._find_bank_journals()

    @api.depends("payout_id")
    def _compute_defaults(self):
        for line in self:
            payout = line.payout_id
            line.date = payout.arrival_date
            line.label = f"STRIPE {payout.trace_id or payout.remote_id}"
            line.journal_id = line.bank_journal_ids[:1]

    def action_save(self):
        """Write the line and reconcile the payout with it."""
        self.ensure_one()
        payout = self.payout_id
        payout._check_bookkeeper()
        if payout.state != "booked":
            raise UserError(
                self.env._("%(payout)s awaits no bank line.", payout=payout.remote_id)
            )
        if self.journal_id not in self.bank_journal_ids:
            raise UserError(
                self.env._("The payout cannot arrive at %s.", self.journal_id.name)
            )
        bank_line = payout._as_bookkeeper()._type_bank_line(
            self.date, self.label, self.journal_id
        )
        if payout.line_count <= BOOK_IN_CLICK_LINES:
            # A longer one is matched by the job that the new line has planned.
            payout._choose_line(bank_line)
        return {"type": "ir.actions.act_window_close"}
