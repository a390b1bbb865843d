from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmFrNumberingWizard(models.TransientModel):
    _name = "crm.fr.numbering.wizard"
    _description = "Numbering of Invoices"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        domain="[('type', '=', 'sale'), ('company_id', '=', company_id)]",
        default=lambda self: self._default_journal_id(),
    )
    invoice_series = fields.Char(string="Invoices", required=True, default="F")
    credit_note_series = fields.Char(string="Credit Notes", required=True, default="A")
    deposit_series = fields.Char(
        string="Deposits", help="Empty: deposit invoices share the series of invoices."
    )
    digits = fields.Integer(required=True, default=4)
    first_number = fields.Integer(
        string="First Invoice Number of the Year",
        required=True,
        default=1,
        help="More than 1 only when the year was begun with another software.",
    )
    last_number = fields.Char(compute="_compute_state")
    example = fields.Char(compute="_compute_example")
    can_choose_first = fields.Boolean(compute="_compute_state")

    @api.model
    def _default_journal_id(self):
        return self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("journal_id", "invoice_series")
    def _compute_state(self):
        for wizard in self:
            journal = wizard.journal_id
            wizard.last_number = journal._get_fr_last_number()
            wizard.can_choose_first = not journal._has_fr_number(
                wizard.invoice_series or ""
            )

    @api.depends(
        "journal_id",
        "invoice_series",
        "credit_note_series",
        "deposit_series",
        "digits",
        "first_number",
    )
    def _compute_example(self):
        for wizard in self:
            wizard.example = wizard.journal_id._get_fr_examples(
                [
                    (wizard.invoice_series, wizard.first_number),
                    (wizard.credit_note_series, 1),
                    (wizard.deposit_series, 1),
                ],
                wizard.digits,
            )

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        journal = self.journal_id
        if journal.fr_invoice_series:
            self.invoice_series = journal.fr_invoice_series
            self.credit_note_series = journal.fr_credit_note_series
            self.deposit_series = journal.fr_deposit_series
            self.digits = journal.fr_number_digits

    def action_apply(self):
        """Give the journal its series; the next confirmed document follows it."""
        self.ensure_one()
        if self.first_number < 1:
            raise UserError(self.env._("The first number is 1 or more."))
        self.journal_id.write(
            {
                "fr_invoice_series": self.invoice_series.strip().upper(),
                "fr_credit_note_series": self.credit_note_series.strip().upper(),
                "fr_deposit_series": (self.deposit_series or "").strip().upper()
                or False,
                "fr_number_digits": self.digits,
                "fr_first_number": self.first_number if self.can_choose_first else 1,
                "fr_first_year": fields.Date.context_today(self).year,
                "refund_sequence": True,
            }
        )
        return {"type": "ir.actions.act_window_close"}
