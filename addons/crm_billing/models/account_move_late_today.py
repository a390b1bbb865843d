from odoo import api, fields, models

from ..lib.late_interest import LateInterest


class AccountMove(models.Model):
    """What the invoice shows today; nothing is stored, so nothing can be stale."""

    _inherit = "account.move"

    late_days = fields.Integer(
        string="Days Late", compute="_compute_late_today", help="Counted up to today."
    )
    late_interest = fields.Monetary(
        string="Late Interest Today",
        compute="_compute_late_today",
        help="From the day after the due date up to today or to the last payment.",
    )
    late_fee = fields.Monetary(string="Recovery Fee", compute="_compute_late_today")
    late_claimed = fields.Monetary(
        string="Already Claimed",
        compute="_compute_late_today",
        help="Interest and fee on debit notes that stand.",
    )
    late_to_claim = fields.Monetary(
        string="Left to Claim", compute="_compute_late_today"
    )
    late_trouble = fields.Char(
        string="Late Interest Stopped", compute="_compute_late_today"
    )
    late_table = fields.Html(
        string="Calculation", compute="_compute_late_today", sanitize=False
    )
    claim_limit_date = fields.Date(
        string="Last Day to Sue", compute="_compute_late_today"
    )

    @api.depends(
        "state",
        "amount_residual",
        "invoice_date_due",
        "formal_notice_date",
        "is_late_charge",
        "late_charge_ids.stands",
    )
    @api.depends_context("uid", "lang")
    def _compute_late_today(self):
        today = fields.Date.context_today(self)
        posted = self.filtered(lambda m: m.state == "posted" and m.id)
        whole = posted._get_late_interests(today, whole=True)
        left = posted._get_late_interests(today)
        for move in self:
            move._set_late_today(whole.get(move.id), left.get(move.id))

    def _set_late_today(self, whole, left):
        stopped = isinstance(whole, Exception)
        late = whole if isinstance(whole, LateInterest) else LateInterest()
        rest = left if isinstance(left, LateInterest) else LateInterest()
        # sudo: sellers see the sum, not the debit notes
        standing = self.sudo().late_charge_ids.filtered("stands")
        self.late_days = late.days
        self.late_interest = float(late.interest)
        self.late_fee = float(late.fee)
        self.late_claimed = sum(standing.mapped("interest")) + sum(
            standing.mapped("fee")
        )
        self.late_to_claim = float(rest.total)
        self.late_trouble = stopped and self._explain_late_interest_trouble(whole)
        self.late_table = bool(late.segments) and self.env["ir.qweb"]._render(
            "crm_billing.late_interest_table",
            {"late": late, "currency": self.currency_id},
        )
        owed = self.move_type == "out_invoice" and self.amount_residual > 0
        self.claim_limit_date = owed and self._get_claim_limit_date()

    def action_view_late_rates(self):
        """Open the table of rates where the missing half-year is added."""
        company = self.company_id[:1].sudo()
        _rates, reference = company._get_late_interest_terms(
            self.commercial_partner_id[:1]
        )
        return self.env["crm.late.reference"].browse(reference.id)._get_rates_action()
