"""Twenty people confirm an invoice at the same moment: continuous numbers, how fast.

The same documents confirmed one after the other are measured in the same run. Works
in the company of the user, whose sale journal must exist.
"""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from _odoo_client import OdooClient, percentile, print_table

COUNT = int(os.environ.get("CRM_BENCH_COUNT", "20"))


def make_drafts(client, count):
    """Drafts of one line, a client each."""
    today = time.strftime("%Y-%m-%d")
    partner_ids = client.call(
        "res.partner",
        "create",
        [{"name": f"Mesure {number}"} for number in range(count)],
    )
    return client.call(
        "account.move",
        "create",
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner_id,
                "invoice_date": today,
                "invoice_line_ids": [(0, 0, {"name": "Mesure", "price_unit": 10})],
            }
            for partner_id in partner_ids
        ],
    )


def confirm(client, move_id):
    started = time.perf_counter()
    client.call("account.move", "action_post", [move_id])
    return time.perf_counter() - started


def confirm_at_once(move_ids):
    """Return (seconds in all, seconds of each)."""
    clients = [OdooClient().login() for _ in move_ids]
    gate = threading.Barrier(len(move_ids))

    def run(client, move_id):
        gate.wait()
        return confirm(client, move_id)

    started = time.perf_counter()
    with ThreadPoolExecutor(len(move_ids)) as pool:
        times = list(pool.map(run, clients, move_ids))
    return time.perf_counter() - started, times


def check_numbers(client, move_ids):
    rows = client.call("account.move", "read", move_ids, ["sequence_number", "name"])
    numbers = sorted(row["sequence_number"] for row in rows)
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise SystemExit(f"gap or duplicate: {sorted(row['name'] for row in rows)}")


def main():
    client = OdooClient().login()
    alone = make_drafts(client, COUNT)
    started = time.perf_counter()
    for move_id in alone:
        confirm(client, move_id)
    one_by_one = time.perf_counter() - started
    together = make_drafts(client, COUNT)
    seconds, times = confirm_at_once(together)
    check_numbers(client, alone + together)
    print_table(
        f"{COUNT} postings at once, no gap, no duplicate",
        [
            ("all confirmed after", seconds, "s"),
            ("each of them, p95", percentile(times, 0.95), "s"),
            ("one after the other", one_by_one, "s"),
            ("ratio", seconds / one_by_one, "x"),
        ],
    )


if __name__ == "__main__":
    main()
