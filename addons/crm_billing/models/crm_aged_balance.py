from odoo import api, fields, models
from odoo.tools import SQL

COLUMNS = ("not_due", "0_30", "31_60", "61_90", "over_90")


class CrmAgedBalance(models.Model):
    """What each client owes by age, credits deducted where they fall."""

    _name = "crm.aged.balance"
    _description = "Aged Balance"
    _auto = False
    _rec_name = "partner_id"
    _order = "total desc, id"

    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    not_due = fields.Monetary(readonly=True)
    late_0_30 = fields.Monetary(string="1 to 30 Days", readonly=True)
    late_31_60 = fields.Monetary(string="31 to 60 Days", readonly=True)
    late_61_90 = fields.Monetary(string="61 to 90 Days", readonly=True)
    late_over_90 = fields.Monetary(string="Over 90 Days", readonly=True)
    total = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        receipts = self.env["crm.treasury.receipt"]
        receipts._flush_sources()
        today = fields.Date.context_today(self)
        return SQL(
            """
            WITH planned AS (%(planned)s), owed AS (%(owed)s), aged AS (
                SELECT partner_id, company_id, amount,
                       %(today)s::date - date_due AS days
                  FROM owed)
            SELECT MIN(aged.company_id)::bigint * 1000000000
                       + COALESCE(aged.partner_id, 0) AS id,
                   aged.partner_id, aged.company_id, company.currency_id,
                   SUM(amount) AS total,
                   COALESCE(SUM(amount) FILTER (WHERE days <= 0), 0) AS not_due,
                   COALESCE(SUM(amount) FILTER (WHERE days BETWEEN 1 AND 30), 0)
                       AS late_0_30,
                   COALESCE(SUM(amount) FILTER (WHERE days BETWEEN 31 AND 60), 0)
                       AS late_31_60,
                   COALESCE(SUM(amount) FILTER (WHERE days BETWEEN 61 AND 90), 0)
                       AS late_61_90,
                   COALESCE(SUM(amount) FILTER (WHERE days > 90), 0) AS late_over_90
              FROM aged JOIN res_company company ON company.id = aged.company_id
          GROUP BY aged.partner_id, aged.company_id, company.currency_id
            """,
            planned=receipts._select_planned(),
            owed=receipts._select_owed(),
            today=today,
        )

    @api.model
    def _get_receipt_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_treasury_receipt_action"
        )

    def action_open_receipts(self):
        """Open what the line adds up."""
        self.ensure_one()
        action = self._get_receipt_action()
        action["domain"] = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        action["context"] = {"group_by": ["age"]}
        return action
