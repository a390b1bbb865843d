from odoo import models


class AccountMoveLine(models.Model):
    """Paid amounts of clients, and their credit notes, found without the other items.

    Read by the forecast each time: see crm.treasury.receipt._select_history.
    """

    _inherit = "account.move.line"

    _crm_paid_idx = models.Index(
        "(company_id, date_maturity) INCLUDE (id, partner_id, journal_id)"
        " WHERE display_type = 'payment_term' AND parent_state = 'posted'"
        " AND reconciled AND balance > 0"
    )
    _crm_credit_idx = models.Index(
        "(journal_id) WHERE display_type = 'payment_term' AND balance < 0"
    )
