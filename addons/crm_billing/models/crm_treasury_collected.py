from odoo import api, fields, models
from odoo.tools import SQL


class CrmTreasuryCollected(models.Model):
    """What clients paid: movements of their accounts by a bank or cash journal.

    A refund to a client, or a payment that a bank took back, counts negative.
    """

    _name = "crm.treasury.collected"
    _description = "Payment of a Client"
    _auto = False
    _rec_name = "move_id"
    _order = "date desc, id desc"

    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    journal_id = fields.Many2one("account.journal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(currency_field="company_currency_id", readonly=True)

    @property
    def _table_query(self):
        self.env["account.move"].flush_model()
        self.env["account.move.line"].flush_model()
        return self._get_query()

    @api.model
    def _get_query(self):
        receipts = self.env["crm.treasury.receipt"]
        return SQL(
            """
            SELECT line.id, line.move_id, line.partner_id, line.journal_id,
                   line.company_id, company.currency_id AS company_currency_id,
                   line.date, -line.balance AS amount
              FROM account_move_line line
              JOIN res_company company ON company.id = line.company_id
             WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted'
               AND line.journal_id = ANY(%(journals)s)
               AND line.company_id = ANY(%(companies)s)
            """,
            accounts=receipts._get_receivable_ids(),
            journals=receipts._get_journal_ids("bank", "cash", "credit"),
            companies=self.env.companies.ids,
        )

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }
