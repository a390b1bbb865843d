from odoo import api, fields, models
from odoo.tools import format_date


class AccountMove(models.Model):
    _inherit = "account.move"

    fr_due_date_warning = fields.Char(compute="_compute_fr_due_date_warning")

    @api.depends(
        "invoice_date_due",
        "invoice_date",
        "delivery_date",
        "partner_id",
        "invoice_payment_term_id",
        "move_type",
    )
    def _compute_fr_due_date_warning(self):
        for move in self:
            limit = move._get_fr_latest_due_date()
            move.fr_due_date_warning = False
            if limit and move.invoice_date_due and move.invoice_date_due > limit:
                move.fr_due_date_warning = self.env._(
                    "Due on %(due)s: the law allows %(limit)s at the latest for this"
                    " client (C.com L441-10, L441-11). Shorten the payment terms.",
                    due=format_date(self.env, move.invoice_date_due),
                    limit=format_date(self.env, limit),
                )

    def _get_fr_latest_due_date(self):
        """Return the latest lawful due date, False when there is none.

        Only sales between businesses have one; a consumer may be given more time.
        """
        self.ensure_one()
        if (
            self.move_type != "out_invoice"
            or not self.partner_id
            or not self._is_fr_facturx()
            or self._get_fr_buyer_kind() == "b2c"
        ):
            return False
        return self.env["crm.payment.cap"]._get_latest_due_date(
            self.partner_id._get_fr_payment_cap_code(self.company_id),
            self.invoice_date or fields.Date.context_today(self),
            self.delivery_date,
            self.invoice_payment_term_id._get_fr_agreed_count(),
        )
