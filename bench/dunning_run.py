"""Ten thousand late invoices reminded in one run: time, queries, one message each.

A scratch database gets that many clients with one late invoice each, its PDF already
stored, by SQL; then the run of the day is made a few hundred clients at a time, as the
scheduler does. A second run must send nothing.
"""

import base64
import os
import time

import psycopg2
from _invoices import dsn_from_environment
from _odoo_client import OdooClient, print_table

COUNT = int(os.environ.get("CRM_BENCH_REMINDERS", "10000"))
CHUNK = 400
PDF = b"%PDF-1.4 " + b"x" * 60_000
LIMIT_QUERIES = 6
FILL = """
WITH sale AS (
    SELECT id FROM account_journal
     WHERE company_id = %(company)s AND type = 'sale' ORDER BY sequence, id LIMIT 1
), receivable AS (
    SELECT account.id FROM account_account account
      JOIN account_account_res_company_rel rel
        ON rel.account_account_id = account.id AND rel.res_company_id = %(company)s
     WHERE account_type = 'asset_receivable' AND NOT non_trade
     ORDER BY account.id LIMIT 1
), clients AS (
    INSERT INTO res_partner (name, complete_name, is_company, active, type, email,
                             street, city, lang, autopost_bills)
    SELECT 'Late ' || n, 'Late ' || n, TRUE, TRUE, 'contact',
           'late' || n || '@example.com', '1 rue', 'Paris', 'fr_FR', 'ask'
      FROM generate_series(1, %(count)s) n
    RETURNING id, name
), owners AS (
    SELECT id, name, row_number() OVER (ORDER BY id) AS n FROM clients
), moves AS (
    INSERT INTO account_move (
        name, sequence_prefix, sequence_number, state, move_type, auto_post, date,
        invoice_date, invoice_date_due, journal_id, company_id, currency_id,
        partner_id, commercial_partner_id, amount_untaxed, amount_tax, amount_total,
        amount_residual, amount_untaxed_signed, amount_total_signed,
        amount_residual_signed, amount_total_in_currency_signed,
        invoice_currency_rate, payment_state, ref, create_date, write_date,
        create_uid, write_uid)
    SELECT 'LATE/' || lpad(n::text, 7, '0'), 'LATE/', n, 'posted', 'out_invoice', 'no',
           %(due)s::date - 30, %(due)s::date - 30, %(due)s::date, sale.id, %(company)s,
           %(currency)s, owners.id, owners.id, 1200, 0, 1200, 1200, 1200, 1200, 1200,
           1200, 1, 'not_paid', 'bench late', now(), now(), 1, 1
      FROM owners, sale
    RETURNING id, name, partner_id, journal_id
), lines AS (
    INSERT INTO account_move_line (
        move_id, move_name, parent_state, display_type, account_id, journal_id,
        company_id, company_currency_id, currency_id, partner_id, date, invoice_date,
        date_maturity, name, debit, credit, balance, amount_currency, amount_residual,
        amount_residual_currency, reconciled, quantity, sequence, create_date)
    SELECT moves.id, moves.name, 'posted', 'payment_term', receivable.id,
           moves.journal_id, %(company)s, %(currency)s, %(currency)s,
           moves.partner_id, %(due)s::date - 30, %(due)s::date - 30, %(due)s::date,
           'bench', 1200, 0, 1200, 1200, 1200, 1200, FALSE, 1, 100, now()
      FROM moves, receivable
), files AS (
    INSERT INTO ir_attachment (
        name, type, res_model, res_field, res_id, company_id, store_fname, file_size,
        checksum, mimetype, public, create_uid, create_date)
    SELECT moves.name || '.pdf', 'binary', 'account.move', 'invoice_pdf_report_file',
           moves.id, %(company)s, pdf.store_fname, pdf.file_size, pdf.checksum,
           'application/pdf', FALSE, 1, now()
      FROM moves, ir_attachment pdf WHERE pdf.id = %(pdf)s
)
SELECT count(*) FROM moves
"""
OWN = "UPDATE res_partner SET commercial_partner_id = id WHERE name LIKE 'Late %'"
CODE = """
company = env.company
engine = env['crm.dunning.engine'].sudo().with_company(company)
start = env.cr.sql_log_count
today = company._get_dunning_today()
# Benches run on Sundays too.
day = company._get_dunning_calendar(today).next_open(today)
messages = engine._run_clients(company, env.context['client_ids'], day)
env.flush_all()
action = {
    'type': 'ir.actions.act_window_close',
    'queries': env.cr.sql_log_count - start,
    'messages': len(messages),
}
"""


def prepare(client, company_id):
    """Fill the database; return the ids of the clients."""
    call = client.call
    (company,) = call("res.company", "read", [company_id], ["currency_id"])
    (policy,) = call(
        "crm.dunning.policy",
        "search_read",
        [["is_default", "=", True]],
        ["id"],
        limit=1,
    )
    call("res.company", "write", [company_id], {"dunning_policy_id": policy["id"]})
    pdf = call(
        "ir.attachment",
        "create",
        {"name": "bench.pdf", "datas": base64.b64encode(PDF).decode()},
    )
    pdf_id = pdf[0] if isinstance(pdf, list) else pdf
    # Ten days late: the firm reminder, also when the next open day is some days away.
    due = time.strftime("%Y-%m-%d", time.localtime(time.time() - 10 * 86400))
    values = {
        "company": company_id,
        "currency": company["currency_id"][0],
        "count": COUNT,
        "due": due,
        "pdf": pdf_id,
    }
    with (
        psycopg2.connect(dsn_from_environment()) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(FILL, values)
        cursor.execute(OWN)
        cursor.execute("SELECT id FROM res_partner WHERE name LIKE 'Late %'")
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("ANALYZE")
    return sorted(ids)


def run(client, action_id, company_id, client_ids):
    """Make the run; return seconds, queries and messages."""
    seconds = queries = messages = 0
    for start in range(0, len(client_ids), CHUNK):
        context = {
            "client_ids": client_ids[start : start + CHUNK],
            "allowed_company_ids": [company_id],
        }
        answer, took = client.timed_call(
            "ir.actions.server", "run", [action_id], context=context
        )
        seconds += took
        queries += answer["queries"]
        messages += answer["messages"]
    return seconds, queries, messages


def main():
    client = OdooClient().login()
    login = os.environ.get("CRM_BENCH_LOGIN", "admin")
    (user,) = client.call(
        "res.users", "search_read", [["login", "=", login]], ["company_id"], limit=1
    )
    company_id = user["company_id"][0]
    model = client.call(
        "ir.model", "search", [["model", "=", "crm.dunning.engine"]], limit=1
    )
    action = client.call(
        "ir.actions.server",
        "create",
        {"name": "bench", "model_id": model[0], "state": "code", "code": CODE},
    )
    action_id = action[0] if isinstance(action, list) else action
    client_ids = prepare(client, company_id)
    seconds, queries, messages = run(client, action_id, company_id, client_ids)
    again, _queries, twice = run(client, action_id, company_id, client_ids)
    print_table(
        f"{len(client_ids)} late invoices, one client each",
        [
            ("whole run", seconds, "s"),
            ("per document", seconds / len(client_ids) * 1000, "ms"),
            ("queries per document", queries / len(client_ids), ""),
            ("messages", messages, ""),
            ("second run", again, "s"),
            ("messages of the second run", twice, ""),
        ],
    )
    if messages != len(client_ids) or twice:
        raise SystemExit("not exactly one message per client")
    if queries / len(client_ids) > LIMIT_QUERIES:
        raise SystemExit(f"more than {LIMIT_QUERIES} queries per document")


if __name__ == "__main__":
    main()
