from odoo import api, fields, models
from odoo.tools import SQL

AGES = [
    ("0_30", "1 to 30 days"),
    ("31_60", "31 to 60 days"),
    ("61_90", "61 to 90 days"),
    ("over_90", "Over 90 days"),
]

# Key of the context that only the server fills: other types are ignored.
ONLY_KEY = "crm_late_only"


class CrmLateInvoice(models.Model):
    """Invoices late today with their interest, computed by the database as it reads.

    The sums are those of lib.late_interest; a test compares them. Nothing is stored:
    a payment or a new rate shows at once.
    """

    _name = "crm.late.invoice"
    _description = "Late Invoice"
    _auto = False
    _rec_name = "move_id"
    _order = "date_due, id"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="avg")
    age = fields.Selection(AGES, string="Late by", readonly=True)
    amount_residual = fields.Monetary(
        string="Left to Pay", readonly=True, aggregator=None
    )
    amount_residual_company = fields.Monetary(
        string="Left to Pay, Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    interest = fields.Monetary(
        string="Late Interest",
        readonly=True,
        aggregator=None,
        help="Left to claim up to today; empty when a half-year's rate is missing.",
    )
    interest_company = fields.Monetary(
        string="Late Interest, Company Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="Converted at the rate of the invoice.",
    )
    fee_company = fields.Monetary(
        string="Recovery Fee", currency_field="company_currency_id", readonly=True
    )
    rate_missing = fields.Boolean(readonly=True)

    @property
    def _table_query(self):
        self.env["account.move"].flush_model()
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.env["res.partner"].flush_model()
        self.env["crm.late.charge"].flush_model()
        self.env["crm.instalment.plan"].flush_model()
        return self._get_query(fields.Date.context_today(self))

    # === Facts the database cannot work out alone === #

    @api.model
    def _get_terms_values(self):
        """Return rows (company, kind of client, first day, last day, rate)."""
        samples = {
            "business": {"is_company": True},
            "public": {"is_company": True, "is_public_buyer": True},
            "consumer": {},
        }
        rows = []
        # sudo: readers of the list need no right on the settings
        companies = self.env["res.company"].sudo()
        for company in companies.search([("late_interest_method", "!=", False)]):
            for kind, values in samples.items():
                partner = self.env["res.partner"].new(values)
                periods, _references = company._get_late_interest_terms(partner)
                rows += [
                    SQL(
                        "(%s, %s, %s::date, %s::date, %s::numeric)",
                        company.id,
                        kind,
                        period.start,
                        period.end,
                        period.rate,
                    )
                    for period in periods
                ]
        return rows or [SQL("(0, '', NULL::date, NULL::date, NULL::numeric)")]

    @api.model
    def _get_consumer_ids(self, today):
        """Return clients of open late invoices that are no business.

        A company always is one: only the others are asked, in Python, because a
        country adds its own registers there.
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT partner.commercial_partner_id
                  FROM res_partner partner
                 WHERE partner.is_company IS NOT TRUE
                   AND EXISTS (
                       SELECT 1 FROM account_move_line line
                        WHERE line.partner_id = partner.id
                          AND line.display_type = 'payment_term'
                          AND line.parent_state = 'posted'
                          AND line.reconciled IS NOT TRUE
                          AND line.balance > 0 AND line.date_maturity < %s)
                """,
                today,
            )
        )
        ids = [partner_id for (partner_id,) in self.env.cr.fetchall()]
        # sudo: kinds of clients are no secret of the list
        partners = self.env["res.partner"].sudo().browse(ids)
        return partners.filtered(lambda p: not p._is_business_customer()).ids

    # === Query === #

    @api.model
    def _get_query(self, today):
        return SQL(
            "WITH terms (company_id, kind, start_day, end_day, rate) AS (VALUES %s),"
            " opened AS (%s), lines AS (%s), settled AS (%s), counted AS (%s),"
            " figures AS (%s), late AS (%s) %s",
            SQL(", ").join(self._get_terms_values()),
            self._select_open(today),
            self._select_lines(today),
            self._select_settled(),
            self._select_counted(),
            self._select_figures(),
            self._select_late(),
            self._select_invoices(today),
        )

    def fetch(self, field_names=None):
        """Read the rows of a page without computing all the others."""
        return super(
            CrmLateInvoice, self.with_context(**{ONLY_KEY: tuple(self.ids)})
        ).fetch(field_names)

    @api.model
    def _get_only_moves(self):
        ids = self.env.context.get(ONLY_KEY)
        if not isinstance(ids, tuple):
            return SQL("TRUE")
        return SQL("line.move_id = ANY(%s)", list(ids))

    @api.model
    def _select_open(self, today):
        """Invoices with an amount that is late and open, from the open lines."""
        return SQL(
            """
            SELECT line.move_id, line.company_id, MIN(line.date_maturity) AS date_due
              FROM account_move_line line
             WHERE line.display_type = 'payment_term' AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE AND line.amount_residual_currency > 0
               AND line.balance > 0 AND line.date_maturity < %(today)s
               AND line.journal_id = ANY(%(sales)s) AND %(only)s
               AND NOT EXISTS (SELECT 1 FROM crm_late_charge charge
                                WHERE charge.debit_move_id = line.move_id)
          GROUP BY line.move_id, line.company_id
            """,
            today=today,
            sales=self.env["crm.treasury.receipt"]._get_journal_ids("sale"),
            only=self._get_only_moves(),
        )

    @api.model
    def _select_lines(self, today):
        """Amounts due before today on open invoices, and the days that count."""
        return SQL(
            """
            SELECT line.id, line.move_id, move.company_id,
                   line.amount_currency::numeric AS amount,
                   line.amount_residual_currency > 0 AS is_open,
                   line.date_maturity AS due, kinds.kind,
                   (CASE WHEN kinds.kind = 'consumer'
                         THEN GREATEST(line.date_maturity, move.formal_notice_date)
                         ELSE line.date_maturity END) AS due_from,
                   (kinds.kind <> 'consumer'
                    OR move.formal_notice_date IS NOT NULL) AS owes,
                   LEAST(%(today)s::date, partner.insolvency_date,
                         plan.agreed_on::date) AS until,
                   partner.insolvency_date, claims.claimed_until,
                   COALESCE(claims.fee, 0) AS fee_claimed
              FROM opened
              JOIN account_move_line line ON line.move_id = opened.move_id
              JOIN account_move move ON move.id = opened.move_id
              JOIN res_partner partner ON partner.id = move.commercial_partner_id
              JOIN LATERAL (SELECT CASE
                       WHEN partner.id = ANY(%(consumers)s) THEN 'consumer'
                       WHEN partner.is_public_buyer THEN 'public'
                       ELSE 'business' END AS kind) kinds ON TRUE
         LEFT JOIN crm_instalment_plan plan
                ON plan.id = move.instalment_plan_id AND plan.state = 'agreed'
         LEFT JOIN (SELECT move_id, MAX(date_to) AS claimed_until, SUM(fee) AS fee
                      FROM crm_late_charge WHERE stands GROUP BY move_id) claims
                ON claims.move_id = move.id
             WHERE line.display_type = 'payment_term' AND line.amount_currency > 0
               AND line.date_maturity < %(today)s
            """,
            today=today,
            consumers=self._get_consumer_ids(today),
        )

    @api.model
    def _select_settled(self):
        """Payments and credit notes of those lines."""
        return SQL(
            """
            SELECT part.debit_move_id AS line_id,
                   (CASE WHEN entry.move_type = 'out_refund'
                         THEN credit.date - 1 ELSE credit.date END) AS day,
                   part.debit_amount_currency::numeric AS amount
              FROM lines
              JOIN account_partial_reconcile part ON part.debit_move_id = lines.id
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_move entry ON entry.id = credit.move_id
            """
        )

    @api.model
    def _select_counted(self):
        """The first day not claimed before, the last one, and what was late."""
        return SQL(
            """
            SELECT lines.*, GREATEST(lines.due_from, lines.claimed_until) AS start,
                   lines.amount - COALESCE(paid.until_due, 0) AS late_amount,
                   (CASE WHEN lines.is_open THEN lines.until
                         ELSE LEAST(lines.until, paid.last_day) END) AS last_day
              FROM lines
         LEFT JOIN (
                SELECT settled.line_id, MAX(settled.day) AS last_day,
                       SUM(settled.amount) FILTER (
                           WHERE settled.day <= lines.due_from) AS until_due
                  FROM settled JOIN lines ON lines.id = settled.line_id
              GROUP BY settled.line_id) paid ON paid.line_id = lines.id
            """
        )

    @api.model
    def _select_figures(self):
        """Base x rate x days and days of each line: the amount, less what was paid."""
        days = SQL(
            "GREATEST(0, LEAST(last_day, terms.end_day)"
            " - GREATEST(start + 1, terms.start_day) + 1)"
        )
        paid_days = SQL(
            "GREATEST(0, LEAST(last_day, terms.end_day)"
            " - GREATEST(GREATEST(start, settled.day) + 1, terms.start_day) + 1)"
        )
        applies = SQL(
            """
            terms.company_id = counted.company_id AND terms.kind = counted.kind
               AND terms.start_day <= counted.last_day
               AND terms.end_day > counted.start
            """
        )
        return SQL(
            """
            SELECT parts.line_id, SUM(parts.days) AS days, SUM(parts.product) AS product
              FROM (
                SELECT counted.id AS line_id, %(days)s AS days,
                       terms.rate * counted.amount * %(days)s AS product
                  FROM counted JOIN terms ON %(applies)s
                 WHERE counted.owes AND counted.late_amount > 0
             UNION ALL
                SELECT counted.id, 0, -terms.rate * settled.amount * %(paid_days)s
                  FROM counted JOIN settled ON settled.line_id = counted.id
                  JOIN terms ON %(applies)s
                 WHERE counted.owes AND counted.late_amount > 0) parts
          GROUP BY parts.line_id
            """,
            days=days,
            paid_days=paid_days,
            applies=applies,
        )

    @api.model
    def _select_late(self):
        """Interest and fee per invoice, and whether a rate is missing."""
        return SQL(
            """
            SELECT counted.move_id, SUM(figures.product) AS product,
                   BOOL_OR(counted.owes AND settings.late_interest_method IS NOT NULL
                           AND counted.late_amount > 0
                           AND COALESCE(figures.days, 0)
                               < GREATEST(0, counted.last_day - counted.start)
                           AND (counted.kind <> 'consumer' OR
                                settings.late_interest_consumer_reference_id
                                IS NOT NULL)) AS rate_missing,
                   BOOL_OR(counted.owes AND counted.kind <> 'consumer'
                           AND settings.late_interest_method IS NOT NULL
                           AND counted.fee_claimed = 0 AND counted.late_amount > 0
                           AND counted.until > counted.due) AS owes_fee,
                   MIN(counted.due) FILTER (WHERE counted.late_amount > 0)
                       AS first_due,
                   MIN(counted.insolvency_date) AS insolvency_date
              FROM counted
              JOIN res_company settings ON settings.id = counted.company_id
         LEFT JOIN figures ON figures.line_id = counted.id
          GROUP BY counted.move_id
            """
        )

    @api.model
    def _select_invoices(self, today):
        interest = SQL(
            "CASE WHEN late.rate_missing THEN NULL ELSE"
            " ROUND(COALESCE(late.product, 0) / 36500, currency.decimal_places) END"
        )
        return SQL(
            """
            SELECT opened.move_id AS id, opened.move_id,
                   move.commercial_partner_id AS partner_id, opened.company_id,
                   move.currency_id, company.currency_id AS company_currency_id,
                   move.invoice_date, opened.date_due,
                   %(today)s::date - opened.date_due AS days_late,
                   (CASE WHEN %(today)s::date - opened.date_due <= 30 THEN '0_30'
                         WHEN %(today)s::date - opened.date_due <= 60 THEN '31_60'
                         WHEN %(today)s::date - opened.date_due <= 90 THEN '61_90'
                         ELSE 'over_90' END) AS age,
                   move.amount_residual,
                   move.amount_residual_signed AS amount_residual_company,
                   %(interest)s AS interest,
                   ROUND(%(interest)s
                         / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1)::numeric,
                         company_currency.decimal_places) AS interest_company,
                   (CASE WHEN late.owes_fee AND (late.insolvency_date IS NULL
                              OR late.insolvency_date > late.first_due + 1)
                         THEN company.late_interest_fee ELSE 0 END) AS fee_company,
                   COALESCE(late.rate_missing, FALSE) AS rate_missing
              FROM opened
         LEFT JOIN account_move move ON move.id = opened.move_id
         LEFT JOIN res_company company ON company.id = opened.company_id
         LEFT JOIN res_currency currency ON currency.id = move.currency_id
         LEFT JOIN res_currency company_currency
                ON company_currency.id = company.currency_id
         LEFT JOIN late ON late.move_id = opened.move_id
            """,
            today=today,
            interest=interest,
        )

    # === Buttons === #

    def action_open_invoice(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }

    def action_view_late_rates(self):
        """Open the table where the missing half-year is added."""
        self.ensure_one()
        return self.move_id.action_view_late_rates()

    def action_create_late_charge(self):
        """Draft the debit notes of the chosen invoices."""
        return self.move_id.action_create_late_charge()
