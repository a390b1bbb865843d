from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._get_crm_moves()._follow_residual()
        return partials

    def unlink(self):
        moves = self._get_crm_moves()
        result = super().unlink()
        moves.exists()._follow_residual()
        return result

    def _get_crm_moves(self):
        """The customer invoices whose residual these partials change."""
        moves = self.debit_move_id.move_id | self.credit_move_id.move_id
        return moves.filtered(lambda move: move.move_type == "out_invoice")
