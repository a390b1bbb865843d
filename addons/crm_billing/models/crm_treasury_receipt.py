from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.treasury import (
    CLIENT_HISTORY,
    COMPANY_HISTORY,
    HISTORY_DAYS,
    Delay,
)

AGES = [
    ("not_due", "Not due yet"),
    ("0_30", "1 to 30 days late"),
    ("31_60", "31 to 60 days late"),
    ("61_90", "61 to 90 days late"),
    ("over_90", "Over 90 days late"),
]
SOURCES = [
    ("client", "Payments of this client"),
    ("company", "Payments of all clients"),
    ("terms", "Terms only: too few payments"),
]


class CrmTreasuryReceipt(models.Model):
    """What clients owe, one row per open amount, and when it is expected.

    Computed by the database as it reads, with the rules of lib.treasury: a payment
    shows at once and the sum of a list is the number of the board.
    """

    _name = "crm.treasury.receipt"
    _description = "Amount Owed by a Client"
    _auto = False
    _rec_name = "move_id"
    _order = "date_due, id"

    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    line_id = fields.Many2one("account.move.line", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    date_due = fields.Date(
        string="Due Date",
        readonly=True,
        help="That of the instalment when a plan is agreed.",
    )
    days_late = fields.Integer(readonly=True, aggregator=None)
    age = fields.Selection(AGES, string="Late by", readonly=True)
    amount_currency = fields.Monetary(string="Owed", readonly=True, aggregator=None)
    amount = fields.Monetary(
        string="Owed, Company Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="As in the books.",
    )
    amount_forecast = fields.Monetary(
        string="Expected, Company Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="At the exchange rate of today; empty when the currency has none.",
    )
    rate_missing = fields.Boolean(string="Exchange Rate Missing", readonly=True)
    delay_source = fields.Selection(SOURCES, string="Expected from", readonly=True)
    delay_p50 = fields.Integer(
        string="Usual Delay (days)", readonly=True, aggregator=None
    )
    delay_p90 = fields.Integer(
        string="Long Delay (days)", readonly=True, aggregator=None
    )
    date_p50 = fields.Date(
        string="Expected on", readonly=True, help="Half of the cases are paid by then."
    )
    date_p90 = fields.Date(
        string="At the Latest",
        readonly=True,
        help="Nine cases out of ten are paid by then.",
    )

    @property
    def _table_query(self):
        self._flush_sources()
        return self._get_query(fields.Date.context_today(self))

    @api.model
    def _flush_sources(self):
        for name in (
            "account.move",
            "account.move.line",
            "account.partial.reconcile",
            "crm.instalment",
            "crm.instalment.plan",
            "res.currency.rate",
        ):
            self.env[name].flush_model()

    # === Query === #

    @api.model
    def _get_query(self, today):
        return SQL(
            "WITH history AS (%s), delays AS (%s), everybody AS (%s), rates AS (%s),"
            " owed AS (%s) %s",
            self._select_history(today),
            self._select_delays(),
            self._select_everybody(),
            self._select_rates(today),
            self._select_owed(),
            self._select_receipts(today),
        )

    @api.model
    def _select_history(self, today):
        """Days between due date and last payment of what was paid in full."""
        return SQL(
            """
            SELECT move.commercial_partner_id AS partner_id, line.company_id,
                   MAX(credit.date) - line.date_maturity AS delay
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_partial_reconcile part ON part.debit_move_id = line.id
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_move entry ON entry.id = credit.move_id
             WHERE line.display_type = 'payment_term' AND line.parent_state = 'posted'
               AND line.reconciled AND line.balance > 0
               AND line.date_maturity BETWEEN %(today)s::date - %(days)s AND %(today)s
               AND line.company_id = ANY(%(companies)s)
               AND move.move_type = 'out_invoice'
               AND entry.move_type <> 'out_refund'
          GROUP BY line.id, move.commercial_partner_id, line.company_id,
                   line.date_maturity
            """,
            today=today,
            days=HISTORY_DAYS,
            companies=self.env.companies.ids,
        )

    @api.model
    def _select_delays(self):
        return SQL(
            """
            SELECT partner_id, company_id,
                   percentile_disc(0.5) WITHIN GROUP (ORDER BY delay) AS p50,
                   percentile_disc(0.9) WITHIN GROUP (ORDER BY delay) AS p90
              FROM history GROUP BY partner_id, company_id
            HAVING COUNT(*) >= %s
            """,
            CLIENT_HISTORY,
        )

    @api.model
    def _select_everybody(self):
        return SQL(
            """
            SELECT company_id,
                   percentile_disc(0.5) WITHIN GROUP (ORDER BY delay) AS p50,
                   percentile_disc(0.9) WITHIN GROUP (ORDER BY delay) AS p90
              FROM history GROUP BY company_id
            HAVING COUNT(*) >= %s
            """,
            COMPANY_HISTORY,
        )

    @api.model
    def _select_rates(self, today):
        """Units of each currency for one of the company, at the day's rate."""
        return SQL(
            """
            SELECT company.id AS company_id, currency.id AS currency_id,
                   (CASE WHEN currency.id = company.currency_id THEN 1
                         ELSE found.rate / COALESCE(own.rate, 1) END) AS rate
              FROM res_company company
              JOIN res_currency currency ON currency.active
         LEFT JOIN LATERAL (
                SELECT rate.rate FROM res_currency_rate rate
                 WHERE rate.currency_id = currency.id AND rate.name <= %(today)s
                   AND (rate.company_id IS NULL OR rate.company_id
                        = COALESCE(NULLIF(split_part(company.parent_path, '/', 1), '')
                                   ::integer, company.id))
              ORDER BY rate.company_id NULLS LAST, rate.name DESC LIMIT 1) found ON TRUE
         LEFT JOIN LATERAL (
                SELECT rate.rate FROM res_currency_rate rate
                 WHERE rate.currency_id = company.currency_id AND rate.name <= %(today)s
                   AND (rate.company_id IS NULL OR rate.company_id
                        = COALESCE(NULLIF(split_part(company.parent_path, '/', 1), '')
                                   ::integer, company.id))
              ORDER BY rate.company_id NULLS LAST, rate.name DESC LIMIT 1) own ON TRUE
             WHERE company.id = ANY(%(companies)s)
            """,
            today=today,
            companies=self.env.companies.ids,
        )

    @api.model
    def _select_owed(self):
        """Open amounts of receivable accounts; of a plan, its instalments.

        The open amount of an invoice under an agreed plan is shared among the
        instalments that are left, each as a part of what the plan still asks for.
        """
        return SQL(
            """
            SELECT line.id AS line_id, NULL::integer AS instalment_id, line.move_id,
                   move.commercial_partner_id AS entry_partner_id, line.partner_id,
                   line.company_id, line.currency_id,
                   COALESCE(line.date_maturity, line.date) AS date_due,
                   line.amount_residual_currency::numeric AS amount_currency,
                   line.amount_residual::numeric AS amount
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN account_move move ON move.id = line.move_id
         LEFT JOIN crm_instalment_plan plan
                ON plan.id = move.instalment_plan_id AND plan.state = 'agreed'
             WHERE account.account_type = 'asset_receivable'
               AND NOT account.non_trade
               AND line.parent_state = 'posted' AND NOT line.reconciled
               AND line.amount_residual <> 0
               AND line.company_id = ANY(%(companies)s)
               AND plan.id IS NULL
         UNION ALL
            SELECT line.id, part.id, line.move_id, move.commercial_partner_id,
                   line.partner_id, line.company_id, line.currency_id, part.date_due,
                   ROUND(line.amount_residual_currency::numeric
                         * part.amount_residual::numeric
                         / plan.amount_residual::numeric, currency.decimal_places),
                   ROUND(line.amount_residual::numeric * part.amount_residual::numeric
                         / plan.amount_residual::numeric,
                         company_currency.decimal_places)
              FROM crm_instalment_plan plan
              JOIN crm_instalment part
                ON part.plan_id = plan.id AND part.amount_residual > 0
              JOIN account_move move ON move.instalment_plan_id = plan.id
              JOIN account_move_line line ON line.move_id = move.id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_currency currency ON currency.id = line.currency_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_currency company_currency
                ON company_currency.id = company.currency_id
             WHERE plan.state = 'agreed' AND plan.amount_residual > 0
               AND account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted' AND NOT line.reconciled
               AND line.amount_residual <> 0
               AND line.company_id = ANY(%(companies)s)
            """,
            companies=self.env.companies.ids,
        )

    @api.model
    def _select_receipts(self, today):
        return SQL(
            """
            SELECT owed.line_id::bigint * 4096 + COALESCE(owed.instalment_id, 0) %% 4096
                       AS id,
                   owed.line_id, owed.move_id, owed.company_id, owed.currency_id,
                   COALESCE(owed.entry_partner_id, partner.commercial_partner_id)
                       AS partner_id,
                   company.currency_id AS company_currency_id,
                   owed.date_due, owed.amount_currency, owed.amount,
                   GREATEST(0, %(today)s::date - owed.date_due) AS days_late,
                   (CASE WHEN owed.date_due >= %(today)s THEN 'not_due'
                         WHEN %(today)s::date - owed.date_due <= 30 THEN '0_30'
                         WHEN %(today)s::date - owed.date_due <= 60 THEN '31_60'
                         WHEN %(today)s::date - owed.date_due <= 90 THEN '61_90'
                         ELSE 'over_90' END) AS age,
                   ROUND((owed.amount_currency / rates.rate)::numeric,
                         company_currency.decimal_places) AS amount_forecast,
                   rates.rate IS NULL AS rate_missing,
                   (CASE WHEN delays.p50 IS NOT NULL THEN 'client'
                         WHEN everybody.p50 IS NOT NULL THEN 'company'
                         ELSE 'terms' END) AS delay_source,
                   COALESCE(delays.p50, everybody.p50, 0) AS delay_p50,
                   COALESCE(delays.p90, everybody.p90, 0) AS delay_p90,
                   GREATEST(%(today)s::date, owed.date_due
                       + COALESCE(delays.p50, everybody.p50, 0)) AS date_p50,
                   GREATEST(%(today)s::date, owed.date_due
                       + COALESCE(delays.p90, everybody.p90, 0)) AS date_p90
              FROM owed
              JOIN res_company company ON company.id = owed.company_id
              JOIN res_currency company_currency
                ON company_currency.id = company.currency_id
         LEFT JOIN res_partner partner ON partner.id = owed.partner_id
         LEFT JOIN rates ON rates.company_id = owed.company_id
               AND rates.currency_id = owed.currency_id
         LEFT JOIN delays ON delays.company_id = owed.company_id
               AND delays.partner_id
                   = COALESCE(owed.entry_partner_id, partner.commercial_partner_id)
         LEFT JOIN everybody ON everybody.company_id = owed.company_id
            """,
            today=today,
        )

    # === What forecasts of other documents ask === #

    @api.model
    def _get_delays(self, company):
        """Return (Delay of everybody, {partner id: Delay}) of one company."""
        receipts = self.with_company(company).with_context(
            allowed_company_ids=company.ids
        )
        receipts._flush_sources()
        today = fields.Date.context_today(self)
        query = SQL(
            "WITH history AS (%s), delays AS (%s), everybody AS (%s)"
            " SELECT partner_id, p50, p90 FROM delays"
            " UNION ALL SELECT NULL, p50, p90 FROM everybody",
            receipts._select_history(today),
            receipts._select_delays(),
            receipts._select_everybody(),
        )
        found, everybody = {}, Delay()
        for partner_id, p50, p90 in self.env.execute_query(query):
            if partner_id:
                found[partner_id] = Delay(p50, p90, "client")
            else:
                everybody = Delay(p50, p90, "company")
        return everybody, found

    # === Buttons === #

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }
