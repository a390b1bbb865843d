"""A payout of 5,000 movements: read, booked, matched with its bank line, compared.

So many invoices are paid by card at the stand-in first (not measured). Then Stripe
pays out, and each step is timed as its user sees it: from the event to all lines
stored, to the entry posted, from the bank line to everything reconciled, and the
comparison with the books. The reference is a payout of a tenth of the size in the
same run: per movement, the large one may not cost more than twice as much.
"""

import datetime
import json
import os
import time
import urllib.request

import psycopg2
from _invoices import dsn_from_environment
from _job_log import JobLog
from _odoo_client import OdooClient, print_table

COUNT = int(os.environ.get("CRM_BENCH_MOVEMENTS", "5000"))
# A first payout fills the caches of the server.
WARM_UP = 20
AMOUNT_MINOR = 4800
LIMIT_RATIO = 2
PATIENCE_SECONDS = 3600
KEY = "sk_test_standin"
STEPS = ("read", "booked", "matched", "compared")
# One invoice paid by card, as an event of Stripe leaves it.
SELL = """
context = env.context
company = env['res.company'].browse(context['company_id'])
connection = env['crm.connection'].browse(context['connection_id'])
provider = connection.payment_provider_id
env = env(context={**context, 'lang': 'fr_FR', 'mail_notrack': True,
                   'tracking_disable': True, 'allowed_company_ids': company.ids})
partner = env['res.partner'].browse(context['partner_id'])
amount = context['amount'] / 100
move = env['account.move'].create(
    {'move_type': 'out_invoice', 'partner_id': partner.id, 'company_id': company.id,
     'invoice_line_ids': [(0, 0, {'name': 'Mesure', 'price_unit': amount / 1.2,
                                  'tax_ids': [(6, 0, [context['tax_id']])]})]})
move.action_post()
line = provider.journal_id.inbound_payment_method_line_ids.filtered(
    lambda x: x.payment_provider_id == provider)[:1]
payment = env['account.payment'].create(
    {'payment_type': 'inbound', 'partner_type': 'customer', 'partner_id': partner.id,
     'amount': amount, 'journal_id': provider.journal_id.id,
     'payment_method_line_id': line.id})
payment.action_post()
transaction = env['payment.transaction'].create(
    {'provider_id': provider.id, 'reference': 'BENCH-' + context['intent'],
     'payment_method_id': env.ref('payment.payment_method_card').id,
     'amount': amount, 'partner_id': partner.id, 'currency_id': company.currency_id.id,
     'operation': 'online_redirect', 'provider_reference': context['intent'],
     'state': 'done', 'is_post_processed': True, 'payment_id': payment.id,
     'invoice_ids': [(6, 0, move.ids)]})
payment.write({'payment_transaction_id': transaction.id})
(move + payment.move_id).line_ids.filtered(
    lambda x: x.account_id.account_type == 'asset_receivable').reconcile()
action = {'type': 'ir.actions.act_window_close', 'move': move.id,
          'payment': payment.id, 'transaction': transaction.id}
"""
# The same sale again for each other charge, every row with its own number.
COPY = """
CREATE TEMP TABLE sold ON COMMIT DROP AS
SELECT %(move)s::integer AS move, payment.move_id AS entry, payment.id AS payment,
       %(transaction)s::integer AS transaction
  FROM account_payment payment WHERE payment.id = %(payment)s;
CREATE TEMP TABLE charges ON COMMIT DROP AS
SELECT intent, n::integer FROM unnest(%(intents)s) WITH ORDINALITY known (intent, n);
CREATE TEMP TABLE copies (kind text, old integer, n integer, new integer)
    ON COMMIT DROP;
INSERT INTO copies
SELECT 'move', old, n, nextval('account_move_id_seq')
  FROM sold, unnest(ARRAY[move, entry]) old, charges;
INSERT INTO copies
SELECT 'line', line.id, n, nextval('account_move_line_id_seq')
  FROM account_move_line line JOIN sold ON line.move_id IN (sold.move, sold.entry),
       charges;
INSERT INTO copies
SELECT 'payment', payment, n, nextval('account_payment_id_seq') FROM sold, charges;
INSERT INTO copies
SELECT 'transaction', transaction, n, nextval('payment_transaction_id_seq')
  FROM sold, charges;
INSERT INTO copies
SELECT 'partial', part.id, n, nextval('account_partial_reconcile_id_seq')
  FROM account_partial_reconcile part
  JOIN copies line ON line.kind = 'line' AND line.old = part.debit_move_id;
INSERT INTO copies
SELECT 'full', line.full_reconcile_id, copy.n, nextval('account_full_reconcile_id_seq')
  FROM account_move_line line
  JOIN sold ON sold.move = line.move_id
  JOIN copies copy ON copy.kind = 'line' AND copy.old = line.id
 WHERE line.full_reconcile_id IS NOT NULL;
CREATE INDEX ON copies (kind, old, n);

INSERT INTO account_full_reconcile
SELECT row.* FROM copies copy
  JOIN account_full_reconcile origin ON origin.id = copy.old
 CROSS JOIN LATERAL jsonb_populate_record(
       origin, jsonb_build_object('id', copy.new)) row
 WHERE copy.kind = 'full';
INSERT INTO account_move
SELECT row.* FROM copies copy
  JOIN account_move origin ON origin.id = copy.old
 CROSS JOIN LATERAL jsonb_populate_record(origin, jsonb_build_object(
       'id', copy.new, 'origin_payment_id', NULL, 'access_token', NULL,
       'sequence_number', origin.sequence_number + copy.n,
       'name', origin.sequence_prefix || lpad(
            (origin.sequence_number + copy.n)::text,
            length(origin.name) - length(origin.sequence_prefix), '0'))) row
 WHERE copy.kind = 'move';
INSERT INTO account_payment
SELECT row.* FROM copies copy
  JOIN account_payment origin ON origin.id = copy.old
  JOIN copies move ON move.kind = 'move' AND move.n = copy.n
   AND move.old = origin.move_id
 CROSS JOIN LATERAL jsonb_populate_record(origin, jsonb_build_object(
       'id', copy.new, 'move_id', move.new, 'payment_transaction_id', NULL)) row
 WHERE copy.kind = 'payment';
INSERT INTO payment_transaction
SELECT row.* FROM copies copy
  JOIN payment_transaction origin ON origin.id = copy.old
  JOIN copies payment ON payment.kind = 'payment' AND payment.n = copy.n
  JOIN charges ON charges.n = copy.n
 CROSS JOIN LATERAL jsonb_populate_record(origin, jsonb_build_object(
       'id', copy.new, 'payment_id', payment.new,
       'reference', 'BENCH-' || charges.intent,
       'provider_reference', charges.intent)) row
 WHERE copy.kind = 'transaction';
UPDATE account_move SET origin_payment_id = payment.new
  FROM sold, copies entry, copies payment
 WHERE account_move.id = entry.new AND entry.kind = 'move' AND entry.old = sold.entry
   AND payment.kind = 'payment' AND payment.n = entry.n;
UPDATE account_payment SET payment_transaction_id = deal.new
  FROM copies payment, copies deal
 WHERE account_payment.id = payment.new AND payment.kind = 'payment'
   AND deal.kind = 'transaction' AND deal.n = payment.n;
INSERT INTO account_invoice_transaction_rel (transaction_id, invoice_id)
SELECT copy.new, move.new FROM copies copy
  JOIN sold ON TRUE
  JOIN copies move ON move.kind = 'move' AND move.n = copy.n AND move.old = sold.move
 WHERE copy.kind = 'transaction';
INSERT INTO account_move_line
SELECT row.* FROM copies copy
  JOIN account_move_line origin ON origin.id = copy.old
  JOIN copies move ON move.kind = 'move' AND move.n = copy.n
   AND move.old = origin.move_id
  JOIN account_move made ON made.id = move.new
  LEFT JOIN copies fully ON fully.kind = 'full' AND fully.n = copy.n
        AND fully.old = origin.full_reconcile_id
  LEFT JOIN copies payment ON payment.kind = 'payment' AND payment.n = copy.n
        AND payment.old = origin.payment_id
 CROSS JOIN LATERAL jsonb_populate_record(origin, jsonb_build_object(
       'id', copy.new, 'move_id', move.new, 'move_name', made.name,
       'full_reconcile_id', fully.new, 'matching_number', fully.new::text,
       'payment_id', payment.new)) row
 WHERE copy.kind = 'line';
INSERT INTO account_partial_reconcile
SELECT row.* FROM copies copy
  JOIN account_partial_reconcile origin ON origin.id = copy.old
  JOIN copies debit ON debit.kind = 'line' AND debit.n = copy.n
   AND debit.old = origin.debit_move_id
  JOIN copies credit ON credit.kind = 'line' AND credit.n = copy.n
   AND credit.old = origin.credit_move_id
  LEFT JOIN copies fully ON fully.kind = 'full' AND fully.n = copy.n
 CROSS JOIN LATERAL jsonb_populate_record(origin, jsonb_build_object(
       'id', copy.new, 'debit_move_id', debit.new, 'credit_move_id', credit.new,
       'full_reconcile_id', fully.new)) row
 WHERE copy.kind = 'partial';
"""


def ask_standin(route, **values):
    url = os.environ.get("CRM_STANDIN_STRIPE_URL")
    if not url:
        raise SystemExit("CRM_STANDIN_STRIPE_URL does not say where the stand-in is")
    request = urllib.request.Request(  # noqa: S310 - our own stand-in
        f"{url.rstrip('/')}/_standin/{route}",
        data=json.dumps(values).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
        return json.load(answer)


def first_id(answer):
    return answer[0] if isinstance(answer, list) else answer


def wait(what, is_done):
    """Return the seconds until the answer is yes."""
    started = time.perf_counter()
    while not is_done():
        if time.perf_counter() - started > PATIENCE_SECONDS:
            raise SystemExit(f"{what} did not happen")
        time.sleep(0.2)
    return time.perf_counter() - started


class Bench:
    """The demo company, its Stripe account, and what is measured on them."""

    def __init__(self):
        self.client = OdooClient().login()
        self.jobs = JobLog()
        connection = self.find_one(
            "crm.connection",
            ["provider", "=", "stripe"],
            ["payout_clearing_account_id", "!=", False],
            fields=["company_id"],
        )
        self.connection_id = connection["id"]
        self.company_id = connection["company_id"][0]
        of_company = ["company_id", "=", self.company_id]
        self.bank_id = self.find_one(
            "account.journal", of_company, ["type", "=", "bank"]
        )
        self.tax_id = self.find_one(
            "account.tax",
            of_company,
            ["type_tax_use", "=", "sale"],
            ["amount", "=", 20],
            ["price_include_override", "=", False],
        )
        self.partner_id = self.create(
            "res.partner",
            name="Mesure",
            street="1 rue de la Mesure",
            zip="75002",
            city="Paris",
            country_id=self.find_one("res.country", ["code", "=", "FR"]),
            company_id=self.company_id,
            lang="fr_FR",
        )
        model_id = self.find_one("ir.model", ["model", "=", "account.move"])
        self.action_id = self.create(
            "ir.actions.server",
            name="bench",
            model_id=model_id,
            state="code",
            code=SELL,
        )

    def call(self, model, method, *args, **context):
        companies = {"allowed_company_ids": [getattr(self, "company_id", 1)]}
        return self.client.call(model, method, *args, context={**companies, **context})

    def create(self, model, **values):
        return first_id(self.call(model, "create", values))

    def find_one(self, model, *domain, fields=None):
        """Return the id of the first record, or the fields asked for."""
        rows = self.call(
            model, "search_read", list(domain), fields or ["id"], 0, 1, "id"
        )
        if not rows:
            raise SystemExit(f"the demo company has no {model} {domain}")
        return rows[0] if fields else rows[0]["id"]

    def sell(self, count):
        """Have so many invoices paid by card: one by Odoo, the others by SQL."""
        # What the events of the charges would do is made below.
        ask_standin("settings", drop_webhooks=True)
        charge = {"secret_key": KEY, "amount": AMOUNT_MINOR}
        intents = [
            ask_standin("charge", **charge)["payment_intent"]
            for _number in range(count)
        ]
        ask_standin("settings", drop_webhooks=False)
        sold = self.call(
            "ir.actions.server",
            "run",
            [self.action_id],
            company_id=self.company_id,
            connection_id=self.connection_id,
            partner_id=self.partner_id,
            tax_id=self.tax_id,
            amount=AMOUNT_MINOR,
            intent=intents.pop(),
        )
        with (
            psycopg2.connect(dsn_from_environment()) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(COPY, {**sold, "intents": intents})
            cursor.execute("ANALYZE")

    def read(self, payout_id):
        names = ["state", "has_all_lines", "line_count", "amount", "trouble"]
        (row,) = self.call("crm.payout", "read", [payout_id], names)
        return row

    def find(self, remote_id):
        return self.call("crm.payout", "search", [["remote_id", "=", remote_id]])

    def measure(self, count):
        """Return what a payout of so many movements costs, step by step."""
        self.sell(count)
        self.jobs.take()
        self.jobs.forget_memory()
        remote_id = ask_standin("payout", secret_key=KEY)["id"]
        seconds = {"told": wait("the payout", lambda: self.find(remote_id))}
        (payout_id,) = self.find(remote_id)
        seconds["read"] = wait(
            "its lines", lambda: self.read(payout_id)["has_all_lines"]
        )
        seconds["booked"] = wait(
            "its entry", lambda: self.read(payout_id)["state"] in ("booked", "blocked")
        )
        payout = self.read(payout_id)
        if payout["state"] != "booked" or payout["line_count"] < count:
            raise SystemExit(f"the payout is {payout}")
        self.create(
            "account.bank.statement.line",
            journal_id=self.bank_id,
            date=datetime.date.today().isoformat(),
            payment_ref=f"VIR STRIPE {remote_id}",
            amount=payout["amount"],
        )
        seconds["matched"] = wait(
            "its bank line", lambda: self.read(payout_id)["state"] == "matched"
        )
        seconds["compared"] = self.compare()
        queries, busy = self.jobs.take()
        return seconds, queries / count, busy / count, self.jobs.peak_memory_mb()

    def compare(self):
        names = ["payout_checked_at"]

        def checked_at():
            return self.call("crm.connection", "read", [self.connection_id], names)

        before = checked_at()
        time.sleep(1)
        self.call("crm.payout.drift", "action_compare_now", [])
        return wait("the comparison", lambda: checked_at() != before)


def main():
    bench = Bench()
    bench.measure(WARM_UP)
    rows, costs = [], []
    for count in (COUNT // 10, COUNT):
        seconds, queries, busy, memory = bench.measure(count)
        label = f"{count} movements"
        rows += [(f"{label}: {step}", seconds[step], "s") for step in STEPS]
        rows += [
            (f"{label}: jobs, per movement", busy * 1000, "ms"),
            (f"{label}: queries per movement", queries, ""),
            (f"{label}: peak memory of the server", memory, "MB"),
        ]
        costs.append(busy)
    ratio = costs[1] / costs[0]
    rows.append(("per movement, large / small", ratio, "x"))
    print_table("A payout, step by step", rows)
    if ratio > LIMIT_RATIO:
        raise SystemExit(f"more than {LIMIT_RATIO} times as much per movement")


if __name__ == "__main__":
    main()
