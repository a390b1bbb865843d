from datetime import timedelta
from decimal import Decimal

from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_settlements(self):
        """Return {line id: ((day, amount), ...)} of receivable lines.

        The day is the one after which the amount is no longer owed: that of a
        payment, the eve of a credit note.
        """
        partials = self.env["account.partial.reconcile"].search_fetch(
            [("debit_move_id", "in", self.ids)],
            ["debit_move_id", "credit_move_id", "debit_amount_currency"],
        )
        counterparts = partials.credit_move_id
        counterparts.fetch(["date", "move_type"])
        found = {line.id: [] for line in self}
        for partial in partials:
            line = partial.debit_move_id
            counterpart = partial.credit_move_id
            day = counterpart.date
            if counterpart.move_type == "out_refund":
                day -= timedelta(days=1)
            places = line.currency_id.decimal_places
            amount = Decimal(f"{partial.debit_amount_currency:.{places}f}")
            found[line.id].append((day, amount))
        return {line_id: tuple(sorted(pairs)) for line_id, pairs in found.items()}
