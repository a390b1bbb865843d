"""Lists and boards of billing with 100,000 invoices: each opens in under a second.

A scratch database is filled by SQL first (about a minute), then each screen's own
calls are made as its user makes them. The reference of the run is Odoo's own list
of invoices.
"""

import os
import time

from _invoices import dsn_from_environment, generate
from _odoo_client import OdooClient, percentile, print_table

COUNT = int(os.environ.get("CRM_BENCH_INVOICES", "100000"))
RUNS = int(os.environ.get("CRM_BENCH_RUNS", "9"))
PAGE = 80
FIELDS = {
    "account.move": ["name", "partner_id", "invoice_date", "amount_total_signed"],
    "crm.late.invoice": ["move_id", "partner_id", "date_due", "interest",
                         "fee_company"],
    "crm.treasury.receipt": ["move_id", "partner_id", "date_due", "age", "amount",
                             "date_p50", "date_p90"],
    "crm.aged.balance": ["partner_id", "not_due", "late_0_30", "late_over_90", "total"],
}  # fmt: skip
LABELS = {
    "account.move": "Odoo's own list of invoices",
    "crm.late.invoice": "late invoices with interest",
    "crm.treasury.receipt": "amounts owed",
    "crm.aged.balance": "aged balance",
}


def open_list(client, model):
    """Make the calls of a list view: a page with its count, then the sums."""
    specification = {
        name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
        for name in FIELDS[model]
    }
    domain = [["move_type", "=", "out_invoice"]] if model == "account.move" else []
    _result, seconds = client.timed_call(
        model, "web_search_read", domain, specification, limit=PAGE
    )
    return seconds


def measure(calls):
    """Return {label: sorted seconds}, in turns: all meet the same busy machine."""
    durations = {label: [] for label in calls}
    for call in calls.values():
        call()
    for _run in range(RUNS):
        for label, call in calls.items():
            durations[label].append(call())
    return {label: sorted(found) for label, found in durations.items()}


def main():
    client = OdooClient().login()
    login = os.environ.get("CRM_BENCH_LOGIN", "admin")
    (user,) = client.call(
        "res.users", "search_read", [["login", "=", login]], ["company_id"], limit=1
    )
    company_id = user["company_id"][0]
    found = client.call("account.move", "search_count", [["ref", "=", "bench"]])
    if found < COUNT:
        started = time.perf_counter()
        generate(dsn_from_environment(), company_id, COUNT)
        print(f"{COUNT} invoices written in {time.perf_counter() - started:.0f} s")
    context = {"allowed_company_ids": [company_id]}
    calls = {
        "treasury board and forecast": lambda: client.timed_call(
            "crm.treasury.board", "get_board", "year", context=context
        )[1],
        **{
            LABELS[model]: (lambda model=model: open_list(client, model))
            for model in FIELDS
        },
    }
    durations = measure(calls)
    reference = durations[LABELS["account.move"]]
    rows, slow = [], []
    for label, found in durations.items():
        median = percentile(found, 0.5)
        rows += [
            (f"{label}, best", found[0] * 1000, "ms"),
            (f"{label}, median", median * 1000, "ms"),
            (f"{label} / Odoo's list", median / percentile(reference, 0.5), "x"),
        ]
        if median >= 1:
            slow.append(label)
    rows.append(("load of the machine", os.getloadavg()[0], ""))
    print_table(f"{COUNT} invoices, {RUNS} runs after a first one", rows)
    if slow:
        raise SystemExit(f"over one second: {', '.join(slow)}")


if __name__ == "__main__":
    main()
