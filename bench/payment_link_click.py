"""How long the click on a won deal takes while Stripe needs 300 ms to answer.

The click writes and returns; the same call made synchronously is measured in the
same run. Needs the demo's stand-in (`CRM_STANDIN_STRIPE_URL`), whose latency is
set for the time of the measurement.
"""

import json
import os
import statistics
import time
import urllib.parse
import urllib.request

from _odoo_client import OdooClient, percentile, print_table

COUNT = int(os.environ.get("CRM_BENCH_COUNT", "20"))
STRIPE_SECONDS = 0.3
LIMIT_MS = 200
KEY = "sk_test_standin"


def standin_url():
    url = os.environ.get("CRM_STANDIN_STRIPE_URL")
    if not url:
        raise SystemExit("CRM_STANDIN_STRIPE_URL does not say where the stand-in is")
    return url.rstrip("/")


def set_latency(seconds):
    request = urllib.request.Request(  # noqa: S310 - our own stand-in
        f"{standin_url()}/_standin/settings",
        data=json.dumps({"latency_seconds": seconds}).encode(),
        method="POST",
    )
    urllib.request.urlopen(request, timeout=10).read()  # noqa: S310


def call_stripe():
    """Open a payment page the synchronous way; return the seconds it took."""
    body = urllib.parse.urlencode(
        {
            "mode": "payment",
            "success_url": "http://127.0.0.1/",
            "line_items[0][price_data][currency]": "eur",
            "line_items[0][price_data][unit_amount]": "1000",
            "line_items[0][price_data][product_data][name]": "bench",
        }
    ).encode()
    request = urllib.request.Request(  # noqa: S310
        f"{standin_url()}/v1/checkout/sessions",
        data=body,
        headers={"Authorization": f"Bearer {KEY}"},
    )
    started = time.perf_counter()
    urllib.request.urlopen(request, timeout=10).read()  # noqa: S310
    return time.perf_counter() - started


def make_deals(client, count):
    partner = client.call("res.partner", "create", {"name": "Mesure"})
    ids = client.call(
        "crm.lead",
        "create",
        [
            {
                "name": f"Mesure {number}",
                "type": "opportunity",
                "partner_id": partner,
                "expected_revenue": 100 + number,
            }
            for number in range(count)
        ],
    )
    client.call("crm.lead", "action_set_won", ids)
    return ids


def wait_for_link(client, deal_id):
    started = time.perf_counter()
    while time.perf_counter() - started < 60:
        [deal] = client.call("crm.lead", "read", [deal_id], ["payment_link_state"])
        if deal["payment_link_state"] == "waiting":
            return time.perf_counter() - started
        time.sleep(0.05)
    raise SystemExit("no link after a minute: are jobs running?")


def main():
    client = OdooClient().login()
    deals = make_deals(client, COUNT + 1)
    set_latency(STRIPE_SECONDS)
    try:
        # The first click of a server fills its caches.
        client.call("crm.lead", "action_create_payment_link", [deals[0]])
        clicks, ready = [], []
        for deal_id in deals[1:]:
            _result, seconds = client.timed_call(
                "crm.lead", "action_create_payment_link", [deal_id]
            )
            clicks.append(seconds)
            ready.append(seconds + wait_for_link(client, deal_id))
        synchronous = [call_stripe() for _number in range(COUNT)]
    finally:
        set_latency(0)
    click, blocked = statistics.median(clicks), statistics.median(synchronous)
    print_table(
        f"Click on a won deal, Stripe answering in 300 ms, {COUNT} clicks",
        [
            ("click, median", click * 1000, "ms"),
            ("click, p95", percentile(clicks, 0.95) * 1000, "ms"),
            ("the call alone, median", blocked * 1000, "ms"),
            ("click / (click + call)", click / (click + blocked), "x"),
            ("link on the deal, median", statistics.median(ready) * 1000, "ms"),
        ],
    )
    if click * 1000 >= LIMIT_MS:
        raise SystemExit(f"the click takes {LIMIT_MS} ms or more")


if __name__ == "__main__":
    main()
