from odoo import api, fields, models
from odoo.tools import format_amount


class CrmDunningMessage(models.Model):
    """What the texts of reminders may say; each field speaks the reader's language."""

    _inherit = "crm.dunning.message"

    amount_text = fields.Char(string="Amount Asked", compute="_compute_texts")
    interest_text = fields.Char(string="Late Interest", compute="_compute_texts")
    fee_text = fields.Char(string="Fixed Fee", compute="_compute_texts")
    total_text = fields.Char(string="Total Asked", compute="_compute_texts")
    document_names = fields.Char(string="Invoices", compute="_compute_texts")
    oldest_due_on = fields.Date(string="Oldest Due Date", compute="_compute_texts")
    document_count = fields.Integer(compute="_compute_texts")
    bank_text = fields.Char(string="Bank Account", compute="_compute_bank_text")
    payment_url = fields.Char(string="Pay Page", compute="_compute_payment_url")
    table_html = fields.Html(
        string="Table of Documents", compute="_compute_table_html", sanitize=False
    )
    contact_id = fields.Many2one("res.partner", compute="_compute_contact_id")

    def _get_late_lines(self):
        """Lines already due: the ones a demand is about, oldest first."""
        self.ensure_one()
        return self.line_ids.filtered(lambda line: line.date_due < line.date).sorted(
            lambda line: (line.date_due, line.id)
        )

    def _get_coming_lines(self):
        """Lines not due yet, named for information only."""
        return (self.line_ids - self._get_late_lines()).sorted(
            lambda line: (line.date_due, line.id)
        )

    def _get_asked_lines(self):
        """What the message asks for: what is late, else what comes."""
        return self._get_late_lines() or self._get_coming_lines()

    @api.depends("line_ids", "date", "step_id.show_interest")
    @api.depends_context("lang")
    def _compute_texts(self):
        for message in self:
            lines = message._get_asked_lines()
            shows = message.step_id.show_interest
            message.amount_text = lines._format_total("amount_residual")
            message.interest_text = shows and lines._format_total("interest")
            message.fee_text = shows and lines._format_total("fee")
            extra = ("interest", "fee") if shows else ()
            message.total_text = lines._format_total("amount_residual", *extra)
            names = [line._get_document_name() for line in lines]
            message.document_names = ", ".join(names)
            message.oldest_due_on = lines[:1].date_due
            message.document_count = len(lines)

    @api.depends("line_ids")
    def _compute_payment_url(self):
        for message in self:
            # sudo: the address is meant for the client, who has no right at all
            lines = message._get_asked_lines().sudo()
            message.payment_url = len(lines) == 1 and lines._get_payment_url()

    @api.depends("line_ids", "company_id")
    def _compute_bank_text(self):
        for message in self:
            # sudo: the account is printed on the invoice, the bank card is not public
            moves = message._get_asked_lines().sudo().move_id
            bank = moves.partner_bank_id[:1] or message.company_id.bank_ids[:1].sudo()
            message.bank_text = bank.acc_number

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_table_html(self):
        qweb = self.env["ir.qweb"]
        for message in self:
            message.table_html = qweb._render(
                "crm_billing.dunning_table",
                {
                    "groups": message._prepare_table_groups(),
                    "format_amount": lambda amount, currency: format_amount(
                        self.env, amount, currency
                    ),
                },
                minimal_qcontext=True,
            )

    def _prepare_table_groups(self):
        """Return (is late, lines) pairs: what is asked, then what comes."""
        groups = [(True, self._get_late_lines()), (False, self._get_coming_lines())]
        return [(is_late, lines) for is_late, lines in groups if lines]

    @api.depends("responsible_id", "company_id")
    def _compute_contact_id(self):
        for message in self:
            person = message.responsible_id.partner_id
            message.contact_id = person or message.company_id.partner_id

    # === Letters === #

    def _get_letter_subject(self):
        self.ensure_one()
        template = self.step_id.mail_template_id
        return template._render_field("subject", self.ids, compute_lang=True)[self.id]

    def _get_letter_body(self):
        """Text of the step, for a letter that has no layout of its own."""
        self.ensure_one()
        template = self.step_id.mail_template_id
        bodies = template._render_field("body_html", self.ids, compute_lang=True)
        return bodies[self.id]
