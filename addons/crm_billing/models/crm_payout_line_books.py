from odoo import models

from ..lib.payout_entry import Item
from .crm_payout_booking import exact


class CrmPayoutLine(models.Model):
    """Movements and our journal items."""

    _inherit = "crm.payout.line"

    def _find_items(self):
        """Return {movement id: Item} of what our payments left open."""
        clearing = self.connection_id.payout_clearing_account_id
        found, taken = {}, set()
        for line in self.filtered("payment_id"):
            payment = line.payment_id
            if payment.id in taken or payment.move_id.state != "posted":
                continue
            taken.add(payment.id)
            accounts = payment.outstanding_account_id | clearing
            items = payment.move_id.line_ids.filtered(
                lambda item, accounts=accounts: item.account_id in accounts
            )
            if items:
                found[line.id] = self._sum_items(items[:1], clearing)
        return found

    def _sum_items(self, item, clearing):
        return Item(
            account=item.account_id.id,
            currency=item.currency_id.name,
            residual=exact(item.amount_residual_currency, item.currency_id),
            balance=exact(item.amount_residual, item.company_currency_id),
            is_clearing=item.account_id == clearing,
            can_reconcile=item.account_id.reconcile,
        )

    def _reconcile_dispute(self):
        """A dispute that was won: the client no longer owes."""
        self.ensure_one()
        if not self.entry_line_id or not self.transaction_id:
            return
        lost = self.search(
            [
                ("transaction_id", "=", self.transaction_id.id),
                ("role", "=", "dispute"),
                ("entry_line_id", "!=", False),
            ]
        )
        self.env["crm.payout"]._reconcile(
            (self.entry_line_id | lost.entry_line_id).filtered(
                lambda item: item.account_id == self.entry_line_id.account_id
            )
        )

    def _settle_waiting(self):
        """Payments booked after their payout take their place on clearing.

        So do disputes lost meanwhile. One entry per payout moves the amounts from
        where they waited, then both accounts are reconciled.
        """
        waiting = self.filtered(
            lambda line: (
                line.place in ("waiting", "receivable")
                and line.entry_line_id
                and not line.entry_line_id.reconciled
            )
        )
        waiting._link()
        items = waiting._find_items()
        known = waiting.filtered(
            lambda line: (
                line.id in items
                and items[line.id].is_clearing
                and items[line.id].residual == exact(line.amount, line.currency_id)
            )
        )
        for payout, lines in known.grouped("payout_id").items():
            payout._move_from_waiting(lines)
