"""How fast a signed Stripe event is accepted, against Odoo's emptiest route.

The same number of requests with the same concurrency goes to `/web/health` and to
the webhook in one run; the ratio is what verifying and storing an event costs.
The signing secret is the demo's public toy value unless `CRM_BENCH_STRIPE_SECRET`
says otherwise. The events are of a type nobody uses: they are stored and ignored.
"""

import hashlib
import hmac
import json
import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from _odoo_client import OdooClient, percentile, print_table

COUNT = int(os.environ.get("CRM_BENCH_COUNT", "400"))
CONCURRENCY = 4


def signed_event(secret):
    body = json.dumps(
        {
            "id": f"evt_bench_{secrets.token_hex(8)}",
            "object": "event",
            "type": "bench.event",
            "created": int(time.time()),
            "data": {"object": {"object": "bench", "text": "x" * 2000}},
        }
    ).encode()
    stamp = int(time.time())
    signed = f"{stamp}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return body, {
        "Content-Type": "application/json",
        "Stripe-Signature": f"t={stamp},v1={digest}",
    }


def measure(client, requests):
    """Return (seconds of each request, seconds in all); a refusal stops it all."""

    def one(arguments):
        status, _body, seconds = client.request(*arguments)
        if status != 200:
            raise SystemExit(f"{arguments[0]} {arguments[1]} answered {status}")
        return seconds

    started = time.perf_counter()
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        durations = list(pool.map(one, requests))
    return durations, time.perf_counter() - started


def main():
    client = OdooClient().login()
    found = client.call(
        "crm.connection",
        "search_read",
        [["provider", "=", "stripe"], ["stripe_secret_key", "!=", False]],
        ["webhook_url"],
        limit=1,
    )
    path = urlsplit(found[0]["webhook_url"]).path
    secret = os.environ.get("CRM_BENCH_STRIPE_SECRET", "whsec_standin")
    client.cookie = ""
    for _warm_up in range(10):
        client.request("GET", "/web/health")
        body, headers = signed_event(secret)
        client.request("POST", path, body, headers)
    health, health_total = measure(client, [("GET", "/web/health")] * COUNT)
    events = [("POST", path, *signed_event(secret)) for _number in range(COUNT)]
    accept, accept_total = measure(client, events)
    p95_health, p95_accept = percentile(health, 0.95), percentile(accept, 0.95)
    print_table(
        f"Webhook accept, {COUNT} events of 2 kB, {CONCURRENCY} at once",
        [
            ("/web/health p50", percentile(health, 0.5) * 1000, "ms"),
            ("/web/health p95", p95_health * 1000, "ms"),
            ("webhook p50", percentile(accept, 0.5) * 1000, "ms"),
            ("webhook p95", p95_accept * 1000, "ms"),
            ("p95 ratio", p95_accept / p95_health, "x"),
            ("/web/health", COUNT / health_total, "requests/s"),
            ("webhook", COUNT / accept_total, "events/s"),
            ("rate ratio", health_total / accept_total, "x"),
        ],
    )


if __name__ == "__main__":
    main()
