"""What the engine adds to the time of a language model, from the click to the answer.

Questions go one after the other to the demo's stand-in, which answers after half a
second. Each row of the register keeps the whole time (from the writing of the
question to the kept answer, the wait for a job included) and the part spent at the
vendor; the difference is ours. The same question sent straight to the stand-in is the
reference. Nothing else is at work: the server's own start is waited for. Needs
`CRM_STANDIN_OPENAI_URL`.
"""

import json
import os
import statistics
import time
import urllib.request

from _odoo_client import OdooClient, percentile, print_table

COUNT = int(os.environ.get("CRM_BENCH_COUNT", "40"))
MODEL_SECONDS = 0.5
LIMIT_MS = 150
FEATURE = "copilot.draft"
FIELDS = ["state", "answered_by", "duration_ms", "provider_ms", "fallback_reason"]


def standin_url():
    url = os.environ.get("CRM_STANDIN_OPENAI_URL")
    if not url:
        raise SystemExit("CRM_STANDIN_OPENAI_URL does not say where the stand-in is")
    return url.rstrip("/")


def post(url, values):
    request = urllib.request.Request(  # noqa: S310 - our own stand-in
        url,
        data=json.dumps(values).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": "Bearer standin_key",
        },
    )
    return urllib.request.urlopen(request, timeout=30).read()  # noqa: S310


def set_pace(seconds, piece_seconds=0):
    root = standin_url().removesuffix("/v1")
    pace = {"latency_seconds": seconds, "piece_seconds": piece_seconds}
    post(f"{root}/_standin/settings", pace)


def ask_directly():
    """Return the seconds of one question without us."""
    question = {
        "model": "gpt-standin",
        "messages": [{"role": "user", "content": "Bonjour"}],
    }
    started = time.perf_counter()
    post(f"{standin_url()}/chat/completions", question)
    return time.perf_counter() - started


def ask(client, lead):
    """Return the row of one question, once it is answered."""
    args = [FEATURE, "crm.lead", lead, {"kind": "follow_up"}]
    call = client.call("crm.ai.call", "ask", *args)["id"]
    # A screen is told over the bus: it does not ask again and again meanwhile.
    time.sleep(2 * MODEL_SECONDS)
    while True:
        [row] = client.call("crm.ai.call", "read", [call], FIELDS)
        if row["state"] not in ("pending", "running"):
            if row["answered_by"] != "model":
                raise SystemExit(f"no model answered: {row}")
            return row
        time.sleep(0.2)


def wait_until_idle(client, seconds=300):
    """Wait for what a new server does first: its scheduled actions and their jobs."""
    busy = [["state", "in", ["pending", "enqueued", "started"]], ["eta", "=", False]]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        due = [["nextcall", "<=", time.strftime("%F %T", time.gmtime())]]
        crons = client.call("ir.cron", "search_count", due)
        if not crons and not client.call("queue.job", "search_count", busy):
            return
        time.sleep(2)
    raise SystemExit(f"the server was not idle within {seconds} s")


def main():
    client = OdooClient().login()
    wait_until_idle(client)
    [route] = client.call("crm.ai.route", "search_read", [], ["company_id"], limit=1)
    domain = [
        ["type", "=", "opportunity"],
        ["partner_id", "!=", False],
        ["company_id", "=", route["company_id"][0]],
    ]
    leads = client.call("crm.lead", "search", domain, limit=COUNT)
    set_pace(MODEL_SECONDS)
    try:
        for lead in leads[:3]:
            ask(client, lead)
        direct = [1000 * ask_directly() for _time in range(COUNT)]
        rows = [ask(client, leads[number % len(leads)]) for number in range(COUNT)]
    finally:
        set_pace(0)
    whole = [row["duration_ms"] for row in rows]
    median, reference = statistics.median(whole), statistics.median(direct)
    ours = [duration - reference for duration in whole]
    print_table(
        f"AI overhead, {COUNT} drafts, a model that takes {MODEL_SECONDS} s",
        [
            ("straight to the model, median", reference, "ms"),
            ("from the click to the kept answer, median", median, "ms"),
            ("  against the model alone", median / reference, "x"),
            ("of which ours, median", statistics.median(ours), "ms"),
            (f"of which ours, p95 (limit {LIMIT_MS})", percentile(ours, 0.95), "ms"),
        ],
    )
    if percentile(ours, 0.95) >= LIMIT_MS:
        raise SystemExit(f"our part is not under {LIMIT_MS} ms")


if __name__ == "__main__":
    main()
