from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount

STATES = [
    ("queued", "Leaving"),
    ("retry", "Refused, tried again"),
    ("sent", "Sent"),
    ("covered", "Covered by a higher step"),
    ("to_post", "Letter to post"),
    ("task", "Task for a person"),
    ("failed", "Not delivered"),
    ("cancelled", "Withdrawn"),
    ("imported", "Taken over"),
]
# What reached the client, or may still do: the gap between messages counts it.
REACHED_STATES = ("queued", "retry", "sent", "covered", "to_post", "imported")


class CrmDunningLine(models.Model):
    """One step for one thing due: what left, for how much, with which result.

    A row that was not withdrawn is the proof that the step was made: the database
    itself refuses a second one.
    """

    _name = "crm.dunning.line"
    _description = "Reminder of a Document"
    _order = "date desc, id desc"

    message_id = fields.Many2one(
        "crm.dunning.message", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="cascade"
    )
    instalment_id = fields.Many2one(
        "crm.instalment", index="btree_not_null", ondelete="cascade"
    )
    term = fields.Integer(
        help="Rank of the due date in an invoice with several; 0 with one.",
    )
    step_id = fields.Many2one("crm.dunning.step", required=True, ondelete="restrict")
    offset_days = fields.Integer(string="Day of the Step")
    date = fields.Date(required=True)
    date_due = fields.Date(string="Due Date")
    currency_id = fields.Many2one("res.currency", required=True)
    amount_total = fields.Monetary(string="Amount")
    amount_paid = fields.Monetary(string="Paid")
    amount_residual = fields.Monetary(string="Left to Pay")
    interest = fields.Monetary(string="Late Interest")
    fee = fields.Monetary(string="Fixed Fee")
    is_covered = fields.Boolean()
    is_imported = fields.Boolean()
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        precompute=True,
        index=True,
    )
    channel = fields.Selection(related="message_id.channel", store=True)
    sent_at = fields.Datetime(related="message_id.sent_at", store=True)
    mail_message_id = fields.Many2one(related="message_id.mail_message_id")
    attachment_ids = fields.Many2many(related="message_id.attachment_ids")
    recipient_id = fields.Many2one(related="message_id.recipient_id")
    failure = fields.Char(related="message_id.failure")
    note = fields.Char()

    # Exactly once per step and document, whatever two servers do at once.
    _once_per_invoice = models.UniqueIndex(
        "(step_id, move_id, term) WHERE instalment_id IS NULL"
        " AND state IS DISTINCT FROM 'cancelled'",
        "This reminder already left for this invoice.",
    )
    _once_per_instalment = models.UniqueIndex(
        "(step_id, instalment_id) WHERE instalment_id IS NOT NULL"
        " AND state IS DISTINCT FROM 'cancelled'",
        "This reminder already left for this instalment.",
    )
    _last_of_client = models.Index("(company_id, partner_id, date)")

    @api.depends("message_id.state", "is_covered", "is_imported")
    def _compute_state(self):
        covering = ("queued", "retry", "sent", "to_post", "done")
        for line in self:
            state = line.message_id.state
            if line.is_imported:
                line.state = "imported"
            elif line.is_covered and state in covering:
                line.state = "covered"
            else:
                line.state = "sent" if state == "done" else state

    @api.depends("move_id", "instalment_id", "step_id")
    def _compute_display_name(self):
        for line in self:
            document = line._get_document_name()
            line.display_name = f"{document}, {line.step_id.display_name}"

    def _get_document_name(self):
        """Number of the document as the client knows it."""
        self.ensure_one()
        if self.instalment_id:
            return self.instalment_id.display_name
        return self.move_id.name or self.move_id.display_name

    def _get_late_days(self):
        """Days since the due date, negative before it."""
        self.ensure_one()
        return (self.date - self.date_due).days

    def _get_late_interest(self):
        """Return the calculation behind the amounts of the line, a LateInterest."""
        self.ensure_one()
        document = self.instalment_id or self.move_id
        return document.sudo()._get_late_interest(self.date)

    def _get_payment_url(self):
        """Address of the pay page of the document, False without one."""
        self.ensure_one()
        document = self.instalment_id or self.move_id
        return document._get_payment_page_url()

    def _get_contract_reference(self):
        """Contract or order the debt comes from, as printed in a formal notice."""
        self.ensure_one()
        move = self.move_id
        references = dict.fromkeys(
            text for text in (move.invoice_origin, move.ref) if text
        )
        return ", ".join(references)

    def _format_total(self, *names):
        """Sum of fields of the lines, one amount per currency; empty when zero."""
        totals = defaultdict(float)
        for line in self:
            totals[line.currency_id] += sum(line[name] for name in names)
        return " + ".join(
            format_amount(self.env, amount, currency)
            for currency, amount in totals.items()
            if not currency.is_zero(amount)
        )

    def action_open_document(self):
        """Open the invoice of the line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def action_open_message(self):
        """Open the message the line left in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.dunning.message",
            "res_id": self.message_id.id,
            "view_mode": "form",
        }
