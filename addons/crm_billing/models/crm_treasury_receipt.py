from dataclasses import dataclass

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

# Keys of the context that only the server fills: values of other types are ignored.
ONLY_KEY = "crm_treasury_only"
DELAYS_KEY = "crm_treasury_delays"
# Room for the instalments of one line in the number of a row.
ID_FACTOR = 4096


@dataclass(frozen=True)
class KnownDelays:
    """Delays of one company, read once for several questions."""

    company_id: int
    everybody: Delay
    clients: dict[int, Delay]


class CrmTreasuryReceipt(models.Model):
    """What clients owe, one row per open amount, and when it is expected.

    Computed by the database as it reads, with the rules of lib.treasury: a payment
    shows at once and the sum of a list is the number of the board. Credits of a client
    are deducted at once: nobody knows which invoice they will pay.
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
            "res.partner",
        ):
            self.env[name].flush_model()

    # === Query === #

    @api.model
    def web_search_read(self, domain, specification, *args, **kwargs):
        """Read the history of clients once for a page, its order and its count."""
        known = tuple(self._get_delays(company) for company in self.env.companies)
        receipts = self.with_context(**{DELAYS_KEY: known})
        return super(CrmTreasuryReceipt, receipts).web_search_read(
            domain, specification, *args, **kwargs
        )

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Find a page first, then read it: sorting all rows needs no history."""
        if limit is None:
            return super().search_fetch(domain, field_names, offset, limit, order)
        records = super().search_fetch(domain, [], offset, limit, order)
        records.fetch(field_names)
        return records

    def fetch(self, field_names=None):
        """Read the rows of a page without computing all the others."""
        return super(
            CrmTreasuryReceipt, self.with_context(**{ONLY_KEY: tuple(self.ids)})
        ).fetch(field_names)

    @api.model
    def _get_only_lines(self):
        """Return the condition of the rows asked for, see `fetch`."""
        ids = self.env.context.get(ONLY_KEY)
        if not isinstance(ids, tuple):
            return SQL("TRUE")
        return SQL("line.id = ANY(%s)", [id_ // ID_FACTOR for id_ in ids])

    @api.model
    def _get_query(self, today):
        return SQL(
            "WITH %s, rates AS (%s), planned AS (%s), owed AS (%s) %s",
            self._select_known_delays(today),
            self._select_rates(today),
            self._select_planned(),
            self._select_owed(),
            self._select_receipts(today),
        )

    @api.model
    def _select_known_delays(self, today):
        """Delays given by who asked once, or computed here."""
        given = self._get_given_delays()
        if given is None:
            return SQL(
                "history AS (%s), delays AS (%s), everybody AS (%s)",
                self._select_history(today),
                self._select_delays(),
                self._select_everybody(),
            )
        clients = [
            (known.company_id, partner_id, delay.p50, delay.p90)
            for known in given
            for partner_id, delay in known.clients.items()
        ]
        everybody = [
            (known.company_id, known.everybody.p50, known.everybody.p90)
            for known in given
            if known.everybody.source == "company"
        ]
        return SQL(
            "delays AS (%s), everybody AS (%s)",
            self._select_rows(("company_id", "partner_id", "p50", "p90"), clients),
            self._select_rows(("company_id", "p50", "p90"), everybody),
        )

    @api.model
    def _select_rows(self, names, rows):
        """Return the query of known rows of integers."""
        columns = [[row[position] for row in rows] for position in range(len(names))]
        return SQL(
            "SELECT * FROM unnest(%s) AS known (%s)",
            SQL(", ").join(SQL("%s::integer[]", column) for column in columns),
            SQL(", ").join(map(SQL.identifier, names)),
        )

    @api.model
    def _get_given_delays(self):
        """Return the KnownDelays of the context, None when there are none."""
        given = self.env.context.get(DELAYS_KEY)
        if isinstance(given, KnownDelays):
            return (given,)
        is_known = isinstance(given, tuple) and all(
            isinstance(known, KnownDelays) for known in given
        )
        return given if is_known else None

    @api.model
    def _get_journal_ids(self, *types):
        """Return journals by kind: known numbers let the database plan well."""
        # sudo: which journals exist is no secret of these lists
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return journals.search(
            [("type", "in", types), ("company_id", "in", self.env.companies.ids)]
        ).ids

    @api.model
    def _get_receivable_ids(self):
        # sudo: as above
        accounts = self.env["account.account"].sudo().with_context(active_test=False)
        return accounts.search(
            [("account_type", "=", "asset_receivable"), ("non_trade", "=", False)]
        ).ids

    @api.model
    def _select_history(self, today):
        """Days between due date and last payment of what was paid in full.

        A payment before its invoice counts on the day of the invoice. Journals tell
        credit notes from payments. See account_move_line_history for the indexes.
        """
        return SQL(
            """
            SELECT line.partner_id, line.company_id,
                   MAX(part.max_date) - line.date_maturity AS delay
              FROM account_move_line line
              JOIN account_partial_reconcile part ON part.debit_move_id = line.id
             WHERE line.display_type = 'payment_term' AND line.parent_state = 'posted'
               AND line.reconciled AND line.balance > 0
               AND line.date_maturity BETWEEN %(today)s::date - %(days)s AND %(today)s
               AND line.company_id = ANY(%(companies)s)
               AND line.journal_id = ANY(%(sales)s)
               AND part.credit_move_id NOT IN (
                    SELECT credit.id FROM account_move_line credit
                     WHERE credit.display_type = 'payment_term' AND credit.balance < 0
                       AND credit.journal_id = ANY(%(sales)s))
          GROUP BY line.id, line.partner_id, line.company_id, line.date_maturity
            """,
            today=today,
            days=HISTORY_DAYS,
            companies=self.env.companies.ids,
            sales=self._get_journal_ids("sale"),
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
    def _select_planned(self):
        """Invoices under an agreed plan: their instalments stand for them."""
        return SQL(
            """
            SELECT move.id AS move_id, plan.id AS plan_id,
                   plan.amount_residual::numeric AS amount_residual
              FROM crm_instalment_plan plan
              JOIN account_move move ON move.instalment_plan_id = plan.id
             WHERE plan.state = 'agreed' AND plan.amount_residual > 0
            """
        )

    @api.model
    def _select_owed(self):
        """Open amounts of receivable accounts; of a plan, its instalments.

        The open amount of an invoice under an agreed plan is shared among the
        instalments that are left, each as a part of what the plan still asks for.
        """
        line_values = SQL(
            """
              FROM account_move_line line
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
         LEFT JOIN planned ON planned.move_id = line.move_id
            """
        )
        is_owed = SQL(
            """
            line.account_id = ANY(%s) AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual <> 0
               AND line.company_id = ANY(%s) AND %s
            """,
            self._get_receivable_ids(),
            self.env.companies.ids,
            self._get_only_lines(),
        )
        return SQL(
            """
            SELECT line.id AS line_id, NULL::integer AS instalment_id, line.move_id,
                   partner.commercial_partner_id AS partner_id,
                   line.company_id, line.currency_id,
                   COALESCE(line.date_maturity, line.date) AS date_due,
                   line.amount_residual_currency::numeric AS amount_currency,
                   line.amount_residual::numeric AS amount
            %(values)s
             WHERE %(is_owed)s AND planned.move_id IS NULL
         UNION ALL
            SELECT line.id, part.id, line.move_id, partner.commercial_partner_id,
                   line.company_id, line.currency_id, part.date_due,
                   ROUND(line.amount_residual_currency::numeric
                         * part.amount_residual::numeric / planned.amount_residual,
                         currency.decimal_places),
                   ROUND(line.amount_residual::numeric * part.amount_residual::numeric
                         / planned.amount_residual, company_currency.decimal_places)
            %(values)s
              JOIN crm_instalment part
                ON part.plan_id = planned.plan_id AND part.amount_residual > 0
              JOIN res_currency currency ON currency.id = line.currency_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_currency company_currency
                ON company_currency.id = company.currency_id
             WHERE %(is_owed)s
            """,
            values=line_values,
            is_owed=is_owed,
        )

    @api.model
    def _select_receipts(self, today):
        """The rows; the delay common to all is asked for where a client has none."""
        common = "SELECT %s FROM everybody WHERE everybody.company_id = owed.company_id"
        return SQL(
            """
            SELECT owed.line_id::bigint * %(factor)s
                       + COALESCE(owed.instalment_id, 0) %% %(factor)s AS id,
                   owed.line_id, owed.move_id, owed.company_id, owed.currency_id,
                   owed.partner_id,
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
                         WHEN EXISTS (%(common50)s) THEN 'company'
                         ELSE 'terms' END) AS delay_source,
                   COALESCE(delays.p50, (%(common50)s), 0) AS delay_p50,
                   COALESCE(delays.p90, (%(common90)s), 0) AS delay_p90,
                   (CASE WHEN owed.amount < 0 THEN %(today)s::date
                         ELSE GREATEST(%(today)s::date, owed.date_due
                             + COALESCE(delays.p50, (%(common50)s), 0)) END)
                       AS date_p50,
                   (CASE WHEN owed.amount < 0 THEN %(today)s::date
                         ELSE GREATEST(%(today)s::date, owed.date_due
                             + COALESCE(delays.p90, (%(common90)s), 0)) END) AS date_p90
              FROM owed
              JOIN res_company company ON company.id = owed.company_id
              JOIN res_currency company_currency
                ON company_currency.id = company.currency_id
         LEFT JOIN rates ON rates.company_id = owed.company_id
               AND rates.currency_id = owed.currency_id
         LEFT JOIN delays ON delays.company_id = owed.company_id
               AND delays.partner_id = owed.partner_id
            """,
            today=today,
            factor=ID_FACTOR,
            common50=SQL(common, SQL("p50")),
            common90=SQL(common, SQL("p90")),
        )

    # === What forecasts of other documents ask === #

    @api.model
    def _get_delays(self, company):
        """Return the KnownDelays of one company."""
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
        return KnownDelays(company.id, everybody, found)

    # === Buttons === #

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }
