from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _prepare_default_reversal(self, move):
        """The reason typed in the window is printed on the credit note."""
        return {
            **super()._prepare_default_reversal(move),
            "fr_credit_reason": self.reason,
        }
