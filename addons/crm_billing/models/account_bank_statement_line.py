from odoo import api, models

from ..lib.payout_match import BankLine
from .crm_payout_booking import exact

# What a payout knows its line by.
MATCHED_BY = {"amount", "date", "payment_ref"}


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Payouts that wait for such an amount look at what just arrived."""
        lines = super().create(vals_list)
        # sudo: whoever types or imports a statement need not see payouts
        self.env["crm.payout"].sudo()._plan_matching(lines.sudo())
        return lines

    def write(self, vals):
        """A line that was mended may now be the one a payout waits for."""
        result = super().write(vals)
        if MATCHED_BY & vals.keys():
            # sudo: as above
            payouts = self.env["crm.payout"].sudo()
            payouts._plan_matching(self.sudo().filtered(lambda x: not x.is_reconciled))
        return result

    def action_undo_reconciliation(self):
        """A payout whose line is freed waits for its line again."""
        # sudo: as above
        payouts = self.env["crm.payout"].sudo()._find_by_lines(self)
        result = super().action_undo_reconciliation()
        payouts._forget_lines(self)
        return result

    def action_match_payout(self):
        """Chosen from the payout's form: this line is that payout."""
        self.ensure_one()
        payout = self.env["crm.payout"].browse(self.env.context.get("payout_id", []))
        payout._choose_line(self)

    def _to_match(self):
        return BankLine(
            key=self.id,
            amount=exact(self.amount, self.currency_id),
            currency=self.currency_id.name,
            date=self.date,
            label=" ".join(
                filter(None, (self.payment_ref, self.ref, self.partner_name))
            ),
        )
