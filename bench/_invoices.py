"""Many posted invoices with payments, written by SQL in seconds. For benches only.

The rows are what Odoo itself would have written as far as lists, aged balance and
forecast read them: invoice, receivable line, income line, payment entry, matching.
Never run it on a database that matters.
"""

import configparser
import os

import psycopg2

# Spread of due dates around today, share paid, days of delay: fixed, no randomness.
SQL = """
CREATE TEMP TABLE facts ON COMMIT DROP AS
SELECT company.id AS company_id, company.currency_id, journal.id AS journal_id,
       bank.id AS bank_id, receivable.id AS receivable_id, income.id AS income_id,
       cash.id AS cash_id
  FROM res_company company
  JOIN LATERAL (SELECT id FROM account_journal WHERE company_id = company.id
                   AND type = 'sale' ORDER BY sequence, id LIMIT 1) journal ON TRUE
  JOIN LATERAL (SELECT id, default_account_id FROM account_journal
                 WHERE company_id = company.id AND type = 'bank'
                 ORDER BY sequence, id LIMIT 1) bank ON TRUE
  JOIN LATERAL (SELECT account.id FROM account_account account
                  JOIN account_account_res_company_rel rel
                    ON rel.account_account_id = account.id
                   AND rel.res_company_id = company.id
                 WHERE account_type = 'asset_receivable' AND NOT non_trade
                 ORDER BY account.id LIMIT 1) receivable ON TRUE
  JOIN LATERAL (SELECT account.id FROM account_account account
                  JOIN account_account_res_company_rel rel
                    ON rel.account_account_id = account.id
                   AND rel.res_company_id = company.id
                 WHERE account_type = 'income' ORDER BY account.id LIMIT 1) income
                 ON TRUE
  JOIN account_account cash ON cash.id = bank.default_account_id
 WHERE company.id = %(company)s;

INSERT INTO res_partner (name, complete_name, is_company, active, type, company_id,
                         email, autopost_bills)
SELECT 'Bench ' || n, 'Bench ' || n, TRUE, TRUE, 'contact', company_id,
       'bench' || n || '@example.com', 'ask'
  FROM facts, generate_series(1, %(clients)s) n;
UPDATE res_partner SET commercial_partner_id = id
 WHERE commercial_partner_id IS NULL AND name LIKE 'Bench %%';

CREATE TEMP TABLE plan ON COMMIT DROP AS
SELECT n, facts.*, clients.id AS partner_id,
       CURRENT_DATE - 400 + (n %% 460) AS due,
       (50 + n %% 950)::numeric AS amount,
       -- four of five due in the past are paid
       (n %% 460 < 400 AND n %% 5 <> 0) AS is_paid,
       (n %% 37)::integer - 5 AS delay
  FROM facts, generate_series(1, %(count)s) n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS position
          FROM res_partner WHERE name LIKE 'Bench %%') clients
    ON clients.position = n %% %(clients)s;

INSERT INTO account_move (
    name, sequence_prefix, sequence_number, state, move_type, auto_post, date,
    invoice_date, invoice_date_due, journal_id, company_id, currency_id, partner_id,
    commercial_partner_id, amount_untaxed, amount_tax, amount_total, amount_residual,
    amount_untaxed_signed, amount_total_signed, amount_residual_signed,
    amount_total_in_currency_signed, invoice_currency_rate, payment_state,
    invoice_partner_display_name, ref, create_date, write_date, create_uid, write_uid)
SELECT 'BENCH/' || lpad(n::text, 7, '0'), 'BENCH/', n, 'posted', 'out_invoice', 'no',
       due - 30, due - 30, due, journal_id, company_id, currency_id, partner_id,
       partner_id, amount, 0, amount, CASE WHEN is_paid THEN 0 ELSE amount END, amount,
       amount, CASE WHEN is_paid THEN 0 ELSE amount END, amount, 1,
       CASE WHEN is_paid THEN 'paid' ELSE 'not_paid' END, 'Bench', 'bench', now(),
       now(), 1, 1
  FROM plan;
INSERT INTO account_move (
    name, state, move_type, auto_post, date, journal_id, company_id, currency_id,
    partner_id, commercial_partner_id, amount_total, payment_state, ref, create_date,
    write_date)
SELECT 'BENCHPAY/' || lpad(n::text, 7, '0'), 'posted', 'entry', 'no', due + delay,
       bank_id, company_id, currency_id, partner_id, partner_id, amount, 'not_paid',
       'bench', now(), now()
  FROM plan WHERE is_paid;

INSERT INTO account_move_line (
    move_id, move_name, parent_state, display_type, account_id, journal_id, company_id,
    company_currency_id, currency_id, partner_id, date, invoice_date, date_maturity,
    name, debit, credit, balance, amount_currency, amount_residual,
    amount_residual_currency, reconciled, quantity, price_unit, price_subtotal,
    price_total, sequence, create_date)
SELECT move.id, move.name, 'posted', side.kind,
       CASE side.kind WHEN 'payment_term' THEN receivable_id ELSE income_id END,
       plan.journal_id, plan.company_id, plan.currency_id, plan.currency_id,
       plan.partner_id, move.date, move.date,
       CASE side.kind WHEN 'payment_term' THEN plan.due END, 'bench',
       CASE side.kind WHEN 'payment_term' THEN amount ELSE 0 END,
       CASE side.kind WHEN 'payment_term' THEN 0 ELSE amount END,
       CASE side.kind WHEN 'payment_term' THEN amount ELSE -amount END,
       CASE side.kind WHEN 'payment_term' THEN amount ELSE -amount END,
       CASE WHEN side.kind = 'payment_term' AND NOT is_paid THEN amount ELSE 0 END,
       CASE WHEN side.kind = 'payment_term' AND NOT is_paid THEN amount ELSE 0 END,
       side.kind = 'payment_term' AND is_paid, 1, amount, amount, amount, 100, now()
  FROM plan
  JOIN account_move move ON move.name = 'BENCH/' || lpad(plan.n::text, 7, '0')
   AND move.company_id = plan.company_id
 CROSS JOIN (VALUES ('payment_term'), ('product')) side (kind);
INSERT INTO account_move_line (
    move_id, move_name, parent_state, display_type, account_id, journal_id, company_id,
    company_currency_id, currency_id, partner_id, date, date_maturity, name, debit,
    credit, balance, amount_currency, amount_residual, amount_residual_currency,
    reconciled, sequence, create_date)
SELECT move.id, move.name, 'posted', side.kind,
       CASE side.sign WHEN -1 THEN receivable_id ELSE cash_id END, bank_id,
       plan.company_id, plan.currency_id, plan.currency_id, plan.partner_id, move.date,
       move.date, 'bench', CASE side.sign WHEN 1 THEN amount ELSE 0 END,
       CASE side.sign WHEN -1 THEN amount ELSE 0 END, side.sign * amount,
       side.sign * amount, 0, 0, side.sign = -1, 100, now()
  FROM plan
  JOIN account_move move ON move.name = 'BENCHPAY/' || lpad(plan.n::text, 7, '0')
   AND move.company_id = plan.company_id
 CROSS JOIN (VALUES ('payment_term', -1), ('product', 1)) side (kind, sign);
INSERT INTO account_partial_reconcile (
    debit_move_id, credit_move_id, amount, debit_amount_currency,
    credit_amount_currency, debit_currency_id, credit_currency_id, company_id,
    max_date, create_date)
SELECT owed.id, paid.id, owed.debit, owed.debit, owed.debit, owed.currency_id,
       owed.currency_id, owed.company_id, GREATEST(owed.date, paid.date), now()
  FROM plan
  JOIN account_move_line owed
    ON owed.move_name = 'BENCH/' || lpad(plan.n::text, 7, '0')
   AND owed.display_type = 'payment_term' AND owed.company_id = plan.company_id
  JOIN account_move_line paid
    ON paid.move_name = 'BENCHPAY/' || lpad(plan.n::text, 7, '0')
   AND paid.display_type = 'payment_term' AND paid.company_id = plan.company_id
 WHERE plan.is_paid;
"""
TABLES = (
    "account_move", "account_move_line", "account_partial_reconcile", "res_partner",
)  # fmt: skip


def dsn_from_environment():
    """Return where the scratch database is: `CRM_BENCH_DSN`, or the server's own."""
    if dsn := os.environ.get("CRM_BENCH_DSN"):
        return dsn
    conf = configparser.ConfigParser(interpolation=None)
    path = os.environ.get("CRM_BENCH_CONF", "")
    if not conf.read(path):
        raise SystemExit("Set CRM_BENCH_DSN, or CRM_BENCH_CONF to the server's file.")
    options = conf["options"]
    parts = {
        "dbname": os.environ.get("CRM_BENCH_DB") or options.get("db_name"),
        "host": options.get("db_host"),
        "port": options.get("db_port"),
        "user": options.get("db_user"),
        "password": options.get("db_password"),
    }
    found = {k: v for k, v in parts.items() if v and v != "False"}
    return " ".join(f"{key}='{value}'" for key, value in found.items())


def generate(dsn, company_id, count=100_000, clients=1_000):
    """Write `count` posted invoices of a company; of the old ones, 4 in 5 are paid."""
    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute(SQL, {"company": company_id, "count": count, "clients": clients})
    connection.autocommit = True
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
    connection.close()
