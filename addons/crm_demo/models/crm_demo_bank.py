from datetime import timedelta

from odoo import models

# What arrived in the last days is still to be found on the statement.
UNMATCHED_DAYS = 4


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_bank(self):
        """Let the payments arrive on the bank statements of both companies."""
        newest = self._get_today() - timedelta(days=UNMATCHED_DAYS)
        for key in ("lumen", "nadia"):
            company = self._recall("company", key)
            payments = self.env["account.payment"].search(
                [("company_id", "=", company.id), ("date", "<=", newest)],
                order="date, id",
            )
            self.with_company(company)._match_payments(payments)

    def _match_payments(self, payments):
        lines = self.env["account.bank.statement.line"].create(
            [
                {
                    "journal_id": payment.journal_id.id,
                    "date": payment.date,
                    "amount": payment.amount,
                    "payment_ref": self.env._("Transfer %(memo)s", memo=payment.memo),
                    "partner_id": payment.partner_id.id,
                    "counterpart_account_id": payment.outstanding_account_id.id,
                }
                for payment in payments
            ]
        )
        self._refresh_statistics()
        self.env["account.move.line"]._reconcile_plan(
            [
                (payment.move_id + line.move_id).line_ids.filtered(
                    lambda entry, payment=payment: (
                        entry.account_id == payment.outstanding_account_id
                    )
                )
                for payment, line in zip(payments, lines, strict=True)
            ]
        )
